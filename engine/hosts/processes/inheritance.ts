/**
 * What a child process has from the supervisor, and its first acts: die with the supervisor, load the native library,
 * map the memory, read the plan.
 *
 * A child registers no signal handler: while it sleeps in a native call no JavaScript handler would run, and the default
 * disposition ends it at once.
 */
import { lackIn, MachineFault, whyOf } from '../machine-fault.ts';
import { type MappedMemory, openMappedMemory, readSharedFile } from '../memory/mapped-memory.ts';
import { loadNativeFrom, type Native } from '../memory/native.ts';
import { ring } from '../real/ring.ts';

/** The descriptors of a child, in the order in which `launch` passes them. */
export const INHERITED = { memory: 3, bell: 4, plan: 5 } as const;

/** The code with which a child ends that the machine refused something: what, is on its standard error. */
export const FAULT_CODE = 71;

/** What a child is told on its command line. */
export type Orders = {
  readonly process: number;
  /** The process id of the supervisor. */
  readonly parent: number;
  /** The file of the native library. */
  readonly native: string;
};

export function argumentsFromOrders({ process, parent, native }: Orders): string[] {
  return [String(process), String(parent), native];
}

function ordersFromArguments([process, parent, native = '']: readonly string[]): Orders {
  return { process: Number(process), parent: Number(parent), native };
}

export type Inheritance = {
  /** As the plan numbers processes. */
  readonly process: number;
  readonly memory: MappedMemory;
  /** The file of the native library. */
  readonly library: string;
  /** What the supervisor gave to all children, serialized by `node:v8`. */
  readonly plan: Buffer;
  /** Wakes the supervisor. False: it is gone. */
  readonly ring: () => boolean;
  readonly isParentAlive: () => boolean;
  /** Ends this process without the tear-down of Node, which would take longer than many a task. */
  readonly exit: (code: number) => never;
};

const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9;

/**
 * Takes up the inheritance; once, first thing in a child.
 *
 * @throws MachineFault if the machine refuses it
 */
export function openInheritance(): Inheritance {
  const orders = ordersFromArguments(process.argv.slice(2));
  const native = loadLibrary(orders.native);
  dieWithParent(native, orders.parent);
  const memory = openMappedMemory(native, INHERITED.memory);
  if (memory.kind === 'refused') throw new MachineFault(memory.cause);
  return {
    process: orders.process,
    library: orders.native,
    memory,
    plan: readSharedFile(INHERITED.plan),
    ring: () => ring(INHERITED.bell),
    isParentAlive: () => process.ppid === orders.parent,
    exit: (code) => {
      native._exit(code);
      throw new Error('bug in concur: a process went on after its end');
    },
  };
}

function loadLibrary(path: string): Native {
  try {
    return loadNativeFrom(path);
  } catch (error) {
    throw new MachineFault(`a process cannot load the native library: ${lackIn(error) ?? whyOf(error)}`);
  }
}

/** The parent may be gone before the signal is asked for: then nobody would ever send it. */
function dieWithParent(native: Native, parent: number): void {
  native.prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (process.ppid !== parent) native._exit(1);
}
