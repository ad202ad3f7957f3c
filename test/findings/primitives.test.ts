/**
 * Primitives at the places where the kernel and the verdict's model once disagreed, or both with CPython: computed permits,
 * fair resources with timeouts, permits given back by others, barriers that are not empty yet.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadScenario, type RunResult, run } from '../../engine/index.ts';

type Mode = 'virtual' | 'real';
type Ran = RunResult & { readonly name: string; readonly lines: readonly string[] };

async function play(name: string, mode: Mode, seed: number): Promise<Ran> {
  const text = readFileSync(fileURLToPath(new URL(`${name}.yaml`, import.meta.url)), 'utf8');
  const { plan, diagnostics } = await loadScenario({ file: `${name}.yaml`, text }, { seed });
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const lines: string[] = [];
  const result = await run(plan, {
    mode,
    handle: (event) => {
      if (event.type === 'printed') lines.push(event.text);
    },
  });
  return { ...result, name, lines };
}

function expectPassed({ name, violation, verdict, ...rest }: Ran): Ran {
  expect({ name, violation, outcome: verdict.outcome }, verdict.summary).toEqual({
    name,
    violation: null,
    outcome: 'passed',
  });
  return { name, violation, verdict, ...rest };
}

describe.each(['virtual', 'real'] as const)('in a %s run', (mode) => {
  test.each([
    'permits-expression',
    'semaphore-signal',
    'barrier-waiting',
    'fair-permits-deadlock',
    'notified-deadlock',
  ])('%s', async (name) => {
    for (let seed = 0; seed < (mode === 'real' ? 3 : 20); seed++) expectPassed(await play(name, mode, seed));
  });

  test('nobody holds a permit beyond those at first', async () => {
    const { lines } = expectPassed(await play('semaphore-holders', mode, 1));
    expect(lines).toEqual(['holders 0 free 0 permits 0']);
  });

  test('whoever waits for something fair may run out of time at any moment', async () => {
    const rounds = mode === 'real' ? 8 : 30;
    for (let seed = 0; seed < rounds; seed++) {
      expectPassed(await play('fair-condition-timeout', mode, seed));
      expectPassed(await play('fair-timeouts', mode, seed));
    }
  });

  test('an abort after all have come fails for those who are not out', async () => {
    let broken = 0;
    for (let seed = 0; seed < 20; seed++) {
      const { verdict, violation } = await play('abort-after-crossing', mode, seed);
      expect(violation).toBeNull();
      if (verdict.outcome === 'passed') broken += 1;
    }
    expect(broken).toBeGreaterThan(0);
  });
});
