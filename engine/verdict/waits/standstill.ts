/**
 * Who waits for ever: while the run goes on, when it was stopped, and when a program's end took its daemons with it.
 */
import type { StopReason } from '../../log/event.ts';
import type { Model, ModelViolation } from '../model/model.ts';
import type { AtStop, DeadlockReport } from '../verdict.ts';
import { findAtStop } from './at-stop.ts';
import { type DeadlockContext, findDeadlock, findEndlessWait, findPartialDeadlock } from './deadlock.ts';
import { standing } from './doing.ts';

/** How the run stood. */
export type Picture = {
  /** The deadlock that it was stopped in. */
  readonly deadlock: DeadlockReport | null;
  /** Some of its tasks waited for ever. */
  readonly partialDeadlock: DeadlockReport | null;
  /** Who did what, in a sentence; empty where nothing stopped it. */
  readonly standing: string;
  readonly atStop: readonly AtStop[];
};

/** How many tasks a look may go through for each event since the last one. */
const TASKS_AN_EVENT = 32;

export class Standstill {
  readonly #model: Model;
  readonly #context: DeadlockContext;
  #deadlock: DeadlockReport | null = null;
  #partial: DeadlockReport | null = null;
  #standing = '';
  #atStop: readonly AtStop[] = [];
  #lostWakeUp: ModelViolation | null = null;
  #isStopped = false;
  #isEnding = false;
  #events = 0;
  #eventsAtCall = 0;
  #eventsAtLook = 0;

  constructor(model: Model, context: DeadlockContext) {
    this.#model = model;
    this.#context = context;
  }

  picture(): Picture {
    return {
      deadlock: this.#deadlock,
      partialDeadlock: this.#partial,
      standing: this.#standing,
      atStop: this.#atStop,
    };
  }

  /** The run was stopped for a deadlock that is none. */
  lostWakeUp(): ModelViolation | null {
    return this.#lostWakeUp;
  }

  /** The deadlock that the run is in now, or was in when it was stopped. */
  deadlock(): DeadlockReport | null {
    return this.#isStopped ? this.#deadlock : findDeadlock(this.#model, this.#context);
  }

  /** Call it for every event. */
  countEvent(): void {
    this.#events += 1;
  }

  /** @see Judge.canNeverEnd */
  canNeverEnd(): boolean {
    const isQuiet = this.#events === this.#eventsAtCall;
    this.#eventsAtCall = this.#events;
    const fresh = this.#events - this.#eventsAtLook;
    if (this.#isStopped || fresh === 0) return false;
    if (fresh * TASKS_AN_EVENT < this.#model.state.live && !isQuiet) return false;
    this.#eventsAtLook = this.#events;
    return findEndlessWait(this.#model, this.#context) !== null;
  }

  /**
   * Before the ends that follow a stop change the picture; and where a failure stops the run, before that failure does: what
   * waits for ever because of it is its consequence.
   */
  noteStop(reason: StopReason, seq: number): void {
    if (this.#isStopped) return;
    const model = this.#model;
    const endless = () => (reason === 'deadlock' ? findEndlessWait(model, this.#context) : null);
    this.#deadlock = findDeadlock(model, this.#context) ?? endless();
    this.#partial = this.#deadlock === null ? findPartialDeadlock(model, false, this.#context) : null;
    this.#standing = standing(model.state);
    if (this.#deadlock === null && reason !== 'failFast') this.#atStop = findAtStop(model);
    this.#isStopped = true;
    if (reason !== 'deadlock' || this.#deadlock !== null) return;
    this.#lostWakeUp = { seq, text: 'the run was stopped for a deadlock, but a task could go on' };
  }

  /** A program ends, and its daemons with it. */
  noteEnding(): void {
    if (this.#isStopped || this.#isEnding) return;
    this.#isEnding = true;
    this.#partial = findPartialDeadlock(this.#model, true, this.#context);
  }
}
