/**
 * The shapes that the scenario language is built of, as data.
 *
 * The tables of verbs and sections are written in them. Everything else that must know the language reads those tables:
 * the schema for editors, the TypeScript types, the validators, the expansion of shorthands, the docs.
 */
import type { Place } from './places.ts';

export type Shape =
  /** One value of a kind that the table of places describes. */
  | { readonly is: 'leaf'; readonly place: Place }
  | { readonly is: 'choice'; readonly of: readonly string[] }
  /** `single`: one may stand for a list of one, and becomes it on loading. */
  | { readonly is: 'list'; readonly of: Shape; readonly single?: true }
  /** One or several of a place; kept as written, for the two may mean different things. */
  | { readonly is: 'oneOrMany'; readonly place: Place }
  /** Keys of the user's own. `names`: a list of names may stand for it, each then with this value. */
  | {
      readonly is: 'map';
      readonly key: KeyKind;
      readonly of: Shape;
      readonly names?: { readonly value: string | null };
    }
  | ObjectShape
  | { readonly is: 'steps' }
  | { readonly is: 'nullable'; readonly of: Shape };

/**
 * What a key of the user's own may be: a name that is defined here, a name that is used here, a var or a cell of it, or
 * any text.
 */
export type KeyKind = 'name' | 'use' | 'target' | 'text';

/** A closed set of keys. */
export type ObjectShape = {
  readonly is: 'object';
  /** The name of its TypeScript type and of its definition in the schema. */
  readonly type: string;
  /** What messages call it: `a task`. */
  readonly noun: string;
  readonly keys: Keys;
  /** A scalar or list instead of the object means this key. */
  readonly shorthand?: string;
  /** Keys that may stand instead of `steps`, and become its only step on loading. */
  readonly alone?: readonly string[];
  /** Nothing at all means no keys. */
  readonly mayBeEmpty?: true;
  readonly rules?: readonly Rule[];
};

/** What keys demand of each other. */
export type Rule =
  | { readonly rule: 'exactlyOne' | 'atLeastOne' | 'atMostOne'; readonly of: readonly string[] }
  /** The first makes sense only together with the second. */
  | { readonly rule: 'with'; readonly key: string; readonly needs: string };

export type Key = {
  readonly shape: Shape;
  readonly required?: true;
  readonly title: string;
  readonly description: string;
  /** A line or lines of YAML with this key in use. */
  readonly example: string;
  /** What holds without it, in words. */
  readonly default?: string;
};

export type Keys = { readonly [key: string]: Key };

export const leaf = (place: Place): Shape => ({ is: 'leaf', place });
export const choice = (...of: readonly string[]): Shape => ({ is: 'choice', of });
export const list = (of: Shape): Shape => ({ is: 'list', of });
/** A list for which one may stand alone. */
export const some = (of: Shape): Shape => ({ is: 'list', of, single: true });
export const map = (key: KeyKind, of: Shape): Shape => ({ is: 'map', key, of });
export const steps: Shape = { is: 'steps' };

/** An optional key; its default in words is the last argument. */
export function key(
  shape: Shape,
  title: string,
  description: string,
  example: string,
  byDefault?: string,
): Key {
  const base = { shape, title, description, example };
  return byDefault === undefined ? base : { ...base, default: byDefault };
}

/** A key that must be there. */
export function required(shape: Shape, title: string, description: string, example: string): Key {
  return { shape, required: true, title, description, example };
}
