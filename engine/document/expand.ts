/**
 * Expands every shorthand, so that what follows knows one form of each thing, and takes the steps out of the tree.
 *
 * What does not fit is left as it stands: the validators say so. Only what they cannot see is a finding here: verbs, names,
 * and what keys demand of each other.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { finding } from '../diagnostic/finding.ts';
import { shortened } from '../diagnostic/text-width.ts';
import { durationMistake } from './duration.ts';
import { type Place, targetPattern } from './language/places.ts';
import { scenarioShape } from './language/scenario-keys.ts';
import type { KeyKind, ObjectShape, Shape } from './language/shape.ts';
import { isVerb, type VerbName, verbTable } from './language/verbs.ts';
import { limits } from './limits.ts';
import { checkForm, checkName, duplicateKey } from './names.ts';
import type { Entry, ListNode, MapNode, Node } from './node.ts';
import { checkRules } from './rules.ts';
import { notAStep, stepShape, verbOf } from './steps.ts';

/** A step that has a verb, all its shorthands expanded. */
export type FoundStep = { readonly verb: VerbName; readonly node: MapNode };

export type Expansion = {
  readonly root: Node;
  readonly steps: readonly FoundStep[];
  readonly diagnostics: readonly Diagnostic[];
};

type Context = { readonly steps: FoundStep[]; readonly diagnostics: Diagnostic[] };

/** The scenario with every shorthand expanded. Total: a node of the wrong kind stays as it is. */
export function expandScenario(root: Node): Expansion {
  const context: Context = { steps: [], diagnostics: [] };
  const expanded = expand(context, root, scenarioShape);
  return { root: expanded, ...context };
}

function expand(context: Context, node: Node, shape: Shape): Node {
  switch (shape.is) {
    case 'leaf':
      return expandLeaf(context, node, shape.place);
    case 'choice':
      return node;
    case 'list':
      return expandList(context, node, shape);
    case 'oneOrMany':
      if (node.kind !== 'list') return expandLeaf(context, node, shape.place);
      return { ...node, items: node.items.map((item) => expandLeaf(context, item, shape.place)) };
    case 'map':
      return expandMap(context, node, shape);
    case 'object':
      return expandObject(context, node, shape);
    case 'steps':
      return expandSteps(context, node);
    case 'nullable':
      return isNothing(node) ? node : expand(context, node, shape.of);
    default:
      return shape satisfies never;
  }
}

function expandLeaf(context: Context, node: Node, place: Place): Node {
  if (node.kind !== 'scalar') return node;
  if (place === 'command' && node.value !== null) return { ...node, value: node.text };
  if (typeof node.value !== 'string') return node;
  if (place === 'local') report(context, reservedOnly(checkName(node.value, node.span)));
  const mistake = place === 'duration' ? durationMistake(node.value) : undefined;
  if (mistake !== undefined)
    report(context, finding('bad-duration', node.span, mistake.is, { help: mistake.help }));
  return node;
}

/** The form of a name in a leaf is the validators' business. */
function reservedOnly(diagnostic: Diagnostic | undefined): Diagnostic | undefined {
  return diagnostic?.code === 'reserved-name' ? diagnostic : undefined;
}

function expandList(context: Context, node: Node, shape: Extract<Shape, { is: 'list' }>): Node {
  const list = shape.single && node.kind !== 'list' && !isNothing(node) ? listOf(node) : node;
  if (list.kind !== 'list') return list;
  if (isTooLong(context, list, list.items.length)) return { ...list, items: [] };
  return { ...list, items: list.items.map((item) => expand(context, item, shape.of)) };
}

function expandMap(context: Context, node: Node, shape: Extract<Shape, { is: 'map' }>): Node {
  const named = shape.names ? fromNames(context, node, shape.names.value) : node;
  if (named.kind !== 'map') return named;
  if (isTooLong(context, named, named.entries.size)) return { ...named, entries: new Map() };
  return mapped(named, (key, entry) => {
    report(context, checkKey(key, entry, shape.key));
    return expand(context, entry.value, shape.of);
  });
}

/** A list of names as keys which all have that value; nothing as no keys. */
function fromNames(context: Context, node: Node, value: string | null): Node {
  if (isNothing(node)) return { kind: 'map', span: node.span, entries: new Map() };
  if (node.kind !== 'list') return node;
  const entries = new Map<string, Entry>();
  for (const { kind, span, ...item } of node.items) {
    if (kind !== 'scalar' || !('text' in item) || item.value === null) return node;
    const before = entries.get(item.text);
    if (before) report(context, duplicateKey(item.text, span, before.key));
    else entries.set(item.text, { key: span, value: { kind: 'scalar', span, value, text: value ?? '' } });
  }
  return { kind: 'map', span: node.span, entries };
}

function checkKey(key: string, entry: Entry, kind: KeyKind): Diagnostic | undefined {
  switch (kind) {
    case 'name':
      return checkName(key, entry.key);
    case 'use':
      return checkForm(key, entry.key);
    case 'target':
      if (new RegExp(targetPattern, 'u').test(key)) return undefined;
      return finding('bad-name', entry.key, `\`${shortened(key, 40)}\` is neither a name nor an element`, {
        help: 'write `n`, or `"state[0]"`',
      });
    case 'text':
      return undefined;
    default:
      return kind satisfies never;
  }
}

function expandObject(context: Context, node: Node, shape: ObjectShape): Node {
  const form = objectForm(node, shape);
  if (form.kind !== 'map') return form;
  for (const diagnostic of checkRules(form, shape)) report(context, diagnostic);
  return mapped(withAloneAsStep(form, shape), (key, entry) => {
    const known = Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined;
    return known ? expand(context, entry.value, known.shape) : entry.value;
  });
}

function objectForm(node: Node, shape: ObjectShape): Node {
  if (node.kind === 'map' && !isOnlyStep(node, shape)) return node;
  if (isNothing(node)) return shape.mayBeEmpty ? { kind: 'map', span: node.span, entries: new Map() } : node;
  if (shape.shorthand === undefined) return node;
  return {
    kind: 'map',
    span: node.span,
    entries: new Map([[shape.shorthand, { key: node.span, value: node }]]),
  };
}

/** A step stands for the object whose shorthand is a list of steps. */
function isOnlyStep({ entries }: MapNode, { keys, shorthand = '' }: ObjectShape): boolean {
  if (keys[shorthand]?.shape.is !== 'steps' || entries.has(shorthand)) return false;
  return [...entries.keys()].some(isVerb);
}

/** A task's `run` or `call` as its only step. */
function withAloneAsStep(node: MapNode, shape: ObjectShape): MapNode {
  const [verb, another] = ['steps', ...(shape.alone ?? [])].filter((key) => node.entries.has(key));
  const entry = verb === undefined ? undefined : node.entries.get(verb);
  if (!shape.alone || verb === undefined || verb === 'steps' || another !== undefined || !entry) return node;
  const span = { start: entry.key.start, end: entry.value.span.end };
  const step: MapNode = { kind: 'map', span, entries: new Map([[verb, entry]]) };
  const entries = new Map([...node.entries].filter(([key]) => key !== verb));
  return { ...node, entries: entries.set('steps', { key: entry.key, value: listOf(step) }) };
}

function expandSteps(context: Context, node: Node): Node {
  if (isNothing(node)) return node;
  const list = node.kind === 'list' ? node : listOf(node);
  return { ...list, steps: true, items: list.items.map((item) => expandStep(context, item)) };
}

function expandStep(context: Context, node: Node): Node {
  const form = bareVerb(node) ?? node;
  if (form.kind !== 'map') {
    report(context, notAStep(node));
    return form;
  }
  const verb = verbOf(form);
  if (typeof verb !== 'string') {
    report(context, verb);
    return form;
  }
  const expanded = expandObject(context, form, stepShape(verb));
  if (expanded.kind !== 'map') return expanded;
  const key = expanded.entries.get(verb)?.key ?? expanded.span;
  const entries = new Map([
    ['verb', { key, value: { kind: 'scalar', span: key, value: verb, text: verb } }],
    ...expanded.entries,
  ] as const);
  context.steps.push({ verb, node: expanded });
  return { ...expanded, entries };
}

/** `break` for `break: true`. */
function bareVerb(node: Node): MapNode | undefined {
  if (node.kind !== 'scalar' || typeof node.value !== 'string' || !isVerb(node.value)) return undefined;
  const { span, value: verb } = node;
  if (!verbTable[verb].bare) return undefined;
  return {
    kind: 'map',
    span,
    entries: new Map([[verb, { key: span, value: { kind: 'scalar', span, value: true, text: 'true' } }]]),
  };
}

function isTooLong(context: Context, node: Node, length: number): boolean {
  if (length <= limits.entries) return false;
  const help = 'generate what is repeated: with `count`, `each` or `repeat`';
  report(
    context,
    finding(
      'too-many-entries',
      { start: node.span.start, end: node.span.start + 1 },
      `more than ${limits.entries} entries`,
      { help },
    ),
  );
  return true;
}

function mapped(node: MapNode, change: (key: string, entry: Entry) => Node): MapNode {
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries) entries.set(key, { key: entry.key, value: change(key, entry) });
  return { ...node, entries };
}

function listOf(node: Node): ListNode {
  return { kind: 'list', span: node.span, items: [node] };
}

function isNothing(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function report(context: Context, diagnostic: Diagnostic | undefined): void {
  if (diagnostic) context.diagnostics.push(diagnostic);
}
