/**
 * The chooser of a run that goes as an earlier one went, by the log of that: a real run, or one of virtual time. Each event says
 * whose step was next, and the steps are those of a schedule, so that the same can be kept and played again without the log.
 *
 * The events of one task are the same in both runs, one by one, as the same instructions make them. A step may do more than
 * the log has at that place: what nobody else can see is done behind the step before it.
 */

import { answer, askedBy } from '../kernel/runtime/service.ts';
import { takeRequest } from '../kernel/waiting/external.ts';
import { encode } from '../log/codec.ts';
import type { Event, EventOf, EventType } from '../log/event.ts';
import type { Chooser, Steps } from './chooser.ts';
import { Follower, type Place, type ScheduledStep } from './follower.ts';
import { performFor } from './perform-for.ts';

export type LoggedRun = {
  /** What tasks did, up to where the run was stopped, if it was. */
  readonly events: readonly Event[];
  /** Commands, functions and files were real: what they answered is in the log. */
  readonly isReal: boolean;
  /** By program, then by place: see `Schedule`. */
  readonly kinds: readonly Uint8Array[];
  /** Called when all of it was done, and all events of that handed over. */
  readonly onDone: () => void;
  /** Called behind each step. */
  readonly onStep: (step: ScheduledStep & { readonly place: Place }) => void;
};

/** The run cannot go as the log says: at which of its events, and why. */
export class LogMisfit extends Error {
  readonly seq: number;
  readonly why: string;

  constructor(seq: number, why: string) {
    super(`event ${seq}: ${why}`);
    this.seq = seq;
    this.why = why;
  }
}

/**
 * How events of a log are followed: `exact` ones are those of the same task in the same order. A `wait` is a step of its own
 * where others can tell. The rest says when something began or ended that takes time, which a step brings with it.
 */
const FOLLOWED = {
  started: 'exact',
  began: 'never',
  ended: 'exact',
  waiting: 'wait',
  timedOut: 'exact',
  operated: 'exact',
  printed: 'exact',
  asked: 'exact',
  answered: 'exact',
  sleeping: 'never',
  woke: 'never',
  read: 'exact',
  wrote: 'exact',
  passed: 'exact',
  entered: 'exact',
  left: 'exact',
  raised: 'exact',
  stopped: 'never',
  refused: 'exact',
  stopping: 'never',
  spurious: 'exact',
} as const satisfies Readonly<Record<EventType, 'exact' | 'wait' | 'never'>>;

/** So many steps are done for one event at the most: those that are not in the log come to an end. */
const MOST_STEPS = 10_000;

export class FollowLog implements Chooser {
  readonly #run: LoggedRun;
  readonly #then: Chooser;
  readonly #drain: () => void;
  #follower: Follower | undefined;
  /** The event that is to happen next, and how many steps were done for it. */
  #next = 0;
  #tries = 0;
  /** The operation that its task is to wait in was tried. */
  #hasTried = false;
  /** A wait ended by its timeout in the step at hand. */
  #wasLate = false;
  /** By task: the events that have happened and are not yet met in the log. */
  readonly #ahead: EventType[][] = [];
  /** All events of this run. */
  #heard = 0;
  /** What was drawn in the step at hand; outside of steps nobody asks. */
  #drawn: number[] | undefined;

  /** @param drain hands the log of this run over, to `hear` among others */
  constructor(run: LoggedRun, then: Chooser, drain: () => void) {
    this.#run = run;
    this.#then = then;
    this.#drain = drain;
  }

  /** An event of this run. */
  hear({ type, task }: Event): void {
    this.#heard++;
    if (type === 'timedOut') this.#wasLate = true;
    if (FOLLOWED[type] !== 'exact') return;
    this.#ahead[task] ??= [];
    this.#ahead[task].push(type);
  }

  drew(choice: number): void {
    this.#drawn?.push(choice);
  }

  /** @throws LogMisfit */
  turn(steps: Steps): number {
    const follower = this.#follower;
    if (follower === undefined) return this.#begin(steps);
    const { events } = this.#run;
    for (let event = events[this.#next]; event !== undefined; event = events[this.#next]) {
      if (!this.#isDone(event, follower)) return this.#follow(event, follower, steps);
      this.#next++;
      this.#tries = 0;
      this.#hasTried = false;
      if (this.#next === events.length) this.#run.onDone();
    }
    return this.#then.turn(steps);
  }

  /** @throws LogMisfit where the run is over, and the log has more */
  mustBeDone(): void {
    for (const event of this.#run.events.slice(this.#next))
      if (FOLLOWED[event.type] === 'exact' && !this.#hasHappened(event))
        throw new LogMisfit(event.seq, 'the run is over');
  }

  #begin(steps: Steps): number {
    this.#follower = new Follower(steps, this.#run.kinds);
    for (const _ of this.#follower.settle());
    this.#drain();
    if (this.#run.events.length === 0) this.#run.onDone();
    return 0;
  }

  /** Whether it has happened, or needs nothing to. */
  #isDone(event: Event, follower: Follower): boolean {
    switch (FOLLOWED[event.type]) {
      case 'never':
        return true;
      case 'wait':
        return this.#hasTried || !follower.isSeenToWait(event.task);
      case 'exact':
        return this.#hasHappened(event);
    }
  }

  #hasHappened({ task, type, seq }: Event): boolean {
    const happened = this.#ahead[task]?.shift();
    if (happened === undefined) return false;
    if (happened !== type) throw new LogMisfit(seq, `it is \`${type}\`, and the replay has \`${happened}\``);
    return true;
  }

  #follow(event: Event, follower: Follower, steps: Steps): number {
    const { task, at, seq } = event;
    if (event.type === 'ended' && event.error?.name === 'ProcessDied')
      throw new LogMisfit(seq, 'a process died, which was ended from outside: no replay does that');
    steps.passTo(at);
    const before = this.#heard;
    if (!this.#doFor(event, follower, steps)) throw new LogMisfit(seq, follower.standing(task));
    for (const _ of follower.settle());
    this.#drain();
    this.#tries++;
    const isStuck = FOLLOWED[event.type] === 'exact' && this.#heard === before && follower.waits(task);
    if (isStuck || this.#tries === MOST_STEPS) throw new LogMisfit(seq, follower.standing(task));
    return task;
  }

  /** A step of its task, or what is done in the name of that while its command or its function is at work. */
  #doFor(event: Event, follower: Follower, steps: Steps): boolean {
    const { task } = event;
    if (follower.isAsking(task)) {
      if (event.type === 'answered') return this.#answer(event, follower, steps);
      return performFor(steps.k, event);
    }
    if (!follower.reach(task)) return false;
    const place = follower.placeOf(task);
    if (event.type === 'asked' && this.#run.isReal) return this.#ask(event, follower, steps);
    if (event.type === 'waiting') this.#hasTried = follower.isAtOperation(task, event);
    this.#drawn = [];
    this.#wasLate = false;
    const late = event.type === 'timedOut' || this.#isLastLook(event, follower) || follower.beginModel(task);
    const step = { task, late, choices: this.#drawn };
    const isDone = follower.perform(step);
    this.#drawn = undefined;
    this.#drain();
    if (isDone) this.#run.onStep({ ...step, late: late || this.#wasLate, place });
    return isDone;
  }

  /**
   * Whether a condition is looked at because the time of the wait for it is over. (What clocks say differs: this run passes time
   * only where a step needs that.)
   */
  #isLastLook({ type, task, step }: Event, follower: Follower): boolean {
    if (type !== 'read' || !follower.isAtOperation(task, { operation: 'await', step })) return false;
    const { events } = this.#run;
    let at = this.#next;
    while (events[at]?.last === false) at++;
    const next = events.find((other, index) => index > at && other.task === task);
    return next?.type === 'timedOut' && next.step === step;
  }

  /** What is saved is kept at once; all else is answered when the log says so. */
  #ask({ task, service }: EventOf<'asked'>, follower: Follower, steps: Steps): boolean {
    if (!follower.ask(task)) return false;
    if (service === 'save') steps.serve();
    else while (takeRequest(steps.k) !== undefined);
    return true;
  }

  /** As the log says that it was answered; without an answer, its time was over. */
  #answer({ task, seq, answer: given, ok }: EventOf<'answered'>, follower: Follower, steps: Steps): boolean {
    const { k } = steps;
    const asked = askedBy(k, task);
    if (asked === undefined) return false;
    if (given === null) {
      if (ok) throw new LogMisfit(seq, 'the log does not say what was answered: an older concur wrote it');
      steps.wakeInTime(task);
    } else {
      k.enter();
      answer(k, asked, encode(given));
      k.leave();
    }
    return follower.perform({ task, late: false, choices: [] });
  }
}
