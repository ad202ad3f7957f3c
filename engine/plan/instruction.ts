/**
 * The instructions a task's steps compile to: a flat list with jumps, interpreted by the machine.
 *
 * Frames have numbered slots for locals; slots whose name begins with a dot are the compiler's own.
 */
import type { Duration, Expression } from '../expression/expression.ts';
import type { Value } from '../expression/values/value.ts';
import type { OperationName } from './operation.ts';

/** What an operation works on, as a resource's or a task's id: fixed, or computed earlier into a slot. */
export type Target =
  | { readonly kind: 'fixed'; readonly id: number }
  | { readonly kind: 'slot'; readonly slot: number };

/**
 * What follows a timeout: raise the operation's own error, or go on (at `onTimeout`, else at the next instruction).
 *
 * `keep`: a slot for the moment at which the time is over, so that a loop of waits has one limit for all of them. It is to
 * be null when the loop begins.
 */
export type TimeoutRule = {
  readonly after: Duration;
  readonly raises: boolean;
  readonly onTimeout?: number;
  readonly keep?: number;
};

/**
 * What is done outside of the kernel, on the supervisor's event loop, and what its request (a map) holds:
 *
 * - `load`: `{file}`, `save`: `{file, value}`; `file` is the number of a resource of kind `file`.
 * - `run`: `{command}` (text for a shell, or a list: a program and its arguments), and where they are given `env` (a map),
 *   `cwd`, `shell`, `stdin`, `codes` (a list), `attempts`, `delay` (text), `backoff`, `maxDelay` (text), `into` (the number of
 *   a queue), and of how it is stopped `signal` (its name) or `stopWith` (a command). The result is
 *   `{code, stdout, stderr, seconds}`.
 * - `call`: `{module, name, input}`; the result is the function's.
 * - `probe`: `{task}` (its number), one of `port`, `http`, `log` (a pattern), `command` (with `env`, `cwd`, `shell`), and
 *   `interval`; with a limit `timeout` and `startPeriod`, which it keeps itself. The result is `ready`, or why it never will be.
 */
export const services = ['load', 'save', 'run', 'call', 'probe'] as const;

export type Service = (typeof services)[number];

/** Instructions on no way through the program: the action of barriers, for a function that comes last to one of them. */
export type ActionPart = {
  /** Of which barriers: so many resources from that one on. */
  readonly first: number;
  readonly count: number;
  /** Where the number of the one that is meant is to be put. */
  readonly slot: number;
  /** It begins there, and is over where it comes to the other. */
  readonly from: number;
  readonly to: number;
};

export type Instruction = { readonly step: number } & (
  | { readonly op: 'print'; readonly text: Expression }
  | { readonly op: 'sleep'; readonly duration: Duration }
  /** All expressions are read at one moment; the results go to the slots. */
  | {
      readonly op: 'evaluate';
      readonly expressions: readonly Expression[];
      readonly slots: readonly number[];
    }
  | { readonly op: 'assign'; readonly slot: number; readonly value: Value }
  | { readonly op: 'copy'; readonly from: number; readonly to: number }
  /** Writes a var's cell (`index` is a slot; without it cell 0) from a slot: one visible moment. */
  | { readonly op: 'write'; readonly variable: number; readonly index?: number; readonly from: number }
  /** Reads, computes and writes as one moment; `old` gets the value before (a map by name, for several). */
  | {
      readonly op: 'update';
      readonly writes: readonly {
        readonly variable: number;
        readonly index?: number;
        readonly value: Expression;
      }[];
      readonly old?: number;
    }
  /** Checks `index` against `count`, and puts `first + index` into the slot; `IndexError` if it is outside. */
  | {
      readonly op: 'resolve';
      readonly name: string;
      readonly first: number;
      readonly count: number;
      readonly index: Expression;
      readonly slot: number;
    }
  /**
   * One operation of the kernel. `result` gets its value, or, for those that answer yes or no (`boolean` in the table of
   * operations) and have a `timeout`, true or false.
   */
  | {
      readonly op: 'operate';
      readonly operation: OperationName;
      readonly target: Target;
      readonly operands: readonly Expression[];
      readonly timeout?: TimeoutRule;
      readonly result?: number;
    }
  /** Waits until the expression is true. `result` gets true, or false after the timeout. */
  | {
      readonly op: 'await';
      readonly condition: Expression;
      readonly timeout?: TimeoutRule;
      readonly result?: number;
    }
  /** Asks for a service and waits for the answer. `model` stands for it where there is no real time. */
  | {
      readonly op: 'external';
      readonly service: Service;
      readonly request: Expression;
      readonly timeout?: TimeoutRule;
      readonly result?: number;
      /** Of a `call`: a slot for what its verbs give. Of a command with a model: for the attempt, and for its lines. */
      readonly scratch?: number;
      readonly model?: { readonly takes: Duration; readonly result: Expression; readonly stops?: Duration };
      /** Between being told to stop and being killed. */
      readonly grace?: Duration;
      /** Of a `call`: what its function does where it comes last to a barrier. */
      readonly actions?: readonly ActionPart[];
      /** The queue that gets what a command prints. */
      readonly feeds?: Target;
    }
  /**
   * From `begin` to `commit` all is one visible moment; nothing between them may wait. A failure in between ends the
   * moment; jumps out of it pass a `commit`.
   */
  | { readonly op: 'begin' | 'commit' }
  | { readonly op: 'jump'; readonly to: number }
  /** Goes on if true, else jumps. Anything but a boolean is a `TypeError`. */
  | { readonly op: 'branch'; readonly condition: Expression; readonly otherwise: number }
  /** Counted loop: if counter < limit, `as` gets the counter and the counter grows; else jumps to `exit`. */
  | {
      readonly op: 'next';
      readonly counter: number;
      readonly limit: number;
      readonly as?: number;
      readonly exit: number;
    }
  /** The same over a list in a slot. */
  | {
      readonly op: 'each';
      readonly list: number;
      readonly counter: number;
      readonly as: number;
      readonly exit: number;
    }
  /** A step with an `id` begins or ends. */
  | { readonly op: 'enter' | 'leave'; readonly point: number }
  | { readonly op: 'assert'; readonly condition: Expression }
  /** Fails with that name; a message that is a map with `name` and `message` is that error raised again. */
  | { readonly op: 'raise'; readonly name: string; readonly message: Expression }
  /** Fails again with the error that a handler caught in this slot; `isLast` where nothing takes it any more. */
  | { readonly op: 'reraise'; readonly slot: number; readonly isLast?: true }
  /**
   * The end of the task's steps: all that follows is the machine's. A task that is a process's first ends the process in
   * CPython's order: non-daemon threads joined, daemon children terminated, other children joined.
   */
  | { readonly op: 'end' }
  | { readonly op: 'exit'; readonly code: Expression }
);

/** Errors raised at `from <= pc < to` go to `target`, the innermost range first; `slot` gets `{name, message}`. */
export type Handler = {
  readonly from: number;
  readonly to: number;
  readonly target: number;
  readonly slot: number;
  /**
   * Around the whole program: what nothing takes has a moment of its own, behind that in which it came up. Others can do
   * something in between, for real: an expression is read in one moment, and computed outside of it.
   */
  readonly isLast?: true;
};

/** The compiled steps of one task declaration. */
export type Program = {
  readonly name: string;
  /** The last one is `end`. */
  readonly instructions: readonly Instruction[];
  /** Innermost first. */
  readonly handlers: readonly Handler[];
  /** The names of the frame's slots, by number. */
  readonly slots: readonly string[];
  /** The slot with what a task gives that finishes: whoever joins it gets it with the end. */
  readonly result?: number;
};
