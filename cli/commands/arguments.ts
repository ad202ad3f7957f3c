/**
 * The command line as data: what was asked for, or what is wrong with it. Pure: it reads no file and prints nothing.
 */
import { Command, CommanderError } from 'commander';
import { exitCodeHelp } from '../exit-code.ts';
import { addReportCommand, type ReportArguments } from '../suite/report-arguments.ts';
import { addCheckCommand, type CheckArguments } from './check-arguments.ts';
import {
  addSetting,
  greatestSeed,
  mostRepeats,
  type RunSettings,
  type Setting,
  wholeNumber,
} from './option-values.ts';
import { addReplayCommand, type ReplayArguments } from './replay-arguments.ts';
import { addTeachingCommands, type TeachingArguments } from './teaching-arguments.ts';
import { addTestCommand, type TestArguments } from './test-arguments.ts';

export type RunArguments = RunSettings & {
  readonly command: 'run';
  /** `-` is standard input. */
  readonly file: string;
  readonly caseName?: string;
  readonly log?: string;
  /** The log says what reads of vars saw. */
  readonly logValues: boolean;
  /** Its files stay when it is over. */
  readonly keepWorkspace?: true;
  /** Where the schedule of a virtual run that fails goes. */
  readonly save?: string;
  readonly detail: 'quiet' | 'normal' | 'verbose';
  /** What was not exercised is a failure. */
  readonly strict: boolean;
  readonly json: boolean;
};

export type ValidateArguments = {
  readonly command: 'validate';
  readonly files: readonly string[];
  readonly json: boolean;
};

export type Invocation =
  | RunArguments
  | TestArguments
  | CheckArguments
  | ReplayArguments
  | ReportArguments
  | ValidateArguments
  | TeachingArguments
  /** `--help`, `--version`: print this and be done. */
  | { readonly command: 'say'; readonly text: string }
  /** Used wrongly: one line, without a full stop. */
  | { readonly command: 'mistake'; readonly message: string };

/** @param argv without the interpreter and the script */
export function parseArguments(argv: readonly string[], version: string): Invocation {
  const parsing = new Parsing(version);
  try {
    parsing.program.parse(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return parsing.ended(error);
    throw error;
  }
  if (parsing.invocation === undefined) throw new Error(`nothing came of ${JSON.stringify(argv)}`);
  return parsing.invocation;
}

/** What commander understood so far; it reports through callbacks and exceptions. */
class Parsing {
  readonly program: Command;
  invocation: Invocation | undefined;
  #said = '';

  constructor(version: string) {
    this.program = new Command('concur')
      .description(
        'Run scenarios of tasks, locks, semaphores and queues, for real or in virtual time, and judge what happened.',
      )
      .version(version, '-V, --version', 'print the version')
      .helpOption('-h, --help', 'print this help')
      .helpCommand(false)
      .exitOverride()
      .configureOutput({ writeOut: (text) => this.#hear(text), writeErr: () => {} })
      .addHelpText('after', `\n${examples}`)
      .addHelpText('afterAll', `\n${exitCodeHelp()}`);
    this.#addRun();
    this.#addValidate();
    const take = (invocation: Invocation) => {
      this.invocation = invocation;
    };
    addTestCommand(this.program, take);
    addReportCommand(this.program, take);
    addCheckCommand(this.program, take);
    addReplayCommand(this.program, take);
    addTeachingCommands(this.program, take);
  }

  ended({ code, exitCode, message }: CommanderError): Invocation {
    if (exitCode === 0) return { command: 'say', text: this.#said };
    if (code === 'commander.help')
      return { command: 'mistake', message: 'no command given (see concur --help)' };
    const [word = ''] = this.program.args;
    const isFile = code === 'commander.unknownCommand' && /[./\\]/.test(word);
    return {
      command: 'mistake',
      message: `${oneLine(message)}${isFile ? ` (to run a scenario: concur run ${word})` : ''}`,
    };
  }

  #hear(text: string) {
    this.#said += text;
  }

  #addRun() {
    this.program
      .command('run')
      .description('run a scenario and judge its expectations; without --case, in each of its cases')
      .argument('<file>', 'the scenario, or - for standard input')
      .option('--case <name>', 'run only this case')
      .option('--set <name=value>', 'set a parameter (can be repeated)', addSetting)
      .option(
        '--seed <number>',
        'seed of all random choices; by default a new one each time',
        wholeNumber(0, greatestSeed),
      )
      .option(
        '--repeat <times>',
        'run several times, each time with another seed, derived from --seed',
        wholeNumber(1, mostRepeats),
        1,
      )
      .option('--timeout <duration>', 'stop the run after this time: 30s, 1m30s')
      .option(
        '--virtual',
        'simulate: virtual time, no real threads or processes; the same seed gives the same run',
      )
      .option('--no-exec', 'refuse scenarios that run commands or functions: for files that you do not trust')
      .option('--log <file>', 'write every event into a file, as JSON Lines')
      .option('--log-values', 'with --log: say also what reads of vars saw')
      .option(
        '--save <file>',
        'with --virtual: write the steps of a run that fails into a file, for concur replay',
      )
      .option('--keep-workspace', 'leave the folder of the run, CONCUR_WORKSPACE, and say where it is')
      .option('-q, --quiet', 'print only failures and the verdict')
      .option('-v, --verbose', 'print every start, wait and operation, too')
      .option('--strict', 'fail where something never happened: a step, a wait for a lock, a timeout')
      .option('--json', 'print only the verdict, as a JSON document')
      .action((file: string, options: RunOptions) => {
        this.invocation = runArguments(file, options);
      });
  }

  #addValidate() {
    this.program
      .command('validate')
      .description('look for mistakes in scenarios without running them')
      .argument('<files...>', 'the scenarios; - is standard input')
      .option('--json', 'print the mistakes found as a JSON document')
      .action((files: readonly string[], { json }: { readonly json?: true }) => {
        this.invocation = { command: 'validate', files, json: json === true };
      });
  }
}

const examples = `Examples:
  concur run toilet.yaml                          run it for real and watch
  concur run toilet.yaml --set visitors=20        with another value of a parameter
  concur run race.yaml --virtual --repeat 1000    a thousand simulated runs, fast
  concur run race.yaml --seed 42 --log run.jsonl  write every event into a file
  concur check locks.yaml                         search every interleaving for a bug
  concur replay locks.yaml way.json               play again what check --save way.json found
  concur test scenarios --reporter junit=out.xml  every case in a folder, and a report for CI
  concur test scenarios --shard 2/3 --output out  a third of them, and all that comes of it
  concur report --merge part-1 part-2 part-3      the parts as one report
  concur validate scenarios/*.yaml                look for mistakes without running
  concur explain unknown-key                      what an error code means
  concur init processes -o server.yaml            a scenario to start from`;

/** As commander hands them over: a flag that was not given is missing. */
type RunOptions = {
  readonly case?: string;
  readonly set?: readonly Setting[];
  readonly seed?: number;
  readonly repeat: number;
  readonly timeout?: string;
  readonly virtual?: true;
  readonly exec: boolean;
  readonly log?: string;
  readonly logValues?: true;
  readonly save?: string;
  readonly keepWorkspace?: true;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly strict?: true;
  readonly json?: true;
};

function runArguments(file: string, options: RunOptions): Invocation {
  const {
    case: caseName,
    set = [],
    seed,
    repeat,
    timeout,
    virtual,
    log,
    save,
    quiet,
    verbose,
    json,
  } = options;
  const conflict = conflictIn(options);
  if (conflict !== undefined) return { command: 'mistake', message: conflict };
  return {
    command: 'run',
    file,
    ...(caseName === undefined ? {} : { caseName }),
    set,
    ...(seed === undefined ? {} : { seed }),
    repeat,
    ...(timeout === undefined ? {} : { timeout }),
    mode: virtual ? 'virtual' : 'real',
    ...(options.exec ? {} : { noExec: true as const }),
    ...(log === undefined ? {} : { log }),
    logValues: options.logValues === true,
    ...(options.keepWorkspace ? { keepWorkspace: true as const } : {}),
    ...(save === undefined ? {} : { save }),
    detail: quiet ? 'quiet' : verbose ? 'verbose' : 'normal',
    strict: options.strict === true,
    json: json === true,
  };
}

function conflictIn(options: RunOptions): string | undefined {
  const { quiet, verbose, json, log, logValues, save, virtual, repeat, keepWorkspace } = options;
  if (quiet && verbose) return "options '--quiet' and '--verbose' exclude each other";
  if (json && verbose) return "options '--json' and '--verbose' exclude each other";
  if (log !== undefined && repeat > 1) {
    return "option '--log' takes one run: leave out '--repeat', and give the run's '--seed'";
  }
  if (keepWorkspace && virtual)
    return "option '--keep-workspace' is for real runs: in virtual time there are no files";
  if (logValues && log === undefined)
    return "option '--log-values' needs '--log', the file that is to have them";
  if (save !== undefined && virtual !== true)
    return "option '--save' is for runs in virtual time: add '--virtual', or write a '--log' and replay that";
  if (log === '-' || save === '-')
    return `option '${log === '-' ? '--log' : '--save'}' needs the name of a file`;
  return undefined;
}

/** `error: unknown option '--sed'\n(Did you mean --seed?)` → `unknown option '--sed' (did you mean --seed?)` */
function oneLine(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace('(Did you mean', '(did you mean')
    .replace(/\.$/, '');
}
