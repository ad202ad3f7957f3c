/**
 * What `concur test` can be told about a suite as a whole, beyond what its cases are and how each is run.
 */
import type { Command } from 'commander';
import { wholeNumber } from '../commands/option-values.ts';

const mostRetries = 100;

export type SuiteSettings = {
  /** How often a case that does not pass is tried again. */
  readonly retries: number;
  /** A case that passes only then is a failure. */
  readonly failOnFlaky: boolean;
};

/** As commander hands them over: a flag that was not given is missing. */
export type SuiteOptions = {
  readonly retries: number;
  readonly failOnFlaky?: true;
};

export function addSuiteOptions(command: Command): Command {
  return command
    .option(
      '--retries <times>',
      'try a case that does not pass so often again: if it passes then, it is flaky',
      wholeNumber(0, mostRetries),
      0,
    )
    .option('--fail-on-flaky', 'exit with 1 if a case is flaky');
}

export function suiteSettings({ retries, failOnFlaky }: SuiteOptions): SuiteSettings {
  return { retries, failOnFlaky: failOnFlaky === true };
}
