/**
 * Cases: one file, several variants. A case's `expect` stands over the file's, key by key.
 */
import type { Document, Path } from '../../document/document.ts';
import type { Expect } from '../../document/scenario.generated.ts';
import { codeEnumeration } from '../../expression/enumeration.ts';
import { type Report, suggestion } from '../../expression/report.ts';

/** The names of the cases, in the order of the file; `case 2` where one has none. Empty if the file has no cases. */
export function caseNames(document: Document): readonly string[] {
  return (document.scenario.cases ?? []).map(({ name }, index) => name ?? `case ${index + 1}`);
}

/** The number of the case of that name; undefined if there is none, which is reported. */
export function caseIndexOf(document: Document, name: string, report: Report): number | undefined {
  const names = caseNames(document);
  const index = names.indexOf(name);
  if (index >= 0) return index;
  const all = names.length > 0 ? `its cases: ${codeEnumeration(names)}` : 'this scenario has no `cases`';
  report('unknown-case', document.spanAt(['cases'], 'key'), `there is no case \`${name}\``, {
    help: suggestion(name, names) ?? all,
  });
  return undefined;
}

export type ExpectKey = keyof Expect;

/** One key of `expect` as it holds for the case, and where it was written. */
export type ExpectEntry<K extends ExpectKey = ExpectKey> = {
  readonly value: NonNullable<Expect[K]>;
  readonly path: Path;
};
export type ExpectEntries = { readonly [K in ExpectKey]?: ExpectEntry<K> };

/** The file's expectations with the case's over them; null takes one away. */
export function expectEntries(document: Document, caseIndex: number | undefined): ExpectEntries {
  const { expect, cases } = document.scenario;
  const entries: Record<string, { readonly value: unknown; readonly path: Path }> = {};
  for (const [key, value] of Object.entries(expect ?? {})) entries[key] = { value, path: ['expect', key] };
  if (caseIndex === undefined) return entries as ExpectEntries;
  for (const [key, value] of Object.entries(cases?.[caseIndex]?.expect ?? {})) {
    if (value === null) delete entries[key];
    else entries[key] = { value, path: ['cases', caseIndex, 'expect', key] };
  }
  return entries as ExpectEntries;
}
