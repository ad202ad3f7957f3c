/**
 * Real runs beside a check: how often each result comes by itself, which a search cannot tell. And what they come to must
 * be among what the search found.
 */
import type { CheckResult, Observed, Plan, Source, Verdict } from '../../engine/command.ts';
import type { Engine, Host } from '../host.ts';
import { seedOfRun } from './seeds.ts';

export type ToObserve = {
  readonly engine: Engine;
  readonly host: Host;
  readonly plan: Plan;
  readonly source: Source;
  readonly runs: number;
  readonly result: CheckResult;
};

export type WasObserved = {
  readonly observed: Observed;
  /** A run that cannot be, if the search was right: a bug in concur. */
  readonly violation: string | null;
};

/** Runs the plan for real, so many times, or until a signal comes. */
export async function observe(todo: ToObserve): Promise<WasObserved> {
  const { engine, host, plan, source, runs, result } = todo;
  const seen = new Map<string, number>();
  const { signal, kill } = host.interruptible();
  let done = 0;
  let violation: string | null = null;
  while (done < runs && violation === null && host.interruptible().ending() === undefined) {
    const seeded = { ...plan, seed: seedOfRun(plan.seed, done) };
    const { verdict, violation: broken } = await engine.run(seeded, { mode: 'real', source, signal, kill });
    if (verdict.run.stopped === 'interrupt') break;
    done += 1;
    const text = verdict.endResult?.text;
    if (text !== undefined) seen.set(text, (seen.get(text) ?? 0) + 1);
    violation = broken?.text ?? (await outsideText(engine, plan, result, verdict));
  }
  return { observed: { runs: done, seen }, violation };
}

async function outsideText(
  engine: Engine,
  plan: Plan,
  result: CheckResult,
  verdict: Verdict,
): Promise<string | null> {
  const placed = await engine.placeVerdict(plan, result, verdict);
  return placed.is === 'impossible' ? `a real run ${placed.what}, and no interleaving does` : null;
}
