/**
 * A limit of time holds whatever else happens: also where garbage is collected meanwhile, which makes Node forget an
 * `AbortSignal.timeout` that only an `AbortSignal.any` refers to.
 */
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { withinTime } from '../../engine/hosts/on-abort.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

test('the signal is aborted when the time is over', async () => {
  const given = new AbortController();
  const aborted = await withinTime(10, [given.signal, undefined], async (signal) => {
    while (!signal.aborted) {
      collect();
      await setImmediate();
    }
    return signal.aborted;
  });
  expect(aborted).toBe(true);
});

test('and before, when a given one is', async () => {
  const given = new AbortController();
  const reason = await withinTime(1_000_000, [given.signal], async (signal) => {
    given.abort('told');
    return signal.reason;
  });
  expect(reason).toBe('told');
});
