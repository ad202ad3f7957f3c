/**
 * Runs, for real and in virtual time, and a search agree on random scenarios: what a run comes to the search has found, and what
 * it shows broken the search shows broken, too; never does one break what a search of every order says is met.
 *
 * More of them: `CONCUR_FUZZ=1000`; others: `CONCUR_FUZZ_SEED=7`.
 */
import { describe, expect, it } from 'vitest';
import { type CheckResult, check, loadScenario, run, type Verdict } from '../../engine/index.ts';
import { outcomesOf } from '../explore/checked.ts';
import { randomLanguage } from './random-language.ts';

const count = Number(process.env['CONCUR_FUZZ'] ?? 10);
const first = 100_000 * Number(process.env['CONCUR_FUZZ_SEED'] ?? 0);
const PIECE = 10;
const VIRTUAL_RUNS = 20;
const REAL_RUNS = 2;
const LIMITS = { maxStates: 40_000 };

function mustAgree(verdict: Verdict, whole: CheckResult, text: string): void {
  const { results, stuck } = outcomesOf(whole);
  if (verdict.run.stopped === null) expect(results, text).toContain(verdict.endResult?.text);
  if (verdict.run.stopped === 'deadlock') expect(stuck, text).toBe(true);
  const broken = (list: readonly { readonly name: string; readonly result: string }[]) =>
    list.filter(({ result }) => result === 'failed').map(({ name }) => name);
  expect(broken(whole.verdict.judgements), text).toEqual(expect.arrayContaining(broken(verdict.judgements)));
}

async function compare(number: number): Promise<string> {
  const text = `# ${number}\n${randomLanguage(number)}`;
  const { plan, diagnostics } = await loadScenario(
    { file: 'random.yaml', text },
    { seed: 1, timeoutUs: 60e6 },
  );
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  expect(errors, text).toEqual([]);
  if (plan === undefined) return 'invalid';
  const whole = await check(plan, LIMITS);
  expect(whole.violation, text).toBeNull();
  const isWhole = whole.verdict.coverage.end === 'all' && whole.verdict.coverage.isEveryEndJudged;
  for (let seed = 1; seed <= VIRTUAL_RUNS + REAL_RUNS; seed++) {
    const mode = seed <= VIRTUAL_RUNS ? 'virtual' : 'real';
    const { verdict, violation } = await run({ ...plan, seed }, { mode });
    const at = `${text}${mode}, seed ${seed}: ${verdict.summary}`;
    expect(violation, at).toBeNull();
    expect(verdict.outcome, at).not.toBe('inconclusive');
    if (isWhole) mustAgree(verdict, whole, at);
  }
  return isWhole ? 'compared' : 'too large';
}

const pieces = Array.from({ length: Math.ceil(count / PIECE) }, (_, index) => first + index * PIECE + 1);

describe('runs and a search agree on random scenarios', () => {
  it.each(pieces)('from number %d on', { timeout: 300_000 }, async (from) => {
    const ends: string[] = [];
    for (let number = from; number < from + PIECE; number++) ends.push(await compare(number));
    expect(ends).toContain('compared');
  });
});
