/**
 * The parameters of a plan: the file's defaults, then the case's, then those given for this plan, each over the ones
 * before.
 */

import type { Document, Path } from '../../document/document.ts';
import { codeEnumeration } from '../../expression/enumeration.ts';
import { type Report, suggestion } from '../../expression/report.ts';
import type { Value, ValueMap } from '../../expression/values/value.ts';
import { textFromValue, typeOf } from '../../expression/values/value-text.ts';

export type ParameterSources = {
  /** The number of the case in the file. */
  readonly caseIndex?: number | undefined;
  /** Those of `check` count, over the case's. */
  readonly forCheck?: boolean;
  /** Given from outside, as text: `n=3`. */
  readonly set?: Readonly<Record<string, string>> | undefined;
};

export function parametersOf(document: Document, sources: ParameterSources, report: Report): ValueMap {
  const { scenario } = document;
  const values: Record<string, Value> = { ...scenario.params };
  const { caseIndex } = sources;
  if (caseIndex !== undefined) {
    const path = ['cases', caseIndex, 'params'];
    for (const [name, value] of Object.entries(scenario.cases?.[caseIndex]?.params ?? {})) {
      if (isParameter(document, name, [...path, name], report)) values[name] = value;
    }
  }
  checkNames(document, ['check'], scenario.check?.params, report);
  for (const [index, { check }] of (scenario.cases ?? []).entries())
    checkNames(document, ['cases', index, 'check'], check?.params, report);
  if (sources.forCheck === true) {
    const own = caseIndex === undefined ? undefined : scenario.cases?.[caseIndex]?.check?.params;
    for (const [name, value] of Object.entries({ ...scenario.check?.params, ...own }))
      if (name in values) values[name] = value;
  }
  for (const [name, text] of Object.entries(sources.set ?? {})) {
    if (!isParameter(document, name, ['params'], report)) continue;
    const value = valueFromText(text, values[name] ?? null);
    if (value === undefined)
      report('bad-param', document.spanAt(['params', name]), ...unfitting(name, text, values[name] ?? null));
    else values[name] = value;
  }
  return values;
}

/** Those of `check` count only there, and have to exist all the same. */
function checkNames(document: Document, at: Path, params: object = {}, report: Report): void {
  for (const name of Object.keys(params)) isParameter(document, name, [...at, 'params', name], report);
}

function isParameter(document: Document, name: string, path: Path, report: Report): boolean {
  const names = Object.keys(document.scenario.params ?? {});
  if (names.includes(name)) return true;
  const help =
    suggestion(name, names) ??
    (names.length > 0 ? `its parameters: ${codeEnumeration(names)}` : 'this scenario has no `params`');
  report('unknown-param', document.spanAt(path, 'key'), `there is no parameter \`${name}\``, { help });
  return false;
}

function unfitting(name: string, text: string, before: Value): readonly [string, { readonly help: string }] {
  const type = typeOf(before);
  return [
    `\`${name}\` cannot be ${JSON.stringify(text)}`,
    { help: `it is of type ${type}, as ${textFromValue(before)} is` },
  ];
}

/** The text as a value of the type that the parameter has already; a parameter that is null takes any scalar. */
function valueFromText(text: string, before: Value): Value | undefined {
  switch (typeOf(before)) {
    case 'string':
      return text;
    case 'int':
      return /^[+-]?\d+$/.test(text) ? integer(text) : undefined;
    case 'double':
      return text.trim() === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
    case 'bool':
      return text === 'true' || text === 'false' ? text === 'true' : undefined;
    case 'list':
      return listFromText(text);
    default:
      return scalar(text);
  }
}

function integer(text: string): bigint | undefined {
  const value = BigInt(text);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

function scalar(text: string): Value {
  if (text === 'null' || text === '') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^[+-]?\d+$/.test(text)) return integer(text) ?? text;
  return Number.isNaN(Number(text)) ? text : Number(text);
}

/** `[1, 2]` as JSON, or `a,b`. */
function listFromText(text: string): Value | undefined {
  if (!text.trim().startsWith('['))
    return text === '' ? [] : text.split(',').map((item) => scalar(item.trim()));
  try {
    const list: unknown = JSON.parse(text, (_key, value: unknown) =>
      Number.isInteger(value) ? BigInt(value as number) : value,
    );
    return Array.isArray(list) ? (list as Value) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
