/**
 * The text of a file as a value. To read a long one takes its time, so that the event loop has its turn in between.
 */
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { Composer, type CST, isCollection, isMap, isPair, isScalar, Lexer, LineCounter, Parser } from 'yaml';
import type { Value } from '../../expression/values/value.ts';
import { fitsInteger, impossibleKey } from '../../expression/values/value-bounds.ts';
import { decode, encode } from '../../log/codec.ts';

/** @throws Error where it is no value of a scenario in that format */
export async function valueFromText(format: 'json' | 'yaml', text: string): Promise<Value> {
  const value = format === 'json' ? valueFromJson(text) : await valueFromYaml(text);
  check(value);
  return value;
}

/** Integers stay exact: once it is known to be JSON, it is read as what values are stored as. */
function valueFromJson(text: string): Value {
  const json = text.replace(/^\uFEFF/, '');
  JSON.parse(json);
  return decode(withoutSpaces(json));
}

/** Values are stored without spaces, and with a small `e`. */
function withoutSpaces(json: string): string {
  const parts: string[] = [];
  for (let at = 0; at < json.length; ) {
    const quote = json.indexOf('"', at);
    const end = quote === -1 ? json.length : quote;
    parts.push(
      json
        .slice(at, end)
        .replaceAll(/[ \t\r\n]+/g, '')
        .replaceAll('E', 'e'),
    );
    at = quote === -1 ? json.length : endOfString(json, quote);
    parts.push(json.slice(end, at));
  }
  return parts.join('');
}

function endOfString(json: string, quote: number): number {
  for (let at = quote + 1; ; at++) {
    if (json[at] === '\\') at++;
    else if (json[at] === '"') return at + 1;
  }
}

const options = {
  version: '1.2',
  schema: 'core',
  intAsBigInt: true,
  uniqueKeys: false,
  logLevel: 'error',
} as const;

/** What the parser reads between two turns of the event loop. */
const LEXEMES = 20_000;

async function valueFromYaml(text: string): Promise<Value> {
  const lines = new LineCounter();
  const tokens = await tokensOf(text, lines);
  await eventLoopTurn();
  const documents = [...new Composer(options).compose(tokens, true, text.length)];
  if (documents.length > 1) throw new Error('it has several documents');
  const [document] = documents;
  const [error] = document?.errors ?? [];
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new Error(`${error.message} at line ${line}, column ${col}`);
  }
  await eventLoopTurn();
  mustBeUnique(document?.contents);
  await eventLoopTurn();
  // Parsed data has the shapes of values already; going through the codec checks it.
  return decode(encode((document?.toJS({ maxAliasCount: 100 }) ?? null) as Value));
}

async function tokensOf(text: string, lines: LineCounter): Promise<readonly CST.Token[]> {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    lexemes += 1;
    if (lexemes % LEXEMES === 0) await eventLoopTurn();
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

/** The library compares each key with each other one, which takes minutes for a long map. @throws Error */
function mustBeUnique(root: unknown): void {
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isMap(node)) mustHaveUniqueKeys(node.items);
    const inside = isPair(node) ? [node.key, node.value] : isCollection(node) ? node.items : [];
    for (const item of inside) if (item !== undefined && item !== null) open.push(item);
  }
}

function mustHaveUniqueKeys(pairs: readonly { readonly key: unknown }[]): void {
  const keys = new Set<unknown>();
  for (const { key } of pairs) {
    const value = isScalar(key) ? key.value : key;
    if (keys.has(value)) throw new Error(`the key \`${value}\` is there twice`);
    keys.add(value);
  }
}

/** @throws Error where it is beyond what values can be */
function check(value: Value): void {
  if (typeof value === 'bigint' && !fitsInteger(value)) throw new Error(`${value} is no integer of 64 bits`);
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value) && Object.hasOwn(value, impossibleKey))
    throw new Error(`\`${impossibleKey}\` cannot be a key of a map`);
  for (const one of Object.values(value)) check(one);
}
