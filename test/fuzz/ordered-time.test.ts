/**
 * Whatever a virtual run of a random timed scenario comes to, a search with `time: ordered` has found; and whatever that finds, one
 * with `time: free` has found. With what it takes for alike and without, it finds the same.
 *
 * More of them: `CONCUR_FUZZ=1000`; others: `CONCUR_FUZZ_SEED=7`.
 */
import { describe, expect, it } from 'vitest';
import { check, type Plan, run } from '../../engine/index.ts';
import { outcomesOf, planOf } from '../explore/checked.ts';
import { randomTimed } from './random-timed.ts';

const count = Number(process.env['CONCUR_FUZZ'] ?? 100);
const first = 100_000 * Number(process.env['CONCUR_FUZZ_SEED'] ?? 0);
const PIECE = 10;
const VIRTUAL_RUNS = 20;
const LIMITS = { maxStates: 30_000 };

function timed(plan: Plan, time: 'free' | 'ordered'): Plan {
  return { ...plan, check: { ...plan.check, time } };
}

async function compare(number: number): Promise<string> {
  const text = `# ${number}\n${randomTimed(number)}`;
  const plan = await planOf(text);
  const ordered = await check(timed(plan, 'ordered'), { ...LIMITS, symmetry: false, reduction: false });
  expect(ordered.violation, text).toBeNull();
  const { end, isEveryEndJudged } = ordered.verdict.coverage;
  if (end !== 'all' || !isEveryEndJudged) return end;
  const { results, stuck } = outcomesOf(ordered);
  const reduced = await check(timed(plan, 'ordered'), LIMITS);
  expect(reduced.violation, text).toBeNull();
  expect(outcomesOf(reduced), text).toEqual({ results, stuck });
  for (let seed = 1; seed <= VIRTUAL_RUNS; seed++) {
    const { verdict, violation } = await run({ ...plan, seed }, { mode: 'virtual' });
    const at = `${text}seed ${seed}: ${verdict.summary}`;
    expect(violation, at).toBeNull();
    if (verdict.run.stopped === null) expect(results, at).toContain(verdict.endResult?.text);
    if (verdict.run.stopped === 'deadlock') expect(stuck, at).toBe(true);
  }
  const free = await check(timed(plan, 'free'), LIMITS);
  expect(free.violation, text).toBeNull();
  if (free.verdict.coverage.end !== 'all' || !free.verdict.coverage.isEveryEndJudged) return 'large';
  const all = outcomesOf(free);
  expect(all.results, text).toEqual(expect.arrayContaining([...results]));
  if (stuck) expect(all.stuck, text).toBe(true);
  return 'compared';
}

const pieces = Array.from({ length: Math.ceil(count / PIECE) }, (_, index) => first + index * PIECE + 1);

describe('virtual runs, ordered time and free time, each within the next', () => {
  it.each(pieces)('from number %d on', { timeout: 300_000 }, async (from) => {
    const ends: string[] = [];
    for (let number = from; number < from + PIECE; number++) ends.push(await compare(number));
    expect(ends).toContain('compared');
  });
});
