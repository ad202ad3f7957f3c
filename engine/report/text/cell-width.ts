/**
 * How many cells of a terminal a text takes, and cutting it to fit.
 *
 * For text that has been made harmless and holds no escape sequences. Where terminals disagree (emoji sequences) it
 * counts more: a line cut too early is readable, a line that wraps breaks the live view.
 */
import { columnsOf } from '../../diagnostic/text-width.ts';

const ascii = /^[ -~]*$/;

/** Cells the text takes on a terminal. Linear in its length. */
export function cellWidth(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const point of text) width += columnsOf(point);
  return width;
}

/** Marks that join the character before take no cell: a flood of them must not make a short text long. */
const unitsPerCell = 16;

/** The text, cut to at most `cells` cells; `…` stands for what was cut. Looks at no more of the text than can fit. */
export function fitCells(text: string, cells: number): string {
  if (cells <= 0) return '';
  const most = cells * unitsPerCell;
  let width = 0;
  let at = 0;
  let kept = 0;
  for (const point of text.slice(0, most)) {
    width += columnsOf(point);
    at += point.length;
    if (width > cells) return `${text.slice(0, kept)}…`;
    if (width < cells) kept = at;
  }
  return text.length <= most ? text : `${text.slice(0, kept)}…`;
}
