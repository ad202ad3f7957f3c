/**
 * The scenarios that show what a key does, read from the lists beside this file.
 *
 * A scenario passes as it stands. Each key that it shows is taken away from it, alone (`without`), or gets another value
 * (`instead`): then it must not pass any more. What each key's own value does is held by the scenario's `expect`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { type Path, usesOf } from './schema-keys.ts';

export type Tree = { readonly [key: string]: unknown };

export type Entry = {
  readonly scenario: Tree;
  readonly without?: readonly string[];
  readonly instead?: Tree;
  /** Which of the key's uses is meant, where there are several. */
  readonly at?: number;
  readonly case?: string;
  readonly real?: true;
  /** The code with which the other value is refused. */
  readonly refused?: string;
  /** The verdict is another one, though it is no failure. */
  readonly differs?: true;
};

/** One key, with the scenario that has it and the one that has not. */
export type Shown = {
  readonly key: string;
  readonly entry: Entry;
  readonly text: string;
  readonly changed: string;
};

const directory = fileURLToPath(new URL('.', import.meta.url));

export const entries: readonly Entry[] = readdirSync(directory)
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => {
    const list = parse(readFileSync(`${directory}${name}`, 'utf8')) as {
      readonly real?: true;
      readonly entries: readonly Entry[];
    };
    return list.entries.map((entry) => (list.real === undefined ? entry : { ...entry, real: true }));
  });

export function textOf(scenario: Tree): string {
  return stringify({ concur: 1, ...scenario }, { aliasDuplicateObjects: false, lineWidth: 0 });
}

/** What an entry says of each of its keys. */
export function shownBy(entry: Entry): readonly Shown[] {
  const scenario: Tree = { concur: 1, ...entry.scenario };
  const without = (entry.without ?? []).map((key) => ({
    key,
    tree: removed(scenario, pathOf(entry, key), isVerb(key)),
  }));
  const instead = Object.entries(entry.instead ?? {}).map(([key, value]) => ({
    key,
    tree: replaced(scenario, pathOf(entry, key), value),
  }));
  return [...without, ...instead].map(({ key, tree }) => ({
    key,
    entry,
    text: textOf(scenario),
    changed: stringify(tree, { aliasDuplicateObjects: false, lineWidth: 0 }),
  }));
}

/** The keys are the step's name and the step itself: without it there is no step. */
export function isVerb(key: string): boolean {
  const [place, verb, own] = key.split('.');
  return place === 'step' && verb === own;
}

/** Where the entry uses the key. */
export function pathOf(entry: Entry, key: string): Path {
  const uses = usesOf({ concur: 1, ...entry.scenario }).filter((use) => use.key === key);
  const use = uses[entry.at ?? 0] ?? uses[0];
  if (use === undefined && entry.refused !== undefined) return addedPath(entry, key);
  if (use === undefined) throw new Error(`does not use ${key}:\n${textOf(entry.scenario)}`);
  return use.path;
}

/** A key that is refused wherever it stands is added to what the entry has of that place. */
function addedPath({ scenario }: Entry, key: string): Path {
  const place = key.slice(0, key.lastIndexOf('.') + 1);
  const beside = usesOf({ concur: 1, ...scenario }).find((use) => use.key.startsWith(place));
  if (beside === undefined) throw new Error(`has no place for ${key}:\n${textOf(scenario)}`);
  return [...beside.path.slice(0, -1), key.slice(place.length)];
}

function removed(scenario: Tree, path: Path, isStep: boolean): unknown {
  return isStep ? replaced(scenario, path.slice(0, -1), { do: [] }) : replaced(scenario, path, undefined);
}

/** The tree with another value at the path; with none, `undefined` takes the key away. */
export function replaced(tree: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(tree))
    return tree.map((one, index) => (index === key ? replaced(one, rest, value) : one));
  const changed = { ...(tree as Tree), [key]: replaced((tree as Tree)[key], rest, value) };
  return Object.fromEntries(Object.entries(changed).filter(([, inner]) => inner !== undefined));
}
