/**
 * The keys of the language as the published schema has them, and where a scenario uses them.
 *
 * A place is an object with keys of its own: the file, a definition of the schema (`Task`, `Ready` …), a step (`step.put`).
 */
import { readFileSync } from 'node:fs';

type Schema = {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
};

export type Path = readonly (string | number)[];
export type Use = { readonly key: string; readonly path: Path };

const url = new URL('../../../schemas/scenario.schema.json', import.meta.url);
const root = JSON.parse(readFileSync(url, 'utf8')) as Schema;
const places = new Map<Schema, string>([
  [root, 'scenario'],
  ...Object.entries(root.$defs ?? {}).map(([name, schema]) => [schema, name] as const),
]);

/** `Task.needs`, `step.put.item` …: every key of every place. */
export const schemaKeys: readonly string[] = [...places].flatMap(([schema, place]) =>
  Object.keys(schema.properties ?? {}).map((key) => `${place}.${key}`),
);

/** Objects with keys that belong to no place: these would be keys that nobody asks for. */
export const namelessObjects: readonly Schema[] = [...places.keys()].flatMap((schema) =>
  namelessIn(Object.values(schema.properties ?? {})),
);

function namelessIn(schemas: readonly Schema[]): readonly Schema[] {
  return schemas.flatMap((schema) => {
    const { anyOf = [], items, additionalProperties } = schema;
    const inner = [items, additionalProperties].filter((one) => typeof one === 'object');
    return [...(schema.properties === undefined ? [] : [schema]), ...namelessIn([...anyOf, ...inner])];
  });
}

/** Every key that the scenario uses, in the order of the text. */
export function usesOf(scenario: unknown): readonly Use[] {
  return usesIn(root, scenario, []);
}

function usesIn(schema: Schema, value: unknown, path: Path): readonly Use[] {
  const node = resolved(schema);
  if (Array.isArray(value) && node.items !== undefined) {
    return value.flatMap((one, index) => usesIn(node.items as Schema, one, [...path, index]));
  }
  if (isObject(value) && node.properties !== undefined) {
    const { properties } = node;
    return Object.entries(value).flatMap(([key, inner]) => [
      { key: `${places.get(node)}.${key}`, path: [...path, key] },
      ...usesIn(properties[key] ?? {}, inner, [...path, key]),
    ]);
  }
  if (isObject(value) && typeof node.additionalProperties === 'object') {
    const each = node.additionalProperties;
    return Object.entries(value).flatMap(([key, inner]) => usesIn(each, inner, [...path, key]));
  }
  const branch = node.anyOf?.find((one) => fits(one, value));
  return branch === undefined ? [] : usesIn(branch, value, path);
}

function resolved(schema: Schema): Schema {
  const name = schema.$ref?.replace('#/$defs/', '');
  return name === undefined ? schema : resolved(root.$defs?.[name] ?? {});
}

/** Whether the value can be meant by that branch: enough to tell the branches of this schema apart. */
function fits(schema: Schema, value: unknown): boolean {
  const { anyOf, type, properties, required = [], additionalProperties } = resolved(schema);
  if (anyOf !== undefined) return anyOf.some((one) => fits(one, value));
  if (type !== undefined && ![type].flat().includes(typeOf(value))) return false;
  if (!isObject(value) || properties === undefined) return true;
  const known = additionalProperties !== false || Object.keys(value).every((key) => key in properties);
  return known && required.every((key) => key in value);
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
