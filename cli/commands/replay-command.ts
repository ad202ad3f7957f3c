/**
 * `concur replay`: a schedule played again, shown step by step, and judged.
 */
import type { Event, Plan, ReplayResult, SavedSchedule, Source } from '../../engine/command.ts';
import type { Ending } from '../exit-code.ts';
import { loadPlans } from '../files/load.ts';
import { isLog, type LoggedRun, loggedRun, type Mistake } from '../files/logged-run.ts';
import { readSource, readText } from '../files/read-source.ts';
import { type Engine, type Host, renderOptions, sayBroken, sayBug, sayMistake } from '../host.ts';
import { stepThrough } from '../step-through.ts';
import type { ReplayArguments } from './replay-arguments.ts';
import { appearance } from './run-once.ts';

const mostRows = 60;
const columnsWithoutTerminal = 100;

export async function replayCommand(args: ReplayArguments, host: Host): Promise<Ending> {
  const read = await readSource(args.file);
  if ('mistake' in read) return sayMistake(host, read.mistake);
  const engine = await import('../../engine/command.ts');
  const given = await toPlay(engine, args);
  if ('mistake' in given) return sayMistake(host, given.mistake);
  const { source } = read;
  const plan = await planOf(engine, host, args, { source, given });
  if (plan === undefined) return 'invalid';
  let result: ReplayResult | Mistake;
  try {
    result = await played({ engine, host, args, source, plan }, given);
  } catch (error) {
    return sayBroken(host, error, plan.seed);
  }
  if ('mistake' in result) return sayMistake(host, result.mistake);
  if ('misfit' in result)
    return sayMistake(
      host,
      `the ${'log' in given ? 'log' : 'schedule'} does not fit ${args.file}, ${result.misfit}`,
    );
  if (args.step) {
    const { scheduled } = result;
    await stepThrough({ engine, host, source, plan, scheduled, events: untilStop(result.events) });
  }
  tell({ engine, host, args, source, plan }, result);
  if (result.violation !== null) return sayBug(host, result.violation, plan.seed);
  const isInterruptible = args.real || args.step;
  return (isInterruptible ? host.interruptible().ending() : undefined) ?? result.verdict.outcome;
}

async function played(
  { engine, host, args, source, plan }: ToTell,
  given: ToPlay,
): Promise<ReplayResult | Mistake> {
  if (!args.real)
    return 'log' in given
      ? (await engine.replayLog(plan, given.log, { source })).result
      : engine.replay(plan, given.moves, { source, ...loopOf(given) });
  const { signal, kill } = host.interruptible();
  if (!('log' in given)) return engine.replayForReal(plan, given.moves, { source, signal, kill });
  const { result, moves } = await engine.replayLog(plan, given.log, { source });
  if ('misfit' in result) return result;
  if (moves === null) return { mistake: ANSWERED };
  return engine.replayForReal(plan, moves, { source, signal, kill });
}

function loopOf({ loopFrom }: SavedSchedule): Pick<SavedSchedule, 'loopFrom'> {
  return loopFrom === undefined ? {} : { loopFrom };
}

const ANSWERED =
  "'--real' cannot make commands, functions and files answer as the log says: leave it out to replay in virtual time";

type Replayed = Exclude<ReplayResult, { readonly misfit: string }>;

type ToPlay = SavedSchedule | LoggedRun;

async function toPlay(engine: Engine, { schedule }: ReplayArguments): Promise<ToPlay | Mistake> {
  if ('line' in schedule) {
    const parsed = engine.parseScheduleLine(schedule.line);
    if (parsed === undefined)
      return {
        mistake: "'--schedule' takes the line that concur check prints, which begins with '1:' or '1t:'",
      };
    return { scenario: '', caseName: null, set: {}, seed: 1, breaks: '', ...parsed };
  }
  const read = await readText(schedule.file);
  if ('mistake' in read) return read;
  if (isLog(read.text)) return loggedRun(engine, schedule.file, read.text);
  const parsed = engine.parseScheduleDocument(read.text);
  return 'mistake' in parsed ? { mistake: `${schedule.file} is no schedule: ${parsed.mistake}` } : parsed;
}

/** A schedule is of a check, mostly; a log is of a run as it was. Findings are shown. */
async function planOf(
  engine: Engine,
  host: Host,
  args: ReplayArguments,
  { source, given }: { readonly source: Source; readonly given: ToPlay },
): Promise<Plan | undefined> {
  const caseName = args.caseName ?? given.caseName ?? undefined;
  const { plans, diagnostics } = await loadPlans(engine, source, {
    ...(caseName === undefined ? {} : { caseName }),
    set: [...Object.entries(given.set), ...args.set],
    seed: given.seed,
    ...('log' in given ? {} : { mode: 'virtual', forCheck: true }),
  });
  const look = renderOptions(engine, host, host.stderr);
  host.stderr.write(engine.renderDiagnostics(diagnostics, source, look));
  host.stderr.write(engine.explainHint(diagnostics, look));
  if (plans.length > 1)
    sayMistake(host, `a schedule is one of one case: name one of the ${plans.length} cases with '--case'`);
  return plans.length === 1 ? plans[0] : undefined;
}

type ToTell = {
  readonly engine: Engine;
  readonly host: Host;
  readonly args: ReplayArguments;
  readonly source: Source;
  readonly plan: Plan;
};

/** Past its schedule a run goes on by itself: that is judged, but not shown. */
function tell({ engine, host, args, source, plan }: ToTell, result: Replayed): void {
  const { verdict, events, scheduled, loopFrom = null } = result;
  const { palette, places } = appearance(engine, host, source);
  const command = commandOf(engine, host, args);
  if (args.json) {
    host.stdout.write(engine.jsonText(engine.verdictJson({ plan, verdict, places, command })));
    return;
  }
  const columns = host.stdout.facts.columns || columnsWithoutTerminal;
  const rows = args.full ? Number.POSITIVE_INFINITY : mostRows;
  const summary = engine.summaryText({ plan, verdict, places, palette, detail: 'full', command });
  if (args.step) {
    host.stdout.write(summary);
    return;
  }
  const shown = verdict.deadlock === null ? events.slice(0, scheduled) : untilStop(events);
  const table = engine.tableLines({
    ...{ plan, events: shown, broken: null, loopFrom },
    ...{ places, palette, columns, rows },
  });
  const title = `played again${args.real ? ' for real' : ''}, step by step:`;
  host.stdout.write(`${[palette.bold(title), ...table].join('\n')}\n\n${summary}`);
}

/** What follows a stop is only that tasks end. */
function untilStop(events: readonly Event[]): readonly Event[] {
  const stop = events.findIndex(({ type }) => type === 'stopped');
  return stop < 0 ? events : events.slice(0, stop);
}

/** As it was given: it is not drawn, and needs no seed. */
function commandOf(engine: Engine, { startedAs }: Host, args: ReplayArguments): string {
  const { file, caseName, set, schedule } = args;
  return engine.replayCommand({ startedAs, file, caseName, set, isReal: args.real }, schedule);
}
