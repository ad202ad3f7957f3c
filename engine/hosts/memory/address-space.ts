/**
 * Whether there is address space for one more thread. V8 reserves it, and where that fails it ends the whole process, with
 * nobody to say why: so it is looked at before.
 */
import { readFileSync } from 'node:fs';
import { MachineFault } from '../machine-fault.ts';

/** What V8 reserves for a thread, and what it may still need elsewhere meanwhile. */
const THREAD_BYTES = 900 * 2 ** 20;

/** @throws MachineFault where it is limited, as by `ulimit -v`, and too little is left */
export function mustHaveAddressSpace(): void {
  const limit = Number(/^Max address space\s+(\d+)/m.exec(read('limits'))?.[1] ?? Number.POSITIVE_INFINITY);
  if (limit === Number.POSITIVE_INFINITY) return;
  const used = Number(/^VmSize:\s+(\d+)/m.exec(read('status'))?.[1] ?? 0) * 1024;
  if (limit - used >= THREAD_BYTES) return;
  throw new MachineFault(
    `the address space is limited to ${mebibytes(limit)} (ulimit -v), of which ${mebibytes(used)} are in use: a thread needs ${mebibytes(THREAD_BYTES)}`,
  );
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}

/** Empty where the system does not tell. */
function read(name: 'limits' | 'status'): string {
  try {
    return readFileSync(`/proc/self/${name}`, 'latin1');
  } catch {
    return '';
  }
}
