/**
 * How a carrier sleeps on a word of the kernel's memory and is woken: the one thing that differs between threads
 * (`Atomics.wait`), mapped memory (`futex`) and plain arrays (never sleeps).
 */
export type Parking = {
  /** Sleeps while `words[index] === expected`, at most `timeoutMs` (Infinity: no limit). May return early. */
  wait(words: Int32Array, index: number, expected: number, timeoutMs: number): void;
  /** Wakes at most `count` sleepers on that word. */
  notify(words: Int32Array, index: number, count: number): void;
};
