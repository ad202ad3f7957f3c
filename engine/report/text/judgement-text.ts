/**
 * An expectation that failed: what was expected, what was seen, when, by whom, and where it is written.
 */

import { harmless, harmlessLines } from '../../source/harmless.ts';
import { durationText } from '../../verdict/duration-text.ts';
import { quoted } from '../../verdict/show.ts';
import type { Evidence, Judgement } from '../../verdict/verdict.ts';
import { isTitleEnough, judgementTitle } from './judgement-title.ts';
import type { Palette } from './palette.ts';
import type { Places } from './places.ts';
import { judgementWords } from './wording.ts';

const mostEvidence = 5;
/** Code frames take several lines each; the later ones only name their place. */
const mostFrames = 2;
const mostTextLines = 12;

export function judgementLines(judgement: Judgement, places: Places, palette: Palette): readonly string[] {
  const { name, expected, seen, span, evidence } = judgement;
  const others = evidence.length - mostEvidence;
  return [
    `${palette.bad(`${judgementWords.failed}:`)} ${palette.bold(harmless(judgementTitle(judgement)))}`,
    ...(name === 'tasks' && evidence.length > 0
      ? []
      : [
          ...(isTitleEnough(judgement) ? [] : labelled('expected', expected, palette)),
          ...labelled('seen', seen, palette),
        ]),
    ...indented(places.frame(span)),
    ...evidence
      .slice(0, mostEvidence)
      .flatMap((piece, index) => evidenceLines(piece, index < mostFrames, places)),
    ...(others > 0 ? [`  … and ${others} more`] : []),
  ];
}

/** A line of a text that goes on begins with a sign of its own, so that it cannot be taken for one of ours. */
const continued = '        |';

function labelled(label: string, text: string, palette: Palette): readonly string[] {
  const lines = harmlessLines(text);
  const others = lines.length - mostTextLines;
  const shown = others > 0 ? [...lines.slice(0, mostTextLines), `… and ${others} more lines`] : lines;
  return shown.map((line, index) => `  ${palette.dim(index === 0 ? label.padEnd(9) : continued)} ${line}`);
}

function evidenceLines(
  { at, task, span, text }: Evidence,
  framed: boolean,
  places: Places,
): readonly string[] {
  const when = at === undefined ? [] : [`at ${durationText(at)}`];
  const who = task === undefined ? [] : [quoted(harmless(task))];
  const introduction = [...when, ...who].join(', ');
  const place = places.text(span);
  const where = place === '' || framed ? '' : ` (${place})`;
  const line = `  ${introduction === '' ? '' : `${introduction}: `}${harmless(text)}${where}`;
  return framed ? [line, ...indented(places.frame(span))] : [line];
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `    ${line}`);
}
