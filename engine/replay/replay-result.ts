/**
 * What a replay comes to: a type of the package, in a file that needs nothing but other types of the package.
 */
import type { Event } from '../log/event.ts';
import type { ParsedLog } from '../log/json-lines.ts';
import type { SavedSchedule, ScheduleMove } from '../log/schedule.ts';
import type { PlacedRun } from '../verdict/explored-run.ts';
import type { Verdict } from '../verdict/verdict.ts';

export type ReplayResult =
  | {
      readonly verdict: Verdict;
      readonly events: readonly Event[];
      /** How many of the events are those of the schedule; the others are of what came after it. */
      readonly scheduled: number;
      /** Behind so many of them begin those of a loop that goes on for ever; the run was stopped in it. */
      readonly loopFrom?: number;
      readonly violation: string | null;
    }
  /** It does not fit the scenario: at which of its steps, counted from 1, and why. */
  | { readonly misfit: string };

/** A log that was read. */
export type Log = Extract<ParsedLog, { readonly header: unknown }>;

export type LogReplay = {
  readonly result: ReplayResult;
  /** The same as a schedule; null where a schedule cannot have it, as something was answered. */
  readonly moves: readonly ScheduleMove[] | null;
};

/** The run of a log, held against a check; or why the log is not of this scenario, or cannot be played again. */
export type ExploredLog = (PlacedRun & { readonly end: string | null }) | { readonly misfit: string };

/** A schedule that fails as its run did, or why there is none. */
export type RecordedSchedule = { readonly saved: SavedSchedule } | { readonly reason: string };
