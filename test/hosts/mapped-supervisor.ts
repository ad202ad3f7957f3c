/**
 * A supervisor with one child that sleeps: to be killed, so that it is seen what becomes of the child. Its descriptor 3
 * is the bell, which the child rings when it runs.
 */
import { serialize } from 'node:v8';
import { createMappedMemory, createSharedFile } from '../../engine/hosts/memory/mapped-memory.ts';
import { loadNativeFrom } from '../../engine/hosts/memory/native.ts';
import { createLauncher } from '../../engine/hosts/processes/child-process.ts';
import type { Job } from './mapped-job.ts';

const BELL = 3;

function main(): void {
  const [entry = '', library = ''] = process.argv.slice(2);
  const native = loadNativeFrom(library);
  const memory = createMappedMemory(native, 4096);
  const plan = createSharedFile(native, serialize({ kind: 'sleep' } satisfies Job));
  if (memory.kind === 'refused' || typeof plan !== 'number') throw new Error('refused');
  const fds = { memory: memory.fd, bell: BELL, plan };
  createLauncher({ entry, fds, native: native.path, startingAtOnce: 1 }).launch(0);
}

main();
