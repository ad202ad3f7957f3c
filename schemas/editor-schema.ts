/**
 * The language as a JSON Schema for editors: what may be written, shorthands included.
 *
 * Steps are an `anyOf` over verbs, which gives editors exact completion after a verb; loading a scenario never uses
 * this schema, for its messages under an `anyOf` would name every verb.
 */
import { parse } from 'yaml';
import { namePattern, placeTable, targetPattern } from '../engine/document/language/places.ts';
import { scenarioShape } from '../engine/document/language/scenario-keys.ts';
import type { Key, KeyKind, Keys, ObjectShape, Rule, Shape } from '../engine/document/language/shape.ts';
import { stepKeys, stepRules, verbNames, verbTable } from '../engine/document/language/verbs.ts';

export type Schema = { readonly [keyword: string]: unknown };
type Definitions = Map<string, Schema>;

/** The schema as it is committed. */
export function editorSchema(): Schema {
  const definitions: Definitions = new Map();
  const scenario = closed(scenarioShape.keys, scenarioShape.rules ?? [], definitions);
  for (const verb of verbNames) definitions.set(`step.${verb}`, stepSchema(verb, definitions));
  const bare = verbNames.filter((verb) => verbTable[verb].bare);
  definitions.set('step', {
    anyOf: [...verbNames.map((verb) => reference(`step.${verb}`)), { type: 'string', enum: bare }],
  });
  definitions.set('steps', { anyOf: [{ type: 'array', items: reference('step') }, reference('step')] });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'concur scenario',
    description: 'Tasks, what they share, and what has to hold.',
    ...scenario,
    $defs: Object.fromEntries([...definitions].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function stepSchema(verb: (typeof verbNames)[number], definitions: Definitions): Schema {
  const { title, description } = verbTable[verb];
  return { title, description, ...closed(stepKeys(verb), stepRules(verb), definitions) };
}

function written(shape: Shape, definitions: Definitions): Schema {
  switch (shape.is) {
    case 'leaf': {
      const place = placeTable[shape.place];
      return { ...(place.written ?? place.schema) };
    }
    case 'choice':
      return { type: 'string', enum: shape.of };
    case 'list': {
      const items = written(shape.of, definitions);
      const list = { type: 'array', items };
      return shape.single ? { anyOf: [items, list] } : list;
    }
    case 'oneOrMany': {
      const items = written({ is: 'leaf', place: shape.place }, definitions);
      return { anyOf: [items, { type: 'array', items, minItems: 1 }] };
    }
    case 'map': {
      const object = {
        type: 'object',
        ...keyNames(shape.key),
        additionalProperties: written(shape.of, definitions),
      };
      if (!shape.names) return object;
      const names = { type: 'array', items: { type: 'string', ...keyNames(shape.key).propertyNames } };
      return { anyOf: [object, names, { type: 'null' }] };
    }
    case 'object':
      return objectForms(shape, definitions);
    case 'steps':
      return reference('steps');
    case 'nullable':
      return { anyOf: [written(shape.of, definitions), { type: 'null' }] };
    default:
      return shape satisfies never;
  }
}

/** The object form, by reference to its definition, and what may stand instead. */
function objectForms(shape: ObjectShape, definitions: Definitions): Schema {
  if (!definitions.has(shape.type)) {
    definitions.set(shape.type, {});
    definitions.set(shape.type, closed(shape.keys, shape.rules ?? [], definitions));
  }
  const forms: Schema[] = [reference(shape.type)];
  const short = shape.shorthand === undefined ? undefined : shape.keys[shape.shorthand];
  if (short) forms.push(notAnObject(written(short.shape, definitions)));
  if (shape.mayBeEmpty) forms.push({ type: 'null' });
  return forms.length === 1 ? reference(shape.type) : { anyOf: forms };
}

/** A map where a shorthand may stand is always the object form. */
function notAnObject(schema: Schema): Schema {
  return Object.keys(schema).length > 0 ? schema : { type: ['string', 'number', 'boolean', 'null', 'array'] };
}

function closed(keys: Keys, rules: readonly Rule[], definitions: Definitions): Schema {
  const names = Object.keys(keys);
  const needed = names.filter((name) => keys[name]?.required);
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(keys).map(([name, entry]) => [name, documented(name, entry, definitions)]),
    ),
    ...(needed.length > 0 ? { required: needed } : {}),
    additionalProperties: false,
    ...ruleSchema(rules),
  };
}

function documented(name: string, entry: Key, definitions: Definitions): Schema {
  const byDefault = entry.default === undefined ? '' : ` Default: ${entry.default}.`;
  return {
    title: entry.title,
    description: entry.description + byDefault,
    examples: [exampleValue(name, entry.example)],
    ...written(entry.shape, definitions),
  };
}

/** The value that the key has in its example; a verb's example is a list of one step. */
function exampleValue(name: string, example: string): unknown {
  const value: unknown = parse(example);
  const holder: unknown = Array.isArray(value) ? value[0] : value;
  if (holder === name) return true;
  if (typeof holder === 'object' && holder !== null && name in holder)
    return Object.entries(holder).find(([key]) => key === name)?.[1];
  throw new Error(`bug in concur: the example of \`${name}\` does not use it: ${example}`);
}

function ruleSchema(rules: readonly Rule[]): Schema {
  const all = rules.map(ruleKeyword);
  return all.length > 1 ? { allOf: all } : (all[0] ?? {});
}

function ruleKeyword(rule: Rule): Schema {
  switch (rule.rule) {
    case 'exactlyOne':
      return { oneOf: rule.of.map((name) => ({ properties: { [name]: true }, required: [name] })) };
    case 'atLeastOne':
      return { anyOf: rule.of.map((name) => ({ properties: { [name]: true }, required: [name] })) };
    case 'atMostOne':
      return {
        not: { properties: Object.fromEntries(rule.of.map((name) => [name, true])), required: rule.of },
      };
    case 'with':
      return { dependentRequired: { [rule.key]: [rule.needs] } };
    default:
      return rule satisfies never;
  }
}

function keyNames(kind: KeyKind): { readonly propertyNames?: { readonly pattern: string } } {
  if (kind === 'text') return {};
  return { propertyNames: { pattern: kind === 'target' ? targetPattern : namePattern } };
}

function reference(name: string): Schema {
  return { $ref: `#/$defs/${name}` };
}
