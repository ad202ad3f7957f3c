/**
 * Expressions as the planner checks them: findings at line and column, what they read, what they become.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createExpressionChecker } from '../../engine/expression/check-expression.ts';
import type { Read } from '../../engine/expression/expression.ts';
import type { Place } from '../../engine/expression/place.ts';
import type { Binding, Scope } from '../../engine/expression/scope.ts';

const bindings: Readonly<Record<string, Binding>> = {
  n: { kind: 'variable', variable: 0, array: false, count: 1 },
  cells: { kind: 'variable', variable: 1, array: true, count: 3 },
  x: { kind: 'local', slot: 2 },
  params: { kind: 'params', values: { limit: 3n, who: 'bob "b"', items: [1n], minus: -1n } },
  limit: { kind: 'constant', value: 3n },
  items: { kind: 'constant', value: [1n] },
  stall: { kind: 'resource', resource: 'semaphore', first: 4, count: 1, array: false },
  fork: { kind: 'resource', resource: 'lock', first: 5, count: 3, array: true },
  visitor: { kind: 'group', group: 1, task: 'thread', first: 1, count: 13, array: true },
  once: { kind: 'group', group: 2, task: 'thread', first: 14, count: 1, array: false },
  write: { kind: 'point', point: 0 },
  task: { kind: 'task' },
  now: { kind: 'now' },
  env: { kind: 'env' },
  elsewhere: { kind: 'absent', why: 'not here' },
  lost: { kind: 'broken' },
};
const scope: Scope = { lookup: (name) => bindings[name], names: () => Object.keys(bindings) };
const checker = createExpressionChecker();

function check(text: string) {
  const found: string[] = [];
  const place: Place = { text, span: { start: 0, end: text.length }, at: (start, end) => ({ start, end }) };
  const checked = checker.check(place, scope, (code, span, message, more) => {
    const help = more?.help === undefined ? '' : ` — ${more.help}`;
    found.push(`${code} at ${JSON.stringify(text.slice(span.start, span.end))}: ${message}${help}`);
  });
  return { checked, found };
}

describe('what expressions become', () => {
  test.each<[string, string, string]>([
    ['n - 1', 'n - 1', 'int'],
    ['n', 'n', 'unknown'],
    ['params.limit + limit', '3 + 3', 'int'],
    ['params.minus', '(-1)', 'int'],
    ['2 - params.minus', '2 - (-1)', 'int'],
    ['params.who + "!"', '"bob \\"b\\"" + "!"', 'string'],
    ['(params).limit', '(params).limit', 'unknown'],
    ['stall.holders <= limit', 'stall.holders <= 3', 'bool'],
    ['fork.all(f, f.held)', 'walk(fork).all(f, f.held)', 'bool'],
    ['range(3).all(i, !fork[i].held)', 'range(3).all(i, !fork[i].held)', 'bool'],
    ['visitor[0].state', 'visitor__each[0].state', 'string'],
    ['visitor.running', 'visitor.running', 'int'],
    ['once.state', 'once__each[0].state', 'string'],
    ['once.finished == 1', 'once.finished == 1', 'bool'],
    ['size(fork)', 'size(fork)', 'int'],
    [
      'visitor.filter(v, v.state == "failed").size()',
      'walk(visitor__each).filter(v, v.state == "failed").size()',
      'int',
    ],
    [
      'visitor.filter(v, v.state == "a").map(v, v.exitCode)',
      'walk(walk(visitor__each).filter(v, v.state == "a")).map(v, v.exitCode)',
      'list',
    ],
    ['(cells + [1]).map(x, x)', '(walk(cells + [1])).map(x, x)', 'list'],
    ['now > 1.5', 'due(now > 1.5)', 'bool'],
    ['now - n >= 2 || 3.0 > -now', 'due(now - n >= 2) || due(3.0 > -now)', 'bool'],
    ['cells.exists(c, now > c)', 'walk(cells).exists(c, due(now > c))', 'bool'],
    [
      'cells.all(c, c in items && c != n)',
      'walk(cells).all(c, c in weigh(items) && weigh(c) != weigh(n))',
      'bool',
    ],
    ['cells.all(c, c <= n)', 'walk(cells).all(c, weigh(c) <= weigh(n))', 'bool'],
    [Array(8).fill('n').join(' + '), Array(8).fill('n').join(' + '), 'unknown'],
    [Array(9).fill('n').join(' + '), Array(9).fill('weigh(n)').join(' + '), 'unknown'],
    [Array(64).fill('cells == items').join(' || '), Array(64).fill('cells == items').join(' || '), 'bool'],
    [
      Array(65).fill('cells == items').join(' || '),
      Array(65).fill('weigh(cells) == weigh(items)').join(' || '),
      'bool',
    ],
    ['now == 1.5 || now * 2.0 > 3 || now > now', 'now == 1.5 || now * 2.0 > 3 || now > now', 'bool'],
    ['-9223372036854775808', '-9223372036854775808', 'int'],
  ])('%s', (text, cel, type) => {
    const { checked, found } = check(text);
    expect(found).toEqual([]);
    expect(checked?.cel).toBe(cel);
    expect(checked?.type).toBe(type === 'unknown' ? 'dyn' : type);
  });
});

describe('what expressions read', () => {
  const reads = (text: string): readonly Read[] | undefined => check(text).checked?.reads;

  test('a name is read once, with all attributes that are used', () => {
    expect(reads('stall.free > 0 && stall.waiting == 0 || stall.free == 2')).toEqual([
      { from: 'resource', name: 'stall', first: 4, count: 1, array: false, attributes: ['free', 'waiting'] },
    ]);
  });

  test('counts and replicas of a task are two reads', () => {
    expect(reads('visitor.running == 1 && visitor[task.index].state == "running"')).toEqual([
      { from: 'group', name: 'visitor', group: 1, elements: false, attributes: ['running'] },
      { from: 'task', name: 'task', attributes: ['index'] },
      { from: 'group', name: 'visitor__each', group: 1, elements: true, attributes: ['state'] },
    ]);
  });

  test("comprehensions' own variables hide names", () => {
    expect(reads('[1].exists(n, n == x)')).toEqual([{ from: 'local', name: 'x', slot: 2 }]);
    expect(reads('[1].map(n, n) == [n]')).toEqual([{ from: 'variable', name: 'n', variable: 0 }]);
  });

  test('an element of an array reads the array', () => {
    expect(reads('fork[x].held')).toEqual([
      { from: 'local', name: 'x', slot: 2 },
      { from: 'resource', name: 'fork', first: 5, count: 3, array: true, attributes: ['held'] },
    ]);
  });

  test('everything else', () => {
    expect(reads('[cells[0], write.running, env.HOME, now, items[0]].size()')).toEqual([
      { from: 'variable', name: 'cells', variable: 1 },
      { from: 'point', name: 'write', point: 0, attributes: ['running'] },
      { from: 'env', name: 'env', attributes: ['HOME'] },
      { from: 'now', name: 'now' },
      { from: 'constant', name: 'items', value: [1n] },
    ]);
  });
});

describe('what is wrong', () => {
  test.each<[string, readonly string[]]>([
    ['', ['expression-syntax at "": an expression is missing']],
    ['1 +', ['expression-syntax at "": the expression ends too early']],
    ['a b', ['expression-syntax at "b": `b` is not expected here']],
    ['n = 1', ['expression-syntax at "=": `=` is no operator — write `==`']],
    ['n and x', ['expression-syntax at "and": `and` is no operator — write `&&`']],
    ['n & x', ['expression-syntax at "&": `&` is no operator — write `&&`']],
    ['"abc', ['expression-syntax at "\\"abc": unterminated string']],
    [
      '1 + ${{ n }}',
      ['expression-syntax at "$": `${{ }}` does not stand inside an expression — leave it out'],
    ],
    [
      'bob',
      ['unknown-name at "bob": nothing here is called `bob` — text needs quotes of its own: \'"bob"\''],
    ],
    [
      'stal.free',
      [
        'unknown-name at "stal": nothing here is called `stal` — did you mean `stall`? text needs quotes of its own: \'"stal"\'',
      ],
    ],
    [
      'stall.holder <= 3',
      ['unknown-attribute at "holder": `stall` is a semaphore and has no `holder` — did you mean `holders`?'],
    ],
    [
      'stall.zzz',
      [
        'unknown-attribute at "zzz": `stall` is a semaphore and has no `zzz` — it has `waiting`, `holders`, `permits` and `free`',
      ],
    ],
    [
      'stall.holders <= "x"',
      ['expression-type at "stall.holders <= \\"x\\"": `int <= string` does not work'],
    ],
    [
      'limit + "x"',
      [
        'expression-type at "limit + \\"x\\"": `int + string` does not work — make text of a number with string(…)',
      ],
    ],
    [
      '1 + 2.5',
      [
        'expression-type at "1 + 2.5": `int + double` does not work — integers and doubles do not mix: write double(…) or int(…)',
      ],
    ],
    ['fork[0].held && (1 < "a")', ['expression-type at "1 < \\"a\\"": `int < string` does not work']],
    [
      'visitor[0].state + 1 == ""',
      [
        'expression-type at "visitor[0].state + 1": `string + int` does not work — make text of a number with string(…)',
      ],
    ],
    ['once.state == 1', ['expression-type at "once.state == 1": `string == int` does not work']],
    [
      'stall',
      [
        'not-a-value at "stall": `stall` is a semaphore, not a value — it has `waiting`, `holders`, `permits` and `free`',
      ],
    ],
    [
      '[fork]',
      ['not-a-value at "fork": `fork` is an array of 3, not a value — say which element, as in `[0]`'],
    ],
    [
      'fork.held',
      [
        'unknown-attribute at "held": `fork` is an array of 3 and has no `held` — say which element, as in `[0]`',
      ],
    ],
    ['fork[3].held', ['index-out-of-range at "fork[3]": `fork` has no element 3 — the last is fork[2]']],
    ['fork[-1].held', ['index-out-of-range at "fork[-1]": `fork` has no element -1 — the last is fork[2]']],
    [
      'stall[0].free',
      [
        'not-an-array at "stall[0]": `stall` is a semaphore, not an array — it has `waiting`, `holders`, `permits` and `free`',
      ],
    ],
    ['rnage(3)', ['unknown-function at "rnage(3)": there is no function `rnage` — did you mean `range`?']],
    ['walk([1])', ['unknown-function at "walk([1])": there is no function `walk`']],
    ['"a".foo()', ['expression-type at "\\"a\\".foo()": no function takes these: string.foo()']],
    [
      'n.matches("(a+)+")',
      [
        'bad-pattern at "\\"(a+)+\\"": the pattern repeats a group that itself varies, which can take for ever',
      ],
    ],
    ['elsewhere', ['not-known-here at "elsewhere": not here']],
    [
      '99999999999999999999',
      ['expression-type at "99999999999999999999": the integer has more than 64 bits'],
    ],
    [
      'params.limt',
      [
        'unknown-attribute at "limt": `params` is the list of parameters and has no `limt` — did you mean `limit`?',
      ],
    ],
    [
      'cel.bind(a, 1, a)',
      [
        'unknown-name at "cel": nothing here is called `cel` — text needs quotes of its own: \'"cel"\'',
        'unknown-name at "a": nothing here is called `a` — text needs quotes of its own: \'"a"\'',
        'unknown-name at "a": nothing here is called `a` — text needs quotes of its own: \'"a"\'',
      ],
    ],
    [
      'true ? 1 : "a"',
      [
        'expression-type at "true ? 1 : \\"a\\"": the branches of `? :` must have the same type, got \'int\' and \'string\' — wrap one in dyn(…) if both types are meant',
      ],
    ],
    ['1 && true', ['expression-type at "1 && true": `&&` and `||` need true or false, got \'int\'']],
    [
      'a1 + b2',
      [
        'unknown-name at "a1": nothing here is called `a1` — text needs quotes of its own: \'"a1"\'',
        'unknown-name at "b2": nothing here is called `b2` — text needs quotes of its own: \'"b2"\'',
      ],
    ],
  ])('%s', (text, findings) => {
    expect(check(text).found).toEqual(findings);
  });

  test('what was reported elsewhere is not said again', () => {
    expect(check('lost.free')).toEqual({ checked: undefined, found: [] });
  });

  test.each([
    '('.repeat(5000),
    '!'.repeat(9999),
    `1${'+1'.repeat(4000)}`,
    'x'.repeat(10_001),
    `${'['.repeat(200)}1`,
  ])('too long or too deep: %.5s…', (text) => {
    expect(check(text).found).toHaveLength(1);
    expect(check(text).found[0]).toMatch(/^expression-(too-long|syntax)/);
  });
});

describe('any text at all', () => {
  const word = fc.constantFrom(
    ...Object.keys(bindings),
    ...[
      '.',
      '[',
      ']',
      '(',
      ')',
      '+',
      '-',
      '*',
      '/',
      '%',
      '<=',
      '==',
      '&&',
      '||',
      '!',
      '?',
      ':',
      ',',
      '{',
      '}',
      ' ',
      '"',
      "'",
      '\n',
    ],
    ...[
      '.map(i, ',
      '.all(i, ',
      '.exists(v, ',
      '.filter(f, ',
      '.matches(',
      'has(',
      'range(9)',
      'size(',
      'random(1, 2)',
      'min(',
    ],
    ...[
      '1',
      '2.5',
      '1u',
      'true',
      'null',
      '"a"',
      'b"a"',
      'i',
      'v',
      'f',
      '.state',
      '.held',
      '.free',
      '.running',
      '$' + '{{',
      '}}',
    ],
  );
  const texts = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.array(word, { maxLength: 30 }).map((words) => words.join('')),
  );

  test('is checked without an exception: it has findings or it has a result', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { checked, found } = check(text);
        if (!text.includes('lost')) expect(checked === undefined).toBe(found.length > 0);
        else if (found.length > 0) expect(checked).toBeUndefined();
      }),
      { numRuns: 3000 },
    );
  });
});
