/**
 * The kinds of single values in the language: what each accepts, its TypeScript type, and what messages call it.
 *
 * `${{ }}` is accepted wherever the language computes, carries or sizes; whether what it gives has the right type is
 * known only when it is evaluated, which is not this stage's business.
 */
import { durationPattern } from '../duration.ts';

/** A fragment of JSON Schema, as far as places need it. */
type Fragment = {
  readonly type?: string | readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly const?: number | boolean;
};

type PlaceTraits = {
  /** The end of "must be …". */
  readonly expected: string;
  readonly typescript: string;
  readonly schema: Fragment;
  /** What may be written, where loading makes it into what `schema` says. */
  readonly written?: Fragment;
};

const template = String.raw`\$\{\{`;
const name = '[A-Za-z_][A-Za-z0-9_]*';

export const namePattern = `^${name}$`;
/** A var or a cell of it: `n`, `state[task.index]`. */
export const targetPattern = `^${name}(?: ?\\[.+\\])?$`;

export const places = {
  version: {
    expected: '`1`, the version of the language',
    typescript: 'bigint',
    schema: { type: 'integer', const: 1 },
  },
  text: { expected: 'text', typescript: 'string', schema: { type: 'string' } },
  name: {
    expected: 'a name: letters, digits and `_`, not beginning with a digit',
    typescript: 'string',
    schema: { type: 'string', pattern: namePattern },
  },
  /** A name that is defined here. */
  local: {
    expected: 'a name: letters, digits and `_`, not beginning with a digit',
    typescript: 'string',
    schema: { type: 'string', pattern: namePattern },
  },
  data: { expected: 'a value', typescript: 'Data', schema: {} },
  parameter: {
    expected: 'a number, text, true, false, null, or a list of them',
    typescript: 'Data',
    schema: { type: ['string', 'number', 'boolean', 'null', 'array'] },
  },
  template: { expected: 'a value', typescript: 'Template', schema: {} },
  line: {
    expected: 'text',
    typescript: 'Template',
    schema: { type: ['string', 'number', 'boolean', 'array', 'object'] },
  },
  elements: {
    expected: 'a list, or `${{ }}` that gives one',
    typescript: 'Template',
    schema: { type: ['array', 'string'], pattern: template },
  },
  /** Numbers and booleans are taken as they are written: `run: true` is the command `true`. */
  command: {
    expected: 'a command',
    typescript: 'string',
    schema: { type: 'string', pattern: '\\S' },
    written: { type: ['string', 'number', 'boolean'] },
  },
  computed: { expected: 'an expression', typescript: 'Computed', schema: {} },
  condition: {
    expected: 'an expression that is true or false',
    typescript: 'Computed',
    schema: { type: ['string', 'boolean'] },
  },
  amount: {
    expected: 'a number or an expression',
    typescript: 'Computed',
    schema: { type: ['number', 'string'] },
  },
  collection: {
    expected: 'a list or an expression',
    typescript: 'Computed',
    schema: { type: ['array', 'string', 'object'] },
  },
  size: {
    expected: 'a whole number, not negative, or text with `${{ }}`',
    typescript: 'Size',
    schema: { type: ['integer', 'string'], minimum: 0, pattern: template },
  },
  integer: {
    expected: 'a whole number or text with `${{ }}`',
    typescript: 'Size',
    schema: { type: ['integer', 'string'], pattern: template },
  },
  seed: {
    expected: 'a whole number from 0 to 4294967295',
    typescript: 'bigint',
    schema: { type: 'integer', minimum: 0, maximum: 4_294_967_295 },
  },
  flag: {
    expected: 'true or false, or text with `${{ }}`',
    typescript: 'Flag',
    schema: { type: ['boolean', 'string'], pattern: template },
  },
  yes: { expected: '`true`', typescript: 'true', schema: { type: 'boolean', const: true } },
  duration: {
    expected: 'a duration such as `250ms`, `1.5s` or `2m`',
    typescript: 'DurationText',
    schema: { type: 'string', pattern: `${template}|${durationPattern}` },
  },
  reference: {
    expected: 'a name, or an element such as `fork[0]`',
    typescript: 'Reference',
    schema: { type: 'string', pattern: '\\S' },
  },
  bound: {
    expected: 'a whole number, or a comparison such as `"<= 3"`',
    typescript: 'BoundText',
    schema: {
      type: ['integer', 'string'],
      minimum: 0,
      pattern: `${template}|^ *(?:<=|>=|==|<|>) *[0-9]+ *$`,
    },
  },
} as const satisfies Record<string, PlaceTraits>;

export type Place = keyof typeof places;

/** Every place's traits under one type. */
export const placeTable: { readonly [Name in Place]: PlaceTraits } = places;
