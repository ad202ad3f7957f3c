/** Sleeping on words of a `SharedArrayBuffer`. */
import type { Parking } from '../../kernel/runtime/parking.ts';

export const atomicsParking: Parking = {
  wait(words, index, expected, timeoutMs) {
    Atomics.wait(words, index, expected, timeoutMs);
  },
  notify(words, index, count) {
    Atomics.notify(words, index, count);
  },
};
