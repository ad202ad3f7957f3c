/**
 * A process writes its own copy of a var that is not shared: said before the run where somebody else reads it, and after it
 * where an expectation failed for that reason.
 */
import { describe, expect, it, test } from 'vitest';
import { run } from '../../engine/index.ts';
import { findingsIn, planOf } from '../plan/planned.ts';
import { concur } from '../scenarios/concur-command.ts';

test.each([['real'], ['virtual']])(
  'the expectation that failed says who wrote its own copy, in %s time',
  async (time) => {
    const mode = time === 'virtual' ? ['--virtual'] : [];
    const ended = await concur('run', 'test/findings/process-own-copy.yaml', ...mode);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(
      'process-own-copy.yaml:8:9: warning[process-own-copy]: `t` writes its own copy of `n`',
    );
    expect(ended.stdout).toMatch(/`t\[0\]`: wrote 1 in its own copy; `shared: true` makes it one\n +8 \|/);
    expect(ended.stdout).toMatch(/`t\[1\]`: wrote 1 in its own copy; `shared: true` makes it one\n +8 \|/);
    expect(ended.stdout).not.toContain('never written');
  },
);

test.each([
  ['finally: [n == 2]', 'finally'],
  ['eventually: [n == 2]', 'eventually'],
  ['{ outcome: n, outcomes: [{ is: 2 }], others: forbidden }', 'outcome'],
])('%s says so, too', async (expected, name) => {
  const text = `
vars: { n: 0 }
tasks: { t: { kind: process, steps: [{ set: { n: 2 } }] } }
expect: ${expected.startsWith('{') ? expected : `{ ${expected} }`}
`;
  const { verdict } = await run(planOf(text), { mode: 'virtual' });
  const failed = verdict.judgements.find((one) => one.name === name);
  expect(failed?.result).toBe('failed');
  expect(failed?.evidence.map((one) => `${one.task} ${one.text}`)).toContain(
    't wrote 2 in its own copy; `shared: true` makes it one',
  );
});

describe('the warning', () => {
  const warns = (text: string) =>
    findingsIn(text).map((one) => /«.*» (\S+: .*?)(?: - |$)/.exec(one)?.[1] ?? one);

  it('is for a var that another process reads', () => {
    const text = `
vars: { n: 0 }
defaults: { kind: process }
tasks:
  writer: { steps: [{ set: { n: 1 } }] }
  reader: { steps: [{ print: '\${{ n }}' }] }
`;
    expect(warns(text)).toEqual([
      expect.stringContaining('`writer` writes its own copy of `n`, and `reader` reads another one'),
    ]);
  });

  it('is for a thread of a process, for work of a pool of processes, and for a routine', () => {
    const thread = `
vars: { n: 0 }
routines: { write: [{ set: { n: 1 } }] }
main: [{ start: process }, { join: process }, { assert: n == 0 }]
tasks:
  process: { kind: process, steps: [{ start: thread }, { join: thread }] }
  thread: { kind: thread, steps: [{ use: write }] }
`;
    expect(warns(thread)).toEqual([
      expect.stringContaining('`thread` writes its own copy of `n`, and `main` reads another one'),
    ]);
    const pool = `
vars: { n: 0 }
pools: { crew: { kind: process, size: 2 } }
main: [{ submit: crew, do: [{ set: { n: 1 } }], as: work }, { join: work }, { print: '\${{ n }}' }]
`;
    expect(warns(pool)).toEqual([
      expect.stringContaining('writes its own copy of `n`, and `main` reads another one'),
    ]);
  });

  it('is for nobody who reads what was written', () => {
    const none = (text: string) => expect(findingsIn(text)).toEqual([]);
    none(
      'vars: { n: { value: 0, shared: true } }\ntasks: { t: { kind: process, steps: [{ set: { n: 1 } }] } }\nexpect: { vars: { n: 1 } }',
    );
    none('vars: { n: 0 }\ntasks: { t: { steps: [{ set: { n: 1 } }] } }\nexpect: { vars: { n: 1 } }');
    none('vars: { n: 0 }\ntasks: { t: { kind: process, steps: [{ set: { n: 1 } }, { assert: n == 1 }] } }');
    // A child begins with a copy of its parent's.
    none(`
vars: { n: 0 }
main: [{ start: parent }, { join: parent }]
defaults: { kind: process }
tasks:
  parent: { steps: [{ set: { n: 1 } }, { start: child }, { join: child }] }
  child: { steps: [{ assert: n == 1 }] }
`);
    none(`
vars: { n: 0 }
main: [{ set: { n: 1 } }, { start: child }, { join: child }]
tasks: { child: { kind: process, steps: [{ assert: n == 1 }] } }
`);
  });
});
