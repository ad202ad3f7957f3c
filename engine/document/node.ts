/**
 * A document's values with the places they stand at, independent of the YAML library.
 *
 * Nodes that an alias repeats are shared, so a document may be much larger as a tree than in memory: limits.ts bounds it.
 */
import type { Span } from '../source/source.ts';
import type { Path } from './document.ts';
import type { Data } from './scenario.generated.ts';

export type ScalarNode = {
  readonly kind: 'scalar';
  readonly span: Span;
  readonly value: bigint | number | string | boolean | null;
  /** As it is written, without quotes. */
  readonly text: string;
};

export type ListNode = {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly Node[];
  /** Of steps: validated one by one. */
  readonly steps?: true;
};

export type Entry = { readonly key: Span; readonly value: Node };

export type MapNode = {
  readonly kind: 'map';
  readonly span: Span;
  readonly entries: ReadonlyMap<string, Entry>;
};

export type Node = ScalarNode | ListNode | MapNode;

/** The place at the end of a path; of the nearest value around it where the path leads nowhere. */
export function spanAt(root: Node, path: Path, part: 'key' | 'value' = 'value'): Span {
  let node = root;
  let key = root.span;
  for (const step of path) {
    const child = childOf(node, step);
    if (child === undefined) return part === 'key' ? key : node.span;
    key = child.key;
    node = child.value;
  }
  return part === 'key' ? key : node.span;
}

/** An entry by its key or index; an item of a list is its own key. */
export function childOf(node: Node, step: string | number): Entry | undefined {
  if (node.kind === 'map') return node.entries.get(String(step));
  const item = node.kind === 'list' ? node.items[Number(step)] : undefined;
  return item && { key: item.span, value: item };
}

/** The plain value: integers are bigint. */
export function dataOf(node: Node): Data {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(dataOf);
    case 'map':
      return Object.fromEntries([...node.entries].map(([key, entry]) => [key, dataOf(entry.value)]));
    default:
      return node satisfies never;
  }
}

/** The plain value as validators take it: integers are numbers, lists of steps empty. */
export function checkableOf(node: Node): unknown {
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'bigint' ? Number(node.value) : node.value;
    case 'list':
      return node.steps ? [] : node.items.map(checkableOf);
    case 'map':
      return Object.fromEntries([...node.entries].map(([key, entry]) => [key, checkableOf(entry.value)]));
    default:
      return node satisfies never;
  }
}

/** What a message calls a value: `the number 5`, `a list`. */
export function described(node: Node): string {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return node.entries.size === 0 ? 'an empty mapping' : 'keys with values';
  const { value } = node;
  if (value === null) return 'nothing';
  if (typeof value === 'boolean') return `\`${value}\``;
  return typeof value === 'string' ? 'text' : 'a number';
}
