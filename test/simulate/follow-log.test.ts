/**
 * Runs in virtual time, followed by their logs: the same comes of them again, and of the schedules that are made on the way.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCases, type Plan, replay, replayLog, type Verdict } from '../../engine/index.ts';
import { planOf } from '../explore/checked.ts';
import { randomScenario } from '../explore/random-scenario.ts';
import { logged } from '../replay/logged.ts';
import { root } from '../scenarios/concur-command.ts';

function told({ outcome, judgements, endResult }: Verdict) {
  const failed = judgements.filter(({ result }) => result === 'failed').map(({ name }) => name);
  return { outcome, failed: failed.toSorted(), result: endResult?.text };
}

/** By its log, and by the schedule that this gives. */
async function playedAgain(plan: Plan): Promise<void> {
  const { log, verdict } = await logged(plan);
  const { result, moves } = await replayLog(plan, log);
  if ('misfit' in result) throw new Error(result.misfit);
  expect(result.violation).toBeNull();
  expect(told(result.verdict)).toEqual(told(verdict));
  const again = await replay(plan, moves ?? []);
  if ('misfit' in again) throw new Error(again.misfit);
  expect(told(again.verdict)).toEqual(told(verdict));
}

const names = readdirSync(join(root, 'scenarios'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.yaml'),
);

describe('a run in virtual time', () => {
  it.each(names)('%s', async (name) => {
    const text = readFileSync(join(root, 'scenarios', name), 'utf8');
    for (const { plan } of await loadCases({ file: `scenarios/${name}`, text }, { seed: 7, mode: 'virtual' }))
      await playedAgain(plan as Plan);
  });

  it('in which a wait for a condition ends by its timeout, when another sleeps', async () => {
    const text = `
concur: 1
vars: { x: { value: 0, shared: true }, y: 0 }
queues: { q: 1 }
tasks:
  waits: { steps: [ { put: q, item: 1, timeout: 20ms, onTimeout: [ { set: { y: 5 } } ] }, { await: x > y, timeout: 60ms, as: ok } ] }
  sleeps: { steps: [ { put: q, item: 2 }, { sleep: 10ms }, { sleep: 10ms }, { if: x > 2, then: [ { fail: no } ] } ] }`;
    for (let seed = 1; seed <= 10; seed++) await playedAgain({ ...(await planOf(text)), seed });
  });

  it('of random scenarios', async () => {
    for (let number = 1; number <= 60; number++) await playedAgain(await planOf(randomScenario(number)));
  });
});

describe('a log of another scenario', () => {
  const text = (second: string) =>
    `concur: 1\nvars: { n: 0 }\ntasks: { t: { count: 2, steps: [ { set: { n: n + 1 } }, ${second} ] } }`;

  it.each([
    ['{ print: there }', 'the scenario was edited since: `print here` is `print there` now'],
    ['{ print: here }, { print: there }', 'the scenario was edited since'],
  ])('with %s is told', async (second, why) => {
    const { log } = await logged(await planOf(text('{ print: here }')));
    const { result } = await replayLog(await planOf(text(second)), log);
    expect('misfit' in result ? result.misfit : '').toContain(why);
  });

  it('with other tasks is told', async () => {
    const { log } = await logged(await planOf(text('{ print: here }')));
    const { result } = await replayLog(await planOf(text('{ print: here }').replace('t:', 'u:')), log);
    expect(result).toEqual({ misfit: 'its run had 3 tasks, and `u[0]` is not as it was' });
  });
});
