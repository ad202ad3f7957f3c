/**
 * Waits for a condition that may return without a notify: a check finds what that leads to, and a replay shows it. Nobody can
 * count on it: what waits for a notify that never comes is still a deadlock.
 */
import { describe, expect, it } from 'vitest';
import { type CheckResult, run } from '../../engine/index.ts';
import { checked, outcomesOf, planOf } from './checked.ts';

function failedNames({ verdict }: CheckResult): readonly string[] {
  return verdict.judgements.filter(({ result }) => result === 'failed').map(({ name }) => name);
}

const check = 'check: { spuriousWakeups: true }';

const handover = (wait: string, more = '') => `
concur: 1
vars: { full: false, seen: 0 }
conditions: [ c ]
tasks:
  eater: { let: { ok: true }, steps: [ { with: c, do: [ ${wait}, { assert: full }, { set: { seen: 1 } } ] } ] }
  cook: { steps: [ { with: c, do: [ { set: { full: true } }, { notify: c } ] } ] }
${more}
`;

const IF = '{ if: "!full", then: [ { wait: c } ] }';
const WHILE = '{ while: "!full", do: [ { wait: c } ] }';

describe('a wait that returns without a notify', () => {
  it('breaks what looks only once', async () => {
    expect((await checked(handover(IF))).verdict.outcome).toBe('passed');
    const result = await checked(handover(IF, check));
    expect(result.violation).toBeNull();
    expect(failedNames(result)).toEqual(['tasks']);
    expect(result.counterexample?.events.some(({ type }) => type === 'spurious')).toBe(true);
  });

  it('is no harm to what looks again', async () => {
    const result = await checked(handover(WHILE, check));
    expect(result.violation).toBeNull();
    expect(result.verdict.outcome).toBe('passed');
  });

  it('saves nobody from a notify that comes too early', async () => {
    const text = `
concur: 1
conditions: [ c ]
tasks:
  a: { steps: [ { with: c, do: [ { wait: c } ] } ] }
  b: { steps: [ { with: c, do: [ { notify: c } ] } ] }
${check}
`;
    const result = await checked(text);
    expect(result.violation).toBeNull();
    expect(failedNames(result)).toEqual(['deadlock']);
    expect(result.counterexample?.verdict.deadlock).not.toBeNull();
  });

  it('comes before the time of the wait is over, or after', async () => {
    const text = (more: string) => `
concur: 1
vars: { seen: 0 }
conditions: [ c ]
tasks:
  a: { let: { ok: true }, steps: [ { with: c, do: [ { wait: c, timeout: 1s, as: ok }, { if: ok, then: [ { set: { seen: 1 } } ] } ] } ] }
  b: { steps: [ { with: c, do: [ { print: in } ] } ] }
expect: { outcome: seen, outcomes: [ { is: -1, grade: allowed } ], others: allowed }
${more}
`;
    expect(outcomesOf(await checked(text(''))).results).toEqual(['0']);
    const result = await checked(text(check));
    expect(result.violation).toBeNull();
    expect(outcomesOf(result).results).toEqual(['0', '1']);
  });

  it('is one step of several replicas like any other', async () => {
    const text = `
concur: 1
vars: { n: 0 }
conditions: [ c ]
tasks:
  a: { count: 3, steps: [ { with: c, do: [ { update: { n: n + 1 } }, { wait: c, timeout: 1s }, { update: { n: n - 1 } } ] } ] }
expect: { outcome: n, outcomes: [ { is: 0, grade: expected } ] }
${check}
`;
    const whole = await checked(text, { symmetry: false });
    expect(whole.violation).toBeNull();
    const result = await checked(text);
    expect(result.violation).toBeNull();
    expect(outcomesOf(result)).toEqual(outcomesOf(whole));
    expect(result.verdict.coverage.states).toBeLessThan(whole.verdict.coverage.states);
  });

  it('hands nothing on of what is known', async () => {
    const text = (lock: string) => `
concur: 1
vars: { n: 0 }
locks: { m: ${lock} }
conditions: { c: m }
tasks:
  a: { steps: [ { acquire: m }, { wait: c }, { release: m }, { set: { n: 1 } } ] }
  b: { steps: [ { set: { n: 2 } }, { acquire: m }, { notify: c }, { release: m } ] }
expect: { races: never, deadlock: possible }
${check}
`;
    const result = await checked(text('{}'));
    expect(result.violation).toBeNull();
    expect(failedNames(result)).toEqual(['races']);
  });

  it('happens in no run', async () => {
    const plan = await planOf(handover(IF, check));
    for (let seed = 1; seed <= 20; seed++) {
      const { verdict, violation } = await run({ ...plan, seed }, { mode: 'virtual' });
      expect({ outcome: verdict.outcome, violation }).toEqual({ outcome: 'passed', violation: null });
    }
  });
});
