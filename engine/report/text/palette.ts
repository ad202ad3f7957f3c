/**
 * Colours, or none: everything that colours takes a palette, so that `NO_COLOR` is decided once.
 */

/** Wraps a text, which is on one line and holds no escape sequences, in a style. */
export type Paint = (text: string) => string;

export type Palette = {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly unsure: Paint;
  /** A colour for a task, always the same one for the same number. */
  readonly task: (task: number, text: string) => string;
};

/** Without red, green and yellow, which are for the bad, the good and the unsure; readable on dark and on light. */
const taskColours = [36, 35, 34, 96, 95, 94] as const;

/** @param colour false: every paint leaves its text as it is */
export function createPalette(colour: boolean): Palette {
  if (!colour) {
    const same: Paint = (text) => text;
    return { bold: same, dim: same, good: same, bad: same, unsure: same, task: (_task, text) => text };
  }
  return {
    bold: sgr(1, 22),
    dim: sgr(2, 22),
    good: sgr(32, 39),
    bad: sgr(31, 39),
    unsure: sgr(33, 39),
    task: (task, text) => sgr(taskColours[Math.abs(task) % taskColours.length] ?? 36, 39)(text),
  };
}

function sgr(open: number, close: number): Paint {
  return (text) => `\u001b[${open}m${text}\u001b[${close}m`;
}
