/**
 * The behaviours that every host must show, read from the lists beside this file: one list a primitive, one case a
 * behaviour, told as given, when, then.
 *
 * A case has a fragment of a scenario and, wherever Python 3.11 has the same thing, a few lines of Python. Both must print
 * what the case says. In a fragment, `steps` alone stands for one task `actor` that does them; tasks that name no kind are
 * of the kind of the host.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';

export const kinds = ['thread', 'process'] as const;
export type Kind = (typeof kinds)[number];

type Fragment = { readonly [key: string]: unknown };

export type Behaviour = {
  readonly given: string;
  readonly when: string;
  readonly then: string;
  readonly scenario: Fragment;
  /** Lines in the order in which they come; what a task prints beside others belongs into `anyOrder`. */
  readonly prints: readonly unknown[];
  /** The order of the lines is not certain: they are compared as a heap. */
  readonly anyOrder?: true;
  readonly python?: string;
  /** Why CPython 3.11 cannot be asked. */
  readonly noPython?: string;
  /** The expectation that is not met: then the scenario fails as a whole. */
  readonly fails?: string;
  /** Exit code of the main program; 0 without it. */
  readonly exitCode?: bigint;
  /** Why tasks of a kind cannot show it. */
  readonly skip?: { readonly [K in Kind]?: string };
};

export type Case = Behaviour & { readonly primitive: string; readonly title: string };

const directory = fileURLToPath(new URL('.', import.meta.url));

/** All behaviours, by primitive. */
export const behaviours: readonly Case[] = readdirSync(directory)
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => {
    const primitive = name.replace('.yaml', '');
    const list = parse(readFileSync(`${directory}${name}`, 'utf8'), { merge: true, intAsBigInt: true }) as {
      readonly behaviours: readonly Behaviour[];
    };
    return list.behaviours.map((one) => ({ ...one, primitive, title: `${primitive}: ${titleOf(one)}` }));
  });

/** Those that are no skip for tasks of that kind. */
export function behavioursFor(kind: Kind): readonly Case[] {
  return behaviours.filter((one) => one.skip?.[kind] === undefined);
}

function titleOf({ given, when, then }: Behaviour): string {
  return `given ${given}, when ${when}, then ${then}`;
}

/** The fragment as a whole scenario whose tasks are of that kind. */
export function scenarioText({ scenario, primitive }: Case, kind: Kind): string {
  const { steps, defaults, ...rest } = scenario;
  const tasks = steps === undefined ? {} : { tasks: { actor: { steps } } };
  const whole = {
    concur: 1,
    name: primitive,
    timeout: '1m',
    defaults: { kind, ...(defaults as Fragment) },
    ...rest,
    ...tasks,
  };
  return stringify(whole, { aliasDuplicateObjects: false, lineWidth: 0 });
}

/** What it prints, comparable with what was printed. */
export function comparable({ anyOrder }: Case, lines: readonly unknown[]): readonly string[] {
  const texts = lines.map(String);
  return anyOrder === true ? texts.toSorted() : texts;
}

export function expectedLines(one: Case): readonly string[] {
  return comparable(one, one.prints);
}
