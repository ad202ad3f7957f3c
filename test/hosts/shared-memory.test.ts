/**
 * The memory of runs: handed on from one to the next, zero each time, and never handed on while somebody may still write it.
 */
import { expect, it } from 'vitest';
import { createSharedMemory, type SharedMemory } from '../../engine/hosts/memory/shared-memory.ts';
import { granted } from './mapped-rig.ts';

const WORDS = 1 << 20;

async function create(hasProcesses: boolean, words = WORDS): Promise<SharedMemory> {
  return granted<SharedMemory>(await createSharedMemory(words, hasProcesses));
}

/** Where memory is, whichever kind it is of. */
function placeOf({ handle }: SharedMemory): unknown {
  return handle.kind === 'shared' ? handle.buffer : handle.address;
}

it.each([false, true])('memory is handed on, and is zero then (processes: %s)', async (hasProcesses) => {
  const first = await create(hasProcesses);
  first.words[0] = 1;
  first.words[WORDS - 1] = 2;
  first.retire(WORDS);
  first.close();
  const second = await create(hasProcesses);
  expect(placeOf(second)).toBe(placeOf(first));
  expect(second.words.findIndex((word) => word !== 0)).toBe(-1);
  second.close();
});

it.each([false, true])("what was not retired is nobody else's (processes: %s)", async (hasProcesses) => {
  const first = await create(hasProcesses);
  first.close();
  const second = await create(hasProcesses);
  expect(placeOf(second)).not.toBe(placeOf(first));
  second.close();
});

it.each([false, true])('two at once have each their own (processes: %s)', async (hasProcesses) => {
  const [first, second] = [await create(hasProcesses), await create(hasProcesses)];
  expect(placeOf(second)).not.toBe(placeOf(first));
  first.close();
  second.close();
});

it.each([false, true])('what is too small is not handed on (processes: %s)', async (hasProcesses) => {
  const first = await create(hasProcesses);
  first.retire(0);
  first.close();
  const words = first.words.length + 1;
  const second = await create(hasProcesses, words);
  expect(second.words.length).toBeGreaterThanOrEqual(words);
  second.close();
});
