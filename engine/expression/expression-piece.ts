/**
 * Parts of an expression, put together to a whole: texts to a template, elements to a list, entries to a map.
 *
 * A part that is undefined was reported; then the whole is undefined too.
 */
import type { Checked } from './check-expression.ts';
import { mergeReads } from './read-set.ts';
import type { Value, ValueMap } from './values/value.ts';
import { literalFromText, literalFromValue, textFromValue, typeOf } from './values/value-text.ts';

/** A part of an expression; `constant` where its value is known. */
export type Piece = Checked & { readonly constant?: Value };

export function literal(value: Value): Piece {
  return { cel: literalFromValue(value), reads: [], isRandom: false, type: typeOf(value), constant: value };
}

/** The text that shows it. */
export function asText(piece: Piece | undefined): Piece | undefined {
  if (piece === undefined || piece.type === 'string') return piece;
  if (piece.constant !== undefined) return literal(textFromValue(piece.constant));
  return { ...piece, cel: `text(${piece.cel})`, type: 'string' };
}

/** So many can be added one to another; more are joined, lest the tree grow as deep as the text is long. */
const mostAdditions = 8;

export function concatenation(pieces: readonly (Piece | undefined)[]): Piece | undefined {
  const texts = pieces.map((piece) => asText(parenthesized(piece))).reduce(withNeighbour, []);
  return joined(texts, 'string', (parts) => {
    return parts.length > mostAdditions ? `[${parts.join(', ')}].join("")` : parts.join(' + ');
  });
}

/** Texts that are known and stand side by side are one. */
function withNeighbour(before: readonly (Piece | undefined)[], piece: Piece | undefined) {
  const last = before.at(-1);
  if (typeof last?.constant !== 'string' || typeof piece?.constant !== 'string') return [...before, piece];
  return [...before.slice(0, -1), literal(last.constant + piece.constant)];
}

/** Text that is computed may have any operator in it. */
function parenthesized(piece: Piece | undefined): Piece | undefined {
  if (piece === undefined || piece.type !== 'string' || /^("[^"]*"|[\w.]+)$/.test(piece.cel)) return piece;
  return { ...piece, cel: `(${piece.cel})` };
}

export function listOf(pieces: readonly (Piece | undefined)[]): Piece | undefined {
  const list = joined(pieces, 'list', (parts) => `[${parts.join(', ')}]`);
  const constants = pieces.map((piece) => piece?.constant);
  return list === undefined || constants.includes(undefined)
    ? list
    : { ...list, constant: constants as Value[] };
}

export function mapOf(entries: readonly (readonly [string, Piece | undefined])[]): Piece | undefined {
  const map = joined(
    entries.map(([, piece]) => piece),
    'map',
    (parts) =>
      `{${parts.map((part, index) => `${literalFromText(entries[index]?.[0] ?? '')}: ${part}`).join(', ')}}`,
  );
  const constants = entries.map(([key, piece]) => [key, piece?.constant] as const);
  if (map === undefined || constants.some(([, constant]) => constant === undefined)) return map;
  return { ...map, constant: Object.fromEntries(constants) as ValueMap };
}

function joined(
  pieces: readonly (Piece | undefined)[],
  type: string,
  join: (parts: readonly string[]) => string,
): Piece | undefined {
  const known = pieces.filter((piece) => piece !== undefined);
  if (known.length < pieces.length) return undefined;
  const [only] = known;
  if (type === 'string' && known.length === 1 && only !== undefined) return only;
  return {
    cel: join(known.map(({ cel }) => cel)),
    reads: mergeReads(known.map(({ reads }) => reads)),
    isRandom: known.some(({ isRandom }) => isRandom),
    type,
  };
}
