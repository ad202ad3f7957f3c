/**
 * Whether results are those of all shards of one suite, each once: else a report on them would be one on no suite that there is.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Results } from './read-results.ts';
import type { ListedCase, ResultsHeader } from './results-file.ts';

/** What is wrong, a sentence each, with what to do; none where they belong together. */
export function mismatches(all: readonly Results[], version: string): readonly string[] {
  const [first, ...others] = all;
  if (first === undefined) return [];
  const foreign = all.flatMap((one) => versionMismatch(one, version));
  if (foreign.length > 0) return foreign;
  const different = others.flatMap((one) => differences(first, one));
  if (different.length > 0) return different;
  const found = [...countMismatches(all), ...all.flatMap(caseMismatches)];
  return found.length > 0 ? found : shareMismatches(all);
}

function versionMismatch({ path, header }: Results, version: string): readonly string[] {
  if (header.version === version) return [];
  return [
    `${path} is by concur ${header.version}, and this is ${version}: merge with the version that ran the parts`,
  ];
}

/** The first thing in which two differ: the others follow from it, mostly. */
function differences(first: Results, other: Results): readonly string[] {
  const [a, b] = [first.header, other.header];
  const paths = `${first.path} and ${other.path}`;
  if (a.shard.count !== b.shard.count)
    return [`${paths} are not of one suite: one is part of ${a.shard.count}, the other of ${b.shard.count}`];
  const [setting] = settingsThatDiffer(a, b);
  if (setting !== undefined)
    return [
      `${paths} are not of one suite: they differ in --${kebab(setting)}; run all parts with the same options`,
    ];
  const [missing] = [...casesWithout(a, b), ...casesWithout(b, a)];
  if (missing !== undefined)
    return [
      `${paths} are not of one suite: only one of them knows the case ${nameOf(missing)}; run all parts on the same files`,
    ];
  const [file] = Object.keys(a.files).filter((name) => a.files[name] !== b.files[name]);
  if (file !== undefined)
    return [`${paths} are not of one suite: ${file} was not the same; run all parts on the same commit`];
  if (a.durations !== b.durations)
    return [`${paths} were dealt out by other durations: give --durations the same file in all parts`];
  return [];
}

function settingsThatDiffer(a: ResultsHeader, b: ResultsHeader): readonly string[] {
  const names = new Set([...Object.keys(a.settings), ...Object.keys(b.settings)]);
  const valueIn = (header: ResultsHeader, name: string) => (header.settings as Record<string, unknown>)[name];
  return [...names].filter((name) => !isDeepStrictEqual(valueIn(a, name), valueIn(b, name)));
}

function kebab(name: string): string {
  const words = { mode: 'virtual', judges: 'check', noExec: 'no-exec' } as const;
  return (
    Object.entries(words).find(([key]) => key === name)?.[1] ??
    name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  );
}

function casesWithout(a: ResultsHeader, b: ResultsHeader): readonly ListedCase[] {
  const known = new Set(b.cases.map(keyOf));
  return a.cases.filter((one) => !known.has(keyOf(one)));
}

function keyOf({ file, name, caseName, judge, judged }: ListedCase): string {
  return JSON.stringify([file, name, caseName, judge, judged]);
}

function nameOf({ file, caseName, judged }: ListedCase): string {
  return `${file}${caseName === null ? '' : ` (${caseName})`}, ${judged}`;
}

function countMismatches(all: readonly Results[]): readonly string[] {
  const count = all[0]?.header.shard.count ?? 1;
  const parts = Array.from({ length: count }, (_, index) => {
    const some = all.filter(({ header }) => header.shard.index === index + 1);
    return [index + 1, some] as const;
  });
  const twice = parts.filter(([, some]) => some.length > 1);
  const missing = parts.filter(([, some]) => some.length === 0).map(([index]) => index);
  return [
    ...twice.map(
      ([index, some]) =>
        `part ${index} of ${count} is there ${some.length} times, in ${some.map(({ path }) => path).join(' and ')}: name one of them`,
    ),
    ...(missing.length === 0
      ? []
      : [
          `${missing.length === 1 ? `part ${missing[0]} of ${count} is` : `parts ${missing.join(', ')} of ${count} are`} missing: name the folder of each, or run it again`,
        ]),
  ];
}

/** Each case is one part's; where all parts came to their end, each case did. */
function shareMismatches(all: readonly Results[]): readonly string[] {
  const timesOf = new Map<string, number>();
  for (const { header, ended } of all) {
    for (const { ended: place } of ended) {
      const one = header.cases[place];
      if (one !== undefined) timesOf.set(keyOf(one), (timesOf.get(keyOf(one)) ?? 0) + 1);
    }
  }
  const isWhole = all.every(({ over }) => over !== null && over.stop === null);
  const odd = all[0]?.header.cases.find((one) => {
    const times = timesOf.get(keyOf(one)) ?? 0;
    return times > 1 || (times === 0 && isWhole);
  });
  if (odd === undefined) return [];
  const whose = timesOf.has(keyOf(odd)) ? 'more than one part has run' : 'no part has run';
  return [`${whose} the case ${nameOf(odd)}: run all parts on the same files, with the same version`];
}

/** No case can have come to two ends. */
function caseMismatches({ path, header, ended }: Results): readonly string[] {
  const places = ended.map((one) => one.ended);
  const isOdd =
    places.some((place) => header.cases[place] === undefined) || new Set(places).size < places.length;
  return isOdd ? [`${path} is damaged: it has ends of cases that it does not list`] : [];
}
