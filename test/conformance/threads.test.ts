/**
 * Every behaviour, for real, with tasks that are threads.
 */
import { describe, it } from 'vitest';
import { behavioursFor } from './behaviour.ts';
import { perform } from './perform.ts';

const cases = behavioursFor('thread');

describe(`${cases.length} behaviours of threads`, { concurrent: true }, () => {
  for (const one of cases) it(one.title, () => perform(one, { kind: 'thread', mode: 'real' }, [1]));
});
