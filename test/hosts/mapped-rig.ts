/**
 * A supervisor in small for the tests of processes: memory, a bell, children by job, and an end that leaves nobody.
 */
import { closeSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { serialize } from 'node:v8';
import { buildSync } from 'esbuild';
import {
  createMappedMemory,
  createSharedFile,
  type MappedMemory,
} from '../../engine/hosts/memory/mapped-memory.ts';
import { loadNative, type Native, type Refusal } from '../../engine/hosts/memory/native.ts';
import {
  type CarrierProcess,
  createLauncher,
  type Launcher,
} from '../../engine/hosts/processes/child-process.ts';
import { type Bell, createBell } from '../../engine/hosts/real/bell.ts';
import { Mutex } from '../../engine/kernel/runtime/mutex.ts';
import { type Job, WORD } from './mapped-job.ts';

/** The supervisor's number as a carrier; children are 0, 1, 2 … */
const SUPERVISOR = 15;

/** What the machine must give for these tests to mean anything. */
export function granted<Granted extends { readonly kind: string }>(given: Granted | Refusal): Granted {
  if (given.kind === 'refused') throw new Error((given as Refusal).cause);
  return given as Granted;
}

export async function native(): Promise<Native> {
  return granted<Native>(await loadNative());
}

/** Bundles a fixture to JavaScript, as children cannot run TypeScript. Removed by `remove`. */
export function bundleFixture(name: string): { readonly entry: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'concur-test-'));
  const entry = join(folder, `${name}.cjs`);
  const input = resolve(import.meta.dirname, `${name}.ts`);
  buildSync({
    entryPoints: [input],
    outfile: entry,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['koffi'],
    logLevel: 'error',
  });
  symlinkSync(resolve(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'));
  return { entry, remove: () => rmSync(folder, { recursive: true }) };
}

export class Rig implements AsyncDisposable {
  readonly memory: MappedMemory;
  readonly mutex: Mutex;
  readonly #launcher: Launcher;
  readonly #bell: Bell;
  readonly #plan: number;
  readonly #children = new Map<number, CarrierProcess>();
  readonly #waiting = new Set<() => void>();

  constructor(
    native: Native,
    entry: string,
    job: Job,
    options: { startingAtOnce?: number; env?: NodeJS.ProcessEnv } = {},
  ) {
    this.memory = granted<MappedMemory>(createMappedMemory(native, 4096));
    const { words, parking } = this.memory;
    const condemnedIndexOf = (carrier: number) => WORD.condemned + carrier;
    this.mutex = new Mutex({
      words,
      index: WORD.mutex,
      carrier: SUPERVISOR,
      condemnedIndexOf,
      parking,
      spins: 0,
      patienceMs: 5,
    });
    this.#bell = granted<Bell>(createBell(native, () => this.#heard()));
    const plan = createSharedFile(native, serialize(job));
    if (typeof plan !== 'number') throw new Error(plan.cause);
    this.#plan = plan;
    const fds = { memory: this.memory.fd, bell: this.#bell.fd, plan };
    this.#launcher = createLauncher({ entry, fds, native: native.path, startingAtOnce: 3, ...options });
  }

  launch(process: number): CarrierProcess {
    const child = this.#launcher.launch(process);
    this.#children.set(process, child);
    return child;
  }

  /** Settles when that many children have announced themselves. */
  async started(count: number): Promise<void> {
    while (Atomics.load(this.memory.words, WORD.started) < count) await this.#ring();
  }

  /** Launches children 0 … count - 1 and waits until all run their job. */
  async launchAll(count: number): Promise<CarrierProcess[]> {
    const children = Array.from({ length: count }, (_, process) => this.launch(process));
    await this.started(count);
    return children;
  }

  /** As the supervisor of a run does it: in the critical section. */
  condemn(process: number): void {
    while (!this.mutex.tryEnter(10));
    this.memory.words[WORD.condemned + process] = 1;
    this.mutex.leave();
  }

  /** Lets those go that wait for it. */
  go(): void {
    Atomics.store(this.memory.words, WORD.go, 1);
    this.memory.parking.notify(this.memory.words, WORD.go, Infinity);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const left = await this.#launcher.close(10_000);
    this.#bell.close();
    closeSync(this.#plan);
    this.memory.close();
    if (left.length > 0) throw new Error(`these processes are left: ${left.join()}`);
  }

  #ring(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  #heard(): void {
    for (const [process, child] of this.#children) {
      if (Atomics.load(this.memory.words, WORD.began + process) === 1) child.markStarted();
    }
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
