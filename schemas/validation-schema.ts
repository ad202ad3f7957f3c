/**
 * The language as schemas for loading: one of the scenario, one of each verb's step.
 *
 * They see a document whose shorthands are expanded and whose lists of steps are cut out (each step is validated on its
 * own, by its verb), so nothing in them is an alternative, and one mistake is one error. `title` says what messages call
 * the thing.
 */
import { type Place, placeTable } from '../engine/document/language/places.ts';
import { scenarioShape } from '../engine/document/language/scenario-keys.ts';
import type { Keys, ObjectShape, Shape } from '../engine/document/language/shape.ts';
import { stepKeys, verbNames } from '../engine/document/language/verbs.ts';
import type { Schema } from './editor-schema.ts';

/** What validates what, by the names of the compiled validators. */
export type ValidationSchemas = {
  /** The scenario, and a step of each verb. */
  readonly entries: ReadonlyMap<string, Schema>;
  /** What these refer to by name; each is compiled once. */
  readonly parts: ReadonlyMap<string, Schema>;
};

type Parts = Map<string, Schema>;

export function validationSchemas(): ValidationSchemas {
  const parts: Parts = new Map();
  const scenario = closed(scenarioShape.noun, scenarioShape.keys, parts);
  const steps = verbNames.map((verb): [string, Schema] => [
    `step.${verb}`,
    closed(`\`${verb}\``, stepKeys(verb), parts),
  ]);
  return { entries: new Map<string, Schema>([['scenario', scenario], ...steps]), parts };
}

/** A reference to the part that says it: what is said twice is compiled once. */
function expanded(shape: Shape, parts: Parts): Schema {
  const schema = schemaOf(shape, parts);
  const text = JSON.stringify(schema);
  const known = [...parts].find(([, part]) => JSON.stringify(part) === text);
  const name = known?.[0] ?? `part${parts.size}`;
  parts.set(name, schema);
  return { $ref: name };
}

function schemaOf(shape: Shape, parts: Parts): Schema {
  switch (shape.is) {
    case 'leaf':
      return place(shape.place);
    case 'choice': {
      const values = shape.of.map((value) => `\`${value}\``).join(', ');
      return { title: `one of ${values}`, type: 'string', enum: shape.of };
    }
    case 'list':
      return { title: 'a list', type: 'array', items: expanded(shape.of, parts) };
    case 'oneOrMany':
      return oneOrMany(shape.place);
    case 'map': {
      const title = shape.names ? 'a list of names, or names with values' : 'keys with values';
      return { title, type: 'object', additionalProperties: expanded(shape.of, parts) };
    }
    case 'object':
      return object(shape, parts);
    case 'steps':
      return { title: 'a list of steps', type: 'array' };
    case 'nullable':
      return { if: { type: 'null' }, else: expanded(shape.of, parts) };
    default:
      return shape satisfies never;
  }
}

function place(name: Place): Schema {
  const { expected, schema } = placeTable[name];
  return { title: expected, ...schema };
}

function oneOrMany(name: Place): Schema {
  const { expected, schema } = placeTable[name];
  return {
    ...schema,
    title: `${expected}, or a list of them`,
    type: ['string', 'array'],
    items: place(name),
    minItems: 1,
  };
}

/** Keys that stand alone are steps by now; where one is left, there is a finding already. */
function object(shape: ObjectShape, parts: Parts): Schema {
  const { properties, ...rest } = closed(shape.noun, shape.keys, parts);
  const alone = (shape.alone ?? []).map((name) => [name, true]);
  return { ...rest, properties: { ...properties, ...Object.fromEntries(alone) } };
}

function closed(title: string, keys: Keys, parts: Parts) {
  const needed = Object.keys(keys).filter((name) => keys[name]?.required);
  return {
    title,
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(keys).map(([name, entry]) => [name, expanded(entry.shape, parts)]),
    ),
    ...(needed.length > 0 ? { required: needed } : {}),
    additionalProperties: false,
  };
}
