/**
 * Places of a scenario in words and as code frames, for reports.
 */
import { codeFrame } from '../../diagnostic/code-frame.ts';
import { harmless } from '../../source/harmless.ts';
import { positionAt } from '../../source/position.ts';
import type { Position, Source, Span } from '../../source/source.ts';
import type { Palette } from './palette.ts';

/** A place that may be missing; an empty span, which what the planner made has, counts as missing. */
export type MaybeSpan = Span | null | undefined;

export type Places = {
  /** For machines, and for lines of a log. */
  position(span: MaybeSpan): Position | undefined;
  /** `toilet.yaml:17`, harmless; empty where there is no place. */
  text(span: MaybeSpan): string;
  /** The line with the place marked, as findings show it; no lines where there is no place. */
  frame(span: MaybeSpan): readonly string[];
};

export type PlacesOptions = {
  readonly palette: Palette;
  /** How wide a frame may be. */
  readonly columns: number;
};

export function createPlaces(source: Source, { palette, columns }: PlacesOptions): Places {
  const file = harmless(source.file === '-' ? 'standard input' : source.file);
  const position = (span: MaybeSpan) => (isMissing(span) ? undefined : positionAt(source, span.start));
  return {
    position,
    text(span) {
      const line = position(span)?.line;
      return line === undefined ? '' : `${file}:${line}`;
    },
    frame(span) {
      if (isMissing(span)) return [];
      const number = String(positionAt(source, span.start).line);
      const { text, mark } = codeFrame(source, span, '^', columns - number.length - 3);
      const gutter = (label: string) => palette.dim(`${label.padStart(number.length)} |`);
      return [`${gutter(number)} ${text}`.trimEnd(), `${gutter('')} ${palette.bad(mark)}`];
    },
  };
}

function isMissing(span: MaybeSpan): span is null | undefined {
  return span === null || span === undefined || span.start === span.end;
}
