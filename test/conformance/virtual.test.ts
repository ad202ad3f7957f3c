/**
 * Every behaviour in virtual time, with tasks of both kinds and under several schedules.
 */
import { describe, it } from 'vitest';
import { behavioursFor, kinds } from './behaviour.ts';
import { perform } from './perform.ts';

const seeds = [1, 2, 3];

describe.for(kinds)('with tasks of kind %s', (kind) => {
  const cases = behavioursFor(kind);
  describe(`${cases.length} behaviours in virtual time`, () => {
    for (const one of cases) {
      it(one.title, () => perform(one, { kind, mode: 'virtual' }, seeds));
    }
  });
});
