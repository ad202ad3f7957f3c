/** Busy waits in virtual time: who only looks lets time pass, who computes does not, and what nothing can end is told at once. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadScenario, run } from '../../engine/index.ts';

async function play(text: string) {
  const { plan, diagnostics } = await loadScenario({ file: 'test.yaml', text }, { seed: 3, mode: 'virtual' });
  if (plan === undefined) throw new Error(JSON.stringify(diagnostics));
  let events = 0;
  const { verdict, violation } = await run(plan, { mode: 'virtual', handle: () => void events++ });
  expect(violation).toBe(null);
  return { verdict, events };
}

const outcomeOf = ({ verdict }: Awaited<ReturnType<typeof play>>): string =>
  verdict.run.stopped === 'deadlock' ? 'deadlock' : verdict.outcome;

describe('with a few events', () => {
  test.each([
    [
      'a loop that counts is computed to its end',
      `main: [{ let: { n: 0 } }, { while: "n < 300000", do: [ { let: { n: n + 1 } } ] }, { print: done }]`,
      'passed',
    ],
    [
      'a count decides whether the loop is left',
      `tasks: { a: { steps: [{ let: { n: 0 } }, { while: "true", do: [ { let: { n: n + 1 } }, { if: n == 100000, then: [break] } ] }, { print: done }] } , b: { steps: [ { sleep: 1s } ] } }
expect: { order: [] }`,
      'passed',
    ],
    [
      'a count decides when a flag is set',
      `main: [{ let: { n: 0, done: false } }, { while: "!done", do: [ { let: { n: n + 1 } }, { if: n == 100000, then: [{ let: { done: true } }] } ] }, { print: done }]`,
      'passed',
    ],
    [
      'a count in true and false',
      `main: [{ let: { a: false, b: false, c: false, d: false } }, { while: "!d", do: [ { if: a, then: [ { let: { a: false } }, { if: b, then: [ { let: { b: false } }, { if: c, then: [ { let: { d: true } } ], else: [ { let: { c: true } } ] } ], else: [ { let: { b: true } } ] } ], else: [ { let: { a: true } } ] } ] }, { print: done }]`,
      'passed',
    ],
    [
      'a lock that is asked for again and again',
      `locks: [l]
tasks: { a: { steps: [{ acquire: l }, { sleep: 50ms }, { release: l }] }, b: { steps: [ { sleep: 1ms }, { let: { got: false } }, { while: "!got", do: [ { acquire: l, timeout: 0s, as: got } ] }, { release: l } ] } }`,
      'passed',
    ],
    [
      'two locks, each until it is there',
      `locks: [l, m]
tasks: { a: { steps: [{ acquire: l }, { acquire: m }, { sleep: 50ms }, { release: l }, { sleep: 50ms }, { release: m } ] }, b: { steps: [ { sleep: 1ms }, { let: { x: false, y: false } }, { while: "!x || !y", do: [ { if: "!x", then: [{ acquire: l, timeout: 0s, as: x }] }, { if: "!y", then: [ { acquire: m, timeout: 0s, as: y }] } ] }, { release: l }, {release: m} ] } }`,
      'passed',
    ],
    [
      'an error that leads back to the loop',
      `queues: [q]
tasks: { a: { steps: [{ sleep: 50ms }, { put: q, item: "x" }] }, b: { let: {n: 0}, steps: [ { while: "true", do: [ { let: { n: n + 1 } }, { try: [ { get: q, timeout: 0s, as: x }, break ], catch: { Empty: [ { let: { m: n + 1 } } ] } } ] }, { print: got } ] } }`,
      'passed',
    ],
    ['a draw decides', `main: [{ while: "random(1, 1000) != 7", do: [] }, { print: done }]`, 'passed'],
    [
      'a wait that prints',
      `vars: { f: false }
tasks: { a: { steps: [{ sleep: 50ms }, { set: { f: "true" } }] }, b: { steps: [ { while: "!f", do: [ { print: wait } ] } ] } }`,
      'passed',
    ],
    [
      'two that wait for each other in turn',
      `vars: { a: false, b: false }
tasks: { x: { steps: [ { while: "!a", do: [] }, { set: { b: "true" } } ] }, y: { steps: [ { sleep: 1s }, { set: { a: "true" } }, { while: "!b", do: [] }, { print: ok } ] } }`,
      'passed',
    ],
    [
      'what is seen takes several rounds to come through',
      `vars: { f: false }
tasks: { a: { steps: [{ sleep: 50ms }, { set: { f: "true" } }] }, b: { steps: [ { let: { x: false, y: false, z: false } }, { while: "!z", do: [ { let: { z: y } }, { let: { y: x } }, { let: { x: f } } ] }, { print: ok } ] } }`,
      'passed',
    ],
    [
      'a time decides whether the loop is left',
      `main: [ { while: "true", do: [ { if: now > 0.05, then: [break] } ] }, { print: ok } ]`,
      'passed',
    ],
    [
      'a time is kept in a local',
      `main: [ { let: { done: false } }, { while: "!done", do: [ { let: { done: now > 0.05 } } ] }, { print: ok } ]`,
      'passed',
    ],
    [
      'sleeps of no length wake those that await',
      `vars: { f: false }
tasks: { a: { steps: [ { while: "!f", do: [ { sleep: 0s } ] }, { print: ok } ] }, b: { steps: [ { await: "a.finished == 1 || now > 0.5" }, { set: { f: "true" } } ] } }`,
      'passed',
    ],
    [
      'the attribute of an event',
      `events: [e]
tasks: { a: { steps: [ { while: "!e.set", do: [] }, { print: ok } ] }, b: { steps: [ { sleep: 1s }, { signal: e } ] } }`,
      'passed',
    ],
    [
      'a loop that counts inside of one that looks',
      `vars: { f: false }
tasks: { a: { steps: [ { while: "!f", do: [ { let: { i: 0 } }, { while: i < 5, do: [ { let: { i: i + 1 } } ] } ] }, { print: ok } ] }, b: { steps: [ { sleep: 1s }, { set: { f: "true" } } ] } }`,
      'passed',
    ],
    [
      'a counted loop inside of one that looks',
      `vars: { f: false }
tasks: { a: { steps: [ { while: "!f", do: [ { repeat: 5, as: k, do: [ { print: "k" } ] } ] }, { print: ok } ] }, b: { steps: [ { sleep: 1s }, { set: { f: "true" } } ] } }`,
      'passed',
    ],
    [
      'a loop that looks inside of a counted one: no time passes',
      `vars: { f: true }
tasks: { a: { steps: [ { repeat: 1000, do: [ { while: "!f", do: [] } ] }, { assert: now < 0.5 } ] }, b: { steps: [ { sleep: 1s } ] } }`,
      'passed',
    ],
    [
      'one round of looking in each of many that are counted: no time passes',
      `vars: { f: true }
tasks: { a: { steps: [ { repeat: 1000, do: [ {let: {g: true}}, { while: "g", do: [ { let: { g: "!f" } } ] } ] }, { assert: now < 0.5 } ] }, b: { steps: [ { sleep: 1s } ] } }`,
      'passed',
    ],
    [
      'what grows fails in the end',
      `main: [ { let: { n: 1 } }, { try: [ { while: "true", do: [ { let: { n: n * 2 } } ] } ], catch: { any: [ { print: "over" } ] } } ]`,
      'passed',
    ],
    [
      'what shrinks fails in the end',
      `main: [ { let: { n: 100 } }, { try: [ { while: "true", do: [ { let: { n: n - 1 } }, { let: { z: 1 / n } } ] } ], catch: { any: [ { print: "over" } ] } } ]`,
      'passed',
    ],
    [
      'a daemon that looks does not hide a deadlock',
      `vars: { f: false }
locks: [l]
main: [ { start: d }, { acquire: l }, { acquire: l } ]
tasks: { d: { daemon: true, steps: [ { while: "!f", do: [] } ] } }`,
      'deadlock',
    ],
    [
      'a daemon that looks does not hold up the end',
      `vars: { f: false }
main: [ { start: d }, { sleep: 1s } ]
tasks: { d: { daemon: true, steps: [ { while: "!f", do: [] } ] } }`,
      'passed',
    ],
    [
      'a shared var of another process',
      `vars: { f: { value: false, shared: true } }
tasks: { a: { kind: process, steps: [ { while: "!f", do: [] } ] }, b: { kind: process, steps: [ { sleep: 1s }, { set: { f: "true" } } ] } }`,
      'passed',
    ],
    [
      'a process that looks at its own copy for ever',
      `vars: { f: false }
tasks: { a: { kind: process, steps: [ { while: "!f", do: [] } ] }, b: { kind: process, steps: [ { sleep: 1s }, { set: { f: "true" } } ] } }`,
      'inconclusive',
    ],
    [
      'a look in one moment',
      `vars: { f: false }
tasks: { a: { steps: [ { let: { g: false } }, { while: "!g", do: [ { atomic: [ { if: f, then: [ { let: { g: true } } ] } ] } ] } ] }, b: { steps: [ { sleep: 1s }, { set: { f: "true" } } ] } }`,
      'passed',
    ],
    [
      'a time that is put off meanwhile',
      `vars: { until: 0.1, n: 0 }
tasks: { a: { steps: [ { while: now < until, do: [] }, { print: ok } ] }, b: { steps: [ { sleep: 50ms }, { set: { until: "0.2" } } ] } }`,
      'passed',
    ],
    [
      'the state of a task',
      `tasks: { a: { steps: [ { while: 'b[0].state != "finished"', do: [] }, { print: ok } ] }, b: { count: 2, steps: [ { sleep: 50ms } ] } }`,
      'passed',
    ],
    [
      'a file',
      `files: { f: { path: "x.txt" } }
tasks: { a: { steps: [ { let: { go: false } }, { while: '!go', do: [ { try: [ { load: f, as: c }, { let: { go: true } } ], catch: { any: [] } } ] }, { print: ok } ] }, b: { steps: [ { sleep: 50ms }, { save: f, value: hi } ] } }`,
      'passed',
    ],
    [
      'a lock made of an atomic step',
      `vars: { l: 0 }
tasks: { a: { count: 2, steps: [ { let: { got: false } }, { while: '!got', do: [ { atomic: [ { if: l == 0, then: [ { set: { l: "1" } }, { let: { got: true } } ] } ] } ] }, { sleep: 10ms }, { set: { l: "0" } } ] } }`,
      'passed',
    ],
    [
      'a lock made of an exchange, which writes what is there',
      `vars: { l: 0 }
tasks: { a: { count: 2, steps: [ { let: { old: 1 } }, { while: 'old == 1', do: [ { update: { l: "1" }, as: old } ] }, { sleep: 10ms }, { set: { l: "0" } } ] } }`,
      'passed',
    ],
    [
      "Dekker's algorithm",
      `vars: { want: { value: false, count: 2 }, turn: 0 }
tasks: { t: { count: 2, steps: [ { repeat: 3, do: [ { set: { "want[task.index]": "true" } }, { while: "want[1 - task.index]", do: [ { if: turn != task.index, then: [ { set: { "want[task.index]": "false" } }, { while: turn != task.index, do: [] }, { set: { "want[task.index]": "true" } } ] } ] }, { sleep: 5ms }, { set: { turn: 1 - task.index } }, { set: { "want[task.index]": "false" } } ] } ] } }`,
      'passed',
    ],
  ])('%s', async (_, text, expected) => {
    const played = await play(`concur: 1\n${text}`);
    expect(outcomeOf(played)).toBe(expected);
    expect(played.events).toBeLessThan(2000);
  });
});

describe('from files', () => {
  const fileText = (name: string): string => readFileSync(new URL(`${name}.yaml`, import.meta.url), 'utf8');

  test.each(['virtual-spin', 'virtual-spin-now', 'virtual-sleep-zero'])('%s', async (name) => {
    const { verdict } = await play(fileText(name));
    expect(verdict.outcome).toBe('passed');
    expect(verdict.run.durationUs).toBe(20_000);
  });

  test('virtual-model-zero', async () => {
    const { verdict } = await play(fileText('virtual-model-zero'));
    expect(verdict.outcome).toBe('inconclusive');
    expect(verdict.run.cause).toContain('`a` loops for ever');
  });
});

test('many that look, and one that lets time pass', async () => {
  const text = `concur: 1
vars: { f: false }
tasks:
  spinner: { count: 300, steps: [ { while: "!f", do: [] } ] }
  setter: { steps: [ { sleep: 1s }, { sleep: 1s }, { set: { f: "true" } } ] }`;
  const { verdict } = await play(text);
  expect(verdict.outcome).toBe('passed');
});
