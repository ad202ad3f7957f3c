/**
 * `concur check`: every interleaving of scenarios, case by case.
 */
import type {
  CheckResult,
  ExploredRun,
  Json,
  Observed,
  Plan,
  Refusal,
  Source,
} from '../../engine/command.ts';
import { harmless } from '../../engine/harmless.ts';
import { type Ending, worstEnding } from '../exit-code.ts';
import { loadPlans, timeoutMistake, timeoutOf } from '../files/load.ts';
import { type LoggedRun, type Mistake, readLog } from '../files/logged-run.ts';
import { readSource } from '../files/read-source.ts';
import { type Engine, type Host, renderOptions, sayBroken, sayBug, sayMistake } from '../host.ts';
import type { CheckArguments } from './check-arguments.ts';
import { otherThan, placeLog, settingsOfLog } from './check-from.ts';
import { openProgress } from './check-progress.ts';
import { observe } from './observe.ts';
import { appearance } from './run-once.ts';
import { saveWay } from './save-schedule.ts';

const MEGABYTE = 1 << 20;
/** A longer schedule nobody pastes. */
const mostInLine = 1_500;

export async function checkCommand(given: CheckArguments, host: Host): Promise<Ending> {
  const engine = await import('../../engine/command.ts');
  const timeoutUs = timeoutOf(engine, given.timeout);
  if (timeoutUs === 'none') return sayMistake(host, timeoutMistake(given.timeout));
  const from = given.from === undefined ? undefined : await readLog(engine, given.from);
  if (from !== undefined && 'mistake' in from) return sayMistake(host, from.mistake);
  const args = from === undefined ? given : { ...given, ...settingsOfLog(from) };
  const endings: Ending[] = [];
  for (const file of args.files) {
    endings.push(await checkFile({ engine, host, args, timeoutUs, from }, file));
    if (host.interruptible().ending() !== undefined) break;
  }
  return worstEnding(endings);
}

type Checking = {
  readonly engine: Engine;
  readonly host: Host;
  readonly args: CheckArguments;
  readonly timeoutUs: number;
  readonly from: LoggedRun | undefined;
};

async function checkFile(checking: Checking, file: string): Promise<Ending> {
  const { engine, host, args, from } = checking;
  const read = await readSource(file);
  if ('mistake' in read) return sayMistake(host, read.mistake);
  const { source } = read;
  const { plans, diagnostics } = await loadPlans(engine, source, {
    ...args,
    mode: 'virtual',
    forCheck: true,
  });
  if (plans.length === 0 && args.json) {
    host.stdout.write(engine.jsonText(engine.findingsJson([{ source, diagnostics }])));
    return 'invalid';
  }
  const look = renderOptions(engine, host, host.stderr);
  host.stderr.write(engine.renderDiagnostics(diagnostics, source, look));
  host.stderr.write(engine.explainHint(diagnostics, look));
  if (plans.length === 0) return 'invalid';
  const other = from === undefined ? undefined : otherThan(engine, from, plans);
  if (other !== undefined) return sayMistake(host, `the log does not fit ${file}: ${other}`);
  const cases: Json[] = [];
  const endings: Ending[] = [];
  for (const plan of plans) {
    endings.push(await checkCase(checking, { plan, source }, cases));
    const interrupted = host.interruptible().ending();
    if (interrupted !== undefined) endings.push(interrupted);
    if (interrupted !== undefined || endings.at(-1) === 'bug') break;
  }
  const worst = worstEnding(endings);
  const outcome = worst === 'passed' || worst === 'failed' || worst === 'bug' ? worst : 'inconclusive';
  if (args.json) host.stdout.write(engine.jsonText(engine.checksJson(source.file, outcome, cases)));
  return worst;
}

type Case = { readonly plan: Plan; readonly source: Source };

async function checkCase(checking: Checking, one: Case, cases: Json[]): Promise<Ending> {
  const { engine, host, args } = checking;
  const { plan, source } = one;
  if (refused(checking, one)) return 'invalid';
  if (args.observe !== undefined && plan.expect.outcome === undefined)
    return sayMistake(
      host,
      "option '--observe' counts results: `expect: { outcome: … }` says what the result of a run is",
    );
  const unexplored = engine.unexplored(plan);
  if (unexplored !== undefined) return notExplored(checking, one, unexplored, cases);
  const searched = await search(checking, one);
  if (typeof searched === 'string') return searched;
  const { result } = searched;
  const seen =
    args.observe === undefined ? null : await observe({ ...one, engine, host, runs: args.observe, result });
  const run = await loggedRunOf(checking, one, result);
  if (run !== null && 'mistake' in run) return sayMistake(host, run.mistake);
  const shown: Shown = { ...searched, observed: seen?.observed ?? null, run };
  if (args.json) cases.push(caseJson(checking, one, shown));
  else tell(checking, one, shown);
  const problem = await saveWay(checking, source, result);
  if (problem !== undefined) return sayMistake(host, problem);
  const violation = result.violation ?? seen?.violation ?? engine.impossibleRunText(run);
  if (violation !== null) return sayBug(host, violation, plan.seed);
  const { outcome } = result.verdict;
  return run?.is === 'notJudged' && outcome === 'passed' ? 'inconclusive' : outcome;
}

type Searched = { readonly result: CheckResult; readonly seconds: number };

async function search(
  { engine, host, args, timeoutUs }: Checking,
  { plan, source }: Case,
): Promise<Searched | Ending> {
  const startMs = host.now();
  const progress = openProgress(engine, host, plan, args.json);
  try {
    const result = await engine.check(plan, {
      source,
      symmetry: args.symmetry,
      reduction: args.reduction,
      strict: args.strict,
      mayGoOn: () => host.now() - startMs < timeoutUs / 1000,
      signal: host.interruptible().signal,
      onProgress: progress.tell,
      ...(args.maxStates === undefined ? {} : { maxStates: args.maxStates }),
      ...(args.maxMemory === undefined ? {} : { maxBytes: args.maxMemory * MEGABYTE }),
    });
    return { result, seconds: (host.now() - startMs) / 1000 };
  } catch (error) {
    return sayBroken(host, error, plan.seed);
  } finally {
    progress.end();
  }
}

/** Null where no log was given. */
async function loggedRunOf(
  { engine, args, from }: Checking,
  one: Case,
  result: CheckResult,
): Promise<ExploredRun | Mistake | null> {
  if (from === undefined || args.from === undefined) return null;
  return placeLog({ engine, ...one, result }, args.from, from);
}

type Shown = {
  readonly result: CheckResult;
  readonly seconds: number;
  readonly observed: Observed | null;
  readonly run: ExploredRun | null;
};

/** It says nothing, and that is said. */
function notExplored(
  { engine, host, args }: Checking,
  { plan, source }: Case,
  { span, reason: why }: Refusal,
  cases: Json[],
): Ending {
  const { palette, places } = appearance(engine, host, source);
  const place = places.text(span);
  const reason = place === '' ? why : `${place}: ${why}`;
  if (args.json)
    cases.push({ name: plan.name, case: plan.caseName ?? null, verdict: 'inconclusive', summary: reason });
  else host.stdout.write(engine.notCheckedText(plan, reason, palette));
  return 'inconclusive';
}

/** What cannot be searched is said where it stands, and nothing is searched. */
function refused({ engine, host }: Checking, { plan, source }: Case): boolean {
  const { places } = appearance(engine, host, source);
  const refusals = engine.refusalsOf(plan);
  for (const { span, reason } of refusals) {
    const frame = places.frame(span).map((line) => `  ${line}\n`);
    host.stderr.write(`${places.text(span)}: this cannot be checked: ${harmless(reason)}\n${frame.join('')}`);
  }
  return refusals.length > 0;
}

/** A diagram has standard output for itself. */
function tell(checking: Checking, one: Case, shown: Shown): void {
  const { engine, host, args } = checking;
  const text = caseText(checking, one, shown);
  const { counterexample, verdict } = shown.result;
  (args.mermaid ? host.stderr : host.stdout).write(text);
  if (!args.mermaid || counterexample === null) return;
  const { events, loopFrom } = counterexample;
  const { deadlock } = counterexample.verdict;
  const drawn = { plan: one.plan, events, deadlock, loopFrom, broken: engine.brokenText(verdict) };
  host.stdout.write(`${engine.mermaidLines(drawn).join('\n')}\n`);
}

function caseText(
  { engine, host, args }: Checking,
  { plan, source }: Case,
  { result, seconds, observed, run }: Shown,
) {
  const { palette, places } = appearance(engine, host, source);
  return engine.checkText({
    ...{ plan, places, palette, seconds, observed, run },
    verdict: result.verdict,
    counterexample: result.counterexample,
    symmetry: result.exploration.symmetry,
    inTime: result.inTime,
    columns: host.stdout.facts.columns || 100,
    replayCommand: replayCommandOf({ engine, host, args }, { plan, source }, result),
    isFull: args.full,
    isDrawn: args.mermaid,
    isVerbose: args.verbose,
  });
}

/** Null where nothing is shown; undefined where it is too long for a line. */
function replayCommandOf(
  { engine, host, args }: Pick<Checking, 'engine' | 'host' | 'args'>,
  { plan, source }: Case,
  { counterexample }: CheckResult,
): string | null | undefined {
  if (counterexample === null) return null;
  const { startedAs } = host;
  const { caseName } = plan;
  const run = { startedAs, file: source.file, caseName, set: args.set };
  const line = engine.scheduleLine(counterexample.saved);
  return line.length > mostInLine ? undefined : engine.replayCommand(run, { line });
}

function caseJson(
  { engine, host }: Checking,
  { plan, source }: Case,
  { result, observed, run }: Shown,
): Json {
  const { places } = appearance(engine, host, source);
  return engine.checkJson({
    ...{ plan, places, observed, run },
    verdict: result.verdict,
    ways: result.ways,
    events: result.counterexample?.events ?? null,
    symmetric: result.exploration.symmetry.groups,
  });
}
