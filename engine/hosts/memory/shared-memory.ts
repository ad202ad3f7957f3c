/**
 * The memory of a real run: a `SharedArrayBuffer` where there are only threads, a mapped file where there are processes.
 *
 * A run hands its memory on to the next one. The engine would give it back at some time of its own, and until then each run of
 * a suite took hundreds of megabytes more of the address space.
 */
import type { Parking } from '../../kernel/runtime/parking.ts';
import { atomicsParking } from './atomics-parking.ts';
import { createMappedMemory, type MappedMemory, viewMappedMemory } from './mapped-memory.ts';
import { loadNative, loadNativeFrom, type Native, type Refusal } from './native.ts';
import { clean } from './zero-fill.ts';

/** How another thread of this process finds the memory. */
export type MemoryHandle =
  | { readonly kind: 'shared'; readonly buffer: SharedArrayBuffer }
  | {
      readonly kind: 'mapped';
      readonly fd: number;
      readonly address: number;
      readonly bytes: number;
      readonly library: string;
    };

export type SharedMemory = {
  readonly kind: 'memory';
  readonly words: Int32Array;
  readonly parking: Parking;
  readonly handle: MemoryHandle;
  /** For mapped memory: what children need. */
  readonly native?: Native;
  /** Nobody writes it any more. @param used how many words from its beginning may have been written */
  readonly retire: (used: number) => void;
  /** The next run gets it if it was retired, and otherwise nobody, as somebody may still write it. */
  readonly close: () => void;
};

/** In steps, so that memory that was made for one scenario does for most others. Nothing of it costs until it is touched. */
const STEP = 1 << 26;
/** The most that can be mapped. */
const MOST = 2 ** 32;

/** Memory that waits for the next run. There is never more of it than runs were under way at once. */
const spareBuffers: { readonly buffer: SharedArrayBuffer; readonly used: number }[] = [];
const spareMappings: MappedMemory[] = [];
/** Mappings of runs that could not be ended: they must stay, as somebody may still use them. */
const lost: MappedMemory[] = [];

export async function createSharedMemory(
  words: number,
  hasProcesses: boolean,
): Promise<SharedMemory | Refusal> {
  const needed = words * Int32Array.BYTES_PER_ELEMENT;
  const bytes = Math.max(needed, Math.min(Math.ceil(needed / STEP) * STEP, MOST));
  return hasProcesses ? createMapped(bytes) : createThreadMemory(bytes);
}

function createThreadMemory(bytes: number): SharedMemory | Refusal {
  const buffer = takeBuffer(bytes);
  if (buffer === undefined) {
    return {
      kind: 'refused',
      cause: `there is no memory for this scenario: it needs ${bytes} bytes of address space`,
    };
  }
  let retired: number | undefined;
  return {
    kind: 'memory',
    words: new Int32Array(buffer),
    parking: atomicsParking,
    handle: { kind: 'shared', buffer },
    retire: (used) => {
      retired = used;
    },
    close: () => {
      if (retired !== undefined) spareBuffers.push({ buffer, used: retired });
    },
  };
}

/** What is spare but too small is let go: the next runs are as likely to be large. */
function takeBuffer(bytes: number): SharedArrayBuffer | undefined {
  for (let spare = spareBuffers.pop(); spare !== undefined; spare = spareBuffers.pop()) {
    const { buffer, used } = spare;
    if (buffer.byteLength < bytes) continue;
    clean(buffer, used * Int32Array.BYTES_PER_ELEMENT);
    return buffer;
  }
  try {
    return new SharedArrayBuffer(bytes);
  } catch {
    return undefined;
  }
}

async function createMapped(bytes: number): Promise<SharedMemory | Refusal> {
  const native = await loadNative();
  if (native.kind === 'refused') return native;
  const mapped = takeMapping(bytes) ?? createMappedMemory(native, bytes);
  if (mapped.kind === 'refused') return mapped;
  const { words, parking, fd, address } = mapped;
  let isRetired = false;
  return {
    kind: 'memory',
    ...{ words, parking, native },
    handle: { kind: 'mapped', fd, address, bytes: mapped.bytes, library: native.path },
    retire: () => {
      isRetired = true;
    },
    close: () => {
      const isClean = mapped.clear();
      if (isRetired && isClean) spareMappings.push(mapped);
      else mapped.close();
      if (!isRetired) lost.push(mapped);
    },
  };
}

function takeMapping(bytes: number): MappedMemory | undefined {
  for (let spare = spareMappings.pop(); spare !== undefined; spare = spareMappings.pop()) {
    if (spare.bytes >= bytes) return spare;
    spare.close();
  }
  return undefined;
}

/** The same memory, for a worker thread, which must not outlive the run. */
export function openSharedMemory(handle: MemoryHandle): {
  readonly words: Int32Array;
  readonly parking: Parking;
} {
  if (handle.kind === 'shared') return { words: new Int32Array(handle.buffer), parking: atomicsParking };
  return viewMappedMemory(loadNativeFrom(handle.library), handle);
}
