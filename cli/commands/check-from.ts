/**
 * `concur check --from LOG`: the run that wrote a log, held against what the check found.
 */
import type { CheckResult, ExploredRun, Plan, Source } from '../../engine/command.ts';
import type { LoggedRun, Mistake } from '../files/logged-run.ts';
import type { Engine } from '../host.ts';

/** What the log says of the case, the parameters and the seed of its run. */
export function settingsOfLog({ caseName, set, seed }: LoggedRun) {
  return { ...(caseName === null ? {} : { caseName }), set: Object.entries(set), seed };
}

/** Why the log is of another scenario; undefined where it is not. */
export function otherThan(engine: Engine, { log }: LoggedRun, plans: readonly Plan[]): string | undefined {
  const [plan] = plans;
  if (plans.length > 1) return `its run was of no case, and the scenario has ${plans.length} now`;
  return plan === undefined ? undefined : engine.otherScenario(plan, log.header);
}

export type ToPlace = {
  readonly engine: Engine;
  readonly plan: Plan;
  readonly source: Source;
  readonly result: CheckResult;
};

/** @param path of the log, for people */
export async function placeLog(
  { engine, plan, source, result }: ToPlace,
  path: string,
  { log }: LoggedRun,
): Promise<ExploredRun | Mistake> {
  const placed = await engine.checkLog(plan, log, result, { source });
  if ('misfit' in placed) return { mistake: `the log does not fit ${source.file}, ${placed.misfit}` };
  return { log: path, ...placed };
}
