/**
 * Changes to a text, made all at once, and the way back from the new text's offsets to the old one's.
 */

/** Replaces `start` to `end`; inserts where they are equal. */
export type Splice = { readonly start: number; readonly end: number; readonly text: string };

export type Spliced = {
  readonly text: string;
  /** An offset of the new text as one of the old; inside new text, where it was put. */
  original(offset: number): number;
};

/** Splices must not overlap; insertions at one place keep their order. */
export function splice(text: string, splices: readonly Splice[]): Spliced {
  const ordered = splices.toSorted((a, b) => a.start - b.start || a.end - b.end);
  let result = '';
  let from = 0;
  /** Pairs of offsets: from the first on (in the new text), the two texts run in step again. */
  const steps: { readonly at: number; readonly old: number; readonly fresh: boolean }[] = [
    { at: 0, old: 0, fresh: false },
  ];
  for (const { start, end, text: inserted } of ordered) {
    result += text.slice(from, start);
    steps.push({ at: result.length, old: start, fresh: true });
    result += inserted;
    steps.push({ at: result.length, old: end, fresh: false });
    from = end;
  }
  result += text.slice(from);
  return {
    text: result,
    original(offset) {
      const step = steps.findLast(({ at }) => at <= offset);
      if (step === undefined) return offset;
      return step.fresh ? step.old : step.old + offset - step.at;
    },
  };
}
