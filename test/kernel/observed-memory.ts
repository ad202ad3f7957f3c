/**
 * Memory whose every operation can be held back: the means to run code under test one operation at a time.
 *
 * A piece of code is a plain function; its state is the list of results its operations had so far. To take its next
 * step it is run again from the start with those results, until it asks for one more: that operation is thrown out of
 * it as a request, for somebody else to carry out when he likes. So the code under test is the shipped text, and
 * nothing has to be said about it but what it does to memory.
 */
import type { Parking } from '../../engine/kernel/runtime/parking.ts';

export type Request =
  | { readonly kind: 'load'; readonly index: number }
  | { readonly kind: 'store'; readonly index: number; readonly value: number }
  | { readonly kind: 'exchange'; readonly index: number; readonly value: number }
  | {
      readonly kind: 'compareExchange';
      readonly index: number;
      readonly expected: number;
      readonly value: number;
    }
  | { readonly kind: 'wait'; readonly index: number; readonly expected: number }
  | { readonly kind: 'notify'; readonly index: number };

const PENDING = Symbol('the next operation');

/** The results being replayed, and what is asked for beyond them. */
const turn: { results: readonly number[]; used: number; request: Request | null } = {
  results: [],
  used: 0,
  request: null,
};

function perform(request: Request): number {
  if (turn.used < turn.results.length) return turn.results[turn.used++]!;
  turn.request = request;
  throw PENDING;
}

/** The words as the code under test sees them: plain reads and writes are operations too. */
export function observedWords(length: number): Int32Array {
  const words = {};
  for (let index = 0; index < length; index++) {
    Object.defineProperty(words, index, {
      get: () => perform({ kind: 'load', index }),
      set: (value: number) => perform({ kind: 'store', index, value }),
    });
  }
  return words as Int32Array;
}

const observedAtomics = {
  load: (_: unknown, index: number) => perform({ kind: 'load', index }),
  store: (_: unknown, index: number, value: number) => perform({ kind: 'store', index, value }),
  exchange: (_: unknown, index: number, value: number) => perform({ kind: 'exchange', index, value }),
  compareExchange: (_: unknown, index: number, expected: number, value: number) =>
    perform({ kind: 'compareExchange', index, expected, value }),
};

export const observedParking: Parking = {
  wait: (_, index, expected) => void perform({ kind: 'wait', index, expected }),
  notify: (_, index) => void perform({ kind: 'notify', index }),
};

/** Runs `work` with `Atomics` replaced. */
export function whileObserved<Result>(work: () => Result): Result {
  const real = globalThis.Atomics;
  globalThis.Atomics = Object.assign(Object.create(real) as typeof Atomics, observedAtomics);
  try {
    return work();
  } finally {
    globalThis.Atomics = real;
  }
}

/** Runs `body` with the results it had before; null: it ended. Its own exceptions go to `fail`. */
export function replay(
  body: () => void,
  results: readonly number[],
  fail: (text: string) => never,
): Request | null {
  Object.assign(turn, { results, used: 0, request: null });
  try {
    body();
  } catch (thrown) {
    if (thrown !== PENDING) fail(String(thrown));
  }
  return turn.request;
}
