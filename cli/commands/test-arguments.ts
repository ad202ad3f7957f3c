/**
 * The command line of `concur test` as data.
 */
import { type Command, InvalidArgumentError } from 'commander';
import type { Judge } from '../../engine/command.ts';
import {
  addReporterOptions,
  completeReporters,
  type ReporterChoice,
  type ReporterOptions,
} from '../suite/reporter-options.ts';
import {
  addSuiteOptions,
  type SuiteOptions,
  type SuiteSettings,
  suiteConflict,
  suiteSettings,
} from '../suite/suite-options.ts';
import {
  addSetting,
  greatestSeed,
  mostRepeats,
  type RunSettings,
  type Setting,
  wholeNumber,
} from './option-values.ts';

const mostJobs = 1000;
export type TestArguments = RunSettings &
  SuiteSettings & {
    readonly command: 'test';
    /** Files, folders and patterns. */
    readonly paths: readonly string[];
    /** Of the cases, those that any of them fits; all, without one. */
    readonly filters: readonly Filter[];
    readonly tags: readonly string[];
    readonly skipTags: readonly string[];
    /** How cases are judged, whatever their scenarios say. */
    readonly judges?: readonly Judge[];
    readonly bail: boolean;
    /** How many cases may run at once. */
    readonly jobs: number;
    readonly reporters: readonly ReporterChoice[];
    readonly detail: 'quiet' | 'normal';
  };

/** Text that occurs, whatever its case, or a pattern. */
export type Filter = string | RegExp;

type TestInvocation = TestArguments | { readonly command: 'mistake'; readonly message: string };

/** Adds `test` to the program; what is understood of it is given to `take`. */
export function addTestCommand(program: Command, take: (invocation: TestInvocation) => void): void {
  const command = program
    .command('test')
    .description('run every case of many scenarios, and report them together')
    .argument('[paths...]', 'files, folders and patterns; by default the current folder')
    .option(
      '--filter <text>',
      'only cases whose file, scenario or case name contains this text; /…/ is a regular expression',
      addFilter,
    )
    .option('--tag <tag>', 'only scenarios with this tag', addText)
    .option('--skip-tag <tag>', 'no scenarios with this tag', addText)
    .option('--set <name=value>', 'set a parameter of all scenarios that have it', addSetting)
    .option(
      '--seed <number>',
      'seed of all random choices; by default a new one each time',
      wholeNumber(0, greatestSeed),
    )
    .option('--repeat <times>', 'run each case several times', wholeNumber(1, mostRepeats), 1)
    .option('--timeout <duration>', 'stop each run after this time: 30s, 1m30s')
    .option(
      '--virtual',
      'simulate: virtual time, no real threads or processes; the same seed gives the same run',
    )
    .option('--check', 'search every interleaving of each case, instead of running it')
    .option('--no-exec', 'refuse scenarios that run commands or functions: for files that you do not trust')
    .option('--jobs <number>', 'run this many cases at the same time', wholeNumber(1, mostJobs), 1)
    .option('--bail', 'stop after the first case that does not pass');
  addReporterOptions(addSuiteOptions(command)).action((paths: readonly string[], options: TestOptions) => {
    take(testArguments(paths, options));
  });
}

/** As commander hands them over: a flag that was not given is missing. */
type TestOptions = SuiteOptions &
  ReporterOptions & {
    readonly set?: readonly Setting[];
    readonly seed?: number;
    readonly repeat: number;
    readonly timeout?: string;
    readonly virtual?: true;
    readonly check?: true;
    readonly exec: boolean;
    readonly filter?: readonly Filter[];
    readonly tag?: readonly string[];
    readonly skipTag?: readonly string[];
    readonly jobs: number;
    readonly bail?: true;
  };

function testArguments(paths: readonly string[], options: TestOptions): TestInvocation {
  const { set = [], seed, repeat, timeout, virtual, filter = [], tag = [], skipTag = [] } = options;
  const { check, jobs, bail, quiet } = options;
  const judges: readonly Judge[] = [
    ...(virtual ? (['virtual'] as const) : []),
    ...(check ? (['check'] as const) : []),
  ];
  const reporters = completeReporters(options);
  if ('mistake' in reporters) return { command: 'mistake', message: reporters.mistake };
  const conflict = suiteConflict(options);
  if (conflict !== undefined) return { command: 'mistake', message: conflict };
  return {
    command: 'test',
    paths: paths.length === 0 ? ['.'] : paths,
    set,
    ...(seed === undefined ? {} : { seed }),
    repeat,
    ...(timeout === undefined ? {} : { timeout }),
    mode: virtual ? 'virtual' : 'real',
    ...(judges.length === 0 ? {} : { judges }),
    ...(options.exec ? {} : { noExec: true as const }),
    filters: filter,
    tags: tag,
    skipTags: skipTag,
    ...suiteSettings(options),
    bail: bail === true,
    jobs,
    reporters: reporters.choices,
    detail: quiet ? 'quiet' : 'normal',
  };
}

function addText(text: string, texts: readonly string[] = []): readonly string[] {
  return [...texts, text];
}

/** `/…/` and `/…/i` are regular expressions. */
function addFilter(text: string, filters: readonly Filter[] = []): readonly Filter[] {
  const [, pattern, flags] = /^\/(.+)\/([a-z]*)$/s.exec(text) ?? [];
  if (pattern === undefined) return [...filters, text];
  try {
    return [...filters, new RegExp(pattern, flags?.replace('g', ''))];
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? `${error.message}.` : '');
  }
}
