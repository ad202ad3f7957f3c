/**
 * The kernel as one carrier sees it: the memory, the way into the critical section, the log, the values.
 *
 * Everything that changes core, wait or ring happens between `enter` and `leave`. The primitives are functions over this
 * (one file each); what differs between hosts is given to the constructor.
 */

import type { Value } from '../expression/values/value.ts';
import { encode } from '../log/codec.ts';
import { EXHAUSTED, Exhausted } from '../log/exhausted.ts';
import { inlineWord, isReference } from '../log/inline-value.ts';
import { int } from '../log/int.ts';
import { RECORD } from '../log/record.ts';
import type { Recorder, ValueText } from '../log/recorder.ts';
import {
  longestText,
  MOST_VALUE_WORDS,
  type RingPlace,
  RingWriter,
  valueWords,
  writeValue,
} from '../log/ring.ts';
import { textWords, writeText } from '../log/text-words.ts';
import type { Plan } from '../plan/plan.ts';
import { CONTROL, type Layout, READY } from './memory/layout.ts';
import { type ValueStore, valueFromWord } from './memory/values.ts';
import { readTime, writeTime } from './memory/word-time.ts';
import type { Parking } from './runtime/parking.ts';

/** The way into the critical section. `enter` gives false where this carrier is condemned and must stop. */
export type Gate = { enter(): boolean; leave(): void };

/**
 * Who hears that a task waits, or may go on. `waiting/listed.ts` keeps lists, from which carriers take the next one;
 * `waiting/unlisted.ts` keeps none, for a search that asks each task in each state.
 */
export type Scheduler = {
  park(k: Kernel, task: number, channel: number, deadlineUs: number, front: boolean): void;
  wakeTask(k: Kernel, task: number, channel: number): void;
  /** An operation has made something possible: `count` of those who wait there try again, or it is done for them. */
  wakeWaiters(k: Kernel, channel: number, count: number, completes: boolean): void;
  makeReady(k: Kernel, task: number): void;
  addTimer(k: Kernel, task: number, deadlineUs: number): void;
  /** The supervisor is to do something for a task: a bit of `REQUEST`. */
  request(k: Kernel, task: number, bit: number): void;
};

export type KernelHost = {
  readonly carrier: number;
  readonly scheduler: Scheduler;
  readonly gate: Gate;
  readonly parking: Parking;
  /** Microseconds since the run began. */
  readonly clock: () => number;
  /** Wakes the supervisor's event loop. */
  readonly bell: () => void;
  /** Called outside the critical section while the ring has no room. */
  readonly waitForRoom: (tail: number) => void;
  /** Eighths of the ring that must be free when a moment begins; four, unless this carrier writes little. */
  readonly margin?: number;
  /** Core is kept canonical, for comparing states. */
  readonly canonical: boolean;
  /** Commands, functions and processes are real, so that they take time to be gone. */
  readonly isReal?: boolean;
  /** Without it, the log is kept in the ring. */
  readonly recorder?: Recorder;
};

/**
 * So much is in the log when the supervisor is woken to read it: some milliseconds' work, beside which the tenth of one that
 * its waking takes is little, and soon enough that it is not far behind when the run ends.
 */
export const BELL_WORDS = 1 << 14;

export function ringPlace(layout: Layout): RingPlace {
  return { at: layout.ringAt, size: layout.ringWords, head: CONTROL.ringHead, tail: CONTROL.ringTail };
}

export class Kernel {
  readonly words: Int32Array;
  readonly layout: Layout;
  readonly plan: Plan;
  readonly values: ValueStore;
  readonly host: KernelHost;
  readonly scheduler: Scheduler;
  readonly ring: Recorder;
  /** Somebody hears of operations and ends. */
  isHeard = true;
  /** And of reads. */
  hearsReads = true;
  /** What the last successful operation gave: a value's word, owned by the caller. */
  result = 0;
  /** What the last successful operation tells the log: permits, depth, count. */
  amount = 0;
  /** Whether several instructions are being done as one moment. */
  isHeld = false;
  /** The carrier's own reading of the clock, refreshed now and then. */
  now = 0;
  readonly #longest: number;
  readonly #notify: number[] = [];
  #ringBell = false;
  /** In the critical section. */
  #isInside = false;
  /** Between two moments of one critical section. */
  #isStaying = false;
  #mayStay = false;
  /** The time of the newest record and the clock, as they were when a record's time was last set. */
  #stampedLow = -1;
  #stampedHigh = -1;
  #stampedNow = -1;

  constructor(words: Int32Array, layout: Layout, values: ValueStore, host: KernelHost) {
    this.words = words;
    this.layout = layout;
    this.plan = layout.plan;
    this.values = values;
    this.host = host;
    this.scheduler = host.scheduler;
    this.ring = host.recorder ?? new RingWriter(words, ringPlace(layout), host.margin);
    this.#longest = longestText(ringPlace(layout));
  }

  /** Begins a moment: a critical section, with room for what one may log. False: stop, this carrier is condemned. */
  enter(): boolean {
    if (this.isHeld) {
      this.ring.joinNext();
      this.#mustHaveMargin();
      return true;
    }
    if (this.#isStaying) {
      this.#isStaying = false;
      this.ring.endMoment();
      if (this.ring.hasRoom()) return true;
      this.#goOut();
    }
    return this.#goIn();
  }

  #goIn(): boolean {
    for (;;) {
      if (!this.host.gate.enter()) return false;
      this.ring.open();
      if (this.ring.hasRoom()) break;
      const { tail } = this.ring;
      this.words[CONTROL.ringSleepers] = 1;
      this.host.gate.leave();
      this.#wakeSupervisor();
      this.host.waitForRoom(tail);
    }
    this.#isInside = true;
    this.#stampTime();
    return true;
  }

  /** Ends the moment, and with it the critical section, unless this carrier may stay for its next one. */
  leave(): void {
    if (this.isHeld) return;
    if (this.#mayStay && this.#notify.length === 0 && !this.#ringBell) this.#isStaying = true;
    else this.#goOut();
  }

  /**
   * Whether this carrier, having done a moment, may stay in the critical section for the next one, unless somebody is to be
   * woken. Who says so goes from one to the next without delay, and takes it back soon: others wait meanwhile. To enter and
   * to leave costs as much as a moment itself; in the log they are moments apart nonetheless.
   */
  stay(may: boolean): void {
    this.#mayStay = may;
    if (!may && this.#isStaying) this.#goOut();
  }

  /** The records are published, then whoever was made ready is woken. */
  #goOut(): void {
    this.#isStaying = false;
    this.#isInside = false;
    this.ring.publish();
    if (this.ring.isFuller(BELL_WORDS)) this.#ringBell = true;
    this.host.gate.leave();
    while (this.#notify.length > 0) this.host.parking.notify(this.words, int(this.#notify.pop()), 1);
    if (this.#ringBell) {
      this.#ringBell = false;
      this.#wakeSupervisor();
    }
  }

  /** In a critical section: it goes on until `release`, whatever enters and leaves meanwhile, and is one moment. */
  hold(): void {
    this.isHeld = true;
  }

  /** Ends a critical section that was held, if it was. */
  release(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.leave();
  }

  /** What a held section logs must fit into the margin that was looked for when it began. */
  #mustHaveMargin(): void {
    if (this.ring.isFuller(this.layout.ringWords - (this.layout.ringWords >> 3)))
      throw new Exhausted(EXHAUSTED.atomic, this.ring.momentWords);
  }

  /** The supervisor is to look, once this critical section has ended. */
  ringBell(): void {
    this.#ringBell = true;
  }

  refreshClock(): void {
    this.now = this.host.clock();
  }

  /** A carrier of this process may sleep: wake it once this critical section has ended. */
  wakeCarrier(process: number): void {
    const at = int(this.layout.readyAt[process]);
    this.words[at + READY.wake] = (int(this.words[at + READY.wake]) + 1) | 0;
    if (int(this.words[at + READY.sleepers]) > 0) this.#notify.push(at + READY.wake);
  }

  /** All carriers of this process are to look, not just one: it is over. */
  wakeCarriers(process: number): void {
    const at = int(this.layout.readyAt[process]);
    this.words[at + READY.wake] = (int(this.words[at + READY.wake]) + 1) | 0;
    for (let left = int(this.words[at + READY.sleepers]); left > 0; left--)
      this.#notify.push(at + READY.wake);
  }

  /** Whoever sleeps on this word, which counts, is to look once this critical section has ended. */
  wakeOn(index: number): void {
    this.words[index] = (int(this.words[index]) + 1) & 0x3fffffff || 1;
    this.#notify.push(index);
  }

  /**
   * Something ran out while a task was at work: what it was about to do is no part of the run, nor is anything after it. In
   * the critical section or outside of it, which is left.
   */
  runOut({ what, size, task: of, step: at }: Exhausted, task: number, step: number): void {
    const { words } = this;
    this.isHeld = false;
    if (!this.#isInside && !this.#goIn()) return;
    this.ring.dropMoment();
    if (words[CONTROL.exhausted] === 0) {
      words[CONTROL.exhaustedTask] = of < 0 ? task : of;
      words[CONTROL.exhaustedStep] = of < 0 ? step : at;
      words[CONTROL.exhaustedSize] = size;
      Atomics.store(words, CONTROL.exhausted, what);
    }
    Atomics.store(words, CONTROL.stop, 1);
    this.#ringBell = true;
    this.#goOut();
  }

  /**
   * A word that owns this value; needs the critical section where it is no small integer.
   *
   * @throws Exhausted
   */
  wordOf(value: Value): number {
    const word = inlineWord(value);
    if (word !== undefined) return word;
    const text = encode(value);
    this.#mustFit(text, MOST_VALUE_WORDS);
    return this.#store(text);
  }

  /** Whether a scenario can have a value that is written so. */
  fits(text: string): boolean {
    return textWords(text) <= Math.min(MOST_VALUE_WORDS, this.#longest);
  }

  /**
   * Of what is written so, and may be somewhat longer than a value, as it holds one: a request, an answer.
   *
   * @throws Exhausted
   */
  wordOfText(text: string): number {
    this.#mustFit(text, this.#longest);
    return this.#store(text);
  }

  #mustFit(text: string, most: number): void {
    const size = textWords(text);
    if (size > most || size > this.#longest) throw new Exhausted(EXHAUSTED.text, size);
  }

  #store(text: string): number {
    const word = this.values.store(text);
    if (word === undefined) throw new Exhausted(EXHAUSTED.values, textWords(text));
    return word;
  }

  value(word: number): Value {
    return valueFromWord(word, this.values);
  }

  /** @throws Exhausted */
  copyWord(word: number): number {
    if (!isReference(word)) return word;
    const copy = this.values.copy(word);
    if (copy === undefined) throw new Exhausted(EXHAUSTED.values, textWords(this.values.text(word)));
    return copy;
  }

  freeWord(word: number): void {
    if (isReference(word)) this.values.free(word);
  }

  /** Puts an owned word into a cell, freeing what was there. */
  replace(cell: number, word: number): void {
    this.freeWord(int(this.words[cell]));
    this.words[cell] = word;
  }

  /** A value's word as a record carries it. */
  loggable(word: number): ValueText {
    return isReference(word) ? this.values.text(word) : word;
  }

  /** A record of at most four words; unused ones are not written. */
  record(type: number, task: number, step: number, count: number, a = 0, b = 0, c = 0, d = 0): void {
    const words = this.words;
    const at = this.ring.begin(type, task, step, count);
    if (count > 0) words[at] = a;
    if (count > 1) words[at + 1] = b;
    if (count > 2) words[at + 2] = c;
    if (count > 3) words[at + 3] = d;
  }

  recordOperated(task: number, step: number, operation: number, target: number, value: ValueText): void {
    if (typeof value === 'number') {
      this.record(RECORD.operated, task, step, 4, operation, target, this.amount, value);
      return;
    }
    const at = this.ring.beginWithValue(RECORD.operated, task, step, 3, value);
    this.words[at] = operation;
    this.words[at + 1] = target;
    this.words[at + 2] = this.amount;
  }

  recordWrote(
    task: number,
    step: number,
    process: number,
    variable: number,
    cell: number,
    value: ValueText,
  ): void {
    const at = this.ring.beginWithValue(RECORD.wrote, task, step, 3, value);
    this.words[at] = process;
    this.words[at + 1] = variable;
    this.words[at + 2] = cell;
  }

  /** A var was read, and its cells held these values. */
  recordRead(
    task: number,
    step: number,
    process: number,
    variable: number,
    values: readonly ValueText[],
  ): void {
    const size = values.reduce<number>((sum, value) => sum + valueWords(value), 0);
    let at = this.ring.begin(RECORD.read, task, step, 3 + size);
    this.words[at] = process;
    this.words[at + 1] = variable;
    this.words[at + 2] = values.length;
    at += 3;
    for (const value of values) at += writeValue(this.words, at, value);
  }

  recordAnswered(task: number, step: number, service: number, ok: boolean, answer: ValueText): void {
    const at = this.ring.beginWithValue(RECORD.answered, task, step, 2, answer);
    this.words[at] = service;
    this.words[at + 1] = ok ? 1 : 0;
  }

  /** A record whose payload is a few words and then texts. @throws Exhausted where they are longer than a record may be */
  recordTexts(
    type: number,
    task: number,
    step: number,
    payload: readonly number[],
    texts: readonly string[],
  ): void {
    const size = texts.reduce((sum, text) => sum + textWords(text), 0);
    if (size > this.#longest) throw new Exhausted(EXHAUSTED.text, size);
    const at = this.ring.begin(type, task, step, payload.length + size);
    this.words.set(payload, at);
    let next = at + payload.length;
    for (const text of texts) next += writeText(this.words, next, text);
  }

  recordTime(type: number, task: number, step: number, us: number): void {
    writeTime(this.words, this.ring.begin(type, task, step, 2), us);
  }

  /** Most often neither this carrier's clock nor the newest record's time has changed since: then there is nothing to do. */
  #stampTime(): void {
    const { words } = this;
    const low = int(words[CONTROL.time]);
    const high = int(words[CONTROL.time + 1]);
    if (low === this.#stampedLow && high === this.#stampedHigh && this.now === this.#stampedNow) return;
    const newest = readTime(words, CONTROL.time);
    if (this.now > newest) writeTime(words, CONTROL.time, this.now);
    this.ring.setTime(Math.max(this.now, newest));
    this.#stampedLow = int(words[CONTROL.time]);
    this.#stampedHigh = int(words[CONTROL.time + 1]);
    this.#stampedNow = this.now;
  }

  #wakeSupervisor(): void {
    if (Atomics.load(this.words, CONTROL.supervisorAsleep) === 0) return;
    if (Atomics.exchange(this.words, CONTROL.supervisorAsleep, 0) === 1) this.host.bell();
  }
}
