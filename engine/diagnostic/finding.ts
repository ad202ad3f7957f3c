/**
 * Makes findings, and puts them in order.
 */
import type { Span } from '../source/source.ts';
import { type Code, codes } from './codes.ts';
import type { Diagnostic, Label } from './diagnostic.ts';

/** One finding, with the severity that the registry gives its code. */
export function finding(
  code: Code,
  span: Span,
  message: string,
  more: { readonly help?: string | undefined; readonly labels?: readonly Label[] } = {},
): Diagnostic {
  const { help, labels } = more;
  return {
    code,
    severity: codes[code].severity,
    span,
    message,
    ...(help === undefined ? {} : { help }),
    ...(labels === undefined ? {} : { labels }),
  };
}

/** Sorted by place, then code, then message; each finding once. */
export function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const sorted = [...diagnostics].sort(compare);
  return sorted.filter((diagnostic, index) => {
    const before = sorted[index - 1];
    return before === undefined || compare(before, diagnostic) !== 0;
  });
}

/** Whether there is a finding that keeps the file from being used. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}

function compare(a: Diagnostic, b: Diagnostic): number {
  return (
    a.span.start - b.span.start ||
    a.span.end - b.span.end ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message)
  );
}

/** By code units: the same on every machine. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
