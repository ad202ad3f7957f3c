/**
 * What `expect` says in expressions: claims, what follows from what, and the results there may be.
 */
import type { Path } from '../../../document/document.ts';
import type { Data, LeadsTo } from '../../../document/scenario.generated.ts';
import { wholeExpression } from '../../../expression/template.ts';
import { literalFromValue } from '../../../expression/values/value-text.ts';
import type { Claim, Consequence, Expectations, GradedResult } from '../../expectations.ts';
import type { ExpectEntries, ExpectEntry } from '../cases.ts';
import type { Planning } from '../planning.ts';

/** What stands under a key of `expect`, if anything does. */
export type Entry<T> = { readonly value: T; readonly path: Path } | undefined;

export function claimsOf(planning: Planning, entry: Entry<readonly Data[]>): readonly Claim[] {
  return (entry?.value ?? []).flatMap((data, index) => {
    return claimOf(planning, data, [...(entry?.path ?? []), index]) ?? [];
  });
}

export function claimOf({ composer, names }: Planning, data: Data, path: Path): Claim | undefined {
  const expression = composer.compute({ data, path }, names, 'bool');
  return expression === undefined ? undefined : { text: claimText(data), expression };
}

function claimText(data: Data): string {
  if (typeof data !== 'string') return literalFromValue(data);
  const inside = wholeExpression(data);
  return inside === undefined ? data.trim() : data.slice(inside.start, inside.end);
}

export function leadsToOf(planning: Planning, entry: Entry<readonly LeadsTo[]>): readonly Consequence[] {
  return (entry?.value ?? []).flatMap((written, index) => {
    const path = [...(entry?.path ?? []), index];
    const [when, later] = [
      claimOf(planning, written.when, [...path, 'when']),
      claimOf(planning, written.then, [...path, 'then']),
    ];
    if (when === undefined || later === undefined) return [];
    return [{ span: planning.document.spanAt(path), when, later }];
  });
}

/** The expression whose value at the end is the result. */
export function outcomeOf(
  { composer, names }: Planning,
  { value, path }: ExpectEntry<'outcome'>,
): Pick<Expectations, 'outcome'> {
  const expression = composer.compute({ data: value, path }, names);
  return expression === undefined ? {} : { outcome: { text: claimText(value), expression } };
}

/** What is said of results says nothing where no result is named. */
export function checkCompared(
  { document, report }: Planning,
  { path }: { readonly path: Path },
  { outcome }: ExpectEntries,
): void {
  if (outcome !== undefined) return;
  const help = 'say what it is, as in `outcome: n`';
  report('no-effect', document.spanAt(path, 'key'), 'there is no `outcome` to compare', { help });
}

/** The results, each with its grade. */
export function resultsOf(
  { constants, document }: Planning,
  entry: ExpectEntries['outcomes'],
): readonly GradedResult[] {
  return (entry?.value ?? []).flatMap(({ is, grade = 'expected', why }, index) => {
    const path = [...(entry?.path ?? []), index, 'is'];
    const value = constants.value({ data: is, path });
    if (value === undefined) return [];
    return [{ span: document.spanAt(path), is: value, grade, ...(why === undefined ? {} : { why }) }];
  });
}
