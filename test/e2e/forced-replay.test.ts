/**
 * What a check has found, forced on real threads and processes: it fails there as it does in virtual time, each time.
 */
import { describe, expect, it } from 'vitest';
import { type Event, type ReplayResult, replay, replayForReal } from '../../engine/index.ts';
import { checked, planOf } from '../explore/checked.ts';
import { concur } from '../scenarios/concur-command.ts';
import { scratch } from './scratch.ts';

const TIMES = 10;

const failing = {
  'a lost update of threads': `
vars: { n: 0 }
tasks: { t: { count: 3, steps: [ { set: { n: n + 1 } } ] } }
expect: { vars: { n: 3 } }`,
  'a lost update of processes': `
vars: { n: { value: 0, shared: true } }
tasks: { t: { kind: process, count: 2, steps: [ { set: { n: n + 1 } } ] } }
expect: { vars: { n: 2 } }`,
  'threads that lock each other out, with long sleeps': `
locks: [a, b]
tasks:
  one: { steps: [ { with: a, do: [ { sleep: 10s }, { with: b, do: [ { print: one } ] } ] } ] }
  two: { steps: [ { sleep: 1h }, { with: b, do: [ { with: a, do: [ { print: two } ] } ] } ] }`,
  'processes that lock each other out': `
locks: [a, b]
tasks:
  one: { kind: process, steps: [ { with: [a, b], do: [ { print: one } ] } ] }
  two: { kind: process, steps: [ { with: [b, a], do: [ { print: two } ] } ] }`,
  'a timeout that comes before the signal': `
events: [ go ]
tasks:
  slow: { steps: [ { sleep: 1ms }, { signal: go } ] }
  late: { steps: [ { wait: go, timeout: 10m } ] }`,
  'processes, one of which gives up a lock too soon': `
locks: [ m ]
tasks:
  holder: { kind: process, steps: [ { with: m, do: [ { sleep: 1ms } ] } ] }
  hasty: { kind: process, steps: [ { acquire: m, timeout: 1h }, { release: m } ] }`,
  'a sleep in place of a join': `
vars: { ready: false }
tasks:
  setter: { steps: [ { set: { ready: true } } ] }
  user: { steps: [ { sleep: 10m }, { assert: ready } ] }`,
  'a notify that nobody hears': `
locks: [ m ]
conditions: { c: m }
tasks:
  waiter: { steps: [ { with: c, do: [ { wait: c } ] } ] }
  caller: { steps: [ { with: c, do: [ { notify: c } ] } ] }`,
  'a queue between processes, and what chance draws': `
queues: [ q ]
vars: { sum: { value: 0, shared: true } }
tasks:
  giver: { kind: process, count: 2, steps: [ { choose: [1, 2, 3], as: v }, { put: q, item: v } ] }
  taker: { steps: [ { repeat: 2, do: [ { get: q, as: got, timeout: 1h }, { update: { sum: sum + got } } ] } ] }
expect: { finally: [ sum != 5 ] }`,
  'a thread and a process inside at once': `
vars: { inside: { value: 0, shared: true } }
semaphores: { s: 2 }
tasks:
  thread: { steps: [ { with: s, do: [ { update: { inside: inside + 1 } }, { sleep: 1s }, { update: { inside: inside - 1 } } ] } ] }
  process: { kind: process, steps: [ { with: s, do: [ { update: { inside: inside + 1 } }, { update: { inside: inside - 1 } } ] } ] }
expect: { always: [ inside <= 1 ] }`,
};

/** Who did what in which order; what only one of the worlds has is left out. */
function happened(events: readonly Event[], scheduled: number): readonly string[] {
  return events
    .slice(0, scheduled)
    .filter(({ type }) => type !== 'stopping' && type !== 'stopped')
    .map(({ type, task, step, at }) => `${type} ${task} ${step} ${at}`);
}

function told(result: ReplayResult) {
  if ('misfit' in result) throw new Error(result.misfit);
  expect(result.violation).toBeNull();
  const { judgements, outcome, deadlock, run } = result.verdict;
  const failed = judgements
    .filter((one) => one.result === 'failed')
    .map(({ name, seen }) => `${name} ${seen}`);
  return { outcome, failed, cycle: deadlock?.cycle ?? null, stopped: run.stopped };
}

describe('a schedule forced on a real run', () => {
  it.each(Object.entries(failing))('%s', async (_, text) => {
    const scenario = `concur: 1${text}`;
    const { counterexample } = await checked(scenario);
    const saved = counterexample?.saved;
    if (saved === undefined) throw new Error('a check found nothing');
    const { moves } = saved;
    const plan = await planOf(scenario);
    const virtual = await replay(plan, moves);
    expect(told(virtual).outcome).toBe('failed');
    for (let time = 0; time < TIMES; time++) {
      expect(told(await replay(plan, moves))).toEqual(told(virtual));
      const real = await replayForReal(plan, moves);
      expect(told(real)).toEqual(told(virtual));
      if ('misfit' in real || 'misfit' in virtual) throw new Error('it does not fit');
      const { scheduled } = virtual;
      expect(happened(real.events, scheduled)).toEqual(happened(virtual.events, scheduled));
    }
  });
});

describe('concur replay --real', () => {
  it('forces what a check has saved', async () => {
    const file = scratch('lost.yaml', `concur: 1${failing['a lost update of processes']}\n`);
    const way = scratch('way.json');
    expect((await concur('check', file, '--save', way)).code).toBe(1);
    const { code, stdout, stderr } = await concur('replay', file, way, '--real');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain('played again for real, step by step:');
    expect(stdout).toContain('expected, but not met: n == 2 at the end');
    expect(stdout).toMatch(/run it again with: .* replay .*lost\.yaml .*way\.json --real/);
    expect(stdout).not.toContain('virtual time');
  });

  it('tells where commands do something else than their models', async () => {
    const file = scratch(
      'other.yaml',
      `concur: 1
vars: { n: 0 }
tasks:
  t:
    steps:
      - { run: echo 2, as: out, model: { takes: 1s, result: { stdout: "1" } } }
      - if: out.stdout == "1"
        then: [ { set: { n: 1 } } ]
        else: [ { set: { n: 2 } } ]
expect: { vars: { n: 3 } }
`,
    );
    const way = scratch('other.json');
    expect((await concur('check', file, '--save', way)).code).toBe(1);
    const { code, stdout } = await concur('replay', file, way, '--real');
    expect(code, stdout).toBe(3);
    expect(stdout).toContain('the schedule cannot be forced: at its turn');
  });
});
