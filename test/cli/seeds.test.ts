import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seedOfRun } from '../../cli/commands/seeds.ts';

describe('seeds of repeated runs', () => {
  it('begin with the seed itself', () => {
    expect(seedOfRun(42, 0)).toBe(42);
  });

  it('are the same in every version', () => {
    expect([1, 2, 3].map((index) => seedOfRun(42, index))).toMatchInlineSnapshot(`
      [
        939911724,
        3948730756,
        321366731,
      ]
    `);
  });

  it('are 32 bits, and differ from each other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (seed) => {
        const seeds = Array.from({ length: 100 }, (_, index) => seedOfRun(seed, index + 1));
        expect(new Set(seeds).size).toBe(100);
        for (const one of seeds) expect(one >>> 0).toBe(one);
      }),
    );
  });
});
