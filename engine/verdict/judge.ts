/**
 * The judge of a run: follows its events with the model, and says at the end what each expectation came to.
 *
 * The outcome is the worst of what was found: failed, then inconclusive, then passed. What could not be judged is said,
 * and changes nothing.
 */

import { createEvaluator, type Evaluator } from '../expression/evaluator.ts';
import type { Meter } from '../expression/meter.ts';
import { ScenarioError } from '../expression/values/scenario-error.ts';
import type { RunEnd, StopReason } from '../log/event.ts';
import type { Fold } from '../log/fold.ts';
import { isFailure } from '../log/is-failure.ts';
import { isShown } from '../plan/is-shown.ts';
import type { Plan } from '../plan/plan.ts';
import { createExercised } from './exercised.ts';
import { createActivities } from './expectations/activities.ts';
import { createClaimWatch } from './expectations/claim-watch.ts';
import { createClaims } from './expectations/claims.ts';
import type { Environment } from './expectations/context.ts';
import { judgeDeadlock } from './expectations/deadlock-judgement.ts';
import { type JudgedResult, judgeEndResult } from './expectations/end-result.ts';
import { STOPPED } from './expectations/judgement.ts';
import { createLiveness } from './expectations/liveness.ts';
import { judgeFiles, judgeLength, judgePeaks, judgeVariables } from './expectations/measures.ts';
import { createOutputChecks } from './expectations/output-checks.ts';
import { countEnds, failedPrograms, judgeEnds } from './expectations/task-ends.ts';
import { createEndCauses } from './model/end-causes.ts';
import { createModel, type Model, type ModelViolation } from './model/model.ts';
import { createWatch, subjectsOf } from './model/watch.ts';
import { createRaces, judgeRaces } from './order/races.ts';
import { decide, placedCause } from './outcome.ts';
import { type LineOf, lineText } from './show.ts';
import { summarizeResources } from './summary.ts';
import type { AtStop, DeadlockReport, Judgement, Race, Verdict } from './verdict.ts';
import { createAbilities } from './waits/abilities.ts';
import { findAtStop } from './waits/at-stop.ts';
import { findDeadlock, findEndlessWait, findPartialDeadlock } from './waits/deadlock.ts';
import { standing } from './waits/doing.ts';

export type JudgeOptions = {
  /** Evaluates the expressions of the expectations; by default the language's own, which has no `random` here. */
  readonly evaluator?: Evaluator;
  /** Counts what judging costs. */
  readonly meter?: Meter;
  /** What `env` holds. */
  readonly environment?: Environment;
  /** For line numbers in explanations. */
  readonly lineOf?: LineOf;
  /** Time says nothing, as in a check: explanations name none. */
  readonly isTimeless?: boolean;
};

export type Judge = Fold & {
  /** What is known so far, for views that follow a run; for reading only. */
  readonly model: Model;
  /** The first event that cannot have happened: a bug in concur, whatever the verdict says. */
  violation(): ModelViolation | null;
  /** The deadlock that the run is in now, or was in when it was stopped. */
  deadlock(): DeadlockReport | null;
  /**
   * Whether all that the run lives as long as waits for ever, while daemons go on: then it is to be stopped, for a deadlock.
   * To be asked where hosts have nothing better to do. Cheap: where many tasks live it looks again when enough events have
   * come, or when none have come since it was asked before.
   */
  canNeverEnd(): boolean;
  /**
   * Does a piece of what there is to do for the events so far; false: there was nothing left. Whoever does not call it gets all
   * of it done with the next event, in one piece.
   */
  work(): boolean;
  /**
   * There is no time for expectations any more: the run is to end as one that was stopped. False: there are none to follow, and
   * the verdict is what it is.
   */
  giveUp(): boolean;
  /** After the last event: there is `work` to do for the verdict. */
  prepare(end: RunEnd): void;
  /** What the run comes to; call it once, after the last event. */
  verdict(end: RunEnd): Verdict;
};

/**
 * @param options what expectations need besides the plan; all of it has a default
 */
export function createJudge(plan: Plan, options: JudgeOptions = {}): Judge {
  const watch = createWatch(subjectsOf(plan).size);
  const model = createModel(plan, watch);
  const { meter = { spent: 0 } } = options;
  let own: Evaluator | undefined = options.evaluator;
  const evaluator = (): Evaluator => {
    own ??= createEvaluator({ random: refuseRandom, meter });
    return own;
  };
  const claimWatch = createClaimWatch(model.state, { evaluator, environment: options.environment ?? {} });
  const claims = createClaims(model.state, claimWatch);
  const liveness = createLiveness(model.state, claimWatch);
  const activities = createActivities(plan);
  const races = createRaces(plan, model.state);
  const output = createOutputChecks(plan);
  const exercised = createExercised(plan);
  const causes = createEndCauses(plan, (step) => lineText(plan, step, options.lineOf));
  const search = { abilities: createAbilities(plan), ...options };
  let stoppedIn: DeadlockReport | null = null;
  let partial: DeadlockReport | null = null;
  let isEnding = false;
  let standingText = '';
  let atStop: readonly AtStop[] = [];
  let stopped = false;
  let hasGivenUp = false;
  let lostWakeUp: ModelViolation | null = null;
  let handled = 0;
  let handledAtCall = 0;
  let handledAtLook = 0;

  return {
    model,
    violation,
    deadlock,
    canNeverEnd() {
      const isQuiet = handled === handledAtCall;
      handledAtCall = handled;
      const fresh = handled - handledAtLook;
      if (stopped || fresh === 0 || (fresh * TASKS_AN_EVENT < model.state.live && !isQuiet)) return false;
      handledAtLook = handled;
      return findEndlessWait(model, search) !== null;
    },
    handle(event) {
      while (claimWatch.work()) {}
      handled += 1;
      if (event.type === 'stopped') noteStop(event.reason, event.seq);
      // Threads of a real run go on until they hear of it: what they come to meanwhile is no part of the run.
      if (plan.failFast && isFailure(event)) noteStop('failFast', event.seq);
      if (event.type === 'ended' && event.cause === 'daemon') noteEnding();
      causes.handle(event);
      races?.handle(event);
      model.handle(event);
      output.handle(event);
      activities.handle(event);
      exercised.handle(event);
      if (event.last) claimWatch.afterMoment(event);
    },
    work: claimWatch.work,
    giveUp() {
      hasGivenUp ||= claimWatch.giveUp();
      return hasGivenUp;
    },
    prepare(end) {
      if (!isJudged(end)) return;
      const { finally: atEnd, outcome } = plan.expect;
      claimWatch.prepare([...atEnd, ...(outcome === undefined ? [] : [outcome])]);
    },
    verdict(end) {
      while (claimWatch.work()) {}
      if (end.stopped === null && end.cause === null) model.finish();
      if (end.stopped !== null) noteStop(end.stopped, end.events);
      const { files: _, place: _place, hasLostLines: _lost, ...rest } = end;
      const run = { ...rest, cause: placedCause(plan, end, options.lineOf) };
      const found = races?.found() ?? [];
      const endResult = judgeEndResult(model.state, claimWatch, isJudged(end));
      const judgements = judge(end, found, endResult);
      const deadlocks = { deadlock: stoppedIn, partialDeadlock: partial };
      const findings = {
        ...{ judgements, ...deadlocks, violation: violation(), standing: standingText },
        failedPrograms: failedPrograms(model.state),
      };
      return {
        ...decide(plan, run, findings),
        judgements,
        ...deadlocks,
        atStop,
        races: found,
        sightings: liveness.sightings(),
        endResult: endResult.result,
        resources: summarizeResources(model.state),
        unexercised: exercised.missing(),
        ends: countEnds(model.state.tasks.filter(({ id }) => isShown(plan, id))),
        run,
      };
    },
  };

  /** Whether it came to its end, and all of it was looked at. */
  function isJudged(end: RunEnd): boolean {
    return !hasGivenUp && isComplete(end);
  }

  function violation(): ModelViolation | null {
    return model.violation() ?? lostWakeUp;
  }

  function deadlock(): DeadlockReport | null {
    return stopped ? stoppedIn : findDeadlock(model, search);
  }

  /**
   * Before the ends that follow a stop change the picture; and where a failure stops the run, before that failure does: what
   * waits for ever because of it is its consequence.
   */
  function noteStop(reason: StopReason, seq: number): void {
    if (stopped) return;
    stoppedIn = deadlock() ?? (reason === 'deadlock' ? findEndlessWait(model, search) : null);
    partial = stoppedIn === null ? findPartialDeadlock(model, false, search) : null;
    standingText = standing(model.state);
    if (stoppedIn === null && reason !== 'failFast') atStop = findAtStop(model);
    stopped = true;
    if (reason !== 'deadlock' || stoppedIn !== null) return;
    lostWakeUp = { seq, text: 'the run was stopped for a deadlock, but a task could go on' };
  }

  /** A program ends, and its daemons with it. */
  function noteEnding(): void {
    if (stopped || isEnding) return;
    isEnding = true;
    partial = findPartialDeadlock(model, true, search);
  }

  function judge(end: RunEnd, found: readonly Race[], { judgements }: JudgedResult): readonly Judgement[] {
    const { state } = model;
    const complete = isJudged(end);
    const all = [
      ...claims.judge(complete),
      ...liveness.judge(complete),
      judgeDeadlock(plan, stoppedIn, complete),
      ...judgeRaces(plan, found, complete),
      ...judgements,
      ...output.judge(complete, end.hasLostLines === true),
      ...judgeVariables(state, complete),
      ...judgeFiles(state, end, complete),
      ...judgeEnds(state, causes, { complete, failFast: end.stopped === 'failFast' }),
      ...judgePeaks(state, complete),
      ...activities.judge(complete),
      ...judgeLength(state, end, complete),
    ];
    return all.map((one) => (one.reason === STOPPED ? { ...one, reason: stoppedText(end) } : one));
  }
}

/** Why what was not judged was not, by what ended the run. */
function stoppedText({ stopped, cause }: RunEnd): string {
  if (stopped === 'timeout' && cause === null) return 'the run timed out before its end';
  return stopped === 'interrupt' ? 'the run was interrupted before its end' : STOPPED;
}

/** How many tasks a look may go through for each event since the last one. */
const TASKS_AN_EVENT = 32;

/** Whether the run came to an end that the scenario itself brought about, a deadlock included. */
function isComplete(end: RunEnd): boolean {
  if (end.cause !== null) return false;
  return end.stopped === null || end.stopped === 'failFast' || end.stopped === 'deadlock';
}

function refuseRandom(): never {
  throw new ScenarioError('ValueError', 'an expectation cannot draw at random');
}
