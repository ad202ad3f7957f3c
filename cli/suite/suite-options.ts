/**
 * What `concur test` can be told about a suite as a whole, beyond what its cases are and how each is run.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { wholeNumber } from '../commands/option-values.ts';
import type { Shard } from './shard.ts';

const mostRetries = 100;
const mostShards = 10_000;
const mostSlowest = 1000;

export type SuiteSettings = {
  /** How often a case that does not pass is tried again. */
  readonly retries: number;
  /** A case that passes only then is a failure. */
  readonly failOnFlaky: boolean;
  /** The folder for all that came of the suite. */
  readonly output?: string;
  /** Of which cases evidence is kept there. */
  readonly keep: 'failed' | 'all';
  readonly shard?: Shard;
  /** The file by which cases are dealt out to shards. */
  readonly durations?: string;
  /** Only cases that did not pass when they were last run. */
  readonly failed: boolean;
  readonly failedFirst: boolean;
  /** The cases are named, and none is run. */
  readonly list: boolean;
  /** How many of the slowest cases are told. */
  readonly slowest: number;
};

/** As commander hands them over: a flag that was not given is missing. */
export type SuiteOptions = {
  readonly retries: number;
  readonly failOnFlaky?: true;
  readonly output?: string;
  readonly keep?: 'failed' | 'all';
  readonly shard?: Shard;
  readonly durations?: string;
  readonly failed?: true;
  readonly failedFirst?: true;
  readonly list?: true;
  readonly slowest: number;
};

export function addSuiteOptions(command: Command): Command {
  return addReportOptions(command)
    .option(
      '--retries <times>',
      'try a case that does not pass so often again: if it passes then, it is flaky',
      wholeNumber(0, mostRetries),
      0,
    )
    .addOption(
      new Option(
        '--keep <which>',
        'with --output: of which cases evidence is kept (default: failed)',
      ).choices(['failed', 'all']),
    )
    .option('--shard <i/n>', 'run only one part of n, by place: 2/3 is the second of three', shardOf)
    .option('--durations <file>', 'with --shard: parts that take equally long, by a durations.json')
    .option('--failed', 'run only cases that did not pass the last time')
    .option('--failed-first', 'run cases that did not pass the last time before the others')
    .option('--list', 'name the cases, without running them');
}

/** Those that reports alone need. */
export function addReportOptions(command: Command): Command {
  return command
    .option(
      '--output <folder>',
      'write all that came of it there: reports, results, and evidence for each case that does not pass',
    )
    .option('--fail-on-flaky', 'exit with 1 if a case is flaky')
    .option('--slowest <number>', 'tell so many of the slowest cases', wholeNumber(0, mostSlowest), 0);
}

export function suiteSettings(options: SuiteOptions): SuiteSettings {
  const { retries, output, keep = 'failed', shard, durations, slowest } = options;
  return {
    ...{ retries, keep, slowest },
    ...(output === undefined ? {} : { output }),
    ...(shard === undefined ? {} : { shard }),
    ...(durations === undefined ? {} : { durations }),
    failOnFlaky: options.failOnFlaky === true,
    failed: options.failed === true,
    failedFirst: options.failedFirst === true,
    list: options.list === true,
  };
}

/** Options that have no meaning together, or alone. */
export function suiteConflict(options: SuiteOptions): string | undefined {
  const { keep, output, durations, shard, failed, failedFirst } = options;
  if (output === '') return "option '--output' needs the name of a folder";
  if (keep !== undefined && output === undefined)
    return "option '--keep' needs '--output', the folder that evidence is kept in";
  if (durations !== undefined && shard === undefined)
    return "option '--durations' needs '--shard': it says which cases are in which part";
  if (failed && shard !== undefined)
    return "options '--failed' and '--shard' exclude each other: each part would know of its own failures only";
  if (failed && failedFirst) return "options '--failed' and '--failed-first' exclude each other";
  return undefined;
}

function shardOf(text: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (index === undefined || count === undefined || index < 1 || index > count || count > mostShards)
    throw new InvalidArgumentError(`It must be i/n, from 1/n to n/n, with at most ${mostShards} parts.`);
  return { index, count };
}
