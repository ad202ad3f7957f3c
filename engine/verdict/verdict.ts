/**
 * The verdict on a run: three-valued, with what it covers and the evidence for every expectation.
 */

import type { Value } from '../expression/values/value.ts';
import type { EndState, RunEnd } from '../log/event.ts';
import type { Unexercised } from '../log/unexercised.ts';
import type { Grade } from '../plan/expectations.ts';
import type { Span } from '../source/source.ts';

export type Outcome = 'passed' | 'failed' | 'inconclusive';

/** A line of evidence: when, by whom, and where in the scenario. */
export type Evidence = {
  readonly at?: number;
  readonly task?: string;
  readonly span?: Span;
  readonly text: string;
};

/** One expectation, judged. */
export type Judgement = {
  /** As the user would find it: `always`, `peak stall`, `tasks visitor`. */
  readonly name: string;
  readonly result: 'passed' | 'failed' | 'notJudged';
  readonly span: Span | null;
  readonly expected: string;
  readonly seen: string;
  readonly evidence: readonly Evidence[];
  /** For `notJudged`: why. */
  readonly reason?: string;
};

/** Who holds a resource: since when, from which step on, and whether it has ended holding it. */
export type Holder = {
  readonly task: string;
  readonly sinceUs: number;
  readonly span: Span | null;
  readonly ended: boolean;
};

/** Who waits for what, who has it, and why it can never be. */
export type DeadlockReport = {
  readonly waiting: readonly {
    readonly task: string;
    readonly operation: string;
    readonly resource: string;
    readonly sinceUs: number;
    readonly span: Span | null;
    readonly holders: readonly Holder[];
    readonly why: string;
  }[];
  /** Names of tasks, each waiting for the next, the last for the first; empty if there is no cycle. */
  readonly cycle: readonly string[];
};

/** What a task did when the run was stopped. */
export type AtStop = {
  readonly task: string;
  /** What it did, as the end of a sentence: `` waits for `a` ``, `sleeps`, `is not started`. */
  readonly does: string;
  /** The step it was at. */
  readonly span: Span | null;
  /** Null where it does not wait. */
  readonly wait: {
    readonly operation: string;
    readonly resource: string;
    readonly sinceUs: number;
    readonly holders: readonly Holder[];
  } | null;
};

export type ResourceSummary = {
  readonly name: string;
  readonly kind: string;
  readonly peak: number;
  readonly limit: number | null;
  /** How often it was waited for, and how many of these waits had not ended when the run was stopped. */
  readonly waits: number;
  readonly unendedWaits: number;
  /** Of all these waits, microseconds. */
  readonly medianWaitUs: number;
  readonly longestWaitUs: number;
};

/** One of two accesses to a var that nothing orders. */
export type RaceAccess = {
  readonly task: string;
  readonly deed: 'read' | 'wrote';
  readonly at: number;
  readonly span: Span | null;
};

/** Two steps that raced for a var: the pair that was found first, and how often there was one. */
export type Race = {
  /** `n`, `state[2]` */
  readonly variable: string;
  readonly first: RaceAccess;
  readonly second: RaceAccess;
  readonly times: number;
};

/** What this run showed of a `sometimes`: several runs together can say whether it was ever true. */
export type Sighting = {
  /** The expression as it was written. */
  readonly text: string;
  readonly span: Span;
  /** When it was true for the first time; null if it never was. */
  readonly seenAtUs: number | null;
};

/** What the run came to: the value of `outcome` at its end. */
export type EndResult = {
  readonly value: Value;
  /** The value as it would be written in an expression, whole. */
  readonly text: string;
  /** Null where `outcomes` does not list it. */
  readonly grade: Grade | null;
  readonly why: string | null;
};

export type Verdict = {
  readonly outcome: Outcome;
  /** One sentence: what decides, or what it covers. */
  readonly summary: string;
  readonly judgements: readonly Judgement[];
  readonly deadlock: DeadlockReport | null;
  /**
   * Who waited for ever when the run came to its end, though others could go on; as far as programs as a whole can tell.
   * Null if nobody did, or everybody.
   */
  readonly partialDeadlock: DeadlockReport | null;
  /** What tasks did when the run was stopped for any reason but a deadlock; empty where it came to its end. */
  readonly atStop: readonly AtStop[];
  /** All races seen, whether or not they are allowed. */
  readonly races: readonly Race[];
  /** One for each `sometimes`. */
  readonly sightings: readonly Sighting[];
  /** Null without `outcome`, or if the run did not come to its end. */
  readonly endResult: EndResult | null;
  readonly resources: readonly ResourceSummary[];
  /** What never happened in it, as far as events tell. */
  readonly unexercised: readonly Unexercised[];
  /** How many tasks ended how. */
  readonly ends: Readonly<Record<EndState | 'notStarted', number>>;
  /** Without the files' contents; where it found its cause stands in that, and what it lost in its notes. */
  readonly run: Omit<RunEnd, 'files' | 'place' | 'hasLostLines'>;
};
