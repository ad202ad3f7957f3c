/**
 * What keys demand of each other, checked on what the user wrote.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { finding } from '../diagnostic/finding.ts';
import type { ObjectShape, Rule } from './language/shape.ts';
import type { MapNode } from './node.ts';
import { meantKey } from './unknown-keys.ts';

/** Findings about the rules of a shape. Where a key seems misspelt, a missing one is not reported as well. */
export function checkRules(node: MapNode, shape: ObjectShape): readonly Diagnostic[] {
  return (shape.rules ?? []).flatMap((rule) => checkRule(node, shape, rule) ?? []);
}

/** Known keys that misspelt ones of this mapping seem to stand for. */
export function misspelt(node: MapNode, known: readonly string[]): ReadonlySet<string> {
  const unknown = [...node.entries.keys()].filter((key) => !known.includes(key));
  return new Set(unknown.slice(0, 20).flatMap((key) => meantKey(key, known) ?? []));
}

function checkRule(node: MapNode, shape: ObjectShape, rule: Rule): Diagnostic | undefined {
  const { noun } = shape;
  if (rule.rule === 'with') {
    const entry = node.entries.get(rule.key);
    if (!entry || node.entries.has(rule.needs)) return undefined;
    const help = `add \`${rule.needs}\`, or remove \`${rule.key}\``;
    return finding('missing-key', entry.key, `\`${rule.key}\` goes with \`${rule.needs}\``, { help });
  }
  const [first, second] = rule.of.filter((key) => node.entries.has(key));
  if (first === undefined) return rule.rule === 'atMostOne' ? undefined : noneOf(node, shape, rule.of);
  if (second === undefined || rule.rule === 'atLeastOne') return undefined;
  const [one, other] = [node.entries.get(first), node.entries.get(second)].sort(
    (a, b) => (a?.key.start ?? 0) - (b?.key.start ?? 0),
  );
  const labels = one ? [{ span: one.key, text: 'the other one' }] : [];
  const message = `${noun} takes \`${first}\` or \`${second}\`, not both`;
  return finding('conflicting-keys', other?.key ?? node.span, message, {
    help: 'remove one of them',
    labels,
  });
}

function noneOf(node: MapNode, shape: ObjectShape, keys: readonly string[]): Diagnostic | undefined {
  const near = misspelt(node, Object.keys(shape.keys));
  if (keys.some((key) => near.has(key))) return undefined;
  const names = keys.map((key) => `\`${key}\``).join(' or ');
  return finding('missing-key', startOf(node), `${shape.noun} needs ${names}`, {
    help: exampleOf(shape, keys[0] ?? ''),
  });
}

/** An example of a key in one line. */
function exampleOf(shape: ObjectShape, key: string): string | undefined {
  const example = shape.keys[key]?.example;
  return example === undefined ? undefined : `for example \`${example.replace(/\n[\s\S]*$/, ' …')}\``;
}

/** The place for what a mapping lacks: its beginning. */
export function startOf(node: MapNode): { readonly start: number; readonly end: number } {
  const [first] = node.entries.values();
  return first?.key ?? node.span;
}
