/**
 * Findings for machines: the same data, with lines and columns beside the offsets.
 */
import { positionAt } from '../source/position.ts';
import type { Position, Source, Span } from '../source/source.ts';
import type { Diagnostic, Severity } from './diagnostic.ts';

type JsonPlace = {
  readonly start: Position & { readonly offset: number };
  readonly end: Position & { readonly offset: number };
};

export type JsonDiagnostic = JsonPlace & {
  readonly file: string;
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly help?: string;
  readonly labels: readonly (JsonPlace & { readonly text: string })[];
};

/** One finding as plain data for `JSON.stringify`. Lines and columns count from 1, offsets from 0, in UTF-16 code units. */
export function toJson(diagnostic: Diagnostic, source: Source): JsonDiagnostic {
  const { code, severity, message, help, labels = [] } = diagnostic;
  return {
    file: source.file,
    code,
    severity,
    message,
    ...(help === undefined ? {} : { help }),
    ...placeOf(diagnostic.span, source),
    labels: labels.map((label) => ({ text: label.text, ...placeOf(label.span, source) })),
  };
}

function placeOf(span: Span, source: Source): JsonPlace {
  return {
    start: { ...positionAt(source, span.start), offset: span.start },
    end: { ...positionAt(source, span.end), offset: span.end },
  };
}
