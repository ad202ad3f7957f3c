/**
 * A suite: the cases of many scenarios, run one after another, and what each came to.
 *
 * Every report on a suite is a fold over these events. They arrive in the order of the cases, whatever the order in which
 * cases ended: `caseBegan` and `happened` of several cases may mix, `caseEnded` never overtakes that of an earlier case.
 */
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { Event } from '../../log/event.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Source } from '../../source/source.ts';
import type { RepetitionVerdict } from '../../verdict/repetition.ts';
import type { Outcome, Verdict } from '../../verdict/verdict.ts';
import type { CheckToJson } from '../check/check-json.ts';
import type { CheckToTell } from '../check/check-text.ts';
import { cutText } from '../text/cut-text.ts';

/** A case of a scenario; a scenario without cases is one, and so is a file that is no valid scenario. */
export type SuiteCase = {
  /** 0, 1, 2 … in the suite. */
  readonly index: number;
  /** As the user named it, or as it was found from what the user named. */
  readonly file: string;
  /** The scenario's name; the file's where there is no scenario. */
  readonly name: string;
  readonly caseName: string | null;
  /** How it is judged, where the scenario says that it is judged in several ways; else null. */
  readonly judge: Judge | null;
};

/** A real run, one in virtual time, or every interleaving. */
export type Judge = 'run' | 'virtual' | 'check';

/**
 * What a case came to. `flaky`: it did not pass, and passed when it was tried again; `invalid`: the file is no scenario that could
 * be run; `bug`: one in concur.
 */
export type CaseOutcome = Outcome | 'flaky' | 'invalid' | 'interrupted' | 'bug';

/** One try of a case that was tried several times. */
export type CaseTry = {
  readonly outcome: CaseOutcome;
  /** Why it did not pass; a sentence as the run's verdict says it, not yet harmless. Empty where it passed. */
  readonly summary: string;
};

export type CaseEnd = {
  readonly case: SuiteCase;
  readonly outcome: CaseOutcome;
  /** How long it took for real, in microseconds, all of its runs and tries together. */
  readonly durationUs: number;
  /** How many times it was run; of several tries, in the one that is shown. */
  readonly runs: number;
  /** Null where nothing was run. */
  readonly seed: number | null;
  /** The command that runs the same again; that of the first run that did not pass. */
  readonly command: string;
  /** Null where the file could not be read. */
  readonly source: Source | null;
  /** Errors of an invalid one, warnings of others. */
  readonly diagnostics: readonly Diagnostic[];
  /** The first run that did not pass, or the last one; null where there was none. */
  readonly run: { readonly plan: Plan; readonly verdict: Verdict } | null;
  /** What looking at every interleaving came to; null where it was run instead. */
  readonly check: CheckedCase | null;
  /** With several runs: what they come to together. */
  readonly repetition: RepetitionVerdict | null;
  /** All tries, where it was tried again; else none. What is shown of a case is the try that decides, not the one that passed. */
  readonly tries: readonly CaseTry[];
  /** In words what kept it from being tried again: `a deadlock`; null where nothing did, or nobody wanted it. */
  readonly inexcusable: string | null;
  /** What kept it from being run or judged: a file that cannot be read, a bug; one sentence. */
  readonly problem: string | null;
  /** Where what was kept of it is, in the folder of `--output`: `cases/0003-toilet`; null where nothing was. */
  readonly evidence: string | null;
  /** The last lines that tasks printed in `run`, as a pipe would show them, harmless. */
  readonly output: readonly string[];
};

export type CheckedCase = Pick<CheckToTell, 'plan' | 'verdict' | 'counterexample' | 'symmetry' | 'seconds'> &
  Pick<CheckToJson, 'ways'>;

/** Why cases were left out at the end. */
export type SuiteStop = 'bail' | 'interrupted' | 'bug';

export type SuiteEvent =
  | { readonly type: 'suiteBegan'; readonly cases: readonly SuiteCase[] }
  /** A run of it begins; `run` counts from 1. */
  | {
      readonly type: 'caseBegan';
      readonly case: SuiteCase;
      readonly plan: Plan;
      readonly run: number;
      readonly runs: number;
    }
  /** The event is the run's own, and is used again: it must not be kept. */
  | { readonly type: 'happened'; readonly case: SuiteCase; readonly event: Event }
  | { readonly type: 'caseEnded'; readonly end: CaseEnd }
  | { readonly type: 'suiteEnded'; readonly stop: SuiteStop | null; readonly durationUs: number };

/** What shows or writes a suite. */
export type SuiteReporter = {
  /** Whether it wants what `happened`: there is much of it. */
  readonly followsRuns?: boolean;
  /** Before the first event. */
  begin(): Promise<void>;
  handle(event: SuiteEvent): void;
  /** After the last event: all that was held back is written. */
  end(): Promise<void>;
};

const mostInTitle = 300;

/** `scenarios/toilet.yaml`, `scenarios/toilet.yaml (five-stalls)`, `scenarios/toilet.yaml, check`; cut, but as it was written, so not yet harmless. */
export function caseTitle({ file, caseName, judge }: SuiteCase): string {
  const shown = file === '-' ? 'standard input' : file;
  const title = caseName === null ? shown : `${shown} (${caseName})`;
  return cutText(judge === null ? title : `${title}, ${judge}`, mostInTitle);
}

/** How many cases came to what; `notRun` are those that were left out. */
export type SuiteCounts = Readonly<Record<CaseOutcome | 'notRun', number>>;

export function countCases(total: number, ends: readonly CaseEnd[]): SuiteCounts {
  const counts = { passed: 0, flaky: 0, failed: 0, inconclusive: 0, invalid: 0, interrupted: 0, bug: 0 };
  for (const { outcome } of ends) counts[outcome] += 1;
  return { ...counts, notRun: total - ends.length };
}

/** What the whole suite came to, from what its cases did: the worst, and what was interrupted has not passed. */
export function suiteOutcome(ends: readonly CaseEnd[], stop: SuiteStop | null): CaseOutcome {
  const worst = gravity.find((outcome) => ends.some((end) => end.outcome === outcome)) ?? 'passed';
  return stop === 'interrupted' && worst !== 'bug' ? 'interrupted' : worst;
}

const gravity = [
  'bug',
  'interrupted',
  'invalid',
  'failed',
  'inconclusive',
  'flaky',
] as const satisfies readonly CaseOutcome[];

/** Of a flaky case: `passed at try 2`. */
export function flakyText({ tries }: Pick<CaseEnd, 'tries'>): string {
  return `passed at try ${tries.length}`;
}
