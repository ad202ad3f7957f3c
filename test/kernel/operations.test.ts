import fc from 'fast-check';
import { describe, test } from 'vitest';
import { OperationsRun } from './operations-run.ts';
import { anyPlan, anyScript, play } from './random-deeds.ts';

describe('the kernel agrees with the plain model, and loses no wake', () => {
  test.each([
    ['canonical, values interned', { canonical: true, shared: false }],
    ['as in real runs: impatient, values in shared memory', { canonical: false, shared: true }],
  ])('%s', (_, options) => {
    fc.assert(
      fc.property(anyPlan, anyScript, (plan, script) => play(new OperationsRun(plan, options), script)),
      { numRuns: 200, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false },
    );
  });
});
