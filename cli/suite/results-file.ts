/**
 * `results.jsonl`: what came of each case of a suite, or of a shard of one, a line at a time and as soon as it is known.
 *
 * The first line says of which suite: the whole list of cases, also where only a shard of them is run. So shards that do not belong
 * together can be told apart, and what is missing can be named. Without the last line the command was ended before its time.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { CaseEnd, Judge, Source, SuiteCase, SuiteStop } from '../../engine/command.ts';
import type { Entry } from '../commands/suite.ts';
import type { TestArguments } from '../commands/test-arguments.ts';
import { type LogFile, openLogFile } from '../files/log-file.ts';
import type { Engine, Host } from '../host.ts';
import { resultsName } from './output-folder.ts';
import type { Shard } from './shard.ts';

/** A case of the whole suite. */
export type ListedCase = Omit<SuiteCase, 'index'> & { readonly judged: Judge };

export type ResultsHeader = {
  readonly concurResults: 1;
  readonly version: string;
  readonly shard: Shard;
  readonly cases: readonly ListedCase[];
  /** By file: a hash of its text; null where it could not be read. */
  readonly files: Readonly<Record<string, string | null>>;
  /** All that may change what comes of a case. */
  readonly settings: ResultsSettings;
  /** A hash of the durations by which cases were dealt out. */
  readonly durations: string | null;
};

export type ResultsSettings = ReturnType<typeof settingsOf>;

export type ResultsLine =
  | { readonly began: number }
  /** Before the first case of its file. */
  | { readonly source: { readonly file: string; readonly base64: string } }
  | { readonly ended: number; readonly record: unknown; readonly set: Entry['set'] }
  | { readonly over: SuiteStop | null; readonly durationUs: number };

export type ResultsFile = {
  readonly began: (place: number) => void;
  readonly ended: (place: number, end: CaseEnd, set: Entry['set']) => void;
  readonly over: (stop: SuiteStop | null, durationUs: number) => void;
  /** What could not be written. */
  readonly close: () => Promise<string | undefined>;
};

/** Everything but what only says which cases there are, which the list says, and what is made of them. */
export function settingsOf(args: TestArguments) {
  const { command: _, paths, filters, tags, skipTags, jobs, bail, reporters, detail, ...rest } = args;
  const { output, keep, shard, durations, failed, failedFirst, list, slowest, failOnFlaky, ...settings } =
    rest;
  return settings;
}

export function openResultsFile(
  { engine, host, folder }: { readonly engine: Engine; readonly host: Host; readonly folder: string },
  header: ResultsHeader,
): ResultsFile | { readonly mistake: string } {
  const file = openLogFile(join(folder, resultsName), [], 'list of results');
  if ('mistake' in file) return file;
  const sources = new Set<string>();
  const write = writerOf(engine, file);
  write(header);
  return {
    began: (place) => write({ began: place }),
    ended(place, end, set) {
      const { source } = end;
      if (source !== null && !sources.has(source.file)) {
        sources.add(source.file);
        write({ source: { file: source.file, base64: bytesOf(source).toString('base64') } });
      }
      write({ ended: place, record: engine.recordOfCase(end), set });
    },
    over: (stop, durationUs) => write({ over: stop, durationUs }),
    close: () => file.close(host.interruptible()),
  };
}

function writerOf(engine: Engine, file: LogFile): (line: ResultsHeader | ResultsLine) => void {
  return (line) => file.write(`${engine.exactJson(line)}\n`);
}

export function hashOf(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

export function bytesOf({ text, bytes }: Source): Buffer {
  return bytes === undefined ? Buffer.from(text) : Buffer.from(bytes);
}

/** The whole list of a suite, and what its files hold. */
export function listingOf(entries: readonly Entry[]): Pick<ResultsHeader, 'cases' | 'files'> {
  const files: Record<string, string | null> = {};
  for (const { case: one, source } of entries)
    files[one.file] ??= source === null ? null : hashOf(bytesOf(source));
  const cases = entries.map(({ case: { index: _, ...one }, judge }) => ({ ...one, judged: judge }));
  return { cases, files };
}
