/**
 * From a file's name to the plans to run: one, or one for each case.
 */
import type { Diagnostic, Plan, Source } from '../../engine/command.ts';
import type { RunArguments } from '../commands/arguments.ts';
import type { Engine } from '../host.ts';

export type Loaded = {
  /** Empty if there are errors. */
  readonly plans: readonly Plan[];
  readonly diagnostics: readonly Diagnostic[];
};

type Overrides = Pick<RunArguments, 'caseName' | 'seed'> & {
  readonly set: RunArguments['set'];
  readonly timeoutUs?: number;
  readonly noExec?: true;
  readonly mode?: RunArguments['mode'];
  readonly forCheck?: true;
};

/** A single length of time, not a range; microseconds. */
export function timeoutOf(engine: Engine, text: string): number | 'none' {
  const length = engine.parseDuration(text);
  return length === undefined || length.minUs !== length.maxUs ? 'none' : length.minUs;
}

/** What is wrong with a timeout that is none. */
export function timeoutMistake(text: string): string {
  return `'--timeout ${text}' is not a duration, such as 30s or 1m30s`;
}

/** Without a case named, every case of the scenario; findings of all of them. */
export async function loadPlans(engine: Engine, source: Source, overrides: Overrides): Promise<Loaded> {
  return loadedFrom(engine, await engine.loadCases(source, loadOptions(overrides)));
}

function loadOptions({ caseName, seed, set, timeoutUs, noExec, mode, forCheck }: Overrides) {
  return {
    set: Object.fromEntries(set),
    ...(caseName === undefined ? {} : { caseName }),
    ...(seed === undefined ? {} : { seed }),
    ...(timeoutUs === undefined ? {} : { timeoutUs }),
    ...(noExec === undefined ? {} : { noExec }),
    ...(mode === undefined ? {} : { mode }),
    ...(forCheck === undefined ? {} : { forCheck }),
  };
}

type Load = Awaited<ReturnType<Engine['loadScenario']>>;

function loadedFrom(engine: Engine, loads: readonly Load[]): Loaded {
  const diagnostics = loads.flatMap((load) => load.diagnostics);
  const plans = loads.map((load) => load.plan).filter((plan) => plan !== undefined);
  if (engine.hasErrors(diagnostics)) return { plans: [], diagnostics };
  if (plans.length < loads.length) throw new Error('a scenario without errors has no plan');
  return { plans, diagnostics };
}
