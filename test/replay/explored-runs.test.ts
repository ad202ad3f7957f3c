/**
 * The engine's master test: whatever a run of a shipped scenario comes to, real or in virtual time, is among what the search of
 * all its interleavings found. Each run is taken by its log, as `concur check --from` does.
 *
 * Kernel, machine, hosts, log, replay, search and the verdict's model must agree for that. A run that is outside shows that two
 * of them do not.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CheckResult, check, checkLog, loadCases, type Plan } from '../../engine/index.ts';
import { planOf } from '../explore/checked.ts';
import { randomScenario } from '../explore/random-scenario.ts';
import { root } from '../scenarios/concur-command.ts';
import { logged } from './logged.ts';

const SEEDS = [1, 2, 3];
/** A real run takes as long as its sleeps. */
const LONGEST_REAL_US = 500_000;

/** These take many seconds to search, and more memory than is worth it here. */
const TOO_LARGE: ReadonlySet<string> = new Set([
  'queue-is-pipe-plus-lock.yaml home-made',
  'queue-is-pipe-plus-lock.yaml built-in',
  'classics/santa.yaml no-door',
  'primitives/rwlock.yaml writers-first',
  'primitives/rwlock.yaml in-order',
  'pool-or-semaphore.yaml',
]);

type Case = { readonly title: string; readonly plan: Plan };

async function shipped(): Promise<readonly Case[]> {
  const folder = join(root, 'scenarios');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .toSorted();
  const cases = files.map(async (file) => {
    const source = { file: `scenarios/${file}`, text: readFileSync(join(folder, file), 'utf8') };
    const loads = await loadCases(source, { seed: 1, mode: 'virtual', forCheck: true });
    return loads.map(({ plan }) => {
      if (plan === undefined) throw new Error(`${file} has no plan`);
      return { title: `${file} ${plan.caseName ?? ''}`.trimEnd(), plan };
    });
  });
  return (await Promise.all(cases)).flat();
}

/** What commands really say may be something else than their models say: then it is not judged. */
const BY_MODELS = 'its commands and functions were real, and a check goes by models';

async function expectExplored(plan: Plan, result: CheckResult, mode: 'real' | 'virtual'): Promise<void> {
  const { log, verdict, violation } = await logged(plan, mode);
  expect(violation).toBeNull();
  expect(verdict.run.stopped === null || verdict.run.stopped === 'deadlock', plan.name).toBe(true);
  const placed = await checkLog(plan, log, result);
  if ('misfit' in placed) throw new Error(placed.misfit);
  if (mode === 'real' && placed.is === 'notJudged' && placed.reason === BY_MODELS) return;
  expect(placed, `seed ${plan.seed}, ${mode}`).toMatchObject({ is: 'explored' });
}

describe('runs of shipped scenarios are among what a check found', async () => {
  const cases = await shipped();
  for (const { title, plan } of cases) {
    const { time } = plan.check;
    if (time === 'ordered') it.skip(`${title}: left out, as its check is of ordered time`);
    else if (TOO_LARGE.has(title)) it.skip(`${title}: left out, as its check takes long`);
    else
      it(title, async () => {
        const result = await check(plan);
        expect(result.verdict.coverage.end).toBe('all');
        for (const seed of SEEDS) await expectExplored({ ...plan, seed }, result, 'virtual');
        if ((await logged(plan)).verdict.run.durationUs > LONGEST_REAL_US) return;
        await expectExplored(plan, result, 'real');
      });
  }

  it('has no name in its list that is none', () => {
    const titles = new Set(cases.map(({ title }) => title));
    expect([...TOO_LARGE].filter((title) => !titles.has(title))).toEqual([]);
  });
});

const rounds = Number(process.env['CONCUR_TEST_ROUNDS'] ?? 1);

describe('runs of random scenarios', () => {
  it.each(Array.from({ length: 40 * rounds }, (_, index) => index + 1))('number %d', async (number) => {
    const plan = await planOf(randomScenario(number));
    const result = await check(plan, { maxStates: 20_000 });
    for (const seed of SEEDS) {
      const { log } = await logged({ ...plan, seed });
      const placed = await checkLog({ ...plan, seed }, log, result);
      if ('misfit' in placed) throw new Error(placed.misfit);
      expect(placed.is === 'impossible' ? placed : null, randomScenario(number)).toBeNull();
    }
  });
});
