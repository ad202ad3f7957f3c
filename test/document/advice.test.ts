/**
 * What findings tell the user to do: the verb and its keys are named, never the schema; advice that is followed works.
 */
import { describe, expect, test } from 'vitest';
import { stepKeys, verbNames } from '../../engine/document/language/verbs.ts';
import { loadDocument } from '../../engine/document/load.ts';

function adviceIn(text: string): readonly string[] {
  return loadDocument({ file: 'test.yaml', text: `concur: 1\n${text}` }).diagnostics.map(
    ({ code, message, help }) => `${code}: ${message}${help === undefined ? '' : ` — ${help}`}`,
  );
}

describe('a step', () => {
  test.each<[string, string]>([
    ['main: print hello', 'missing-verb: the text `print hello` is no step — write `print: hello`'],
    [
      'main:\n  - if: true',
      'missing-verb: this step has no verb — say what is done: `then:` with steps, or another verb',
    ],
    [
      'main:\n  - print: - x',
      'yaml-quotes: YAML text cannot begin so without quotes — quote it: - print: "- x"',
    ],
    [
      'main: - print: x',
      'yaml-syntax: a list cannot begin on the line of its key — begin the list on the next line: `- ` before each item',
    ],
    ['main:\n  - assert: 5', 'wrong-type: `assert` must be an expression that is true or false, not `5`'],
    ['main:\n  - get: 5', 'wrong-type: `get` must be a name, or an element such as `fork[0]`, not `5`'],
    ['name: 5\nmain: []', 'wrong-type: `name` must be text, not `5` — quote it: "5"'],
  ])('%s', (text, advice) => {
    expect(adviceIn(text)).toEqual([advice]);
  });

  // Each verb with a key too many: one finding, about that key, that names the verb.
  test.each(verbNames)('an unknown key of %s', (verb) => {
    const keys = Object.entries(stepKeys(verb)).filter(([key, { required }]) => required && key !== 'verb');
    const step = keys.map(([, { example }]) => example.replace(/^- /, '').replace(/^ {2}/gm, '')).join('\n');
    const whole = /^(break|continue|return)$/.test(step) ? `${step}: true` : step.split('\n  ').join('\n  ');
    const found = adviceIn(
      `main:\n  - qqqq: 1\n${whole
        .split('\n')
        .map((line) => `    ${line}`)
        .join('\n')}\n`,
    ).filter((advice) => advice.includes('qqqq'));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(
      new RegExp(`^unknown-key: \`qqqq\` is no key of \`${verb}\` — its keys are .*\`${verb}\``),
    );
  });

  test('no finding speaks of schemas', () => {
    const steps = verbNames.flatMap((verb) => [
      `  - ${verb}: { a: [1] }`,
      `  - ${verb}: null`,
      `  - ${verb}: -1`,
    ]);
    const found = adviceIn(`main:\n${steps.join('\n')}\n`).join('\n');
    expect(found).not.toMatch(/schema|oneOf|anyOf|additionalProperties|#\//);
  });
});

describe('an alias that stands for nothing', () => {
  test('is one finding', () => {
    expect(adviceIn('tasks: { a: *b }')).toEqual([
      'unknown-alias: `*b` stands for nothing above — put `&b` before the value it stands for; quote a text that begins with `*`',
    ]);
  });
});
