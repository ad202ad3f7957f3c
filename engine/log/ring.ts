/**
 * The ring that every record goes through: many writers, one at a time (they hold the kernel's mutex), and one reader.
 *
 * Head and tail count words for ever, modulo 2^32. Publishing the head is the commit point of all records since the last:
 * a writer that dies before it leaves no trace in the log. Writers look for room before they do anything; half of the ring
 * is the margin for what one moment may log. Who has more is told so (`Exhausted`): what was not read yet is never
 * overwritten.
 */

import type { Event } from './event.ts';
import { createEventDecoder, type EventDecoder } from './event-decoder.ts';
import { EXHAUSTED, Exhausted } from './exhausted.ts';
import { int } from './int.ts';
import { HEADER_WORDS, LAST, PADDING, TEXT_FOLLOWS, TIME_WORDS, TIMED, TYPE_MASK } from './record.ts';
import type { Recorder, ValueText } from './recorder.ts';
import { textWords, writeText } from './text-words.ts';

/** Where a ring lies in an array of words; its size is a power of two. */
export type RingPlace = {
  readonly at: number;
  readonly size: number;
  readonly head: number;
  readonly tail: number;
};

const NONE = -1;
const LOW_BITS = 30;
const LOW = 2 ** LOW_BITS;

/** What a record has beside its longest text, generously. */
const REST_OF_RECORD = 64;

/**
 * The longest a value of a scenario may be, in words: 4 MB, with what a text has around it. Less than a record may carry,
 * as some carry a value and more.
 */
export const MOST_VALUE_WORDS = 1_000_002;

/**
 * Longest text or value that one record may carry, in words: with as much padding before it, it fits into the margin, and
 * so does a second one (an error, and the end that it brings about).
 */
export function longestText(place: RingPlace): number {
  return (place.size >> 3) - REST_OF_RECORD;
}

export class RingWriter implements Recorder {
  readonly #words: Int32Array;
  readonly #place: RingPlace;
  readonly #mask: number;
  /** Words that may wait to be read when a moment begins: the rest is the margin. */
  readonly #most: number;
  #head = 0;
  /** Where this moment's records begin. */
  #moment = 0;
  /** The tail as last looked at: it only grows, so there is at least as much room as it says. */
  #tail = 0;
  /** Index of this critical section's newest record, to join the next one to its moment; -1 before the first. */
  #newest = NONE;
  #joinsNext = false;
  /** The next record says what time it is: what was logged before it may be another carrier's. */
  #saysTime = true;
  #timeLow = 0;
  #timeHigh = 0;

  /** @param margin eighths of the ring that must be free when a moment begins */
  constructor(words: Int32Array, place: RingPlace, margin = 4) {
    this.#words = words;
    this.#place = place;
    this.#mask = place.size - 1;
    this.#most = place.size - margin * (place.size >> 3);
  }

  /** Called with the mutex held, before anything is written. */
  open(): void {
    this.#head = int(this.#words[this.#place.head]);
    this.#saysTime = true;
    this.endMoment();
  }

  /** What is recorded from here on is a moment of its own. */
  endMoment(): void {
    this.#moment = this.#head;
    this.#newest = NONE;
    this.#joinsNext = false;
  }

  /** The reader's progress as last looked at: while it stands there, there is no more room. */
  get tail(): number {
    return this.#tail;
  }

  hasRoom(): boolean {
    return !this.isFuller(this.#most);
  }

  /** Whether more than so many words wait to be read. Looks at the reader's progress only where it must. */
  isFuller(words: number): boolean {
    if (((this.#head - this.#tail) | 0) <= words) return false;
    this.#tail = Atomics.load(this.#words, this.#place.tail);
    return ((this.#head - this.#tail) | 0) > words;
  }

  setTime(us: number): void {
    this.#saysTime = true;
    this.#timeHigh = Math.floor(us / LOW) | 0;
    this.#timeLow = (us - this.#timeHigh * LOW) | 0;
  }

  /** Begins a record with that many words after its header; the caller fills them, from the index returned. */
  begin(type: number, task: number, step: number, payload: number): number {
    const words = this.#words;
    const isTimed = this.#saysTime;
    const length = HEADER_WORDS + payload + (isTimed ? TIME_WORDS : 0);
    if (this.#joinsNext) this.#join();
    const at = this.#claim(length);
    this.#newest = at;
    words[at + 1] = task;
    words[at + 2] = step;
    if (!isTimed) {
      words[at] = (length << 8) | LAST | type;
      return at + HEADER_WORDS;
    }
    this.#saysTime = false;
    words[at] = (length << 8) | LAST | TIMED | type;
    words[at + HEADER_WORDS] = this.#timeLow;
    words[at + HEADER_WORDS + 1] = this.#timeHigh;
    return at + HEADER_WORDS + TIME_WORDS;
  }

  /** Room for a record that lies in one piece; the rest of the ring's end is skipped. */
  #claim(length: number): number {
    const { at, size } = this.#place;
    const offset = this.#head & this.#mask;
    const skipped = offset + length > size ? size - offset : 0;
    if (this.isFuller(size - skipped - length))
      throw new Exhausted(EXHAUSTED.moment, this.momentWords + length);
    if (skipped > 0) this.#words[at + offset] = (skipped << 8) | PADDING;
    this.#head = (this.#head + skipped + length) | 0;
    return skipped > 0 ? at : at + offset;
  }

  /** What this moment has recorded so far is no part of the log. */
  dropMoment(): void {
    this.#head = this.#moment;
    this.#saysTime = true;
    this.endMoment();
  }

  /** What this moment has recorded so far. */
  get momentWords(): number {
    return (this.#head - this.#moment) | 0;
  }

  /** The record before and the next one are one moment, if both are of this critical section. */
  joinNext(): void {
    this.#joinsNext = true;
  }

  #join(): void {
    this.#joinsNext = false;
    if (this.#newest !== NONE) this.#words[this.#newest] = int(this.#words[this.#newest]) & ~LAST;
  }

  /** A record that ends with a value: `payload` words, then the value. */
  beginWithValue(type: number, task: number, step: number, payload: number, value: ValueText): number {
    const at = this.begin(type, task, step, payload + valueWords(value));
    writeValue(this.#words, at + payload, value);
    return at;
  }

  publish(): void {
    Atomics.store(this.#words, this.#place.head, this.#head);
  }
}

/** How many words a value takes in a record. */
export function valueWords(value: ValueText): number {
  return typeof value === 'number' ? 1 : 1 + textWords(value);
}

/** @returns how many words it takes */
export function writeValue(words: Int32Array, at: number, value: ValueText): number {
  if (typeof value === 'number') {
    words[at] = value;
    return 1;
  }
  words[at] = TEXT_FOLLOWS;
  return 1 + writeText(words, at + 1, value);
}

/** The one reader. */
export class RingReader {
  readonly #words: Int32Array;
  readonly #place: RingPlace;
  readonly #decoder: EventDecoder;
  #seq = 0;

  constructor(words: Int32Array, place: RingPlace) {
    this.#words = words;
    this.#place = place;
    this.#decoder = createEventDecoder(words);
  }

  /** Events read so far. */
  get count(): number {
    return this.#seq;
  }

  /** Words waiting to be read. */
  pending(): number {
    return (Atomics.load(this.#words, this.#place.head) - int(this.#words[this.#place.tail])) | 0;
  }

  /**
   * Hands over what is published, at most `most` records and none after `goesOn`, which is told their length, says no; frees their room. Returns the
   * number of records.
   */
  drain(handle: (event: Event) => void, most: number, goesOn?: (words: number) => boolean): number {
    const words = this.#words;
    const { at, size } = this.#place;
    const head = Atomics.load(words, this.#place.head);
    let tail = int(words[this.#place.tail]);
    let records = 0;
    while (tail !== head && records < most) {
      const index = at + (tail & (size - 1));
      const header = int(words[index]);
      if ((header & TYPE_MASK) !== PADDING) {
        handle(this.#decoder.decode(index, this.#seq++));
        records++;
      }
      const length = header >>> 8;
      tail = (tail + length) | 0;
      if (goesOn !== undefined && !goesOn(length)) break;
    }
    Atomics.store(words, this.#place.tail, tail);
    return records;
  }
}
