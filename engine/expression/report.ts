/**
 * How the planner tells what it finds. Steps that are compiled more than once (`finally`, routines) say the same again;
 * each finding is kept once.
 */
import type { Code } from '../diagnostic/codes.ts';
import type { Diagnostic, Label } from '../diagnostic/diagnostic.ts';
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { finding, inOrder } from '../diagnostic/finding.ts';
import type { Span } from '../source/source.ts';

export type More = { readonly help?: string | undefined; readonly labels?: readonly Label[] };

export type Report = (code: Code, span: Span, message: string, more?: More) => void;

export type Collector = {
  readonly report: Report;
  /** In the order of the file, each once. */
  diagnostics(): readonly Diagnostic[];
};

export function createCollector(): Collector {
  const found: Diagnostic[] = [];
  return {
    report: (code, span, message, more) => void found.push(finding(code, span, message, more)),
    diagnostics: () => inOrder(found),
  };
}

/** `did you mean …?`, or undefined where no name is near. */
export function suggestion(word: string, candidates: Iterable<string>): string | undefined {
  const candidate = didYouMean(word, [...new Set(candidates)]);
  return candidate === undefined ? undefined : `did you mean \`${candidate}\`?`;
}
