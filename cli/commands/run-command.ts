/**
 * `concur run`: once, several times, or once for each case.
 */
import type { Json, Plan, Source, Verdict } from '../../engine/command.ts';
import { harmless } from '../../engine/harmless.ts';
import { prepareRealRun } from '../../engine/prepare.ts';
import { type Ending, worstEnding } from '../exit-code.ts';
import { loadPlans, timeoutMistake, timeoutOf } from '../files/load.ts';
import { openLogFile } from '../files/log-file.ts';
import { readSource } from '../files/read-source.ts';
import { type Engine, type Host, renderOptions, sayMistake } from '../host.ts';
import type { RunArguments } from './arguments.ts';
import { appearance, planOf, type RunToDo, runOnce, writeSummary } from './run-once.ts';
import { saveSchedule } from './save-schedule.ts';
import { seedOfRun } from './seeds.ts';

/** A series longer than this has no line a run, only its table. */
const mostRunLines = 100;

export async function runCommand(args: RunArguments, host: Host): Promise<Ending> {
  if (args.mode === 'real') prepareRealRun();
  const read = await readSource(args.file);
  if ('mistake' in read) return sayMistake(host, read.mistake);
  const engine = await import('../../engine/command.ts');
  const timeoutUs = args.timeout === undefined ? undefined : timeoutOf(engine, args.timeout);
  if (timeoutUs === 'none') return sayMistake(host, timeoutMistake(args.timeout ?? ''));
  const overrides = { ...args, ...(timeoutUs === undefined ? {} : { timeoutUs }) };
  const { plans, diagnostics } = await loadPlans(engine, read.source, overrides);
  if (plans.length === 0 && args.json) {
    host.stdout.write(engine.jsonText(engine.findingsJson([{ source: read.source, diagnostics }])));
    return 'invalid';
  }
  const look = renderOptions(engine, host, host.stderr);
  host.stderr.write(engine.renderDiagnostics(diagnostics, read.source, look));
  host.stderr.write(engine.explainHint(diagnostics, look));
  if (plans.length === 0) return 'invalid';
  return runPlans({ engine, host, args, source: read.source, plans });
}

/** What `--json` has to tell. */
type Told = { readonly runs: Json[]; readonly repetitions: Json[] };

type Series = {
  readonly engine: Engine;
  readonly host: Host;
  readonly args: RunArguments;
  readonly source: Source;
  readonly plans: readonly Plan[];
};

async function runPlans(series: Series): Promise<Ending> {
  const { engine, host, args, plans } = series;
  if ((args.log !== undefined || args.save !== undefined) && plans.length > 1) {
    const option = args.log === undefined ? '--save' : '--log';
    return sayMistake(
      host,
      `option '${option}' takes one run: name one of the ${plans.length} cases with '--case'`,
    );
  }
  const told: Told = { runs: [], repetitions: [] };
  const endings: Ending[] = [];
  for (const plan of plans) {
    if (plans.length > 1 && !args.json && args.detail !== 'quiet')
      host.stdout.write(caseHeading(series, plan, endings.length > 0));
    const ending =
      args.repeat === 1 ? await runPlan(series, plan, told) : await repeatPlan(series, plan, told);
    endings.push(ending);
    if (ending === 'bug' || host.interruptible().ending() !== undefined) break;
  }
  const ending = worstEnding(endings);
  if (args.json) host.stdout.write(engine.jsonText(document(engine, told, endings)));
  return ending;
}

function caseHeading({ engine, host, source }: Series, plan: Plan, isLater: boolean): string {
  const { palette } = appearance(engine, host, source);
  return `${isLater ? '\n' : ''}${palette.bold(harmless(`case ${plan.caseName ?? plan.name}`))}\n`;
}

/** A single run is its own document. */
function document(engine: Engine, told: Told, endings: readonly Ending[]): Json {
  const { runs, repetitions } = told;
  const [only] = runs;
  if (runs.length === 1 && only !== undefined && repetitions.length === 0) return only;
  const ending = worstEnding(endings);
  const outcome = ending === 'passed' || ending === 'failed' ? ending : 'inconclusive';
  return engine.verdictsJson(outcome, runs, repetitions);
}

async function runPlan(series: Series, plan: Plan, told: Told): Promise<Ending> {
  const { host, args } = series;
  const log = args.log === undefined ? undefined : openLogFile(args.log, [args.file]);
  if (log !== undefined && 'mistake' in log) return sayMistake(host, log.mistake);
  const silent = args.json || args.detail === 'quiet';
  const run: RunToDo = { ...series, plan, silent, ...(log === undefined ? {} : { log }) };
  const { ending, verdict } = await runOnce(run);
  const problem = await log?.close(host.interruptible());
  if (verdict !== undefined) {
    told.runs.push(verdictOf(run, verdict));
    if (!silent) host.stdout.write('\n');
    if (!args.json) writeSummary(run, verdict);
  }
  if (ending === 'failed') await saveSchedule(run);
  if (problem === undefined) return ending;
  host.stderr.write(`concur: ${harmless(problem)}; the log is not complete\n`);
  return worstEnding([ending, 'inconclusive']);
}

function verdictOf({ engine, host, args, plan, source }: RunToDo, verdict: Verdict): Json {
  const { places } = appearance(engine, host, source);
  return engine.verdictJson({
    plan,
    verdict,
    places,
    command: engine.runAgainCommand({ ...args, ...planOf(host, plan) }),
  });
}

/** The first run that does not pass is summed up; the others are counted. */
async function repeatPlan(series: Series, plan: Plan, told: Told): Promise<Ending> {
  const { engine, host, args, source } = series;
  const { palette, places } = appearance(engine, host, source);
  const repetition = engine.createRepetition(plan, args.strict);
  const showsRuns = !args.json && args.detail !== 'quiet' && args.repeat <= mostRunLines;
  const endings: Ending[] = [];
  for (let index = 0; index < args.repeat && host.interruptible().ending() === undefined; index += 1) {
    const seeded = { ...plan, seed: seedOfRun(plan.seed, index) };
    const run: RunToDo = { ...series, plan: seeded, silent: args.detail !== 'verbose' };
    const { ending, verdict } = await runOnce(run);
    const isFirst = ending !== 'passed' && endings.every((one) => one === 'passed');
    endings.push(ending);
    if (verdict !== undefined) {
      repetition.add(seeded.seed, verdict);
      if (args.json) told.runs.push(verdictOf(run, verdict));
      if (showsRuns)
        host.stdout.write(
          engine.repeatedRunText({ number: index + 1, of: args.repeat, plan: seeded, verdict }, palette),
        );
      if (isFirst && !args.json) writeFirstFailure(run, verdict);
      if (isFirst && ending === 'failed') await saveSchedule(run);
    }
    if (ending === 'bug') break;
  }
  const verdict = repetition.verdict(args.repeat);
  const again = (seed: number) => engine.runAgainCommand({ ...args, ...planOf(host, plan), seed });
  const command = (seed: number | 'all') =>
    seed === 'all' ? `${again(plan.seed)} --repeat ${args.repeat}` : again(seed);
  if (args.json) told.repetitions.push(engine.repetitionJson(plan, verdict, places));
  else
    host.stdout.write(
      engine.repetitionText({
        ...{ plan, verdict, places, palette, command },
        isVerbose: args.detail === 'verbose',
      }),
    );
  return worstEnding([...endings, verdict.outcome, host.interruptible().ending() ?? 'passed']);
}

function writeFirstFailure(run: RunToDo, verdict: Verdict): void {
  run.host.stdout.write('\n');
  writeSummary(run, verdict);
  run.host.stdout.write('\n');
}
