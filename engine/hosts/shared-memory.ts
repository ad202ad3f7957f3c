/**
 * The memory of a real run: a `SharedArrayBuffer` where there are only threads, a mapped file where there are processes.
 */
import type { Parking } from '../kernel/parking.ts';
import { atomicsParking } from './atomics-parking.ts';
import { createMappedMemory, openMappedMemory } from './mapped-memory.ts';
import { loadNative, loadNativeFrom, type Native, type Refusal } from './native.ts';

/** How another thread of this process finds the memory. */
export type MemoryHandle =
  | { readonly kind: 'shared'; readonly buffer: SharedArrayBuffer }
  | { readonly kind: 'mapped'; readonly fd: number; readonly library: string };

export type SharedMemory = {
  readonly kind: 'memory';
  readonly words: Int32Array;
  readonly parking: Parking;
  readonly handle: MemoryHandle;
  /** For mapped memory: what children need. */
  readonly native?: Native;
  readonly close: () => void;
};

const PAGE = 4096;

export async function createSharedMemory(
  words: number,
  hasProcesses: boolean,
): Promise<SharedMemory | Refusal> {
  const bytes = Math.ceil((words * Int32Array.BYTES_PER_ELEMENT) / PAGE) * PAGE;
  return hasProcesses ? createMapped(bytes) : createThreadMemory(bytes);
}

function createThreadMemory(bytes: number): SharedMemory | Refusal {
  try {
    const buffer = new SharedArrayBuffer(bytes);
    const handle = { kind: 'shared', buffer } as const;
    return {
      kind: 'memory',
      words: new Int32Array(buffer),
      parking: atomicsParking,
      handle,
      close: () => {},
    };
  } catch {
    return {
      kind: 'refused',
      cause: `there is no memory for this scenario: it needs ${bytes} bytes of address space`,
    };
  }
}

async function createMapped(bytes: number): Promise<SharedMemory | Refusal> {
  const native = await loadNative();
  if (native.kind === 'refused') return native;
  const mapped = createMappedMemory(native, bytes);
  if (mapped.kind === 'refused') return mapped;
  const { words, parking, fd, close } = mapped;
  return {
    kind: 'memory',
    words,
    parking,
    native,
    close,
    handle: { kind: 'mapped', fd, library: native.path },
  };
}

/** The same memory, for a worker thread. @throws Error where it cannot be mapped */
export function openSharedMemory(handle: MemoryHandle): {
  readonly words: Int32Array;
  readonly parking: Parking;
} {
  if (handle.kind === 'shared') return { words: new Int32Array(handle.buffer), parking: atomicsParking };
  const mapped = openMappedMemory(loadNativeFrom(handle.library), handle.fd);
  if (mapped.kind === 'refused') throw new Error(mapped.cause);
  return mapped;
}
