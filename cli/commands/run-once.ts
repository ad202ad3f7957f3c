/**
 * One run: shown while it goes on, logged if asked for, judged, summed up.
 */
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import type { Event, Plan, Reporter, RunResult, Source, Verdict } from '../../engine/command.ts';
import { harmless } from '../../engine/harmless.ts';
import type { Ending } from '../exit-code.ts';
import type { LogFile } from '../files/log-file.ts';
import { type Engine, type Host, sayBroken, sayBug } from '../host.ts';
import type { RunArguments } from './arguments.ts';

export type RunToDo = {
  readonly engine: Engine;
  readonly host: Host;
  readonly args: RunArguments;
  readonly plan: Plan;
  readonly source: Source;
  /** Nothing is shown while it runs. */
  readonly silent: boolean;
  readonly log?: LogFile;
};

export type RunDone = { readonly ending: Ending; readonly verdict?: Verdict };

export async function runOnce(run: RunToDo): Promise<RunDone> {
  const { engine, host, args, plan, source, log } = run;
  const reporter = run.silent ? undefined : createReporter(run);
  const logger = log === undefined ? undefined : createLogger(run, log);
  const handle = (event: Event) => {
    logger?.handle(event);
    reporter?.handle(event);
  };
  const { signal, kill } = host.interruptible();
  let result: RunResult;
  await reporter?.begin();
  // A short virtual run never waits for anything: in a long series of them no signal would ever be heard.
  await eventLoopTurn();
  try {
    result = await engine.run(plan, {
      mode: args.mode,
      source,
      signal,
      kill,
      handle,
      strict: args.strict && args.repeat === 1,
      logValues: args.logValues,
      ...(args.keepWorkspace ? { keepWorkspace: (folder) => sayKept(host, folder) } : {}),
    });
  } catch (error) {
    return { ending: sayBroken(host, error, plan.seed) };
  } finally {
    logger?.end();
    await reporter?.end();
  }
  const { verdict, violation } = result;
  if (violation !== null) {
    const text = `event ${violation.seq} cannot have happened: ${violation.text}`;
    return { ending: sayBug(host, text, plan.seed), verdict };
  }
  return { ending: host.interruptible().ending() ?? verdict.outcome, verdict };
}

function sayKept({ stderr }: Host, folder: string): void {
  stderr.write(`concur: the workspace is kept: ${harmless(folder)}\n`);
}

/** The summary of a run, for people. */
export function writeSummary({ engine, host, args, plan, source }: RunToDo, verdict: Verdict): void {
  const { palette, places } = appearance(engine, host, source);
  const detail = { quiet: 'brief', normal: 'full', verbose: 'verbose' } as const;
  const command = engine.runAgainCommand({ ...args, ...planOf(host, plan) });
  host.stdout.write(
    engine.summaryText({ plan, verdict, places, palette, detail: detail[args.detail], command }),
  );
}

/** What a plan and the host say of the command to copy. */
export function planOf({ startedAs }: Host, { caseName, seed }: Plan) {
  return { startedAs, caseName, seed };
}

const columnsWithoutTerminal = 100;

/** Colours and code frames as they suit standard output. */
export function appearance(engine: Engine, { env, stdout }: Host, source: Source) {
  const { live, colour } = engine.chooseUse({ ...stdout.facts, env });
  const palette = engine.createPalette(colour);
  const columns = stdout.facts.columns || columnsWithoutTerminal;
  return { live, palette, places: engine.createPlaces(source, { palette, columns }) };
}

function createReporter({ engine, host, args, plan, source }: RunToDo): Reporter {
  const { live, palette, places } = appearance(engine, host, source);
  const { write } = host.stdout;
  if (args.detail === 'verbose') return engine.createPlain(plan, { write, places, detail: 'everything' });
  if (!live) return engine.createPlain(plan, { write, places, detail: 'ends' });
  const { size, now, every } = host;
  return engine.createView(plan, { write, size, palette, places, now, every, mode: args.mode });
}

function createLogger({ engine, host, args, plan, source }: RunToDo, { write }: LogFile) {
  const places = engine.createPlaces(source, {
    palette: engine.createPalette(false),
    columns: columnsWithoutTerminal,
  });
  return engine.createLogWriter(plan, {
    mode: args.mode,
    concur: host.version,
    lineOf: ({ span }) => places.position(span)?.line,
    write,
  });
}
