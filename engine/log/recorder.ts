/**
 * What the kernel records with: the ring (`ring.ts`), or, where nobody reads a log, something that keeps nothing.
 */

/** A value for a record: its word, where that is no reference, else its text. */
export type ValueText = number | string;

export type Recorder = {
  open(): void;
  endMoment(): void;
  readonly tail: number;
  hasRoom(): boolean;
  isFuller(words: number): boolean;
  setTime(us: number): void;
  begin(type: number, task: number, step: number, payload: number): number;
  joinNext(): void;
  beginWithValue(type: number, task: number, step: number, payload: number, value: ValueText): number;
  publish(): void;
  /** Of the moment at hand. */
  readonly momentWords: number;
  /** Takes back what the moment at hand has recorded. */
  dropMoment(): void;
};

/** So many words are written over by each record, and read by nobody. */
export const NO_RECORD_WORDS = 16;

/** @param scratch where those words lie */
export function createNoRecorder(scratch: number): Recorder {
  const nothing = (): void => {};
  return {
    open: nothing,
    endMoment: nothing,
    tail: 0,
    hasRoom: () => true,
    isFuller: () => false,
    setTime: nothing,
    begin: () => scratch,
    joinNext: nothing,
    beginWithValue: () => scratch,
    publish: nothing,
    momentWords: 0,
    dropMoment: nothing,
  };
}
