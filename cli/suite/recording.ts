/**
 * All that is written about a suite while it runs, beside its reports: what `--output` has, and which cases did not pass.
 */
import { join } from 'node:path';
import type { CaseEnd, SuiteStop } from '../../engine/command.ts';
import type { Entry } from '../commands/suite.ts';
import { fileProblem } from '../files/read-source.ts';
import type { Engine, Host } from '../host.ts';
import { folderName } from './case-names.ts';
import { writeDurations } from './durations-file.ts';
import { createEvidence, type Evidence } from './evidence.ts';
import type { FailedCases } from './failed-cases.ts';
import { claimOutputFolder } from './output-folder.ts';
import { openResultsFile, type ResultsHeader } from './results-file.ts';

export type Recording = {
  readonly began: (entry: Entry) => void;
  readonly evidenceOf: (entry: Entry) => Evidence | undefined;
  /** The case's end, with where its evidence is. */
  readonly ended: (entry: Entry, end: CaseEnd) => CaseEnd;
  readonly over: (stop: SuiteStop | null, durationUs: number) => void;
  /** What could not be written. */
  readonly close: () => Promise<readonly string[]>;
};

type Options = {
  readonly engine: Engine;
  readonly host: Host;
  readonly output: string | undefined;
  readonly keep: 'failed' | 'all';
  readonly header: ResultsHeader;
  readonly failedCases: FailedCases;
};

export function openRecording(options: Options): Recording | { readonly mistake: string } {
  const { output, failedCases } = options;
  if (output !== undefined) return openFolder(options, output);
  return {
    began() {},
    evidenceOf: () => undefined,
    ended(_, end) {
      failedCases.note(end);
      return end;
    },
    over() {},
    close: async () => [],
  };
}

function openFolder(
  { engine, host, keep, header, failedCases }: Options,
  folder: string,
): Recording | { readonly mistake: string } {
  const mistake = claimOutputFolder(folder);
  if (mistake !== undefined) return { mistake };
  const results = openResultsFile({ engine, host, folder }, header);
  if ('mistake' in results) return results;
  const problems = new Set<string>();
  const evidences = new Map<Entry, Evidence>();
  const ends: CaseEnd[] = [];
  return {
    began: ({ place }) => results.began(place),
    evidenceOf(entry) {
      const own = join(folder, pathOf(entry));
      const onProblem = (problem: string) => void problems.add(problem);
      const evidence = createEvidence({ engine, host, folder: own, keep, onProblem });
      evidences.set(entry, evidence);
      return evidence;
    },
    ended(entry, given) {
      const found = { ...given, evidence: pathOf(entry) };
      const end = evidences.get(entry)?.finish(found) === true ? found : given;
      evidences.delete(entry);
      ends.push(end);
      results.ended(entry.place, end, entry.set);
      failedCases.note(end);
      return end;
    },
    over(stop, durationUs) {
      results.over(stop, durationUs);
      try {
        writeDurations(folder, ends);
      } catch (error) {
        problems.add(fileProblem('write', folder, error));
      }
    },
    async close() {
      const problem = await results.close();
      return [...problems, ...(problem === undefined ? [] : [problem])];
    },
  };
}

function pathOf({ place, case: one }: Entry): string {
  return `cases/${folderName(place, one)}`;
}
