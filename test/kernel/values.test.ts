import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONTROL } from '../../engine/kernel/memory/layout.ts';
import {
  createInternedStore,
  createSharedStore,
  storeValue,
  type ValueStore,
  valueFromWord,
} from '../../engine/kernel/memory/values.ts';
import { isReference } from '../../engine/log/inline-value.ts';
import { textWords } from '../../engine/log/text-words.ts';
import { anyText, anyValue, expectSame } from '../log/arbitrary-value.ts';

const AT = 64;
const WORDS = 1 << 12;

function createShared(valueWords = WORDS) {
  const words = new Int32Array(AT + valueWords + 16);
  words.fill(-9, AT + valueWords);
  return { words, store: createSharedStore(words, AT, valueWords) };
}

const sizes = fc.oneof(fc.nat(40), fc.constantFrom(0, 1, 8, 9, 24, 25, 56, 57, 120, 121, 500));
const steps = fc.array(
  fc.oneof(
    fc.record({ store: sizes, letter: fc.constantFrom('a', 'b', '€') }),
    fc.record({ copy: fc.nat() }),
    fc.record({ free: fc.nat() }),
  ),
  { maxLength: 200 },
);

describe('the store in shared memory', () => {
  test('keeps every text until it is freed, and none in the place of another', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const { words, store } = createShared();
        const live: { readonly word: number; readonly text: string }[] = [];
        const keep = (word: number | undefined, text: string): void => {
          if (word === undefined) return;
          expect(isReference(word)).toBe(true);
          expect(live.some((one) => one.word === word)).toBe(false);
          live.push({ word, text });
        };
        for (const step of script) {
          const one = live[('copy' in step ? step.copy : 'free' in step ? step.free : 0) % live.length];
          if ('store' in step) {
            const text = step.letter.repeat(step.store);
            keep(store.store(text), text);
          } else if (one !== undefined && 'copy' in step) keep(store.copy(one.word), one.text);
          else if (one !== undefined) {
            store.free(one.word);
            live.splice(live.indexOf(one), 1);
          }
          for (const { word, text } of live) expect(store.text(word)).toBe(text);
        }
        expect([...words.slice(AT + WORDS)]).toEqual(Array(16).fill(-9));
      }),
    );
  });

  test('gives freed blocks again: a store that is full for ever changing texts does not grow', () => {
    const { words, store } = createShared();
    const round = (): void => {
      const kept = Array.from({ length: 20 }, (_, index) => store.store('x'.repeat(index * 3)));
      for (const word of kept) store.free(word as number);
    };
    round();
    const top = words[CONTROL.valueTop];
    for (let count = 0; count < 100; count++) round();
    expect(words[CONTROL.valueTop]).toBe(top);
  });

  test('says no when it is full, and yes again after something of that size was freed', () => {
    const { store } = createShared();
    const kept: number[] = [];
    for (let word = store.store('x'.repeat(20)); word !== undefined; word = store.store('x'.repeat(20)))
      kept.push(word);
    // 1 + 1 + 5 words, rounded up to 8.
    expect(kept).toHaveLength(WORDS / 8);
    expect(store.copy(kept[0] as number)).toBeUndefined();
    store.free(kept[7] as number);
    expect(store.store('y'.repeat(20))).toBe(kept[7]);
    for (const word of kept) if (word !== kept[7]) expect(store.text(word)).toBe('x'.repeat(20));
  });

  test('says no to what is larger than all of it', () => {
    const { store } = createShared();
    expect(store.store('x'.repeat(4 * WORDS))).toBeUndefined();
    expect(store.store('x')).toBeDefined();
  });

  test('a text fills a block to the last word', () => {
    for (const blockWords of [4, 8, 16, 1024]) {
      const { words, store } = createShared();
      const text = 'x'.repeat(4 * (blockWords - 2));
      expect(textWords(text) + 1).toBe(blockWords);
      const a = store.store(text) as number;
      const b = store.store(text) as number;
      expect(words[CONTROL.valueTop]).toBe(2 * blockWords);
      expect([store.text(a), store.text(b)]).toEqual([text, text]);
    }
  });
});

describe('the interned store', () => {
  test('equal texts are one word, others are not', () => {
    fc.assert(
      fc.property(fc.array(anyText), (texts) => {
        const store = createInternedStore();
        const words = texts.map((text) => store.store(text) as number);
        expect(words.every(isReference)).toBe(true);
        expect(new Set(words).size).toBe(new Set(texts).size);
        texts.forEach((text, index) => {
          expect(store.text(words[index] as number)).toBe(text);
          expect(store.store(text)).toBe(words[index]);
          expect(store.copy(words[index] as number)).toBe(words[index]);
        });
      }),
    );
  });
});

test.each<[string, () => ValueStore]>([
  ['shared', () => createShared().store],
  ['interned', createInternedStore],
])('every value comes back from its word: %s', (_, create) => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const store = create();
      expectSame(valueFromWord(storeValue(value, store) as number, store), value);
    }),
  );
});
