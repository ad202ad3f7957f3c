/**
 * The system calls that Node does not offer: anonymous files, mappings, futexes, death signals. By `koffi`, loaded only
 * when a scenario has processes.
 *
 * Only 64-bit Linux is served (glibc and musl). Loading `koffi` through its package costs five times as much as its
 * native library alone, so the supervisor tells everybody else where that library is, and they load it directly.
 */
import { createRequire } from 'node:module';
import { getSystemErrorName } from 'node:util';
import type { LibraryHandle } from 'koffi';

/** The machine does not give what a run needs: the run is inconclusive, and `cause` is the sentence that says why. */
export type Refusal = { readonly kind: 'refused'; readonly cause: string };

/** Calls return -1 where they failed; `errno` tells why, until the next call. Addresses are below 2^53. */
export type Native = {
  readonly kind: 'native';
  /** The file of the native library, for `loadNativeFrom`. */
  readonly path: string;
  readonly memfd_create: (name: string, flags: number) => number;
  readonly ftruncate: (fd: number, bytes: number) => number;
  readonly mmap: (
    address: number,
    bytes: number,
    protection: number,
    flags: number,
    fd: number,
    offset: number,
  ) => number;
  readonly munmap: (address: number, bytes: number) => number;
  readonly madvise: (address: number, bytes: number, advice: number) => number;
  /** `timeout` is the address of a `struct timespec`, or 0 for no limit. */
  readonly futex: (address: number, operation: number, value: number, timeout: number) => number;
  readonly prctl: (option: number, argument: number) => number;
  readonly pipe2: (ends: Int32Array, flags: number) => number;
  readonly _exit: (code: number) => void;
  readonly errno: () => number;
  /** Plain memory outside the heap, never freed: its address, and the same as words. */
  readonly allocate: (bytes: number) => { readonly address: number; readonly words: Int32Array };
  readonly view: (address: number, bytes: number) => ArrayBuffer;
};

type Koffi = typeof import('koffi');

const FUTEX_NUMBERS: Readonly<Record<string, number>> = { x64: 202, arm64: 98, riscv64: 98, loong64: 98 };

/** For the supervisor. Asked again, it gives the same answer. */
export async function loadNative(): Promise<Native | Refusal> {
  loaded ??= load();
  return loaded;
}

let loaded: Promise<Native | Refusal> | undefined;

async function load(): Promise<Native | Refusal> {
  const unserved = unservedMachine();
  if (unserved !== null) return unserved;
  try {
    const koffi = await import('koffi');
    const path = Object.keys(createRequire('/').cache).find((file) => file.endsWith('koffi.node'));
    if (path === undefined) return refusal('the native library of koffi is not where it was expected');
    return bind(koffi, path);
  } catch (error) {
    return refusal(`koffi could not be loaded (${error instanceof Error ? error.message : String(error)})`);
  }
}

/**
 * For threads and children of the supervisor: synchronous, and without looking for anything.
 *
 * @throws Error if the library cannot be loaded
 */
export function loadNativeFrom(path: string): Native {
  const module = { exports: {} };
  process.dlopen(module, path);
  return bind(module.exports as Koffi, path);
}

/** A refusal that names the failed call and the system's reason. */
export function refusedCall(native: Native, call: string): Refusal {
  return refusal(`${call} failed with ${getSystemErrorName(-native.errno())}`);
}

/** In words: what tasks of kind process need, and why it is not to be had. */
export function refusal(reason: string): Refusal {
  return { kind: 'refused', cause: `tasks of kind process need memory shared between processes: ${reason}` };
}

function unservedMachine(): Refusal | null {
  if (process.platform !== 'linux') return refusal(`not offered on ${process.platform} yet`);
  if (FUTEX_NUMBERS[process.arch] === undefined) return refusal(`not offered on ${process.arch} processors`);
  return null;
}

function bind(koffi: Koffi, path: string): Native {
  const library = koffi.load(null);
  return {
    kind: 'native',
    path,
    ...memoryCalls(library),
    ...processCalls(library),
    errno: () => koffi.errno(),
    view: (address, bytes) => koffi.view(address, bytes),
    allocate: (bytes) => {
      const pointer: unknown = koffi.alloc('uint8_t', bytes);
      return { address: Number(pointer), words: new Int32Array(koffi.view(pointer, bytes)) };
    },
  };
}

function memoryCalls(library: LibraryHandle) {
  const number = FUTEX_NUMBERS[process.arch] ?? -1;
  const futex = library.func('syscall', 'long', ['long', 'uintptr_t', 'int', 'int', 'uintptr_t']);
  return {
    memfd_create: library.func('memfd_create', 'int', ['str', 'uint']),
    ftruncate: library.func('ftruncate', 'int', ['int', 'int64_t']),
    mmap: library.func('mmap', 'intptr_t', ['uintptr_t', 'size_t', 'int', 'int', 'int', 'int64_t']),
    munmap: library.func('munmap', 'int', ['uintptr_t', 'size_t']),
    madvise: library.func('madvise', 'int', ['uintptr_t', 'size_t', 'int']),
    futex: (address: number, operation: number, value: number, timeout: number): number =>
      futex(number, address, operation, value, timeout),
  } satisfies Partial<Native>;
}

function processCalls(library: LibraryHandle) {
  return {
    prctl: library.func('prctl', 'int', ['int', 'ulong']),
    pipe2: library.func('int pipe2(_Out_ int *ends, int flags)'),
    _exit: library.func('_exit', 'void', ['int']),
  } satisfies Partial<Native>;
}
