/**
 * The command line of `concur report` as data.
 */
import type { Command } from 'commander';
import {
  addReporterOptions,
  completeReporters,
  type ReporterChoice,
  type ReporterOptions,
} from './reporter-options.ts';
import { addReportOptions } from './suite-options.ts';

export type ReportArguments = {
  readonly command: 'report';
  /** Folders that `concur test --output` wrote, or that have such folders in them. */
  readonly folders: readonly string[];
  readonly output?: string;
  readonly failOnFlaky: boolean;
  readonly slowest: number;
  readonly reporters: readonly ReporterChoice[];
  readonly detail: 'quiet' | 'normal';
};

type ReportInvocation = ReportArguments | { readonly command: 'mistake'; readonly message: string };

/** As commander hands them over: a flag that was not given is missing. */
type Options = ReporterOptions & {
  readonly merge?: readonly string[];
  readonly output?: string;
  readonly failOnFlaky?: true;
  readonly slowest: number;
};

/** Adds `report` to the program; what is understood of it is given to `take`. */
export function addReportCommand(program: Command, take: (invocation: ReportInvocation) => void): void {
  const command = program
    .command('report')
    .description('report again on what `concur test --output` has kept, the parts of a suite as one')
    .option('--merge <folders...>', 'the folder of each part, or one that they are all in');
  addReporterOptions(addReportOptions(command)).action((options: Options) => take(reportArguments(options)));
}

function reportArguments(options: Options): ReportInvocation {
  const { merge = [], output, failOnFlaky, slowest, quiet } = options;
  if (merge.length === 0)
    return {
      command: 'mistake',
      message: "'concur report' needs '--merge', the folders that concur test --output wrote",
    };
  if (output === '') return { command: 'mistake', message: "option '--output' needs the name of a folder" };
  const reporters = completeReporters(options);
  if ('mistake' in reporters) return { command: 'mistake', message: reporters.mistake };
  return {
    command: 'report',
    folders: merge,
    ...(output === undefined ? {} : { output }),
    failOnFlaky: failOnFlaky === true,
    slowest,
    reporters: reporters.choices,
    detail: quiet ? 'quiet' : 'normal',
  };
}
