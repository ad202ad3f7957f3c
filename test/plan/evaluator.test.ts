import { describe, expect, test } from 'vitest';
import { createEvaluator } from '../../engine/expression/evaluator.ts';
import type { Expression } from '../../engine/expression/expression.ts';
import { ScenarioError } from '../../engine/expression/values/scenario-error.ts';

const draws: [bigint, bigint][] = [];
const evaluator = createEvaluator({
  random(min, max) {
    draws.push([min, max]);
    return max;
  },
});

const expression = (cel: string): Expression => ({ cel, span: { start: 0, end: 0 }, reads: [] });

function evaluate(cel: string, context: Record<string, unknown> = {}): unknown {
  return evaluator.compile(expression(cel))(context);
}

function failure(cel: string, context: Record<string, unknown> = {}): string {
  try {
    return `no error: ${String(evaluate(cel, context))}`;
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return `${error.name}: ${error.message}`;
  }
}

describe('values', () => {
  test('keep their types: integers are bigint, doubles number', () => {
    expect(evaluate('[1, 1.0, "a", true, null, {"k": [2]}]')).toEqual([1n, 1, 'a', true, null, { k: [2n] }]);
  });

  test('of types the language has not become values it has', () => {
    expect(evaluate('1u')).toBe(1n);
    expect(evaluate('[1u, 2u]')).toEqual([1n, 2n]);
    expect(evaluate('duration("250ms")')).toBe('250ms');
    expect(evaluate('duration("1m") + duration("30s")')).toBe('90s');
    expect(evaluate('duration("1s") - duration("1500ms")')).toBe('-500ms');
    expect(evaluate('timestamp("2024-05-06T07:08:09Z")')).toBe('2024-05-06T07:08:09.000Z');
    expect(evaluate('type(1)')).toBe('int');
  });

  test('that are as they should be are not copied', () => {
    const list = [1n, { a: [2n] }];
    expect(evaluate('items', { items: list })).toBe(list);
  });

  test('come from the context of each call', () => {
    const less = evaluator.compile(expression('n - 1'));
    const context = { n: 5n };
    expect(less(context)).toBe(4n);
    context.n = 4n;
    expect(less(context)).toBe(3n);
  });

  test('that are constant need no context and no text', () => {
    expect(evaluator.compile({ ...expression('unknown +'), constant: 3n })({})).toBe(3n);
  });
});

describe('errors have names as in Python', () => {
  test.each([
    ['1 / 0', 'ZeroDivisionError: division by zero'],
    ['1 % 0', 'ZeroDivisionError: integer modulo by zero'],
    ['{"a": 1}.b', 'KeyError: no such key: b'],
    ['{"a": 1}["b"]', 'KeyError: no such key: b'],
    ['[1][3]', 'IndexError: list index out of range: 3'],
    ['[][0]', 'IndexError: list index out of range: 0'],
    ['1 + "a"', 'TypeError: no such overload: int + string'],
    ['one + "a"', 'TypeError: no such overload: int + string'],
    ['one ? 1 : 2', "TypeError: ternary condition must be bool, got 'int'"],
    ['9223372036854775807 + one', 'OverflowError: integer overflow: 9223372036854775808'],
    ['-least', 'OverflowError: integer overflow: 9223372036854775808'],
    ['18446744073709551615u', 'OverflowError: integer overflow: 18446744073709551615'],
    ['int("x")', 'ValueError: the text is not an integer'],
    ['duration("soon")', 'ValueError: the text is not a duration'],
    ['missing + 1', "NameError: 'missing' has no value yet"],
    ['b"ab"', 'TypeError: bytes are not a value: make text of them with string()'],
    ['[1, 0].map(x, 1 / x)', 'ZeroDivisionError: division by zero'],
    ['random(2, 1)', 'ValueError: random(2, 1): the first is greater than the second'],
    ['pick([])', 'IndexError: cannot choose from an empty list'],
    ['min([])', 'ValueError: min() of an empty list'],
    ['max(1, "a")', 'TypeError: max() cannot compare string and int'],
    ['sum(["a"])', 'TypeError: sum() adds numbers, not string'],
  ])('%s', (cel, message) => {
    expect(failure(cel, { one: 1n, least: -(2n ** 63n) })).toBe(message);
  });

  test('beside a true operand of || are none, as in CEL', () => {
    expect(evaluate('1 / 0 > 1 || true')).toBe(true);
  });
});

describe('functions that the language adds', () => {
  test.each([
    ['range(3)', [0n, 1n, 2n]],
    ['range(-1)', []],
    ['min(3, 1, 2)', 1n],
    ['min([2, 1.5])', 1.5],
    ['max("a", "b")', 'b'],
    ['sum([1, 2])', 3n],
    ['sum([1, 0.5])', 1.5],
    ['sum([])', 0n],
    ['distinct([1, 2, 1, 1.0, "1", [1], [1]])', [1n, 2n, '1', [1n]]],
    ['distinct([1.0, 1, null, null])', [1, null]],
    ['distinct([[1], [1.0], [2]])', [[1n], [2n]]],
    ['distinct([{"a": 1, "b": 2}, {"b": 2, "a": 1.0}, {"a": 1}])', [{ a: 1n, b: 2n }, { a: 1n }]],
    ['distinct(["1", 1, true, "true", "null", null])', ['1', 1n, true, 'true', 'null', null]],
    ['distinct([9007199254740993, 9007199254740992.0, 9007199254740992])', [9007199254740993n, 2 ** 53]],
    ['distinct([0.0, -0.0, 0, 0.5])', [0, 0.5]],
    ['"abc".matches("^a.c$")', true],
  ])('%s', (cel, value) => {
    expect(evaluate(cel)).toEqual(value);
  });

  test('random draws integers, both ends included, by the hook', () => {
    draws.length = 0;
    expect(evaluate('random(1, 6) + random(2, 2)')).toBe(8n);
    expect(draws.toSorted()).toEqual([
      [1n, 6n],
      [2n, 2n],
    ]);
  });

  test('pick draws an index', () => {
    draws.length = 0;
    expect(evaluate('pick(["a", "b", "c"])')).toBe('c');
    expect(draws).toEqual([[0n, 2n]]);
  });

  test('text shows a value as output does', () => {
    expect(evaluate('text("a") + text(1) + text(1.0) + text(null) + text(true)')).toBe('a11.0nulltrue');
    expect(evaluate('text([1, 2.5, "a", {"k": null}])')).toBe('[1,2.5,"a",{"k":null}]');
    expect(evaluate('text(duration("2m"))')).toBe('120s');
  });
});

describe('what could take for ever', () => {
  test('a pattern that repeats repetitions is refused, wherever it comes from', () => {
    expect(failure('text.matches(pattern)', { text: 'a'.repeat(40), pattern: '(a+)+$' })).toMatch(
      /^ValueError: the pattern repeats a group/,
    );
  });

  test('a text too long for its pattern is refused', () => {
    expect(failure('text.matches("a.*b.*c.*d")', { text: 'a'.repeat(5000) })).toMatch(
      /^ValueError: a text of 5000/,
    );
  });

  test('comprehensions inside comprehensions have an end', () => {
    const nested = 'walk(range(2000)).map(a, walk(range(2000)).map(b, b)).size()';
    expect(failure(nested)).toMatch(/^ValueError: an expression may go through 1000000 elements/);
    expect(failure('range(1000001)')).toMatch(/^ValueError: an expression may go through/);
  });

  test('each evaluation has its own allowance', () => {
    const half = evaluator.compile(expression('range(600000).size()'));
    expect([half({}), half({})]).toEqual([600000n, 600000n]);
  });
});
