/**
 * The system calls that Node does not offer: anonymous files, mappings, futexes, death signals, `posix_spawn`. By `koffi`,
 * loaded only when a scenario has processes or commands.
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
  /** As `closeSync`, which warns in a worker of a descriptor that Node has not opened. */
  readonly close: (fd: number) => number;
  readonly _exit: (code: number) => void;
  readonly errno: () => number;
  /** Plain memory outside the heap, never freed: its address, and the same as words. */
  readonly allocate: (bytes: number) => { readonly address: number; readonly words: Int32Array };
  readonly view: (address: number, bytes: number) => ArrayBuffer;
  /** Bound when asked for; undefined where the C library lacks one of them. */
  readonly spawnCalls: () => SpawnCalls | undefined;
};

/** The `posix_spawn` family, without its prefixes; itself on a thread of Node's pool. All but `waitpid` and `pipe2` return the error's number, or 0. */
export type SpawnCalls = Pick<Native, 'errno' | 'pipe2'> & {
  readonly posix_spawn: (
    pid: Int32Array,
    path: string,
    actions: Uint8Array,
    attributes: Uint8Array,
    args: readonly (string | null)[],
    variables: readonly (string | null)[],
  ) => Promise<number>;
  readonly actions_init: (actions: Uint8Array) => number;
  readonly actions_addopen: (
    actions: Uint8Array,
    fd: number,
    path: string,
    flags: number,
    mode: number,
  ) => number;
  readonly actions_adddup2: (actions: Uint8Array, fd: number, as: number) => number;
  readonly actions_addchdir: (actions: Uint8Array, folder: string) => number;
  readonly actions_destroy: (actions: Uint8Array) => number;
  readonly attr_init: (attributes: Uint8Array) => number;
  readonly attr_setflags: (attributes: Uint8Array, flags: number) => number;
  readonly attr_setsigdefault: (attributes: Uint8Array, signals: Uint8Array) => number;
  readonly attr_setsigmask: (attributes: Uint8Array, signals: Uint8Array) => number;
  readonly waitpid: (pid: number, status: Int32Array, options: number) => number;
};

type Koffi = typeof import('koffi');

/** What a thread needs for the stack of its native calls, and for the texts handed to them; less is not accepted. */
const THREAD_MEMORY = 1 << 16;

const FUTEX_NUMBERS: Readonly<Record<string, number>> = { x64: 202, arm64: 98, riscv64: 98, loong64: 98 };

/** For the supervisor. Asked again, it gives the same answer. */
export async function loadNative(): Promise<Native | Refusal> {
  loaded ??= load();
  return loaded;
}

let loaded: Promise<Native | Refusal> | undefined;

async function load(): Promise<Native | Refusal> {
  const unserved = unservedMachine(process);
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
  const koffi = module.exports as Koffi;
  // It never gives this memory back where a thread ends. The calls made here are the system's, which need little of it.
  koffi.config({ sync_stack_size: THREAD_MEMORY, sync_heap_size: THREAD_MEMORY });
  return bind(koffi, path);
}

/** A refusal that names the failed call and the system's reason. */
export function refusedCall(native: Native, call: string): Refusal {
  return refusal(`${call} failed with ${getSystemErrorName(-native.errno())}`);
}

/** In words: what tasks of kind process need, and why it is not to be had. */
export function refusal(reason: string): Refusal {
  return { kind: 'refused', cause: `tasks of kind process need memory shared between processes: ${reason}` };
}

/** Null on a machine that is served. */
export function unservedMachine({
  platform,
  arch,
}: Pick<NodeJS.Process, 'platform' | 'arch'>): Refusal | null {
  const instead = 'run it in virtual time, with --virtual';
  if (platform !== 'linux') return refusal(`not offered on ${platform} yet; ${instead}`);
  if (FUTEX_NUMBERS[arch] === undefined) return refusal(`not offered on ${arch} processors; ${instead}`);
  return null;
}

function bind(koffi: Koffi, path: string): Native {
  const library = koffi.load(null);
  const processes = processCalls(library);
  const errno = (): number => koffi.errno();
  return {
    kind: 'native',
    path,
    ...memoryCalls(library),
    ...processes,
    errno,
    spawnCalls: () => spawnCalls(library, { errno, pipe2: processes.pipe2 }),
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
    close: library.func('close', 'int', ['int']),
    _exit: library.func('_exit', 'void', ['int']),
  } satisfies Partial<Native>;
}

function spawnCalls(library: LibraryHandle, others: Pick<Native, 'errno' | 'pipe2'>): SpawnCalls | undefined {
  const actions = (name: string, ...rest: readonly string[]) =>
    library.func(`posix_spawn_file_actions_${name}`, 'int', ['void *', ...rest]);
  const attr = (name: string, ...rest: readonly string[]) =>
    library.func(`posix_spawnattr_${name}`, 'int', ['void *', ...rest]);
  try {
    const start = library.func(
      'int posix_spawn(_Out_ int *pid, const char *path, void *actions, void *attributes, const char **args, const char **variables)',
    );
    return {
      ...others,
      posix_spawn: (...operands) =>
        new Promise((resolve, reject) => {
          const settle = (error: Error | null, failure: number): void =>
            error === null ? resolve(failure) : reject(error);
          start.async(...operands, settle);
        }),
      actions_init: actions('init'),
      actions_addopen: actions('addopen', 'int', 'str', 'int', 'uint'),
      actions_adddup2: actions('adddup2', 'int', 'int'),
      actions_addchdir: actions('addchdir_np', 'str'),
      actions_destroy: actions('destroy'),
      attr_init: attr('init'),
      attr_setflags: attr('setflags', 'short'),
      attr_setsigdefault: attr('setsigdefault', 'void *'),
      attr_setsigmask: attr('setsigmask', 'void *'),
      waitpid: library.func('int waitpid(int pid, _Out_ int *status, int options)'),
    };
  } catch {
    return undefined;
  }
}
