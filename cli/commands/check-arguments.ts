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
  readonly reduction: boolean;
  /** A file for the steps that break something. */
  readonly save?: string;
  /** So many real runs beside the search. */
  readonly observe?: number;
  /** The log of a run whose result is looked for among those found. */
  readonly from?: string;
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
  readonly reduction: boolean;
  readonly observe?: number;
  readonly from?: string;
  readonly save?: string;
  readonly full?: true;
  readonly mermaid?: true;
  readonly verbose?: true;
  readonly strict?: true;
  readonly json?: true;
};

export type CheckInvocation = CheckArguments | { readonly command: 'mistake'; readonly message: string };

/** Adds `check` to the program; what is understood of it is given to `take`. */
export function addCheckCommand(program: Command, take: (invocation: CheckInvocation) => void): void {
  program
    .command('check')
    .description(
      'search every interleaving of the tasks of a scenario for one that breaks an expectation; without --case, in each of its cases',
    )
    .argument('<files...>', 'the scenarios; - is standard input')
    .option('--case <name>', 'check only this case')
    .option('--set <name=value>', 'set a parameter (can be repeated)', addSetting)
    .option(
      '--seed <number>',
      'seed of the interleavings that are tried at random beside the search',
      wholeNumber(0, greatestSeed),
      1,
    )
    .option(
      '--max-states <number>',
      'stop the search of a case after this many states',
      wholeNumber(1, 2 ** 30),
    )
    .option(
      '--max-memory <megabytes>',
      'stop the search of a case when its states need more memory',
      wholeNumber(1, 2 ** 20),
    )
    .option('--timeout <duration>', 'stop the search of a case after this time', '60s')
    .option('--no-symmetry', 'do not treat replicas of a task as interchangeable: same verdict, more states')
    .option(
      '--no-reduction',
      'try every order of steps, even where it makes no difference: same verdict, more states',
    )
    .option(
      '--observe <runs>',
      'also run it for real this often, and count each result',
      wholeNumber(1, mostRepeats),
    )
    .option(
      '--from <log>',
      'also say whether what a run came to, by its log, is among what is found; case and parameters are those of the log',
    )
    .option('--save <file>', 'write the interleaving that breaks something into a file, for concur replay')
    .option('--full', 'show every step of a long interleaving, not just its beginning and end')
    .option('--mermaid', 'print only the interleaving that breaks something, as a Mermaid sequence diagram')
    .option('-v, --verbose', 'show the lines of what never happens in any interleaving')
    .option('--strict', 'fail if a step, wait or limit of the scenario never happens in any interleaving')
    .option('--json', 'print only the verdict, as a JSON document')
    .action((files: readonly string[], options: CheckOptions) => take(checkArguments(files, options)));
}

function checkArguments(files: readonly string[], options: CheckOptions): CheckInvocation {
  const conflict = conflictIn(files, options);
  if (conflict !== undefined) return { command: 'mistake', message: conflict };
  const { case: caseName, set = [], seed, maxStates, maxMemory, timeout, full, json } = options;
  const { symmetry, reduction, observe, from, save, mermaid, verbose, strict } = options;
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
    reduction,
    ...(observe === undefined ? {} : { observe }),
    ...(from === undefined ? {} : { from }),
    ...(save === undefined ? {} : { save }),
    full: full === true,
    mermaid: mermaid === true,
    verbose: verbose === true,
    strict: strict === true,
    json: json === true,
  };
}

function conflictIn(
  files: readonly string[],
  { from, case: caseName, set }: CheckOptions,
): string | undefined {
  if (from === undefined) return undefined;
  if (files.length > 1) return "option '--from' takes one scenario: that of the log";
  if (caseName !== undefined) return "option '--from' takes the case from the log: leave out '--case'";
  return set === undefined
    ? undefined
    : "option '--from' takes the parameters from the log: leave out '--set'";
}
