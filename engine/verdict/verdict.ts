/**
 * The verdict on a run: three-valued, with what it covers and the evidence for every expectation.
 */
import type { RunEnd } from '../log/event.ts';
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

/** Who waits for what, who has it, and why it can never be. */
export type DeadlockReport = {
  readonly waiting: readonly {
    readonly task: string;
    readonly operation: string;
    readonly resource: string;
    readonly sinceUs: number;
    readonly span: Span | null;
    readonly holders: readonly {
      readonly task: string;
      readonly sinceUs: number;
      readonly span: Span | null;
      readonly ended: boolean;
    }[];
    readonly why: string;
  }[];
  /** Names of tasks, each waiting for the next, the last for the first; empty if there is no cycle. */
  readonly cycle: readonly string[];
};

export type ResourceSummary = {
  readonly name: string;
  readonly kind: string;
  readonly peak: number;
  readonly limit: number | null;
  /** Completed waits, microseconds. */
  readonly waits: number;
  readonly medianWaitUs: number;
  readonly longestWaitUs: number;
};

export type Verdict = {
  readonly outcome: Outcome;
  /** One sentence: what decides, or what it covers. */
  readonly summary: string;
  readonly judgements: readonly Judgement[];
  readonly deadlock: DeadlockReport | null;
  readonly resources: readonly ResourceSummary[];
  /** How many tasks ended how. */
  readonly ends: Readonly<Record<'finished' | 'failed' | 'terminated' | 'skipped' | 'notStarted', number>>;
  readonly run: RunEnd;
};
