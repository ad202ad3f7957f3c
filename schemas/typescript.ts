/**
 * The language as TypeScript types: a scenario as loading leaves it, every shorthand expanded.
 */
import { taskEnds } from '../engine/document/language/expect-keys.ts';
import { placeTable } from '../engine/document/language/places.ts';
import { scenarioShape } from '../engine/document/language/scenario-keys.ts';
import type { Keys, ObjectShape, Shape } from '../engine/document/language/shape.ts';
import { stepKeys, type VerbName, verbNames, verbTable } from '../engine/document/language/verbs.ts';

const preamble = `/** Generated from the tables in engine/document by schemas/generate.ts: do not edit. */

/** A YAML value: integers are bigint, doubles number. */
export type Data = bigint | number | string | boolean | null | readonly Data[] | { readonly [key: string]: Data };
/** A carrying place: text with \`\${{ }}\` inside; lists and maps distribute. */
export type Template = Data;
/** A computing place: text is CEL, with or without \`\${{ }}\` around it; lists and maps distribute. */
export type Computed = Data;
/** A whole number, or text with \`\${{ }}\`. */
export type Size = bigint | string;
/** True, false, or text with \`\${{ }}\`. */
export type Flag = boolean | string;
/** \`250ms\`, \`1m30s\`, a range \`0s..3s\`, or text with \`\${{ }}\`: see duration.ts. */
export type DurationText = string;
/** A resource, a task or an element of one: \`stall\`, \`fork[0]\`, \`p.left\`, with or without \`\${{ }}\` around it. */
export type Reference = string;
/** \`3\`, \`<= 3\`, or text with \`\${{ }}\`. */
export type BoundText = bigint | string;
export type Steps = readonly Step[];
export type TaskEnd = ${union(taskEnds)};
`;

/** The text of scenario.generated.ts. */
export function typescriptTypes(): string {
  const definitions = new Map<string, string>();
  objectType(scenarioShape, definitions);
  const stepTypes = verbNames.map((verb) => stepType(verb, definitions));
  const step = [
    '/** A step. `verb`, added on loading, says which one it is. */',
    `export type Step =\n${verbNames.map((verb) => `  | ${stepTypeName(verb)}`).join('\n')};`,
    "export type Verb = Step['verb'];",
  ].join('\n');
  return [preamble, ...definitions.values(), step, ...stepTypes].join('\n\n').concat('\n');
}

function typeOf(shape: Shape, definitions: Map<string, string>): string {
  switch (shape.is) {
    case 'leaf':
      return placeTable[shape.place].typescript;
    case 'choice':
      return union(shape.of);
    case 'list':
      return `readonly ${grouped(typeOf(shape.of, definitions))}[]`;
    case 'oneOrMany': {
      const one = placeTable[shape.place].typescript;
      return `${one} | readonly ${one}[]`;
    }
    case 'map':
      return `{ readonly [${shape.key}: string]: ${typeOf(shape.of, definitions)} }`;
    case 'object':
      objectType(shape, definitions);
      return shape.type;
    case 'steps':
      return 'Steps';
    case 'nullable':
      return `${typeOf(shape.of, definitions)} | null`;
    default:
      return shape satisfies never;
  }
}

function objectType(shape: ObjectShape, definitions: Map<string, string>): void {
  if (definitions.has(shape.type)) return;
  definitions.set(shape.type, '');
  const alone = shape.alone ?? [];
  const keys = Object.fromEntries(Object.entries(shape.keys).filter(([name]) => !alone.includes(name)));
  const surely = alone.length > 0 ? ['steps'] : [];
  definitions.set(shape.type, `export type ${shape.type} = {\n${members(keys, surely, definitions)}\n};`);
}

function stepType(verb: VerbName, definitions: Map<string, string>): string {
  const { description } = verbTable[verb];
  const text = members(stepKeys(verb), [], definitions);
  return `/** ${description} */\nexport type ${stepTypeName(verb)} = {\n  readonly verb: '${verb}';\n${text}\n};`;
}

function members(keys: Keys, surely: readonly string[], definitions: Map<string, string>): string {
  return Object.entries(keys)
    .map(([name, entry]) => {
      const optional = entry.required || surely.includes(name) ? '' : '?';
      return `  /** ${entry.description} */\n  readonly ${name}${optional}: ${typeOf(entry.shape, definitions)};`;
    })
    .join('\n');
}

function stepTypeName(verb: VerbName): string {
  return `${verb.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Step`;
}

function union(values: readonly string[]): string {
  return values.map((value) => `'${value}'`).join(' | ');
}

function grouped(type: string): string {
  return type.includes('|') || type.startsWith('readonly ') ? `(${type})` : type;
}
