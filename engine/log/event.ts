/**
 * Everything that can happen in a run, as one closed union. All that is shown or judged is a fold over it.
 *
 * Events arrive in their true order. `task` and `step` index into the plan; `step` is -1 where no step is at work
 * (the end of a program, the supervisor). `at` is in microseconds since the run began and never goes back. `last` is false
 * where the next event belongs to the same moment.
 *
 * The decoder reuses one object for each type: a fold that keeps an event beyond `handle` copies it. Fields of other types
 * are there, too, and undefined.
 */

import type { Value } from '../expression/values/value.ts';
import type { Service } from '../plan/instruction.ts';
import type { Mode } from '../plan/mode.ts';
import type { OperationName } from '../plan/operation.ts';

type Base = {
  /** 0, 1, 2 … */
  readonly seq: number;
  readonly at: number;
  readonly task: number;
  readonly step: number;
  readonly last: boolean;
  /** It is one of the run that follows for `teardown`; missing in the run itself. */
  readonly phase?: 'teardown';
};

export type TaskError = { readonly name: string; readonly message: string };

export const endStates = ['finished', 'failed', 'terminated', 'skipped'] as const;

export type EndState = (typeof endStates)[number];

/** Why a task ended as `terminated`. */
export const terminationCauses = [
  'daemon',
  'terminate',
  'kill',
  'timeout',
  'interrupt',
  'deadlock',
  'exit',
] as const;

export type TerminationCause = (typeof terminationCauses)[number];

/** Why a run did not end by itself. */
export const stopReasons = ['timeout', 'interrupt', 'deadlock', 'failFast', 'inconclusive'] as const;

export type StopReason = (typeof stopReasons)[number];

/** What a task may wait for: an operation, the condition of an `await`, or at its end the rest of its program. */
export type WaitName = OperationName | 'await' | 'end';

export type Event = Base &
  /** `task` started `target` (main starts itself), in that process. */
  (
    | {
        readonly type: 'started';
        readonly target: number;
        readonly process: number;
        readonly daemon: boolean;
      }
    /** `task` runs for the first time, on that operating-system process and carrier. */
    | { readonly type: 'began'; readonly pid: number; readonly carrier: number }
    /** The end of `target`; `task` is who ended it (itself, mostly). */
    | {
        readonly type: 'ended';
        readonly target: number;
        readonly state: EndState;
        readonly cause: TerminationCause | null;
        readonly error: TaskError | null;
        /** As Python's `exitcode`: 0, 1, or minus the signal. */
        readonly exitCode: number;
      }
    /**
     * `target` was told to end, and what it has outside of the run (a command, a function, a process) may take until then;
     * its end follows. Where `cause` is null it has failed; or, where `step` is one, the time of that step is over, and the
     * task goes on when what the step asked for is gone.
     */
    | {
        readonly type: 'stopping';
        readonly target: number;
        readonly cause: TerminationCause | null;
        readonly untilUs: number;
      }
    /**
     * It cannot go on: the operation said no. `timed`: its time runs. `amount`: the permits it asks for; at a barrier, as
     * which one it came, counted from 1, and 0 while it may not come in. 0 elsewhere.
     */
    | {
        readonly type: 'waiting';
        readonly operation: WaitName;
        readonly target: number;
        readonly timed: boolean;
        readonly amount: number;
      }
    /** Its time is over: it waits no more, but for the lock of a condition, or for the others to be let out of a barrier. */
    | { readonly type: 'timedOut'; readonly operation: Exclude<WaitName, 'end'>; readonly target: number }
    /** What it waited for ends in an error, which it raises next. */
    | { readonly type: 'refused'; readonly operation: OperationName; readonly target: number }
    /** It is called out of a condition's line, though nobody has notified it. */
    | { readonly type: 'spurious'; readonly operation: OperationName; readonly target: number }
    /** An operation happened: `amount` is permits, depth or size as it says; `value` the item put or got. */
    | {
        readonly type: 'operated';
        readonly operation: OperationName;
        readonly target: number;
        readonly amount: number;
        readonly value: Value;
      }
    | { readonly type: 'printed'; readonly text: string }
    /** It asks for something outside of the kernel, and later has the answer or the error. */
    | { readonly type: 'asked'; readonly service: Service; readonly timed: boolean }
    | {
        readonly type: 'answered';
        readonly service: Service;
        readonly ok: boolean;
        /** In real runs: `{value}` or `{error: {name, message}}`; null where its time was over. */
        readonly answer: Value;
      }
    | { readonly type: 'sleeping'; readonly untilUs: number }
    | { readonly type: 'woke' }
    /** One expression read these vars, at one moment. `values`: what its cells held, where the log is to have that. */
    | {
        readonly type: 'read';
        readonly process: number;
        readonly variable: number;
        readonly values: readonly Value[] | null;
      }
    | {
        readonly type: 'wrote';
        readonly process: number;
        readonly variable: number;
        readonly cell: number;
        readonly value: Value;
      }
    /** The condition of an `await` held. */
    | { readonly type: 'passed' }
    | { readonly type: 'entered'; readonly point: number }
    | { readonly type: 'left'; readonly point: number }
    /** A step failed; `caught` says whether a handler took it. */
    | { readonly type: 'raised'; readonly error: TaskError; readonly caught: boolean }
    /** The run was stopped from outside; tasks' ends follow. */
    | { readonly type: 'stopped'; readonly reason: StopReason }
  );

export type EventType = Event['type'];
export type EventOf<T extends EventType> = Extract<Event, { readonly type: T }>;

/** What a host tells of a finished run, beside its events. */
export type RunEnd = {
  readonly mode: Mode;
  /** Null: the program ended by itself. */
  readonly stopped: StopReason | null;
  /** What the machine refused, or what made the run say nothing: one sentence. */
  readonly cause: string | null;
  /** Whose step it was that found the cause, where it was one's; the step is -1 where it was at none. */
  readonly place?: { readonly task: number; readonly step: number };
  readonly events: number;
  readonly durationUs: number;
  /** What of the commands' output was left out, in sentences. */
  readonly notes?: readonly string[];
  /** Commands wrote more lines than the log takes: what is not there may have been said. */
  readonly hasLostLines?: boolean;
  /** What the files of the scenario hold at the end, by name; where it has files. */
  readonly files?: Readonly<Record<string, Value>>;
};
