/**
 * Everything a scenario carries or computes, as one kind of thing: an `Expression`.
 *
 * Templates become concatenations, lists and maps become CEL's own, and what depends on nothing but parameters is
 * evaluated at once.
 */
import type { Document, Path } from '../document/document.ts';
import type { Data } from '../document/scenario.generated.ts';
import type { Span } from '../source/source.ts';
import { createExpressionChecker, type ExpressionChecker } from './check-expression.ts';
import type { Expression } from './expression.ts';
import { createFolder } from './expression-fold.ts';
import { asText, concatenation, listOf, literal, mapOf, type Piece } from './expression-piece.ts';
import { type Place, partOf, placeOf } from './place.ts';
import type { Report } from './report.ts';
import type { Scope } from './scope.ts';
import { parseTemplate, wholeExpression } from './template.ts';
import { typeOf } from './values/value-text.ts';

/** What a place needs: the result is checked as far as it is known. */
export type Want = 'bool' | 'int' | 'number' | 'collection' | 'list' | 'string';

/** A part of the scenario, and where it stands. */
export type Part = { readonly data: Data; readonly path: Path };

export type ExpressionComposer = {
  readonly checker: ExpressionChecker;
  readonly document: Document;
  /** A carrying place: text with `${{ }}`. Undefined if anything was reported. */
  carry(part: Part, scope: Scope): Expression | undefined;
  /** A carrying place whose result is shown: always text. */
  carryText(part: Part, scope: Scope): Expression | undefined;
  /** A computing place: CEL, with or without `${{ }}` around it. */
  compute(part: Part, scope: Scope, want?: Want): Expression | undefined;
  /** A computing place in which a list or a map is data: `in`, `choose`. */
  computeData(part: Part, scope: Scope, want?: Want): Expression | undefined;
  /** An expression at a place of its own, such as the index of `fork[i]`. */
  computeAt(place: Place, scope: Scope, want?: Want): Expression | undefined;
  /** Why an expression that reads nothing is not constant. */
  failureOf(expression: Expression): string;
};

/** Data nested deeper than this is refused: the expression library's parser recurses. */
const deepest = 40;

export function createExpressionComposer(document: Document, report: Report): ExpressionComposer {
  const checker = createExpressionChecker();
  const folder = createFolder();

  const expressionFrom = (piece: Piece | undefined, span: Span, want?: Want): Expression | undefined => {
    if (piece === undefined) return undefined;
    const expression = folder.fold(piece, span);
    const type = expression.constant === undefined ? piece.type : typeOf(expression.constant);
    if (want === undefined || fits(type, want)) return expression;
    report('expression-type', span, `this must be ${wanted[want]}, and is ${shownType(type)}`);
    return undefined;
  };

  const carried = ({ data, path }: Part, scope: Scope): Piece | undefined => {
    if (typeof data === 'string') return carriedText(placeOf(document, path, data), scope);
    return distributed(data, path, (part) => carried(part, scope));
  };

  const carriedText = (place: Place, scope: Scope): Piece | undefined => {
    const template = parseTemplate(place.text);
    if ('unclosed' in template) {
      const span = place.at(template.unclosed, template.unclosed + 3);
      report('template-syntax', span, 'this is never closed', { help: 'close it with `}}`' });
      return undefined;
    }
    const pieces = template.parts.map((part) => {
      if (part.kind === 'text') return literal(part.text);
      return folder.foldPiece(checker.check(partOf(place, part.start, part.end), scope, report));
    });
    if (pieces.length === 0) return literal('');
    if (pieces.length > 1) return concatenation(pieces);
    if (template.parts[0]?.kind === 'text') warnOfName(place, scope, report);
    return pieces[0];
  };

  const computed = ({ data, path }: Part, scope: Scope): Piece | undefined => {
    if (typeof data === 'string') return computedText(placeOf(document, path, data), scope);
    return distributed(data, path, (part) => computed(part, scope));
  };

  const computedText = (place: Place, scope: Scope): Piece | undefined => {
    const whole = wholeExpression(place.text);
    return checker.check(whole === undefined ? place : partOf(place, whole.start, whole.end), scope, report);
  };

  let depth = 0;
  const distributed = (
    data: Exclude<Data, string>,
    path: Path,
    piece: (part: Part) => Piece | undefined,
  ): Piece | undefined => {
    if (typeof data !== 'object' || data === null) return literal(data);
    if (depth >= deepest) {
      report('too-deep', document.spanAt(path), `data may be nested ${deepest} levels deep, not more`);
      return undefined;
    }
    depth += 1;
    const result = Array.isArray(data)
      ? listOf((data as readonly Data[]).map((item, index) => piece({ data: item, path: [...path, index] })))
      : mapOf(
          Object.entries(data).map(([key, item]) => {
            checkKey(key, [...path, key]);
            return [key, piece({ data: item, path: [...path, key] })] as const;
          }),
        );
    depth -= 1;
    return result;
  };

  const checkKey = (key: string, path: Path): void => {
    if (!lostKeys.has(key)) return;
    report('expression-type', document.spanAt(path, 'key'), `\`${key}\` cannot be a key of a map`);
  };

  return {
    checker,
    document,
    carry: (part, scope) => expressionFrom(carried(part, scope), document.spanAt(part.path)),
    carryText: (part, scope) => expressionFrom(asText(carried(part, scope)), document.spanAt(part.path)),
    compute: (part, scope, want) => expressionFrom(computed(part, scope), document.spanAt(part.path), want),
    computeData: (part, scope, want) => {
      const piece = typeof part.data === 'string' ? computed(part, scope) : carried(part, scope);
      return expressionFrom(piece, document.spanAt(part.path), want);
    },
    failureOf: folder.failureOf,
    computeAt: (place, scope, want) => expressionFrom(computedText(place, scope), place.span, want),
  };
}

/** The expression library leaves these out of maps, silently. */
const lostKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const wanted: Readonly<Record<Want, string>> = {
  bool: 'true or false',
  int: 'an integer',
  number: 'a number',
  collection: 'a list or a map',
  list: 'a list',
  string: 'text',
};

const fitting: Readonly<Record<Want, RegExp>> = {
  bool: /^bool$/,
  int: /^int$/,
  number: /^(int|double)$/,
  collection: /^(list|map)/,
  list: /^list/,
  string: /^string$/,
};

function fits(type: string, want: Want): boolean {
  return type === 'dyn' || fitting[want].test(type);
}

function shownType(type: string): string {
  if (type === 'string') return 'text';
  return type.replace('google.protobuf.', '').toLowerCase();
}

function warnOfName(place: Place, scope: Scope, report: Report): void {
  const binding = scope.lookup(place.text);
  if (binding === undefined || !['local', 'variable', 'constant'].includes(binding.kind)) return;
  report('text-is-a-name', place.span, `this is the text \`${place.text}\`, not the value of that name`, {
    help: `for the value write \${{ ${place.text} }}`,
  });
}
