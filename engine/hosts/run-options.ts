/**
 * What every host takes and gives: a plan and a sink for its events in, how the run ended out.
 */

import type { Meter } from '../expression/meter.ts';
import type { Event, RunEnd } from '../log/event.ts';
import type { Score } from '../machine/score.ts';
import type { Plan } from '../plan/plan.ts';
import type { FileContents } from '../simulate/files.ts';
import type { LoggedRun } from '../simulate/follow-log.ts';
import type { Schedule } from '../simulate/follow-schedule.ts';
import type { MainVars } from './main-vars.ts';

export type RunOptions = {
  /** Called for each event, in order, on the caller's thread. Events are reused: copy what is kept. */
  readonly handle: (event: Event) => void;
  /** Does a piece of what is left to do for the events handed over; false: nothing is left. To be called between events. */
  readonly work?: () => boolean;
  /** There is no time for that any more: what is left of the events is to be quick. False: it is so anyway. */
  readonly giveUp?: () => boolean;
  /**
   * Whether the run can never come to its end, as all but daemons wait for ever: it is then stopped for a deadlock. Asked
   * when there is nothing else to do.
   */
  readonly canNeverEnd?: () => boolean;
  /** Ends the run in good order: everything is reported, the reason is `interrupt`. */
  readonly signal?: AbortSignal;
  /** In virtual time: how many moments one instant may have before it seems endless; 5 million by default. */
  readonly mostMoments?: number;
  /** Counts the work of those who follow the events, so that slices are even; in virtual time the run's own as well. */
  readonly meter?: Meter;
  /** In virtual time: how much values may take, about, in bytes; half a gigabyte by default. */
  readonly mostValueBytes?: number;
  /** In virtual time: how the run begins. */
  readonly schedule?: Schedule;
  /** In real runs: the turns that are forced on it, before tasks go on as they can. */
  readonly score?: Score | undefined;
  /** In virtual time: the run that it goes as, by the log of that. */
  readonly log?: LoggedRun;
  /** With that: what `env` holds in steps. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** How many lines of commands a real run has in its log; a million by default. */
  readonly mostLines?: number;
  /** In real runs: is told the run's folder when the run is over, instead of its being removed. */
  readonly keepWorkspace?: (folder: string) => void;
  /** Ends it at once: children are killed. */
  readonly kill?: AbortSignal;
  /** Asked when the run is over: another one that is to follow in the same workspace. */
  readonly followUp?: (end: RunEnd, vars: MainVars) => Promise<FollowUp | undefined>;
  /** In virtual time: what the files hold when the run begins, by their numbers. */
  readonly files?: FileContents;
};

export type FollowUp = {
  readonly plan: Plan;
  readonly options: RunOptions;
  readonly done: (end: RunEnd) => void;
};
