/**
 * Every behaviour, for real, with tasks that are processes.
 */
import { describe, it } from 'vitest';
import { behavioursFor } from './behaviour.ts';
import { perform } from './perform.ts';

const cases = behavioursFor('process');

describe(`${cases.length} behaviours of processes`, { concurrent: true }, () => {
  for (const one of cases) it(one.title, () => perform(one, { kind: 'process', mode: 'real' }, [1]));
});
