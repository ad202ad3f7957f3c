/**
 * The command line of `concur replay` as data.
 */
import type { Command } from 'commander';
import { addSetting, type Setting } from './option-values.ts';

export type ReplayArguments = {
  readonly command: 'replay';
  readonly file: string;
  /** A file that `--save` wrote, or a line. */
  readonly schedule: { readonly file: string } | { readonly line: string };
  readonly caseName?: string;
  readonly set: readonly Setting[];
  /** Forced on threads and processes. */
  readonly real: boolean;
  /** One moment at a time. */
  readonly step: boolean;
  readonly full: boolean;
  readonly json: boolean;
};

export type ReplayInvocation = ReplayArguments | { readonly command: 'mistake'; readonly message: string };

/** As commander hands them over: a flag that was not given is missing. */
type ReplayOptions = {
  readonly schedule?: string;
  readonly case?: string;
  readonly set?: readonly Setting[];
  readonly real?: true;
  readonly step?: true;
  readonly full?: true;
  readonly json?: true;
};

/** Adds `replay` to the program; what is understood of it is given to `take`. */
export function addReplayCommand(program: Command, take: (invocation: ReplayInvocation) => void): void {
  program
    .command('replay')
    .description('play again in virtual time what `concur check` found, or what is in the log of a run')
    .argument('<file>', 'the scenario, or - for standard input')
    .argument('[schedule]', 'a file that `--save` wrote, or the log of a run')
    .option('--schedule <line>', 'the schedule itself, as `concur check` prints it')
    .option('--case <name>', 'the case; that of the schedule, without it')
    .option('--set <name=value>', 'set a parameter (can be repeated)', addSetting)
    .option('--real', 'force the steps on real threads and processes')
    .option('--step', 'walk through it in the terminal, one step at a time, forward and back')
    .option('--full', 'every step, not only the first and the last')
    .option('--json', 'only the verdict, as a JSON document')
    .action((file: string, schedule: string | undefined, options: ReplayOptions) =>
      take(replayArguments(file, schedule, options)),
    );
}

function replayArguments(
  file: string,
  path: string | undefined,
  { schedule, case: caseName, set = [], real, step, full, json }: ReplayOptions,
): ReplayInvocation {
  if ((path === undefined) === (schedule === undefined)) {
    const message = "'concur replay' takes one schedule: a file, or a line with '--schedule'";
    return { command: 'mistake', message };
  }
  if (step && json)
    return { command: 'mistake', message: "options '--step' and '--json' exclude each other" };
  return {
    command: 'replay',
    file,
    schedule: path === undefined ? { line: schedule ?? '' } : { file: path },
    ...(caseName === undefined ? {} : { caseName }),
    set,
    real: real === true,
    step: step === true,
    full: full === true,
    json: json === true,
  };
}
