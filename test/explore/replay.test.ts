/**
 * A schedule that was found, kept as a text, and played again: it fails the same expectation, also where the scenario was
 * edited elsewhere; and where it does not fit any more that is said.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import {
  type CheckResult,
  parseScheduleDocument,
  parseScheduleLine,
  type ReplayResult,
  replay,
  type SavedSchedule,
  type ScheduleMove,
  scheduleDocument,
  scheduleLine,
} from '../../engine/index.ts';
import { root } from '../scenarios/concur-command.ts';
import { checked, planOf } from './checked.ts';
import { randomScenario } from './random-scenario.ts';

const schema = JSON.parse(readFileSync(join(root, 'schemas/schedule.schema.json'), 'utf8'));
const isValid = new Ajv2020().compile(schema);

/** By way of the file, and by way of the line. */
function kept(saved: SavedSchedule): readonly ScheduleMove[] {
  const text = scheduleDocument(saved);
  expect(isValid(JSON.parse(text)), JSON.stringify(isValid.errors)).toBe(true);
  const parsed = parseScheduleDocument(text);
  expect(parsed).toEqual(saved);
  expect(parseScheduleLine(scheduleLine(saved))).toEqual({
    moves: saved.moves,
    ...(saved.loopFrom === undefined ? {} : { loopFrom: saved.loopFrom }),
  });
  return saved.moves;
}

function failedIn(result: ReplayResult): readonly string[] {
  if ('misfit' in result) return [result.misfit];
  expect(result.violation).toBeNull();
  return result.verdict.judgements.filter((one) => one.result === 'failed').map(({ name }) => name);
}

/** What the way that is shown fails. */
function shownBy({ verdict, counterexample }: CheckResult): string {
  expect(counterexample).not.toBeNull();
  return verdict.judgements.find(({ result, way }) => result === 'failed' && way !== null)?.name ?? '';
}

const timers = `
concur: 1
vars: { n: 0 }
locks: [ m ]
events: [ go ]
conditions: [ c ]
tasks:
  slow: { steps: [ { sleep: 10ms }, { with: m, do: [ { set: { n: "choose([1, 2])" } } ] }, { signal: go } ] }
  fast: { steps: [ { wait: go, timeout: 1s, onTimeout: [ { print: late } ] }, { assert: n == 1 } ] }`;

describe('what a check has found, played again from what was kept of it', () => {
  it('fails the same expectation, 32 times of 32', async () => {
    let played = 0;
    for (let number = 1; played < 32; number++) {
      expect(number).toBeLessThan(400);
      const text = `${randomScenario(number)}`;
      const result = await checked(text, { maxStates: 3_000 });
      expect(result.violation, text).toBeNull();
      if (result.counterexample === null) continue;
      const moves = kept(result.counterexample.saved);
      expect(failedIn(await replay(await planOf(text), moves)), text).toContain(shownBy(result));
      played++;
    }
  });

  it.each([
    ['late waits and choices', timers.replace('choose([1, 2])', 'random(1, 3)')],
    [
      'a lost update',
      'concur: 1\nvars: { n: 0 }\ntasks: { t: { count: 3, steps: [ { set: { n: n + 1 } } ] } }\nexpect: { vars: { n: 3 } }',
    ],
    [
      'a main program that is written',
      'concur: 1\nvars: { n: 0 }\ntasks: { t: { steps: [ { set: { n: 1 } } ] } }\nmain: [ { start: t }, { assert: n == 0 }, { join: t } ]',
    ],
    [
      'names that mean something to a shell',
      'concur: 1\nvars: { n: "\'\'" }\ntasks: { t: { count: 2, steps: [ { set: { n: "n + \'a,#!?*@:%+ é\'" } } ] } }\nexpect: { always: [ n.size() < 12 ] }',
    ],
  ])('%s', async (_, text) => {
    const result = await checked(text);
    const moves = kept(result.counterexample?.saved as SavedSchedule);
    expect(failedIn(await replay(await planOf(text), moves))).toContain(shownBy(result));
  });
});

const lost = `
concur: 1
vars: { n: 0, other: 0 }
tasks:
  t:
    count: 2
    steps:
      - set: { n: n + 1 }
expect: { vars: { n: 2 } }`;

describe('a schedule that is older than the scenario', () => {
  it.each([
    ['another step before', '      - set: { n', '      - update: { other: other + 1 }\n      - set: { n'],
    ['a print before', '      - set: { n', '      - print: hello\n      - set: { n'],
    ['a sleep before', '      - set: { n', '      - sleep: 1s\n      - set: { n'],
    ['another task', 'tasks:', 'tasks:\n  more: { steps: [ { set: { other: 1 } } ] }'],
    ['another expectation, by which more is seen', 'expect: {', 'expect: { output: { equals: [] },'],
  ])('is played with %s', async (_, what, by) => {
    const { counterexample } = await checked(lost);
    const moves = kept(counterexample?.saved as SavedSchedule);
    expect(failedIn(await replay(await planOf(lost.replace(what, by)), moves))).toContain('vars n');
  });

  it.each([
    ['the step itself', 'n + 1', 'n + 2', 'at its step 1, t[0] · set n = n + 1 · 1st time: no step is'],
    ['the name of the task', '  t:', '  u:', 'at its step 1: there is no task `t[0]`'],
    ['fewer replicas', 'count: 2', 'count: 1', 'there is no task `t['],
    ['a step between reading and writing', 'steps:\n', 'steps:\n      - exit: 0\n', '`t['],
  ])('does not fit with %s', async (_, what, by, why) => {
    const { counterexample } = await checked(lost);
    const saved = counterexample?.saved as SavedSchedule;
    const first = saved.moves[0]?.task ?? '';
    const [misfit = ''] = failedIn(await replay(await planOf(lost.replace(what, by)), saved.moves));
    expect(misfit.replaceAll(first, 't[0]')).toContain(why);
    expect(misfit).not.toContain('bug in concur');
  });
});

describe('a text that is no schedule', () => {
  it.each([
    ['{', 'it is no JSON'],
    ['[]', 'it is no schedule of concur'],
    ['{"moves": []}', 'it is no schedule of concur'],
    ['{"concurSchedule": 2, "moves": []}', 'it is of version 2, and this one knows 1'],
    ['{"concurSchedule": 1}', 'it has no `moves`'],
    [
      '{"concurSchedule": 1, "moves": [{"task": "a", "step": "b"}, {"task": 1}]}',
      'number 2 of its `moves` is none',
    ],
    [
      '{"concurSchedule": 1, "moves": [{"task": "a", "step": "b", "time": 0}]}',
      'number 1 of its `moves` is none',
    ],
    [
      '{"concurSchedule": 1, "loopFrom": 1, "moves": [{"task": "a", "step": "b"}]}',
      'its `loopFrom` is no number of moves that others come behind',
    ],
  ])('%s', (text, mistake) => {
    expect(parseScheduleDocument(text)).toEqual({ mistake });
  });

  it.each([
    '',
    '2:a@b',
    '1:a',
    '1:a@b#x',
    '1:a@%zz',
    '1:a@b*99999999999',
    '1:a@b,',
    '1:a@b:1',
    '1:a@b:x',
    '1::0',
  ])('line %j', (line) => {
    expect(parseScheduleLine(line)).toBeUndefined();
  });
});

describe('a way that goes around for ever', () => {
  const regular = (fair: boolean): string => `
concur: 1
vars: { served: false }
locks: { counter: { fair: ${fair} } }
tasks:
  regular: { steps: [ { while: 'true', do: [ { with: counter, do: [ { print: me again } ] } ] } ] }
  guest: { steps: [ { with: counter, do: [ { set: { served: true } } ] } ] }
expect: { eventually: [ served ] }`;

  async function found(): Promise<SavedSchedule> {
    const { counterexample } = await checked(regular(false));
    if (counterexample === null) throw new Error('no way was found');
    return counterexample.saved;
  }

  it('is kept with where it begins again, and fails when it is played again', async () => {
    const saved = await found();
    kept(saved);
    const { loopFrom = -1 } = saved;
    const result = await replay(await planOf(regular(false)), saved.moves, { loopFrom });
    expect(failedIn(result)).toEqual(['eventually']);
    expect(result).toMatchObject({ loopFrom: expect.any(Number), verdict: { outcome: 'failed' } });
  });

  it('is played like any other where it comes back no more', async () => {
    const { moves, loopFrom = -1 } = await found();
    const edited = regular(false).replace("while: 'true'", 'repeat: 5');
    expect(failedIn(await replay(await planOf(edited), moves, { loopFrom }))).toEqual([]);
  });
});
