/**
 * How a suite is to be reported, as options say it.
 */
import { type Command, InvalidArgumentError } from 'commander';

const reporterNames = ['plain', 'junit', 'tap', 'json', 'github'] as const;

export type ReporterName = (typeof reporterNames)[number];

/** Without a file it is standard output's. */
export type ReporterChoice = { readonly name: ReporterName; readonly file?: string };

/** As commander hands them over: a flag that was not given is missing. */
export type ReporterOptions = {
  readonly reporter?: readonly ReporterChoice[];
  readonly json?: true;
  readonly quiet?: true;
};

export function addReporterOptions(command: Command): Command {
  return command
    .option(
      '--reporter <name[=file]>',
      `how to report: ${reporterNames.join(', ')} (can be repeated)`,
      addReporter,
    )
    .option('--json', 'the same as --reporter json')
    .option('-q, --quiet', 'print only cases that do not pass, and the totals');
}

export function completeReporters({
  reporter = [],
  json,
}: ReporterOptions): { readonly choices: readonly ReporterChoice[] } | { readonly mistake: string } {
  const choices = json ? [...reporter, { name: 'json' } as const] : reporter;
  const writers = choices.filter(({ name, file }) => file === undefined && name !== 'github');
  if (writers.length < 2) return { choices };
  return {
    mistake: `only one reporter can write to standard output: give the others files, such as '--reporter ${writers[0]?.name}=report.txt'`,
  };
}

function addReporter(text: string, choices: readonly ReporterChoice[] = []): readonly ReporterChoice[] {
  const [word = '', file] = text.split(/=(.*)/s);
  const name = reporterNames.find((one) => one === word);
  if (name === undefined) throw new InvalidArgumentError(`It must be one of ${reporterNames.join(', ')}.`);
  if (file === '') throw new InvalidArgumentError('The name of the file is missing.');
  return [...choices, file === undefined ? { name } : { name, file }];
}
