/**
 * From the cases of a suite to those that are run here, in their order: all of them, a shard, those that did not pass the last time.
 */
import type { SuiteCase } from '../../engine/command.ts';
import type { Entry } from '../commands/suite.ts';
import type { TestArguments } from '../commands/test-arguments.ts';
import { readDurations } from './durations-file.ts';
import type { FailedCases } from './failed-cases.ts';
import { dealOut } from './shard.ts';

export type ChosenCases = {
  readonly entries: readonly Entry[];
  /** A hash of the durations by which they were dealt out. */
  readonly durations: string | null;
  /** What is to be said about the choice. */
  readonly notes: readonly string[];
};

export async function chooseCases(
  all: readonly Entry[],
  args: TestArguments,
  failedCases: FailedCases,
): Promise<ChosenCases | { readonly mistake: string }> {
  if (args.failed) return onlyFailed(all, args, failedCases);
  const dealt = await ownShard(all, args);
  if ('mistake' in dealt || !args.failedFirst) return dealt;
  const hasFailed = ({ case: one }: Entry) => failedCases.has(one);
  const first = dealt.entries.filter(hasFailed);
  return { ...dealt, entries: numbered([...first, ...dealt.entries.filter((entry) => !hasFailed(entry))]) };
}

/** Where nothing failed, all are run: a suite of nothing would look like one that passed. */
function onlyFailed(
  all: readonly Entry[],
  { output }: TestArguments,
  failedCases: FailedCases,
): ChosenCases | { readonly mistake: string } {
  const place = output ?? '.concur';
  if (failedCases.isEmpty)
    return {
      entries: all,
      durations: null,
      notes: [`no case that failed is known in ${place}: all are run`],
    };
  const entries = numbered(all.filter(({ case: one }) => failedCases.has(one))).map(placed);
  if (entries.length > 0) return { entries, durations: null, notes: [] };
  return {
    mistake: `none of these cases failed the last time, as ${place}/failed.json has it: leave out '--failed'`,
  };
}

async function ownShard(
  all: readonly Entry[],
  { shard, durations: file }: TestArguments,
): Promise<ChosenCases | { readonly mistake: string }> {
  if (shard === undefined) return { entries: all, durations: null, notes: [] };
  const read = file === undefined ? undefined : await readDurations(file);
  if (read !== undefined && 'mistake' in read) return read;
  const cases: readonly SuiteCase[] = all.map((entry) => entry.case);
  const shardOf = dealOut(cases, shard.count, read?.durations);
  const entries = numbered(all.filter(({ place }) => shardOf[place] === shard.index));
  const notes = [
    ...(read?.isMissing ? [`there is no ${file} yet: cases are dealt out by their place`] : []),
    ...(entries.length === 0
      ? [`part ${shard.index} of ${shard.count} has no case: the suite has ${all.length}`]
      : []),
  ];
  return { entries, durations: read?.hash ?? null, notes };
}

/** They are the whole suite then. */
function placed(entry: Entry): Entry {
  return { ...entry, place: entry.case.index };
}

function numbered(entries: readonly Entry[]): readonly Entry[] {
  return entries.map((entry, index) => ({ ...entry, case: { ...entry.case, index } }));
}
