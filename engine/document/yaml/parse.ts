/**
 * From text to YAML documents, with a look at the nesting before anything recursive touches it.
 */

import type { ParsedNode } from 'yaml';
import { Composer, type CST, Lexer, Parser, type Document as YamlDocument } from 'yaml';
import { limits } from '../limits.ts';

export type YamlDocuments = {
  readonly tooDeepAt?: undefined;
  readonly documents: readonly YamlDocument.Parsed<ParsedNode>[];
  /** Where the outermost flow collections begin. */
  readonly flows: readonly number[];
  /** Where a bracket or a quote opens that is never closed. */
  readonly unclosed: readonly number[];
};

export type YamlText = { readonly tooDeepAt: number } | YamlDocuments;

const options = {
  version: '1.2',
  schema: 'core',
  intAsBigInt: true,
  prettyErrors: false,
  // Ours is linear and gives both places.
  uniqueKeys: false,
} as const;

/** Parses; never throws for any text. Syntax errors are in the documents. */
export function parseYaml(text: string): YamlText {
  const tokens = tokensOf(text);
  if (typeof tokens === 'number') return { tooDeepAt: tokens };
  const { tooDeepAt, flows, unclosed } = survey(tokens);
  if (tooDeepAt !== undefined) return { tooDeepAt };
  const documents = withoutStacks(() => [...new Composer(options).compose(tokens)]);
  return { documents: documents.filter((document) => 'range' in document), flows, unclosed };
}

/** The library makes an Error for each finding; a hundred thousand stacks that nobody reads take seconds. */
function withoutStacks<Result>(action: () => Result): Result {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return action();
  } finally {
    Error.stackTraceLimit = before;
  }
}

/**
 * The parser closes what is open by recursion, so it is stopped before too much is open: in thousands of levels its stack
 * would overflow.
 *
 * @returns where the text nests too deeply, if it does
 */
function tokensOf(text: string): readonly CST.Token[] | number {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    // The document itself is no level.
    const tooDeep = parser.stack[limits.depth + 1];
    if (tooDeep !== undefined) return tooDeep.offset;
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

type Visit = { readonly token: CST.Token; readonly depth: number; readonly inFlow: boolean };

type Survey = {
  readonly tooDeepAt?: number;
  readonly flows: readonly number[];
  readonly unclosed: readonly number[];
};

/** Looks at every collection without recursion: the parser nests as deep as the text does. */
function survey(tokens: readonly CST.Token[]): Survey {
  const flows: number[] = [];
  const unclosed: number[] = [];
  const stack: Visit[] = tokens.map((token) => ({ token, depth: 0, inFlow: false })).reverse();
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    const { token, depth, inFlow } = visit;
    if (depth > limits.depth) return { tooDeepAt: token.offset, flows, unclosed };
    const isFlow = token.type === 'flow-collection';
    if (isFlow && !inFlow) flows.push(token.offset);
    if (isUnclosed(token)) unclosed.push(token.offset);
    for (const child of childrenOf(token))
      stack.push({ token: child, depth: depth + 1, inFlow: inFlow || isFlow });
  }
  return { flows: flows.sort((a, b) => a - b), unclosed: unclosed.sort((a, b) => a - b) };
}

function isUnclosed(token: CST.Token): boolean {
  if (token.type === 'double-quoted-scalar') return !/^"(?:[^"\\]|\\[\s\S])*"$/.test(token.source);
  if (token.type === 'single-quoted-scalar') return !/^'(?:[^']|'')*'$/.test(token.source);
  if (token.type !== 'flow-collection') return false;
  return !token.end.some(({ type }) => type === 'flow-map-end' || type === 'flow-seq-end');
}

function childrenOf(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : [];
  if (!('items' in token)) return [];
  const children: CST.Token[] = [];
  for (const item of token.items) {
    if ('key' in item && item.key) children.push(item.key);
    if ('value' in item && item.value) children.push(item.value);
  }
  return children;
}
