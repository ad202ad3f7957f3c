/**
 * The run that wrote a log, held against what a check found: it is played again by its log, and what comes of that is one of
 * the ends that a search of every interleaving comes to.
 */
import { claimsOf, expressionsOf } from '../explore/claims/subjects.ts';
import type { Expression } from '../expression/expression.ts';
import type { Event } from '../log/event.ts';
import type { Plan } from '../plan/plan.ts';
import { createEndWatch } from '../verdict/end-watch.ts';
import { type Explored, type PlacedRun, placeRun } from '../verdict/explored-run.ts';
import type { JudgeOptions } from '../verdict/judge.ts';
import { createModel } from '../verdict/model/model.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { replayRun } from './replay.ts';
import type { ExploredLog, Log } from './replay-result.ts';

/**
 * @param result of a check of the same plan
 * @throws Error only for a bug in concur
 */
export async function placeLog(
  plan: Plan,
  log: Log,
  result: Explored,
  options: Pick<JudgeOptions, 'environment' | 'lineOf'>,
): Promise<ExploredLog> {
  const { result: played } = await replayRun(plan, log, options);
  if ('misfit' in played) return played;
  const { verdict, events, violation } = played;
  const end = endOf(plan, events);
  if (violation !== null) return { is: 'impossible', what: violation, end };
  if (!isWhole(log)) return { is: 'notJudged', reason: 'the log stops before its run does', end };
  const isReal = log.header.mode === 'real';
  return { ...placeRun(plan, result, { verdict, end, isReal }, expressionsIn(plan)), end };
}

/** The same for a real run that was just done, of which nothing but its verdict is kept. */
export function placeVerdict(plan: Plan, result: Explored, verdict: Verdict): PlacedRun {
  return placeRun(plan, result, { verdict, end: null, isReal: true }, expressionsIn(plan));
}

function expressionsIn(plan: Plan): readonly Expression[] {
  return [
    ...plan.programs.flatMap(({ instructions }) => instructions.flatMap(expressionsOf)),
    ...claimsOf(plan),
  ];
}

function endOf(plan: Plan, events: readonly Event[]): string | null {
  const model = createModel(plan);
  const watch = createEndWatch(model.state);
  for (const event of events) {
    watch.handle(event);
    model.handle(event);
  }
  return watch.text();
}

/** A run that was killed leaves a log without an end. */
function isWhole({ events }: Log): boolean {
  return events.some(
    (event) =>
      event.phase === undefined &&
      (event.type === 'stopped' || (event.type === 'ended' && event.target === 0)),
  );
}
