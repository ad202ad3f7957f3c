/**
 * A search that saw everything, and yet no end, no deadlock and no cycle, is wrong; and so is one that saw none, where
 * there are.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SearchEnd } from '../../engine/explore/search.ts';
import { checked } from './checked.ts';

const wrong = vi.hoisted(() => ({ end: null as SearchEnd | null }));

vi.mock('../../engine/explore/search.ts', async (original) => {
  const real = await original<typeof import('../../engine/explore/search.ts')>();
  return {
    ...real,
    search: function* (...parameters: Parameters<typeof real.search>) {
      return wrong.end ?? (yield* real.search(...parameters));
    },
  };
});

const toggle = (condition: string): string => `
concur: 1
vars: { n: 0 }
tasks: { t: { steps: [ { while: '${condition}', do: [ { set: { n: 1 - n } } ] } ] } }`;

const steps = { states: 1, transitions: 1, depth: 1 };
const saw: SearchEnd = { ...steps, end: 'all', hasCycle: false, isBounded: false, endless: null };

describe('a search without an end', () => {
  afterEach(() => {
    wrong.end = null;
  });

  it('is right where steps go in a circle', async () => {
    const { verdict, violation, exploration } = await checked(toggle('true'));
    expect(violation).toBeNull();
    expect(exploration.hasCycle).toBe(true);
    expect(verdict.outcome).toBe('passed');
  });

  it('is a bug where they do not', async () => {
    wrong.end = saw;
    expect((await checked(toggle('true'))).violation).toContain('no end, no deadlock and no cycle');
  });

  it('is a bug where the circle is not one', async () => {
    wrong.end = { ...saw, hasCycle: true };
    expect((await checked(toggle('n == 0'))).violation).toContain('a sampled schedule comes to one');
  });

  it('is believed where samples find no end either', async () => {
    wrong.end = { ...saw, hasCycle: true };
    expect((await checked(toggle('true'))).violation).toBeNull();
  });
});
