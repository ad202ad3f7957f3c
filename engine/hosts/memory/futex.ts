/**
 * Sleeping on a word of mapped memory, for processes and threads alike: the futex shared by all who map the same file.
 *
 * The sleep is one blocking system call. Where a signal has its default disposition it still ends the process at once;
 * a JavaScript handler for it would never run, so those who sleep here register none.
 */
import type { Parking } from '../../kernel/runtime/parking.ts';
import type { Native } from './native.ts';

/** Without `FUTEX_PRIVATE_FLAG`: the sleepers are found by file and offset, not by address. */
const FUTEX_WAIT = 0;
const FUTEX_WAKE = 1;

/** `struct timespec { int64 seconds, nanoseconds }` as little-endian words. */
const TIMESPEC_BYTES = 16;
const SECONDS = 0;
const NANOSECONDS = 2;
const MAX_INT = 2 ** 31 - 1;

/**
 * The parking of memory mapped at `address`. A sleep may end early (a signal, another's wake): callers look again.
 *
 * For one thread only: it has one timeout to fill in.
 */
export function createFutexParking(native: Native, address: number): Parking {
  const timespec = native.allocate(TIMESPEC_BYTES);
  const addressOf = (words: Int32Array, index: number) =>
    address + words.byteOffset + index * Int32Array.BYTES_PER_ELEMENT;
  return {
    wait(words, index, expected, timeoutMs) {
      if (timeoutMs === Infinity) {
        native.futex(addressOf(words, index), FUTEX_WAIT, expected, 0);
        return;
      }
      const limitMs = Math.max(timeoutMs, 0);
      timespec.words[SECONDS] = Math.min(Math.floor(limitMs / 1000), MAX_INT);
      timespec.words[NANOSECONDS] = Math.floor((limitMs % 1000) * 1e6);
      native.futex(addressOf(words, index), FUTEX_WAIT, expected, timespec.address);
    },
    notify(words, index, count) {
      native.futex(addressOf(words, index), FUTEX_WAKE, Math.min(count, MAX_INT), 0);
    },
  };
}
