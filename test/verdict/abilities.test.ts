import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../engine/index.ts';
import { loadScenario, run } from '../../engine/index.ts';

/** Runs a scenario in virtual time; who never goes on, and how long the run took. */
async function stuckIn(text: string): Promise<readonly [names: readonly string[], seconds: number]> {
  const { plan, diagnostics } = await loadScenario(
    { file: 'test.yaml', text: `concur: 1\n${text}` },
    { seed: 1 },
  );
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const { verdict, violation } = await run(plan, { mode: 'virtual' });
  expect(violation).toBeNull();
  return [namesOf(verdict), verdict.run.durationUs / 1e6];
}

function namesOf({ deadlock, partialDeadlock }: Verdict): readonly string[] {
  return (deadlock ?? partialDeadlock)?.waiting.map(({ task }) => task) ?? [];
}

const server = 'server: { daemon: true, steps: [ { while: "true", do: [ { sleep: 10s } ] } ] }';

describe('a run that only daemons keep alive is stopped', () => {
  test.each([
    ['an event nobody can set', 'events: [e]', 'w: { steps: [ { wait: e } ] }', ['w']],
    [
      'an event that was set and cleared by one who does that no more',
      'events: [e]',
      `w: { steps: [ { sleep: 2s }, { wait: e } ] }
  s: { daemon: true, steps: [ { signal: e }, { clear: e }, { while: "true", do: [ { sleep: 10s } ] } ] }`,
      ['w'],
    ],
    [
      'a queue whose putters have ended',
      'queues: [q]',
      'p: { steps: [ { put: q, item: 1 } ] }\n  g: { steps: [ { get: q }, { get: q } ] }',
      ['g'],
    ],
    [
      'a lock whose holder goes on and never gives it back',
      'locks: [l]',
      'h: { daemon: true, steps: [ { acquire: l }, { while: "true", do: [ { sleep: 10s } ] } ] }\n  w: { steps: [ { sleep: 1s }, { acquire: l } ] }',
      ['w'],
    ],
    [
      'a lock that a daemon takes and gives back again and again',
      'locks: [l]',
      `w: { steps: [ { sleep: 1s }, { acquire: l }, { acquire: l } ] }
  d: { daemon: true, steps: [ { while: "true", do: [ { with: l, timeout: 3s, onTimeout: [], do: [ { sleep: 10ms } ] }, { sleep: 4s } ] } ] }`,
      ['w'],
    ],
    [
      'a lock with which a daemon waits at a condition',
      'locks: [l]\nconditions: { c: l }',
      `w: { steps: [ { sleep: 1s }, { acquire: l }, { acquire: l } ] }
  d: { daemon: true, steps: [ { with: l, do: [ { wait: c, timeout: 30s, as: ok } ] } ] }`,
      ['w'],
    ],
    [
      'one of several locks that a daemon takes and gives back, one after the other',
      'locks: { l: { count: 2 } }',
      `w: { steps: [ { sleep: 1s }, { acquire: "l[0]" }, { acquire: "l[0]" } ] }
  d: { daemon: true, steps: [ { while: "true", do: [ { for: i, in: [0, 1], do: [ { with: "l[i]", timeout: 1s, onTimeout: [], do: [ { sleep: 10ms } ] } ] }, { sleep: 4s } ] } ] }`,
      ['w'],
    ],
    [
      'a join of one who waits for the joiner',
      'events: [e]',
      'a: { steps: [ { sleep: 1s }, { join: b }, { signal: e } ] }\n  b: { steps: [ { wait: e } ] }',
      ['a', 'b'],
    ],
  ])('%s', async (_, resources, tasks, names) => {
    const [stuck, seconds] = await stuckIn(`${resources}\ntasks:\n  ${server}\n  ${tasks}\n`);
    expect(stuck).toEqual(names);
    // The next of the daemon's naps would be over at ten seconds.
    expect(seconds).toBeLessThan(10);
  });
});

describe('a run is not stopped while', () => {
  test.each([
    [
      'a daemon may still set the event',
      'events: [e]',
      'w: { steps: [ { wait: e } ] }\n  s: { daemon: true, steps: [ { sleep: 20s }, { signal: e } ] }',
    ],
    [
      'a daemon may end who waits',
      'events: [e]',
      'w: { steps: [ { wait: e } ] }\n  s: { daemon: true, steps: [ { sleep: 20s }, { terminate: w } ] }',
    ],
    [
      'a daemon may end the process in which somebody waits',
      'events: [e]',
      'w: { kind: process, steps: [ { wait: e } ] }\n  s: { daemon: true, steps: [ { sleep: 20s }, { kill: w } ] }',
    ],
    [
      'a daemon comes back to where it signals',
      'events: [e]',
      'w: { steps: [ { sleep: 5s }, { clear: e }, { wait: e } ] }\n  s: { daemon: true, steps: [ { while: "true", do: [ { signal: e }, { sleep: 9s } ] } ] }',
    ],
    [
      'what a daemon does may fail, and its handler signals',
      'events: [e]\nlocks: [l]',
      'w: { steps: [ { wait: e } ] }\n  s: { daemon: true, steps: [ { try: [ { sleep: 20s }, { release: l } ], catch: { RuntimeError: [ { signal: e } ] } } ] }',
    ],
    [
      'a daemon holds the lock and will wait at its condition',
      'locks: [l]\nconditions: { c: l }',
      'h: { daemon: true, steps: [ { acquire: l }, { sleep: 20s }, { wait: c } ] }\n  w: { steps: [ { sleep: 1s }, { acquire: l } ] }',
    ],
    [
      'a daemon gives a permit before it takes one',
      'semaphores: { s: 0 }',
      'w: { steps: [ { acquire: s } ] }\n  d: { daemon: true, steps: [ { sleep: 20s }, { release: s }, { sleep: 1s }, { acquire: s } ] }',
    ],
    [
      'a daemon gives more permits than it takes',
      'semaphores: { s: 1 }',
      'w: { steps: [ { acquire: s }, { acquire: s, permits: 2 } ] }\n  d: { daemon: true, steps: [ { acquire: s, timeout: 20s, onTimeout: [] }, { release: s, permits: 2 } ] }',
    ],
    [
      'a daemon gives a lock back that it may have had no time to take',
      'locks: [l]',
      'w: { steps: [ { acquire: l }, { acquire: l } ] }\n  d: { daemon: true, steps: [ { acquire: l, timeout: 20s, as: ok }, { release: l } ] }',
    ],
    [
      'a daemon gives a lock of another back, one of several, and then takes it',
      'locks: { l: { count: 3 } }',
      'w: { steps: [ { acquire: "l[1]" }, { acquire: "l[1]" } ] }\n  d: { daemon: true, steps: [ { sleep: 20s }, { for: i, in: [0, 1, 2], do: [ { try: [ { release: "l[i]" } ], catch: { RuntimeError: [] } } ] }, { sleep: 1s }, { acquire: "l[1]" } ] }',
    ],
    [
      'a daemon waits at the condition of a lock that another one holds',
      'locks: [l]\nconditions: { c: l }',
      'w: { steps: [ { acquire: l }, { acquire: l } ] }\n  d: { daemon: true, steps: [ { sleep: 20s }, { wait: c } ] }',
    ],
  ])('%s', async (_, resources, tasks) => {
    const [stuck, seconds] = await stuckIn(`${resources}\ntasks:\n  ${server}\n  ${tasks}\n`);
    expect(stuck.filter((name) => name === 'w')).toEqual([]);
    expect(seconds).toBeGreaterThan(8);
  });
});
