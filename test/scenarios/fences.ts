/**
 * The examples in the docs: fences of Markdown, and the whole scenarios that they stand for.
 *
 * The word after `yaml` says what a fence is: a `scenario` that passes, one that `fails`, one with a `mistake`, one of which
 * only a `check` says something certain; or a fragment, `steps` or `part`, which stands in the scenario of the page's fence
 * `prelude`. A fence without a word is no scenario.
 */
import { parse, stringify } from 'yaml';

export type Fence = {
  readonly language: string;
  readonly word: string;
  readonly text: string;
  readonly line: number;
  /** The fence before it, of whatever kind. */
  readonly before: string;
};
type Sections = { readonly [key: string]: unknown };

/** What the command exits with for an example, by its word. */
export const exitCodes: Readonly<Record<string, number>> = {
  scenario: 0,
  prelude: 0,
  steps: 0,
  part: 0,
  fails: 1,
  mistake: 2,
};

/** All fences of a page, in order. */
export function fencesOf(markdown: string): readonly Fence[] {
  const matches = [...markdown.matchAll(/^```(\w+) ?(\w*)\n(.*?)^```$/gms)];
  return matches.map(({ 1: language = '', 2: word = '', 3: text = '', index }, at) => ({
    language,
    word,
    text,
    line: markdown.slice(0, index).split('\n').length,
    before: matches[at - 1]?.[3] ?? '',
  }));
}

/** The scenario that an example stands for: a fragment in its place, a scenario as it is. */
export function completed(word: string, text: string, prelude: string): string {
  switch (word) {
    case 'steps':
      return `${prelude}\nmain:\n${text}`;
    case 'part':
      return stringify(merged(parse(prelude) as Sections, parse(text) as Sections));
    default:
      if (!(word in exitCodes) && word !== 'check') throw new Error(`unknown word after \`\`\`yaml: ${word}`);
      return text;
  }
}

/** The sections of both; where both have one, the entries of both. */
function merged(one: Sections, other: Sections): Sections {
  const sections: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) sections[key] = mergedSection(one[key], value);
  return sections;
}

function mergedSection(one: unknown, other: unknown): unknown {
  return { ...entries(one), ...entries(other) };
}

/** A list of names is a section too. */
function entries(section: unknown): Sections {
  if (Array.isArray(section)) return Object.fromEntries(section.map((name) => [String(name), null]));
  return (section ?? {}) as Sections;
}
