/**
 * A run by its log, held against a check: what is among it, what cannot be judged, and what is a bug in concur.
 */
import { describe, expect, it } from 'vitest';
import { type CheckResult, check, checkLog } from '../../engine/index.ts';
import { planOf } from '../explore/checked.ts';
import { logged } from './logged.ts';

const lost = `
concur: 1
vars: { n: 0 }
semaphores: { s: 2 }
tasks: { t: { count: 2, steps: [ { with: s, do: [ { set: { n: n + 1 } } ] } ] } }
expect: { outcome: n, sometimes: [ n == 1 ], peak: { s: "<= 2" }, always: [ n < 3 ] }`;

async function ofText(text: string, change: (result: CheckResult) => CheckResult = (result) => result) {
  const plan = await planOf(text);
  const { log } = await logged(plan);
  return checkLog(plan, log, change(await check(plan)));
}

/** As if the search had found less than it did. */
type Less = (result: CheckResult) => CheckResult;
const judged =
  (change: (verdict: CheckResult['verdict']) => Partial<CheckResult['verdict']>): Less =>
  (result) => ({ ...result, verdict: { ...result.verdict, ...change(result.verdict) } });
const covered = (coverage: Partial<CheckResult['verdict']['coverage']>): Less =>
  judged((verdict) => ({ coverage: { ...verdict.coverage, ...coverage } }));

describe('the run of a log', () => {
  it('is among what a check found', async () => {
    const placed = await ofText(lost);
    expect(placed).toMatchObject({ is: 'explored', end: expect.stringMatching(/^t: 2 finished; n = [12]$/) });
  });

  it.each<[string, Less, RegExp]>([
    ['a result', judged(() => ({ results: [] })), /^came to the result \d$/],
    ['an end', (result) => ({ ...result, ends: new Set() }), /^ended with t: 2 finished; n = \d$/],
    ['any end', covered({ ends: 0 }), /^came to an end$/],
    ['a state', covered({ sightings: [null] }), /^came to a state in which n == 1 is true$/],
    ['a peak', covered({ peaks: [0] }), /^had a peak of \d at s$/],
  ])('that has %s which no interleaving has is a bug in concur', async (_, less, what) => {
    expect(await ofText(lost, less)).toMatchObject({ is: 'impossible', what: expect.stringMatching(what) });
  });

  it('that broke what no interleaving breaks is a bug in concur', async () => {
    const text = lost.replace('n < 3', 'n < 1');
    const passing = judged(({ judgements }) => ({
      judgements: judgements.map((one) => ({ ...one, result: 'passed' as const })),
    }));
    expect(await ofText(text)).toMatchObject({ is: 'explored' });
    expect(await ofText(text, passing)).toMatchObject({
      is: 'impossible',
      what: 'broke an expectation: always n < 1',
    });
  });

  it('that is stuck where no interleaving is is a bug in concur', async () => {
    const text = 'concur: 1\nlocks: [m]\nmain: [ { acquire: m }, { acquire: m } ]';
    expect(await ofText(text)).toMatchObject({ is: 'explored', end: 'main: waiting in lock.acquire m' });
    expect(await ofText(text, covered({ deadlocks: 0 }))).toMatchObject({
      is: 'impossible',
      what: 'came to a deadlock',
    });
  });
});

describe('the run of a log is not judged', () => {
  const nothing: Less = (result) => ({ ...result, ends: new Set() });

  it.each<[string, Less, string]>([
    [
      'the search did not see everything',
      covered({ end: 'states' }),
      'more states than the search may visit',
    ],
    ['it did not follow all it saw', covered({ within: 'n < 1' }), 'does not follow states beyond `n < 1`'],
    ['not all ends were looked at', covered({ isEveryEndJudged: false }), 'too many different ends'],
  ])('where %s', async (_, less, reason) => {
    expect(await ofText(lost, (result) => nothing(less(result)))).toMatchObject({
      is: 'notJudged',
      reason: expect.stringContaining(reason),
    });
  });

  it('where the log stops before its run does', async () => {
    const plan = await planOf(lost);
    const { log } = await logged(plan);
    const cut = { ...log, events: log.events.slice(0, 8) };
    expect(await checkLog(plan, cut, await check(plan))).toMatchObject({
      is: 'notJudged',
      reason: 'the log stops before its run does',
    });
  });

  it('where the run was stopped', async () => {
    const plan = await planOf('concur: 1\nmain: [ { sleep: 1h } ]');
    const { log } = await logged({ ...plan, timeoutUs: 1_000_000 });
    expect(await checkLog(plan, log, await check(plan))).toMatchObject({
      is: 'notJudged',
      reason: 'that run did not come to its end',
    });
  });

  it.each([
    [
      'commands answered',
      "{ run: 'echo 2', as: out, model: { takes: 1s, result: { stdout: '1' } } }, { set: { x: out.stdout } }",
      'its commands and functions were real',
    ],
    ['it read the environment', '{ set: { x: env.HOME } }', 'the scenario reads `env`'],
  ])('where the run was real and %s', async (_, steps, reason) => {
    const plan = await planOf(`concur: 1\nvars: { x: '' }\nmain: [ ${steps} ]`);
    const { log, verdict } = await logged(plan, 'real');
    expect(verdict.outcome).toBe('passed');
    expect(await checkLog(plan, log, await check(plan))).toMatchObject({
      is: 'notJudged',
      reason: expect.stringContaining(reason),
    });
  });
});

describe('a log that does not fit', () => {
  it.each([
    ['vars that begin otherwise', 'n: 0', 'n: 5', 'its vars are not as they were'],
    ['a lock instead of a semaphore', 'semaphores: { s: 2 }', 'locks: [s]', 'scenario was edited since'],
    ['another step', 'n + 1', 'n + 2', '`set n = n + 1` is `set n = n + 2` now'],
    ['another task', 'count: 2', 'count: 3', 'its run had 3 tasks'],
  ])('is told, with %s', async (_, what, by, why) => {
    const { log } = await logged(await planOf(lost));
    const plan = await planOf(lost.replace(what, by).replace(', peak: { s: "<= 2" }', ''));
    expect(await checkLog(plan, log, await check(plan))).toMatchObject({
      misfit: expect.stringContaining(why),
    });
  });
});
