/**
 * The public API: from a scenario's text to a verdict. `docs/api.md` tells of all of it.
 *
 *     const { plan, diagnostics } = await loadScenario({ file: 'toilet.yaml', text });
 *     const { verdict } = await run(plan, { mode: 'virtual' });
 *
 * What is heavy (hosts, listr2) is loaded when it is first needed: who only validates never pays for it.
 */

import type { CheckLimits, CheckResult } from './check.ts';
import type { Diagnostic } from './diagnostic/diagnostic.ts';
import type { Document } from './document/document.ts';
import { loadDocument } from './document/load.ts';
import type { MainVars } from './hosts/main-vars.ts';
import { onAbort } from './hosts/on-abort.ts';
import type { FollowUp, RunOptions as HostOptions } from './hosts/run-options.ts';
import type { Event, RunEnd } from './log/event.ts';
import type { ScheduleMove } from './log/schedule.ts';
import { createTeardownEvents } from './log/teardown-events.ts';
import { lookAtEnd } from './look-at-end.ts';
import { missingModule } from './missing-module.ts';
import { caseNames, createPlan } from './plan/create-plan.ts';
import { type Mode, modes } from './plan/mode.ts';
import type { Plan, Teardown } from './plan/plan.ts';
import { mostAfterSignalUs, type StoppedBy, teardownPlan } from './plan/teardown-plan.ts';
import type { ExploredLog, Log, LogReplay, RecordedSchedule, ReplayResult } from './replay/replay-result.ts';
import { createPalette } from './report/text/palette.ts';
import { createPlaces } from './report/text/places.ts';
import { runAgainCommand } from './report/text/run-again.ts';
import { summaryText } from './report/text/summary.ts';
import { positionAt } from './source/position.ts';
import type { Source, Span } from './source/source.ts';
import { withStrictness } from './verdict/exercised.ts';
import type { Judge } from './verdict/judge.ts';
import { withTeardown } from './verdict/teardown.ts';
import type { Verdict } from './verdict/verdict.ts';

export type { CheckResult } from './check.ts';
export type { Counterexample } from './check-replay.ts';
export type { Diagnostic, Label, Severity } from './diagnostic/diagnostic.ts';
export { hasErrors } from './diagnostic/finding.ts';
export { type RenderOptions, renderAll as renderDiagnostics } from './diagnostic/render.ts';
export type { Document } from './document/document.ts';
export type { Value } from './expression/values/value.ts';
export type { Event, RunEnd } from './log/event.ts';
export {
  createLogWriter,
  type LogWriter,
  type ParsedLog,
  parseLog,
} from './log/json-lines.ts';
export type { LogHeader } from './log/log-header.ts';
export type { SavedSchedule, ScheduleMove } from './log/schedule.ts';
export {
  type ParsedSchedule,
  parseScheduleDocument,
  parseScheduleLine,
  type ScheduleLine,
  scheduleDocument,
  scheduleLine,
} from './log/schedule-text.ts';
export type { Unexercised } from './log/unexercised.ts';
export type { Plan } from './plan/plan.ts';
export type { ExploredLog, Log, LogReplay, RecordedSchedule, ReplayResult } from './replay/replay-result.ts';
export type { Position, Source, Span } from './source/source.ts';
export type { CheckedJudgement } from './verdict/checked-judgement.ts';
export type {
  CheckVerdict,
  Coverage,
  PossibleResult,
} from './verdict/exploration.ts';
export {
  createRepetition,
  type OutcomeCount,
  type Repetition,
  type RepetitionVerdict,
  type ResultCount,
} from './verdict/repetition.ts';
export type {
  AtStop,
  DeadlockReport,
  EndResult,
  Evidence,
  Holder,
  Judgement,
  Outcome,
  Race,
  RaceAccess,
  ResourceSummary,
  Sighting,
  Verdict,
} from './verdict/verdict.ts';
export { caseNames };

export type LoadOptions = {
  /** One of `caseNames`; without it the file as it stands. */
  readonly caseName?: string;
  /** Parameters as text, over the file's and the case's. */
  readonly set?: Readonly<Record<string, string>>;
  /** 0 … 2^32 - 1; over the file's. Where neither has one, it is drawn. */
  readonly seed?: number;
  /** How long the run may take, in microseconds; over the file's. */
  readonly timeoutUs?: number;
  /** Commands and functions of the scenario are findings: for scenarios that are not trusted. */
  readonly noExec?: true;
  /** How it is to be run: what has no `model` is a finding in virtual time. Without it nobody looks. */
  readonly mode?: Mode;
  /** It is to be checked: the parameters of its `check` count, over those of the case. */
  readonly forCheck?: true;
};

export type LoadResult = {
  /** Missing if there is an error among the findings. */
  readonly plan?: Plan;
  /** Missing if the text is no scenario at all. */
  readonly document?: Document;
  readonly diagnostics: readonly Diagnostic[];
};

/** From text to a plan, or to everything that is wrong with the text. Never throws for what the text says. */
export async function loadScenario(source: Source, options: LoadOptions = {}): Promise<LoadResult> {
  const { document, diagnostics } = loadDocument(source);
  return document === undefined ? { diagnostics } : planned(document, diagnostics, options);
}

/**
 * The same for every case of a scenario, in the file's order; for the scenario as it stands, where it has no cases, and
 * for the one case that is named. What is wrong with the text itself is among the first one's findings.
 */
export async function loadCases(source: Source, options: LoadOptions = {}): Promise<readonly LoadResult[]> {
  const { document, diagnostics } = loadDocument(source);
  if (document === undefined) return [{ diagnostics }];
  const names = options.caseName === undefined ? caseNames(document) : [];
  if (names.length === 0) return [planned(document, diagnostics, options)];
  return names.map((caseName, index) =>
    planned(document, index === 0 ? diagnostics : [], { ...options, caseName }),
  );
}

function planned(
  document: Document,
  diagnostics: readonly Diagnostic[],
  { timeoutUs, ...options }: LoadOptions,
): LoadResult {
  const findModule = (module: string) => missingModule(document.source.file, module);
  const result = createPlan(document, { ...options, drawSeed, missingModule: findModule });
  const plan =
    result.plan === undefined || timeoutUs === undefined ? result.plan : { ...result.plan, timeoutUs };
  return {
    ...(plan === undefined ? {} : { plan }),
    document,
    diagnostics: [...diagnostics, ...result.diagnostics],
  };
}

/** Not from `crypto`, which takes longer to load than a scenario does. */
function drawSeed(): number {
  return Math.floor(Math.random() * 2 ** 32);
}

export type RunOptions = {
  readonly mode: Mode;
  /** Gets every event, in order. Events are reused: copy what is kept. */
  readonly handle?: (event: Event) => void;
  /** The scenario's text, for line numbers in explanations. */
  readonly source?: Source;
  /** Stops the run; it still has a verdict. */
  readonly signal?: AbortSignal;
  /** Kills what is left of it, at once. */
  readonly kill?: AbortSignal;
  /** In real runs: is told the run's folder, if it has one, when the run is over, instead of its being removed. */
  readonly keepWorkspace?: (folder: string) => void;
  /** What was not exercised is a failure: a step not reached, a lock nobody waited for, and so on. */
  readonly strict?: boolean;
  /** The events of reads say what the vars held. */
  readonly logValues?: boolean;
};

export type RunResult = {
  readonly verdict: Verdict;
  /** An event that cannot have happened: a bug in concur, and the verdict is worth nothing. */
  readonly violation: { readonly seq: number; readonly text: string } | null;
};

/** Expectations see what reports show. */
function withoutSecrets({ secrets = [] }: Plan): NodeJS.ProcessEnv {
  const hidden = secrets.filter((name) => process.env[name] !== undefined);
  return { ...process.env, ...Object.fromEntries(hidden.map((name) => [name, '***'])) };
}

/**
 * Runs a plan to its end and judges it.
 *
 * @throws TypeError without a plan or a mode, as programs without types may ask; any other Error only for a bug in concur
 */
export async function run(given: Plan, options: RunOptions): Promise<RunResult> {
  const { mode, handle, source, signal, kill, keepWorkspace, strict, logValues = false } = options;
  mustBeAPlan(given, mode);
  const plan: Plan = logValues ? { ...given, logsValues: true } : given;
  const [{ runPlan }, { createJudge }] = await Promise.all([
    import('./hosts/run.ts'),
    import('./verdict/judge.ts'),
  ]);
  const meter = { spent: 0 };
  const judgeOf = (judged: Plan): Judge =>
    createJudge(judged, {
      meter,
      ...judgeOptions(plan, source),
    });
  const judge = judgeOf(plan);
  const killing = kill === undefined ? {} : { kill };
  let verdict: Verdict | undefined;
  let after: { readonly judge: Judge; readonly verdict: Verdict; readonly teardown: Teardown } | undefined;
  const end = await runPlan(plan, {
    mode,
    meter,
    ...asked(judge),
    handle(event) {
      judge.handle(event);
      handle?.(event);
    },
    ...(signal === undefined ? {} : { signal }),
    ...killing,
    ...(keepWorkspace === undefined ? {} : { keepWorkspace }),
    ...(plan.teardown === undefined
      ? {}
      : { followUp: (ended, vars) => followUp(plan.teardown, ended, vars) }),
  });
  verdict ??= judge.verdict(await lookAtEnd(judge, end, { meter, signal }));
  const violation = judge.violation() ?? after?.judge.violation() ?? null;
  const judged = strict === true ? withStrictness(verdict) : verdict;
  if (after === undefined) return { verdict: judged, violation };
  return { verdict: withTeardown(judged, after.verdict, after.teardown.span), violation };

  async function followUp(
    teardown: Teardown | undefined,
    ended: RunEnd,
    vars: MainVars,
  ): Promise<FollowUp | undefined> {
    verdict = judge.verdict(await lookAtEnd(judge, ended, { meter, signal }));
    if (teardown === undefined || kill?.aborted === true || judge.violation() !== null) return undefined;
    const stopped = stoppedBy(verdict.run, signal);
    const second = teardownPlan(plan, teardown, { passed: verdict.outcome === 'passed', stopped, vars });
    const own = judgeOf(second);
    const moved = createTeardownEvents(plan, ended);
    const options: HostOptions = {
      meter,
      ...asked(own),
      handle(event) {
        own.handle(event);
        handle?.(moved(event));
      },
      ...killing,
      ...(signal === undefined || signal.aborted ? {} : { signal: lateSignal(signal) }),
    };
    return {
      plan: second,
      options,
      done: (last) => {
        after = { judge: own, verdict: own.verdict(last), teardown };
      },
    };
  }
}

/** What hosts ask the judge while the run goes on. */
function asked(judge: Judge): Pick<HostOptions, 'canNeverEnd' | 'work' | 'giveUp'> {
  return {
    canNeverEnd: () => judge.canNeverEnd(),
    work: () => judge.work(),
    giveUp: () => judge.giveUp(),
  };
}

/** As `run.stopped` says it. */
function stoppedBy({ stopped }: RunEnd, signal: AbortSignal | undefined): StoppedBy | null {
  if (stopped === null || stopped === 'inconclusive') return null;
  return stopped === 'interrupt' && signal?.reason === 'terminate' ? 'terminate' : stopped;
}

/** A first signal lets a teardown that is at work go on, for as long as one after a signal may take. */
function lateSignal(signal: AbortSignal): AbortSignal {
  const late = new AbortController();
  const abort = () => setTimeout(() => late.abort(signal.reason), mostAfterSignalUs / 1000).unref();
  onAbort(signal, abort);
  return late.signal;
}

function mustBeAPlan(plan: Plan | undefined, mode: string | undefined): void {
  if (plan === undefined)
    throw new TypeError('there is no plan to run: the diagnostics that came without it say why');
  if (!modes.some((known) => known === mode))
    throw new TypeError(
      `mode must be 'real' or 'virtual', not ${mode === undefined ? 'missing' : `'${mode}'`}`,
    );
}

export type CheckOptions = CheckLimits & {
  /** The scenario's text, for line numbers in explanations. */
  readonly source?: Source;
  /** False: each replica counts as itself, which takes many more states. */
  readonly symmetry?: boolean;
  /** False: steps are tried in every order, also where all orders come to the same. */
  readonly reduction?: boolean;
  /** What never happened in any order is a failure: a step not reached, a lock nobody waits for, and so on. */
  readonly strict?: boolean;
  /** Asked now and then: false ends the search. */
  readonly mayGoOn?: () => boolean;
  /** Ends the search; what it found until then counts. */
  readonly signal?: AbortSignal;
  /** Told now and then how far the search is: different states, steps from the beginning, bytes for what was seen. */
  readonly onProgress?: (progress: CheckProgress) => void;
};

export type CheckProgress = { readonly states: number; readonly depth: number; readonly bytes: number };

/**
 * Looks at every interleaving of a plan's steps, and judges what it expects of all of them.
 *
 * It computes until it is over, or a limit is reached; the event loop has its turn now and then. What has no model, and what reads the time, cannot be
 * checked: `refusals` says where.
 *
 * @throws Error only for a bug in concur
 */
export async function check(plan: Plan, { source, ...options }: CheckOptions = {}): Promise<CheckResult> {
  const { checkPlan } = await import('./check.ts');
  return checkPlan(plan, { ...options, judge: judgeOptions(plan, source) });
}

/**
 * Plays a schedule again, in virtual time, as `check` has found it or somebody has written it.
 *
 * @throws Error only for a bug in concur
 */
export async function replay(
  plan: Plan,
  moves: readonly ScheduleMove[],
  { source, loopFrom }: { readonly source?: Source; readonly loopFrom?: number } = {},
): Promise<ReplayResult> {
  const options = judgeOptions(plan, source);
  if (loopFrom !== undefined) {
    const { replayAround } = await import('./replay/replay-around.ts');
    const around = await replayAround(plan, { moves, loopFrom }, options);
    if (around !== undefined) return around;
  }
  const { replayMoves } = await import('./replay/replay.ts');
  return replayMoves(plan, moves, options);
}

/**
 * Forces a schedule on a real run: its threads and processes take their turns as the schedule says, and its clock is that of the
 * schedule, so that sleeps take no time. Commands and functions run, and take the time they need.
 *
 * @throws Error only for a bug in concur
 */
export async function replayForReal(
  plan: Plan,
  moves: readonly ScheduleMove[],
  {
    source,
    ...interruption
  }: { readonly source?: Source; readonly signal?: AbortSignal; readonly kill?: AbortSignal } = {},
): Promise<ReplayResult> {
  const { forceMoves } = await import('./replay/replay.ts');
  return forceMoves(plan, moves, judgeOptions(plan, source), interruption);
}

/**
 * Plays a run again, in virtual time, by its log: what commands and functions answered is taken from that. The plan is to be as
 * it was, with the log's case, seed and parameters.
 *
 * @throws Error only for a bug in concur
 */
export async function replayLog(
  plan: Plan,
  log: Log,
  { source }: { readonly source?: Source } = {},
): Promise<LogReplay> {
  const { replayRun } = await import('./replay/replay.ts');
  return replayRun(plan, log, judgeOptions(plan, source));
}

/**
 * Whether what a run came to, by its log, is among what a check of the same plan found: how it ended, its result, what it broke.
 * Where the check has seen everything and the run is not among it, one of the two is a bug in concur.
 *
 * @throws Error only for a bug in concur
 */
export async function checkLog(
  plan: Plan,
  log: Log,
  result: CheckResult,
  { source }: { readonly source?: Source } = {},
): Promise<ExploredLog> {
  const { placeLog } = await import('./replay/explored-log.ts');
  return placeLog(plan, log, result, judgeOptions(plan, source));
}

/**
 * The schedule of a run in virtual time, which its seed repeats: it outlives edits, as the seed does not. Some runs depend on how
 * long things take, and have none.
 *
 * @throws Error only for a bug in concur
 */
export async function recordSchedule(
  plan: Plan,
  { source }: { readonly source?: Source } = {},
): Promise<RecordedSchedule> {
  const { recordRun } = await import('./replay/record-schedule.ts');
  return recordRun(plan, judgeOptions(plan, source));
}

function judgeOptions(plan: Plan, source: Source | undefined) {
  return {
    environment: withoutSecrets(plan),
    ...(source === undefined ? {} : { lineOf: (span: Span) => positionAt(source, span.start).line }),
  };
}

/**
 * A verdict in words, as `concur run` ends: facts, evidence for what failed, and a last line that says it all.
 *
 * Whole lines without colours, and without any character that could act on a terminal.
 */
export function verdictText(plan: Plan, verdict: Verdict, source: Source): string {
  const palette = createPalette(false);
  const places = createPlaces(source, { palette, columns: 100 });
  const { caseName, seed } = plan;
  const command = runAgainCommand({ file: source.file, mode: verdict.run.mode, caseName, seed });
  return summaryText({ plan, verdict, places, palette, detail: 'full', command });
}
