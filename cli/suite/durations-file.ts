/**
 * `durations.json`: how long each case took. A suite with `--output` writes it, `--durations` reads it.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseEnd } from '../../engine/command.ts';
import { readText } from '../files/read-source.ts';
import { caseKey } from './case-names.ts';
import { hashOf } from './results-file.ts';
import type { Durations } from './shard.ts';

export type ReadDurations =
  | { readonly durations: Durations; readonly hash: string | null; readonly isMissing: boolean }
  | { readonly mistake: string };

/** A file that is not there yet has no durations: so it is when the first of many suites is run. */
export async function readDurations(path: string): Promise<ReadDurations> {
  const read = await readText(path);
  if ('mistake' in read) {
    const isMissing = read.mistake.endsWith('there is no such file');
    return isMissing ? { durations: new Map(), hash: null, isMissing } : read;
  }
  const durations = parsed(read.text);
  if (durations !== undefined) return { durations, hash: hashOf(read.text), isMissing: false };
  return {
    mistake: `${path} has no durations: it must be a durations.json that concur test or concur report wrote with --output`,
  };
}

function parsed(text: string): Durations | undefined {
  try {
    const { concurDurations, cases } = JSON.parse(text) as Record<string, unknown>;
    if (concurDurations !== 1 || !Array.isArray(cases)) return undefined;
    const entries = cases.map(({ key, seconds }) => [JSON.stringify(key), Number(seconds)] as const);
    return entries.every(([, seconds]) => seconds >= 0) ? new Map(entries) : undefined;
  } catch {
    return undefined;
  }
}

/** @throws Error of the system */
export function writeDurations(folder: string, ends: readonly CaseEnd[]): void {
  const lines = ends
    .filter(({ outcome, runs }) => outcome !== 'interrupted' && runs > 0)
    .map((end) => `  {"key": ${caseKey(end.case)}, "seconds": ${(end.durationUs / 1_000_000).toFixed(3)}}`);
  writeFileSync(
    join(folder, 'durations.json'),
    `{"concurDurations": 1, "cases": [\n${lines.join(',\n')}\n]}\n`,
  );
}
