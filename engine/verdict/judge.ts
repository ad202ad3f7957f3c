/**
 * The judge of a run: follows its events with the model, and says at the end what each expectation came to.
 *
 * The outcome is the worst of what was found: failed, then inconclusive, then passed. What could not be judged is said,
 * and changes nothing.
 */

import { createEvaluator, type Evaluator } from '../expression/evaluator.ts';
import type { Meter } from '../expression/meter.ts';
import { ScenarioError } from '../expression/values/scenario-error.ts';
import type { Event, RunEnd } from '../log/event.ts';
import type { Fold } from '../log/fold.ts';
import { isFailure } from '../log/is-failure.ts';
import { isShown } from '../plan/is-shown.ts';
import type { Plan } from '../plan/plan.ts';
import { createExercised, type Exercised } from './exercised.ts';
import { type Activities, createActivities } from './expectations/activities.ts';
import { type ClaimWatch, createClaimWatch } from './expectations/claim-watch.ts';
import { type Claims, createClaims } from './expectations/claims.ts';
import type { Environment } from './expectations/context.ts';
import { judgeDeadlock } from './expectations/deadlock-judgement.ts';
import { type JudgedResult, judgeEndResult } from './expectations/end-result.ts';
import { STOPPED } from './expectations/judgement.ts';
import { createLiveness, type Liveness } from './expectations/liveness.ts';
import { judgeFiles, judgeLength, judgePeaks, judgeVariables } from './expectations/measures.ts';
import { createOutputChecks, type OutputChecks } from './expectations/output-checks.ts';
import { judgeRaces } from './expectations/race-judgement.ts';
import { countEnds, failedPrograms, judgeEnds } from './expectations/task-ends.ts';
import { createEndCauses, type EndCauses } from './model/end-causes.ts';
import { createModel, type Model, type ModelViolation } from './model/model.ts';
import { createWatch, subjectsOf } from './model/watch.ts';
import { Races } from './order/races.ts';
import { decide, placedCause } from './outcome.ts';
import { type LineOf, lineText } from './show.ts';
import { summarizeResources } from './summary.ts';
import type { DeadlockReport, Judgement, Race, Verdict } from './verdict.ts';
import { createAbilities } from './waits/abilities.ts';
import { Standstill } from './waits/standstill.ts';

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
  /** Where the run is stopped it would go on for ever as it went last: what has not come by then never comes. */
  readonly goesOn?: boolean;
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
  return new RunJudge(plan, options);
}

class RunJudge implements Judge {
  readonly model: Model;
  readonly #plan: Plan;
  readonly #lineOf: LineOf | undefined;
  readonly #claimWatch: ClaimWatch;
  readonly #claims: Claims;
  readonly #liveness: Liveness;
  readonly #activities: Activities;
  readonly #races: Races | null;
  readonly #output: OutputChecks;
  readonly #exercised: Exercised;
  readonly #causes: EndCauses;
  readonly #standstill: Standstill;
  #hasGivenUp = false;

  constructor(plan: Plan, options: JudgeOptions) {
    const { lineOf, environment = {} } = options;
    this.#plan = plan;
    this.#lineOf = lineOf;
    this.model = createModel(plan, createWatch(subjectsOf(plan).size));
    const { state } = this.model;
    this.#claimWatch = createClaimWatch(state, { evaluator: evaluatorOf(options), environment });
    this.#claims = createClaims(state, this.#claimWatch);
    this.#liveness = createLiveness(state, this.#claimWatch, options.goesOn);
    this.#activities = createActivities(plan);
    // Where there are no vars, no event needs to be looked at.
    this.#races = plan.variables.length === 0 ? null : new Races(plan, state);
    this.#output = createOutputChecks(plan);
    this.#exercised = createExercised(plan);
    this.#causes = createEndCauses(plan, (step) => lineText(plan, step, lineOf));
    this.#standstill = new Standstill(this.model, { abilities: createAbilities(plan), ...options });
  }

  violation(): ModelViolation | null {
    return this.model.violation() ?? this.#standstill.lostWakeUp();
  }

  deadlock(): DeadlockReport | null {
    return this.#standstill.deadlock();
  }

  canNeverEnd(): boolean {
    return this.#standstill.canNeverEnd();
  }

  handle(event: Event): void {
    while (this.#claimWatch.work()) {}
    this.#standstill.countEvent();
    if (event.type === 'stopped') this.#standstill.noteStop(event.reason, event.seq);
    // Threads of a real run go on until they hear of it: what they come to meanwhile is no part of the run.
    if (this.#plan.failFast && isFailure(event)) this.#standstill.noteStop('failFast', event.seq);
    if (event.type === 'ended' && event.cause === 'daemon') this.#standstill.noteEnding();
    this.#causes.handle(event);
    this.#races?.handle(event);
    this.model.handle(event);
    this.#output.handle(event);
    this.#activities.handle(event);
    this.#exercised.handle(event);
    if (event.last) this.#claimWatch.afterMoment(event);
  }

  work(): boolean {
    return this.#claimWatch.work();
  }

  giveUp(): boolean {
    this.#hasGivenUp ||= this.#claimWatch.giveUp();
    return this.#hasGivenUp;
  }

  prepare(end: RunEnd): void {
    if (!this.#isJudged(end)) return;
    const { finally: atEnd, outcome } = this.#plan.expect;
    this.#claimWatch.prepare([...atEnd, ...(outcome === undefined ? [] : [outcome])]);
  }

  verdict(end: RunEnd): Verdict {
    while (this.#claimWatch.work()) {}
    if (end.stopped === null && end.cause === null) this.model.finish();
    if (end.stopped !== null) this.#standstill.noteStop(end.stopped, end.events);
    const { files: _, place: _place, hasLostLines: _lost, ...rest } = end;
    const { state } = this.model;
    const plan = this.#plan;
    const run = { ...rest, cause: placedCause(plan, end, this.#lineOf) };
    const races = this.#races?.found() ?? [];
    const endResult = judgeEndResult(state, this.#claimWatch, this.#isJudged(end));
    const judgements = this.#judge(end, races, endResult);
    const { standing, atStop, ...deadlocks } = this.#standstill.picture();
    const findings = { judgements, ...deadlocks, violation: this.violation(), standing };
    return {
      ...decide(plan, run, { ...findings, failedPrograms: failedPrograms(state) }),
      judgements,
      ...deadlocks,
      atStop,
      races,
      sightings: this.#liveness.sightings(),
      endResult: endResult.result,
      resources: summarizeResources(state),
      unexercised: this.#exercised.missing(),
      ends: countEnds(state.tasks.filter(({ id }) => isShown(plan, id))),
      run,
    };
  }

  /** Whether it came to its end, and all of it was looked at. */
  #isJudged(end: RunEnd): boolean {
    return !this.#hasGivenUp && isComplete(end);
  }

  #judge(end: RunEnd, races: readonly Race[], { judgements }: JudgedResult): readonly Judgement[] {
    const { state } = this.model;
    const complete = this.#isJudged(end);
    const all = [
      ...this.#claims.judge(complete),
      ...this.#liveness.judge(complete),
      judgeDeadlock(this.#plan, this.#standstill.picture().deadlock, complete),
      ...judgeRaces(this.#plan, races, complete),
      ...judgements,
      ...this.#output.judge(complete, end.hasLostLines === true),
      ...judgeVariables(state, complete),
      ...judgeFiles(state, end, complete),
      ...judgeEnds(state, this.#causes, { complete, failFast: end.stopped === 'failFast' }),
      ...judgePeaks(state, complete),
      ...this.#activities.judge(complete),
      ...judgeLength(state, end, complete),
    ];
    return all.map((one) => (one.reason === STOPPED ? { ...one, reason: stoppedText(end) } : one));
  }
}

/** The evaluator of expectations, made once somebody asks for it. */
function evaluatorOf({ evaluator, meter = { spent: 0 } }: JudgeOptions): () => Evaluator {
  let own = evaluator;
  return () => {
    own ??= createEvaluator({ random: refuseRandom, meter });
    return own;
  };
}

/** Why what was not judged was not, by what ended the run. */
function stoppedText({ stopped, cause }: RunEnd): string {
  if (stopped === 'timeout' && cause === null) return 'the run timed out before its end';
  return stopped === 'interrupt' ? 'the run was interrupted before its end' : STOPPED;
}

/** Whether the run came to an end that the scenario itself brought about, a deadlock included. */
function isComplete(end: RunEnd): boolean {
  if (end.cause !== null) return false;
  return end.stopped === null || end.stopped === 'failFast' || end.stopped === 'deadlock';
}

function refuseRandom(): never {
  throw new ScenarioError('ValueError', 'an expectation cannot draw at random');
}
