/**
 * The command line of `concur check` as data.
 */
import type { Command } from 'commander';
import { addSetting, greatestSeed, mostRepeats, type Setting, wholeNumber } from './option-values.ts';

export type CheckArguments = {
  readonly command: 'check';
  readonly files: readonly string[];
  readonly caseName?: string;
  readonly set: readonly Setting[];
  readonly seed: number;
  readonly maxStates?: number;
  /** Megabytes. */
  readonly maxMemory?: number;
  /** As written: the engine reads lengths of time. */
  readonly timeout: string;
  readonly symmetry: boolean;
  /** So many real runs beside the search. */
  readonly observe?: number;
  readonly full: boolean;
  readonly mermaid: boolean;
  readonly verbose: boolean;
  readonly strict: boolean;
  readonly json: boolean;
};

/** As commander hands them over: a flag that was not given is missing. */
type CheckOptions = {
  readonly case?: string;
  readonly set?: readonly Setting[];
  readonly seed: number;
  readonly maxStates?: number;
  readonly maxMemory?: number;
  readonly timeout: string;
  readonly symmetry: boolean;
  readonly observe?: number;
  readonly full?: true;
  readonly mermaid?: true;
  readonly verbose?: true;
  readonly strict?: true;
  readonly json?: true;
};

/** Adds `check` to the program; what is understood of it is given to `take`. */
export function addCheckCommand(program: Command, take: (invocation: CheckArguments) => void): void {
  program
    .command('check')
    .description('look at every interleaving of a scenario; without --case, of every case of it')
    .argument('<files...>', 'the scenarios; - is standard input')
    .option('--case <name>', 'check only this case')
    .option('--set <name=value>', 'set a parameter (can be repeated)', addSetting)
    .option('--seed <number>', 'what samples of schedules are drawn from', wholeNumber(0, greatestSeed), 1)
    .option('--max-states <number>', 'stop after so many states', wholeNumber(1, 2 ** 30))
    .option('--max-memory <megabytes>', 'stop at so much memory for states', wholeNumber(1, 2 ** 20))
    .option('--timeout <duration>', 'stop the search for a case after this time', '60s')
    .option('--no-symmetry', 'count each replica as itself: the same verdict from more states')
    .option('--observe <runs>', 'real runs: how often each result comes', wholeNumber(1, mostRepeats))
    .option('--full', 'every step of a way that breaks something')
    .option('--mermaid', 'only the steps that break something, as a Mermaid sequence diagram')
    .option('-v, --verbose', 'where it is that something never happens in any order')
    .option('--strict', 'what never happens in any order is a failure')
    .option('--json', 'only the verdict, as a JSON document')
    .action((files: readonly string[], options: CheckOptions) => take(checkArguments(files, options)));
}

function checkArguments(files: readonly string[], options: CheckOptions): CheckArguments {
  const { case: caseName, set = [], seed, maxStates, maxMemory, timeout, symmetry, full, json } = options;
  const { observe, mermaid, verbose, strict } = options;
  return {
    command: 'check',
    files,
    ...(caseName === undefined ? {} : { caseName }),
    set,
    seed,
    ...(maxStates === undefined ? {} : { maxStates }),
    ...(maxMemory === undefined ? {} : { maxMemory }),
    timeout,
    symmetry,
    ...(observe === undefined ? {} : { observe }),
    full: full === true,
    mermaid: mermaid === true,
    verbose: verbose === true,
    strict: strict === true,
    json: json === true,
  };
}
