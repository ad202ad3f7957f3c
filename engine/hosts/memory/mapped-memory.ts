/**
 * Memory shared between processes: an anonymous file that children inherit as a descriptor, mapped by each of them.
 *
 * It is sparse: a gigabyte costs nothing until it is touched. `Atomics` work on it, but `Atomics.wait` does not, as it is
 * no `SharedArrayBuffer`: its carriers sleep by `parking`, which is the same futex for every process and thread.
 */
import { fstatSync, readSync, writeSync } from 'node:fs';
import type { Parking } from '../../kernel/runtime/parking.ts';
import { createFutexParking } from './futex.ts';
import { type Native, type Refusal, refusal, refusedCall } from './native.ts';

export type MappedMemory = {
  readonly kind: 'mapped';
  readonly fd: number;
  /** Where it is in this process. */
  readonly address: number;
  readonly bytes: number;
  readonly words: Int32Array;
  /** For words of this memory only. */
  readonly parking: Parking;
  /** Makes all of it zero, for everybody, and gives its pages back to the system. False: the system does not do that. */
  readonly clear: () => boolean;
  /**
   * Closes the descriptor. The mapping goes when nothing refers to `words` any more, so that late readers cannot crash.
   */
  readonly close: () => void;
};

/** Beyond it V8 makes no typed array, and koffi ends the process when asked for one. */
const MAX_BYTES = 2 ** 32;

const MFD_CLOEXEC = 1;
const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const MAP_NORESERVE = 0x4000;
const MADV_REMOVE = 9;

/**
 * New memory, all zero.
 *
 * @param bytes a multiple of 4096, at most 4 GiB
 */
export function createMappedMemory(native: Native, bytes: number): MappedMemory | Refusal {
  if (bytes > MAX_BYTES) return refusal(`${bytes} bytes are more than the limit of ${MAX_BYTES}`);
  const fd = createFile(native, 'concur-memory', bytes);
  if (typeof fd !== 'number') return fd;
  const mapped = map(native, fd, bytes);
  if (mapped.kind === 'refused') native.close(fd);
  return mapped;
}

/** The same memory in another process, by a descriptor that the caller gives away. */
export function openMappedMemory(native: Native, fd: number): MappedMemory | Refusal {
  return map(native, fd, fstatSync(fd).size);
}

/**
 * The same memory in another thread of the process that mapped it: a thread that mapped it once more would end before that
 * mapping could be given back. For as long as the one who mapped it keeps it.
 */
export function viewMappedMemory(
  native: Native,
  { address, bytes }: Pick<MappedMemory, 'address' | 'bytes'>,
): Pick<MappedMemory, 'words' | 'parking'> {
  const words = new Int32Array(native.view(address, bytes));
  return { words, parking: createFutexParking(native, address) };
}

/** An anonymous file with that content, for children to inherit and read. The caller closes the descriptor. */
export function createSharedFile(native: Native, content: Uint8Array): number | Refusal {
  const fd = createFile(native, 'concur-plan', content.length);
  if (typeof fd !== 'number') return fd;
  for (let done = 0; done < content.length; )
    done += writeSync(fd, content, done, content.length - done, done);
  return fd;
}

/** All of an inherited file. By position, as all who inherit a descriptor share its offset. */
export function readSharedFile(fd: number): Buffer {
  const content = Buffer.allocUnsafe(fstatSync(fd).size);
  for (let done = 0; done < content.length; )
    done += readSync(fd, content, done, content.length - done, done);
  return content;
}

function createFile(native: Native, name: string, bytes: number): number | Refusal {
  const fd = native.memfd_create(name, MFD_CLOEXEC);
  if (fd < 0) return refusedCall(native, 'memfd_create');
  if (native.ftruncate(fd, bytes) === 0) return fd;
  const refused = refusedCall(native, `ftruncate to ${bytes} bytes`);
  native.close(fd);
  return refused;
}

function map(native: Native, fd: number, bytes: number): MappedMemory | Refusal {
  const address = native.mmap(0, bytes, PROT_READ_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
  if (address === -1) return refusedCall(native, `mmap of ${bytes} bytes`);
  const buffer = native.view(address, bytes);
  unmapping.register(buffer, () => native.munmap(address, bytes));
  return {
    kind: 'mapped',
    ...{ fd, address, bytes },
    words: new Int32Array(buffer),
    parking: createFutexParking(native, address),
    clear: () => native.madvise(address, bytes, MADV_REMOVE) === 0,
    close: () => native.close(fd),
  };
}

/** A buffer outside the heap cannot be detached by a program; unmapping under it would crash whoever reads it late. */
const unmapping = new FinalizationRegistry<() => void>((unmap) => unmap());
