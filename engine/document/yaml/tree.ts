/**
 * From the YAML library's nodes to ours: aliases and merge keys followed, integers checked, each key once.
 *
 * Every way of growing without end (an alias in itself, aliases of aliases, deep nesting through aliases) is a finding.
 */
import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { didYouMean } from '../../diagnostic/did-you-mean.ts';
import { finding } from '../../diagnostic/finding.ts';
import { shortened } from '../../diagnostic/text-width.ts';
import type { Source, Span } from '../../source/source.ts';
import { limits } from '../limits.ts';
import { duplicateKey } from '../names.ts';
import type { Entry, Node, ScalarNode } from '../node.ts';
import { lineEnd, quotedLine } from './quoting.ts';

/** A node with what it takes when it is written out: values and levels. */
type Built = { readonly node: Node; readonly size: number; readonly depth: number };

type Builder = {
  readonly source: Source;
  readonly text: string;
  readonly anchors: Map<string, Built | 'open'>;
  readonly diagnostics: Diagnostic[];
  /** Values that aliases have stood for so far. */
  aliased: number;
};

/** Total: what cannot be is a finding and null in its place. */
export function buildTree(
  contents: ParsedNode | null,
  source: Source,
  text: string,
): { readonly root: Node; readonly diagnostics: readonly Diagnostic[] } {
  const builder: Builder = { source, text, anchors: new Map(), diagnostics: [], aliased: 0 };
  const { node } = build(builder, contents, { start: 0, end: 0 });
  return { root: node, diagnostics: builder.diagnostics };
}

/** @param around the place to name where the value is nothing */
function build(builder: Builder, node: ParsedNode | null, around: Span): Built {
  if (node === null) return nothing(around);
  if (isAlias(node)) return followAlias(builder, node.source, trimmed(builder, node.range));
  const anchor = node.anchor;
  if (anchor !== undefined) builder.anchors.set(anchor, 'open');
  const built = buildOwn(builder, node, around);
  if (anchor !== undefined) builder.anchors.set(anchor, built);
  return built;
}

function buildOwn(builder: Builder, node: Exclude<ParsedNode, Alias.Parsed>, around: Span): Built {
  const span = trimmed(builder, node.range);
  if (isScalar(node)) return scalar(builder, node, span.end > span.start ? span : around);
  if (isSeq(node)) {
    const items = node.items.map((item) => build(builder, item, dashBefore(builder, item, span)));
    return sized({ kind: 'list', span, items: items.map((item) => item.node) }, items);
  }
  if (isMap(node)) return mapping(builder, node, span);
  return nothing(span);
}

function nothing(span: Span): Built {
  return sized({ kind: 'scalar', span, value: null, text: '' }, []);
}

function sized(node: Node, parts: readonly Built[]): Built {
  let size = 1;
  let depth = 0;
  for (const part of parts) {
    size += part.size;
    depth = Math.max(depth, part.depth);
  }
  return { node, size, depth: depth + 1 };
}

function scalar(builder: Builder, node: Scalar.Parsed, span: Span): Built {
  const { value, source: text = '' } = node;
  if (node.type === 'PLAIN') findSwallowed(builder, span);
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) !== value) {
    const help = 'integers have 64 bits; quote it if it is a text';
    builder.diagnostics.push(finding('number-out-of-range', span, 'this integer is out of range', { help }));
    return nothing(span);
  }
  return sized({ kind: 'scalar', span, value: isScalarValue(value) ? value : text, text }, []);
}

function isScalarValue(value: unknown): value is ScalarNode['value'] {
  return value === null || ['string', 'bigint', 'number', 'boolean'].includes(typeof value);
}

/** Text that goes on after ` #` is a comment, which its author may not have meant. */
function findSwallowed(builder: Builder, span: Span): void {
  const { text } = builder;
  const comment = /[ \t]+#/y;
  comment.lastIndex = span.end;
  if (!comment.test(text)) return;
  const value = text.slice(span.start, span.end);
  const cut = value.lastIndexOf('${{') > value.lastIndexOf('}}');
  const looksLikeText = /[^\s#!=*-]/.test(text[comment.lastIndex] ?? ' ');
  if (!cut && !looksLikeText) return;
  const whole = {
    start: span.start,
    end: span.start + text.slice(span.start, lineEnd(text, span.end)).trimEnd().length,
  };
  const help = `quote it if it is text: ${quotedLine(builder.source.text, whole)}`;
  builder.diagnostics.push(
    finding(
      'yaml-comment',
      { start: comment.lastIndex - 1, end: whole.end },
      'YAML takes this for a comment',
      { help },
    ),
  );
}

function mapping(builder: Builder, node: YAMLMap.Parsed, span: Span): Built {
  const entries = new Map<string, Entry>();
  const merged = new Map<string, Entry>();
  const parts: Built[] = [];
  for (const { key, value } of node.items) {
    const keySpan = keyPlace(builder, key, span);
    const name = keyText(builder, key, keySpan);
    if (name === undefined) continue;
    const built = build(builder, value, keySpan);
    parts.push(built);
    if (name === '<<' && isScalar(key) && key.type === 'PLAIN') mergeInto(builder, merged, built.node);
    else if (entries.has(name))
      builder.diagnostics.push(duplicateKey(name, keySpan, entries.get(name)?.key ?? keySpan));
    else entries.set(name, { key: keySpan, value: built.node });
  }
  for (const [name, entry] of merged) if (!entries.has(name)) entries.set(name, entry);
  return sized({ kind: 'map', span, entries }, parts);
}

function keyPlace(builder: Builder, key: ParsedNode | null, around: Span): Span {
  if (key === null) return { start: around.start, end: around.start + 1 };
  const span = trimmed(builder, key.range);
  return span.end > span.start ? span : { start: span.start, end: span.start + 1 };
}

function keyText(builder: Builder, key: ParsedNode | null, span: Span): string | undefined {
  if (isScalar(key) && key.value !== null) {
    if (key.anchor !== undefined) build(builder, key, span);
    return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
  }
  if (isAlias(key)) {
    const { node } = followAlias(builder, key.source, span);
    if (node.kind === 'scalar' && node.value !== null) return node.text;
  }
  const help = 'a key is text; quote what begins with `{`, `[` or `?`';
  builder.diagnostics.push(finding('bad-key', span, 'this is no key', { help }));
  return undefined;
}

/** Of several, the first wins; what the mapping itself says wins over all. */
function mergeInto(builder: Builder, merged: Map<string, Entry>, node: Node): void {
  const sources = node.kind === 'list' ? node.items : [node];
  for (const source of sources) {
    if (source.kind !== 'map') {
      const help = 'after `<<` comes an alias of a mapping, or a list of them';
      builder.diagnostics.push(
        finding('bad-merge', source.span, 'only keys with values can be merged', { help }),
      );
      continue;
    }
    for (const [name, entry] of source.entries) if (!merged.has(name)) merged.set(name, entry);
  }
}

function followAlias(builder: Builder, name: string, span: Span): Built {
  const target = builder.anchors.get(name);
  const shown = `\`*${shortened(name, 40)}\``;
  if (target === undefined) {
    const near = didYouMean(name, [...builder.anchors.keys()]);
    const help =
      near === undefined
        ? `put \`&${shortened(name, 40)}\` before the value it stands for; quote a text that begins with \`*\``
        : `did you mean \`*${near}\`?`;
    builder.diagnostics.push(finding('unknown-alias', span, `${shown} stands for nothing above`, { help }));
    return nothing(span);
  }
  if (target === 'open') {
    builder.diagnostics.push(
      finding('circular-alias', span, `${shown} stands within what it stands for`, { help: 'write it out' }),
    );
    return nothing(span);
  }
  const before = builder.aliased;
  builder.aliased += target.size;
  if (builder.aliased > limits.aliased) {
    if (before <= limits.aliased) builder.diagnostics.push(tooMuch(span));
    return nothing(span);
  }
  if (target.depth > limits.depth) {
    builder.diagnostics.push(
      finding('too-deep', span, `more than ${limits.depth} levels of nesting`, { help: 'write flatter' }),
    );
    return nothing(span);
  }
  return { ...target, node: { ...target.node, span } };
}

function tooMuch(span: Span): Diagnostic {
  const help = 'use aliases of aliases less; put repeated steps into `routines`';
  return finding(
    'aliases-too-large',
    span,
    `up to here, aliases stand for more than ${limits.aliased} values`,
    { help },
  );
}

/** Where an item of a list begins that is nothing. */
function dashBefore(builder: Builder, item: ParsedNode, list: Span): Span {
  const end = item.range[0];
  const dash = builder.text.slice(Math.max(list.start, end - 40), end).lastIndexOf('-');
  const start = dash < 0 ? list.start : Math.max(list.start, end - 40) + dash;
  return { start, end: start + 1 };
}

/** Without the white space that the library counts in at the end. */
function trimmed(builder: Builder, range: readonly [number, number, number]): Span {
  const [start, end] = range;
  let last = end;
  while (last > start && /\s/.test(builder.text[last - 1] ?? '')) last -= 1;
  return { start, end: last };
}
