/**
 * One case of a suite that is judged by every interleaving of it.
 */
import type { CaseEnd, CheckResult, Plan, SavedSchedule, Source } from '../../engine/command.ts';
import { type Engine, type Host, sayBroken, sayBug } from '../host.ts';

export type CheckToDo = {
  readonly engine: Engine;
  readonly host: Host;
  readonly plan: Plan;
  readonly source: Source;
};

export type CheckDone = Pick<CaseEnd, 'outcome' | 'check' | 'problem'>;

/** Beside it, the way that breaks an expectation, to play it again. */
export type CheckDoneWithWay = CheckDone & { readonly saved: SavedSchedule | null };

const mostMs = 60_000;

export async function checkForSuite({ engine, host, plan, source }: CheckToDo): Promise<CheckDoneWithWay> {
  const [refusal] = engine.refusalsOf(plan);
  const places = engine.createPlaces(source, { palette: engine.createPalette(false), columns: 100 });
  if (refusal !== undefined) {
    const problem = `${places.text(refusal.span)}: this cannot be checked: ${refusal.reason}`;
    return { outcome: 'invalid', check: null, problem, saved: null };
  }
  const unexplored = engine.unexplored(plan);
  if (unexplored !== undefined) {
    const place = places.text(unexplored.span);
    const problem = place === '' ? unexplored.reason : `${place}: ${unexplored.reason}`;
    return { outcome: 'inconclusive', check: null, problem, saved: null };
  }
  const startMs = host.now();
  const { signal } = host.interruptible();
  let result: CheckResult;
  try {
    const mayGoOn = () => host.now() - startMs < mostMs;
    result = await engine.check(plan, { source, signal, mayGoOn, ...limitsOf(plan) });
  } catch (error) {
    const outcome = sayBroken(host, error, plan.seed);
    const message = error instanceof Error ? error.message : String(error);
    const problem = outcome === 'bug' ? `bug in concur: ${message}` : message;
    return { outcome, check: null, problem, saved: null };
  }
  const done = doneBy(host, plan, result, (host.now() - startMs) / 1000);
  return { ...done, saved: result.counterexample?.saved ?? null };
}

function limitsOf({ check: { maxStates, maxSteps } }: Plan) {
  return {
    ...(maxStates === undefined ? {} : { maxStates }),
    ...(maxSteps === undefined ? {} : { maxSteps }),
  };
}

function doneBy(
  host: Host,
  plan: Plan,
  { verdict, exploration, counterexample, violation, ways }: CheckResult,
  seconds: number,
): CheckDone {
  const { symmetry } = exploration;
  const check = { plan, verdict, counterexample, symmetry, seconds, ways };
  if (violation !== null) {
    sayBug(host, violation, plan.seed);
    return { outcome: 'bug', check, problem: `bug in concur: ${violation}` };
  }
  const isStopped = verdict.coverage.end === 'stopped' && verdict.outcome === 'inconclusive';
  return { outcome: isStopped ? 'interrupted' : verdict.outcome, check, problem: null };
}
