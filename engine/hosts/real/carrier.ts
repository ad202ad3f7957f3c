/**
 * The entry of everything that carries tasks beside the command itself: a tinypool worker for the main program's threads
 * calls the default export; a child process, for a `process` task, runs this file as its main module.
 */
import { isMainThread } from 'node:worker_threads';
import { runCarrier } from '../../machine/carrier.ts';
import { openSharedMemory } from '../memory/shared-memory.ts';
import { runChild } from '../processes/child-main.ts';
import { createCarrierKernel } from './carrier-kernel.ts';
import { createForcedMachine } from './forced-machine.ts';
import { drawSlice, MUTEX_SPINS, SPINS } from './pace.ts';
import { unpackRun } from './packed-run.ts';
import { BELL, type ThreadCarrierInput } from './thread-input.ts';

/** Runs one carrier of the main program until the run is over. Null: it is only to be loaded. */
function carryThreads(input: ThreadCarrierInput | null): void {
  if (input === null) return;
  const { run, memory, carrier, bell } = input;
  const { words, parking } = openSharedMemory(memory);
  const ring = (): void => bell.postMessage(BELL.ring);
  let isAsked = false;
  const askForAnother = (): void => {
    if (!isAsked) bell.postMessage(BELL.another);
    isAsked = true;
  };
  const context = unpackRun(run);
  const kernel = createCarrierKernel(context, {
    words,
    parking,
    carrier,
    spins: MUTEX_SPINS,
    bell: ring,
  });
  const identity = { pidOf: () => process.pid, carrier, isVirtual: false, env: process.env };
  const { machine, forced } = createForcedMachine(kernel, context, 0, identity);
  try {
    runCarrier(machine, {
      process: 0,
      slice: drawSlice,
      spins: SPINS,
      mayGoOn: () => true,
      onBacklog: askForAnother,
      forced,
    });
  } finally {
    ring();
    bell.close();
  }
}

if (isMainThread) runChild();

// biome-ignore lint/style/noDefaultExport: tinypool calls a worker file's default export
export default carryThreads;
