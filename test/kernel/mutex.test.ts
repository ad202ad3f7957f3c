/**
 * The mutex in every interleaving of its single operations on memory, and what it does when it is misused or orphaned.
 */
import { describe, expect, it } from 'vitest';
import { Mutex } from '../../engine/kernel/runtime/mutex.ts';
import type { Parking } from '../../engine/kernel/runtime/parking.ts';
import { exploreScene, type Scene, scenes } from './mutex-scenes.ts';

describe('the mutex, in every interleaving', () => {
  for (const [name, scene] of Object.entries<Scene>(scenes)) {
    it(name, () => {
      const { violation, finalCounters } = exploreScene(Mutex, scene);
      expect(violation).toBeNull();
      expect(finalCounters).toEqual(scene.counts);
    });
  }
});

const CONDEMNED = 4;

/** Two carriers on plain memory, where nobody else can come in between. */
function pair() {
  const words = new Int32Array(8);
  const notified: number[] = [];
  const parking: Parking = {
    wait: () => expect.unreachable('nobody may sleep here'),
    notify: (_, index, sleepers) => void notified.push(index, sleepers),
  };
  const shared = { words, index: 0, condemnedIndexOf: (carrier: number) => CONDEMNED + carrier, parking };
  const [first, second] = [0, 1].map((carrier) => new Mutex({ ...shared, carrier, spins: 0, patienceMs: 1 }));
  return { words, notified, first: first!, second: second! };
}

describe('the mutex of a dead carrier', () => {
  it('can be seized, and is then the seizer’s to leave', () => {
    const { words, first, second } = pair();
    first.enter();
    expect(second.tryEnter(0)).toBe(false);
    expect(second.seize(0)).toBe(true);
    second.leave();
    expect(words[0]).toBe(0);
  });

  it('still has somebody to wake after it was seized', () => {
    const { notified, first, second } = pair();
    first.enter();
    second.tryEnter(0);
    second.seize(0);
    second.leave();
    expect(notified).toEqual([0, 1]);
  });

  it('is not seized when it was free or another’s', () => {
    const { words, first, second } = pair();
    expect(second.seize(0)).toBe(false);
    second.enter();
    expect(first.seize(0)).toBe(false);
    second.leave();
    expect(words[0]).toBe(0);
  });

  it('is taken by tryEnter without a sleep once its owner is condemned', () => {
    const { words, first, second } = pair();
    first.enter();
    words[CONDEMNED] = 1;
    expect(second.tryEnter(0)).toBe(true);
  });
});

describe('a misused mutex', () => {
  it('throws when a carrier enters twice', () => {
    const { first } = pair();
    first.enter();
    expect(() => first.enter()).toThrow('bug in concur: a carrier enters the mutex it holds');
  });

  it('throws when a carrier leaves what it does not hold', () => {
    const { first } = pair();
    expect(() => first.leave()).toThrow('bug in concur: left a mutex that was not held (word 0)');
  });
});
