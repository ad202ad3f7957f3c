/**
 * Names that a scenario defines: what may be one, and that none is defined twice.
 *
 * Resources, vars, params, routines and tasks share one namespace, for an expression or a step names any of them bare.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { finding } from '../diagnostic/finding.ts';
import { shortened } from '../diagnostic/text-width.ts';
import type { Span } from '../source/source.ts';
import { namePattern } from './language/places.ts';
import { resourceSections, resourceTable } from './language/resources.ts';
import type { MapNode } from './node.ts';

/** Words of the expression language, the names of its types, and what concur itself puts into expressions. */
const reserved: ReadonlySet<string> = new Set([
  ...[
    'as',
    'break',
    'const',
    'continue',
    'else',
    'false',
    'for',
    'function',
    'if',
    'import',
    'in',
    'let',
    'loop',
  ],
  ...['namespace', 'null', 'package', 'return', 'true', 'var', 'void', 'while'],
  ...[
    'bool',
    'bytes',
    'double',
    'duration',
    'dyn',
    'google',
    'int',
    'list',
    'map',
    'null_type',
    'string',
    'timestamp',
    'type',
    'uint',
  ],
  ...['env', 'main', 'now', 'params', 'random', 'task'],
  // What cannot be a name in expressions.
  '__proto__',
]);

const wellFormed = new RegExp(namePattern, 'u');

/** The sections that define names, with what one of their entries is called. */
const definingSections: readonly (readonly [section: string, noun: string])[] = [
  ['params', 'a param'],
  ...resourceSections.map((section) => [section, resourceTable[section].noun] as const),
  ['routines', 'a routine'],
  ['tasks', 'a task'],
];

/** What is wrong with a name that is defined here, if anything is. */
export function checkName(name: string, span: Span): Diagnostic | undefined {
  const malformed = checkForm(name, span);
  if (malformed) return malformed;
  if (!reserved.has(name)) return undefined;
  return finding('reserved-name', span, `\`${name}\` has a meaning of its own in expressions`, {
    help: `take another name, such as \`my_${name.replace(/^_+|_+$/g, '')}\``,
  });
}

/** What is wrong with the form of a name, if anything is. */
export function checkForm(name: string, span: Span): Diagnostic | undefined {
  if (wellFormed.test(name)) return undefined;
  const better = name.replaceAll(/[^A-Za-z0-9_]+/g, '_').replace(/^(?=[0-9])/, '_');
  const help =
    wellFormed.test(better) && /[A-Za-z]/.test(better)
      ? `write \`${shortened(better, 40)}\``
      : 'a name has letters, digits and `_`, and does not begin with a digit';
  return finding('bad-name', span, `\`${shortened(name, 40)}\` is no name`, { help });
}

/** Findings about names that stand in several sections. */
export function checkNamespace(root: MapNode): readonly Diagnostic[] {
  const first = new Map<string, { readonly span: Span; readonly noun: string }>();
  const definitions = definitionsOf(root);
  const taken = new Set(definitions.map(({ name }) => name));
  return definitions.flatMap(({ name, span, noun }) => {
    const before = first.get(name);
    if (before === undefined) {
      first.set(name, { span, noun });
      return [];
    }
    const help = `names are shared by all sections; take another one, such as \`${another(name, noun.replace(/^an? /, ''), taken)}\``;
    const labels = [{ span: before.span, text: `first defined here, as ${before.noun}` }];
    return [
      finding('duplicate-name', span, `the name \`${shortened(name, 40)}\` is taken`, { help, labels }),
    ];
  });
}

/** A case is chosen by its name, so no two have the same. */
export function checkCaseNames(root: MapNode): readonly Diagnostic[] {
  const first = new Map<string, Span>();
  const cases = root.entries.get('cases')?.value;
  return (cases?.kind === 'list' ? cases.items : []).flatMap((node) => {
    const name = node.kind === 'map' ? node.entries.get('name')?.value : undefined;
    if (name?.kind !== 'scalar') return [];
    const before = first.get(name.text);
    first.set(name.text, before ?? name.span);
    if (before === undefined) return [];
    const labels = [{ span: before, text: 'the first' }];
    const message = `there are two cases \`${shortened(name.text, 40)}\``;
    return [finding('duplicate-name', name.span, message, { help: 'give it another name', labels })];
  });
}

function definitionsOf(root: MapNode) {
  const found = definingSections.flatMap(([section, noun]) => {
    const node = root.entries.get(section)?.value;
    if (node?.kind !== 'map') return [];
    return [...node.entries].map(([name, entry]) => ({ name, noun, span: entry.key }));
  });
  return found.sort((a, b) => a.span.start - b.span.start);
}

function another(name: string, noun: string, taken: ReadonlySet<string>): string {
  const base = name === noun ? name : `${name}_${noun}`;
  if (base !== name && !taken.has(base)) return base;
  let number = 2;
  while (taken.has(`${base}_${number}`)) number += 1;
  return `${base}_${number}`;
}

/** The same key twice in one mapping, or the same name twice in one list. */
export function duplicateKey(name: string, span: Span, first: Span): Diagnostic {
  const help = 'remove one, or merge the two';
  const labels = [{ span: first, text: 'first here' }];
  return finding('duplicate-key', span, `\`${shortened(name, 40)}\` stands here twice`, { help, labels });
}
