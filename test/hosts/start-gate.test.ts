/** The gate that lets children start a few at a time. */
import { describe, expect, it } from 'vitest';
import { createGate } from '../../engine/hosts/processes/start-gate.ts';

/** Places that note in `started` when they are let in. */
function placesOf(limit: number, count: number) {
  const createPlace = createGate(limit);
  const started: number[] = [];
  const places = Array.from({ length: count }, (_, number) => {
    const place = createPlace();
    place.enter(() => started.push(number));
    return place;
  });
  return { started, places };
}

describe('the start gate', () => {
  it('lets in as many as its limit, then one for each that leaves, in order', () => {
    const { started, places } = placesOf(2, 4);
    expect(started).toEqual([0, 1]);
    places[1]!.leave();
    expect(started).toEqual([0, 1, 2]);
    places[0]!.leave();
    expect(started).toEqual([0, 1, 2, 3]);
  });

  it('makes room once for who leaves twice', () => {
    const { started, places } = placesOf(1, 3);
    places[0]!.leave();
    places[0]!.leave();
    expect(started).toEqual([0, 1]);
  });

  it('never lets in who left the queue', () => {
    const { started, places } = placesOf(1, 3);
    places[1]!.leave();
    places[0]!.leave();
    expect(started).toEqual([0, 2]);
  });

  it('goes on through any number of starts that fail at once', () => {
    const createPlace = createGate(1);
    const first = createPlace();
    first.enter(() => {});
    let failed = 0;
    for (let number = 0; number < 100_000; number++) {
      const place = createPlace();
      place.enter(() => {
        failed++;
        place.leave();
      });
    }
    expect(failed).toBe(0);
    first.leave();
    expect(failed).toBe(100_000);
  });
});
