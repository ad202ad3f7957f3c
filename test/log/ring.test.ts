import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../engine/log/event.ts';
import { Exhausted } from '../../engine/log/exhausted.ts';
import { HEADER_WORDS, RECORD } from '../../engine/log/record.ts';
import { longestText, type RingPlace, RingReader, RingWriter } from '../../engine/log/ring.ts';
import { textWords, writeText } from '../../engine/log/text-words.ts';

const SIZE = 2048;
const place: RingPlace = { at: 10, size: SIZE, head: 0, tail: 1 };
const most = longestText(place);

function createRing(start = 0) {
  const words = new Int32Array(place.at + SIZE + 10).fill(-7);
  words[place.head] = start;
  words[place.tail] = start;
  return { words, writer: new RingWriter(words, place), reader: new RingReader(words, place) };
}

type Ring = ReturnType<typeof createRing>;

function print({ words, writer }: Ring, task: number, text: string): void {
  writeText(words, writer.begin(RECORD.printed, task, task + 1, textWords(text)), text);
}

function wrote({ words, writer }: Ring, task: number, text: string): void {
  const at = writer.beginWithValue(RECORD.wrote, task, 0, 3, JSON.stringify(text));
  words.set([1, 2, 3], at);
}

/** What is told of an event in these tests: who, what, and whether its moment ended with it. */
function told(event: Event): string {
  const what = event.type === 'printed' ? event.text : event.type === 'wrote' ? String(event.value) : '';
  return `${event.seq} ${event.type} ${event.task} ${what.length} ${what.slice(0, 5)} ${event.last}`;
}

function drain({ reader }: Ring, limit = Number.POSITIVE_INFINITY): string[] {
  const seen: string[] = [];
  reader.drain((event) => seen.push(told(event)), limit);
  return seen;
}

const starts = fc.oneof(
  fc.constantFrom(0, 1, SIZE - 1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31 - 100, -1, -SIZE),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
);

/** A moment: the lengths of its records' texts; together they fit into the margin. */
const moments = fc
  .array(fc.integer({ min: 0, max: SIZE / 8 }), { minLength: 1, maxLength: 6 })
  .filter(
    (lengths) => lengths.reduce((sum, length) => sum + HEADER_WORDS + 8 + length / 4, 0) < SIZE / 4 - most,
  );
const steps = fc.array(fc.oneof(moments, fc.record({ drain: fc.nat(20) })), { maxLength: 60 });

describe('the ring', () => {
  test('gives every record once, in order, wherever its counters began', () => {
    fc.assert(
      fc.property(starts, steps, (start, script) => {
        const ring = createRing(start);
        const expected: string[] = [];
        const seen: string[] = [];
        for (const step of script) {
          if (!Array.isArray(step)) {
            seen.push(...drain(ring, step.drain));
            continue;
          }
          ring.writer.open();
          if (!ring.writer.hasRoom()) {
            seen.push(...drain(ring));
            ring.writer.open();
          }
          expect(ring.writer.hasRoom()).toBe(true);
          step.forEach((length, index) => {
            const text = String(index).repeat(length);
            if (index > 0) ring.writer.joinNext();
            (index % 2 === 0 ? print : wrote)(ring, index, text);
            const type = index % 2 === 0 ? 'printed' : 'wrote';
            const last = index === step.length - 1;
            expected.push(`${expected.length} ${type} ${index} ${length} ${text.slice(0, 5)} ${last}`);
          });
          ring.writer.publish();
        }
        seen.push(...drain(ring));
        expect(seen).toEqual(expected);
        expect(ring.reader.count).toBe(expected.length);
        expect(ring.reader.pending()).toBe(0);
        expect([...ring.words.slice(2, place.at), ...ring.words.slice(place.at + SIZE)]).toEqual(
          Array(18).fill(-7),
        );
      }),
    );
  });

  test('what is not published is not there', () => {
    const ring = createRing();
    ring.writer.open();
    print(ring, 1, 'kept');
    ring.writer.publish();
    ring.writer.open();
    print(ring, 2, 'lost');
    expect(drain(ring)).toEqual(['0 printed 1 4 kept true']);
    ring.writer.open();
    print(ring, 3, 'next');
    ring.writer.publish();
    expect(drain(ring)).toEqual(['1 printed 3 4 next true']);
  });

  test('says when it has no room, and has some again once it is read', () => {
    const ring = createRing(2 ** 31 - 500);
    let written = 0;
    for (ring.writer.open(); ring.writer.hasRoom(); ring.writer.open()) {
      print(ring, written++, 'x'.repeat(400));
      ring.writer.publish();
    }
    expect(ring.writer.isFuller(SIZE / 2)).toBe(true);
    expect(ring.writer.isFuller(SIZE)).toBe(false);
    expect(drain(ring)).toHaveLength(written);
    ring.writer.open();
    expect(ring.writer.hasRoom()).toBe(true);
    expect(ring.writer.isFuller(0)).toBe(false);
  });

  test('the longest text fits twice at every offset, next to what there may be before it', () => {
    for (let offset = 0; offset < SIZE; offset++) {
      const ring = createRing(offset);
      ring.words[place.tail] = offset - SIZE / 2;
      ring.writer.open();
      expect(ring.writer.hasRoom()).toBe(true);
      wrote(ring, 1, 'x'.repeat(4 * (most - 1) - 2));
      wrote(ring, 1, 'x'.repeat(4 * (most - 1) - 2));
    }
  });

  test('a moment that is more than the margin is told, and overwrites nothing', () => {
    const ring = createRing(123);
    ring.writer.open();
    print(ring, 1, 'before');
    ring.writer.publish();
    for (let index = 0; index < 5; index++) {
      ring.writer.open();
      ring.writer.joinNext();
      print(ring, 2, 'filling'.repeat(100));
      ring.writer.publish();
    }
    ring.writer.open();
    const more = (): void => {
      for (let index = 0; index < 12; index++) print(ring, 3, 'x'.repeat(700));
    };
    expect(more).toThrow(Exhausted);
    ring.writer.dropMoment();
    print(ring, 4, 'after');
    ring.writer.publish();
    expect(drain(ring)).toEqual([
      '0 printed 1 6 befor true',
      ...Array.from({ length: 5 }, (_, index) => `${index + 1} printed 2 700 filli true`),
      '6 printed 4 5 after true',
    ]);
  });

  test('only records of the same critical section are joined', () => {
    const ring = createRing();
    ring.writer.open();
    print(ring, 1, 'a');
    ring.writer.publish();
    ring.writer.open();
    ring.writer.joinNext();
    print(ring, 2, 'b');
    ring.writer.joinNext();
    ring.writer.publish();
    ring.writer.open();
    print(ring, 3, 'c');
    ring.writer.publish();
    expect(drain(ring)).toEqual(['0 printed 1 1 a true', '1 printed 2 1 b true', '2 printed 3 1 c true']);
  });

  test('joining leaves records of other writers alone, wherever they lie', () => {
    const ring = createRing();
    const other = { ...ring, writer: new RingWriter(ring.words, place) };
    ring.writer.open();
    print(ring, 1, 'first');
    ring.writer.publish();
    drain(ring);
    other.writer.open();
    for (let at = 0; at < 20; at++) {
      const cell = other.writer.begin(RECORD.operated, 2, 0, 4);
      ring.words.set([0, 0, -1, -2], cell);
    }
    other.writer.publish();
    const before = ring.words.slice(place.at);
    ring.writer.open();
    ring.writer.joinNext();
    ring.writer.publish();
    expect(ring.words.slice(place.at)).toEqual(before);
  });

  test('records of one critical section share its time, whoever logged before', () => {
    const ring = createRing();
    const other = { ...ring, writer: new RingWriter(ring.words, place) };
    const times: number[] = [];
    for (const [us, by] of [
      [7, ring],
      [2 ** 40, other],
      [2 ** 40, ring],
    ] as const) {
      by.writer.open();
      by.writer.setTime(us);
      print(by, 1, 'a');
      by.writer.endMoment();
      print(by, 1, 'b');
      by.writer.publish();
    }
    ring.writer.open();
    print(ring, 1, 'at the time of this writer');
    ring.writer.publish();
    for (let read = 0; read < 7; read++) ring.reader.drain((event) => times.push(event.at), 1);
    expect(times).toEqual([7, 7, 2 ** 40, 2 ** 40, 2 ** 40, 2 ** 40, 2 ** 40]);
  });

  test('time goes with each critical section', () => {
    const ring = createRing();
    const times: number[] = [];
    for (const us of [0, 1, 2 ** 30 - 1, 2 ** 30, 2 ** 31, 1e15]) {
      ring.writer.open();
      ring.writer.setTime(us);
      print(ring, 1, '');
      ring.writer.publish();
    }
    ring.reader.drain((event) => times.push(event.at), 100);
    expect(times).toEqual([0, 1, 2 ** 30 - 1, 2 ** 30, 2 ** 31, 1e15]);
  });
});
