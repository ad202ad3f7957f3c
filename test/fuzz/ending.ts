/**
 * How any text at all ends that is given to concur as a scenario: it is loaded, its findings are shown, and it is run in
 * virtual time if it is valid.
 */
import { expect } from 'vitest';
import { loadScenario, renderDiagnostics, run } from '../../engine/index.ts';

export type Ending = 'passed' | 'failed' | 'invalid' | 'inconclusive';

/** A run is stopped after so many events, or when it has computed for so long: it is interrupted then, which is inconclusive. */
const mostEvents = 3000;
const longestRunMs = 5000;

/** One of the four; a test fails here at everything else. */
export async function endingOf(text: string): Promise<Ending> {
  const source = { file: 'fuzz.yaml', text };
  const { plan, diagnostics } = await loadScenario(source, { seed: 1, timeoutUs: 100e6 });
  const isInvalid = diagnostics.some(({ severity }) => severity === 'error');
  expect(plan === undefined).toBe(isInvalid);
  expect(renderDiagnostics(diagnostics, source, { columns: 40 })).not.toMatch(/undefined|\[object|NaN/);
  if (plan === undefined) return 'invalid';
  const stop = new AbortController();
  let events = 0;
  const handle = () => {
    events += 1;
    if (events === mostEvents) stop.abort();
  };
  const timer = setTimeout(() => stop.abort(), longestRunMs);
  const { verdict, violation } = await run(plan, { mode: 'virtual', source, handle, signal: stop.signal });
  clearTimeout(timer);
  expect(violation).toBeNull();
  expect(['passed', 'failed', 'inconclusive']).toContain(verdict.outcome);
  return verdict.outcome;
}
