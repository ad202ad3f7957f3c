/**
 * A run of the built command, as a user has it in a shell: it can be watched, signalled, and must leave nobody behind.
 *
 * Every process of a run inherits a word in its environment that no other run has, so that whoever is left is found in
 * `/proc`, whatever it made of its parents, sessions and groups.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const entry = fileURLToPath(new URL('../../dist/concur.js', import.meta.url));
const carrierEntry = fileURLToPath(new URL('../../dist/carrier', import.meta.url));

export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type RunOptions = {
  /** What it reads from standard input; without it there is none. */
  readonly input?: string;
  /** Over this process's environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Instead of `node dist/concur.js`. */
  readonly program?: readonly [string, ...string[]];
};

/** How long anything may take that must happen at last: a slow machine is no finding, a hang is. */
const BOUND_MS = 40_000;
const LOOK_MS = 10;

export class ConcurRun implements AsyncDisposable {
  readonly #mark = randomUUID();
  readonly #child: ChildProcess;
  readonly #onOutput = new Set<() => void>();
  #stdout = '';
  #stderr = '';
  /** When everything was written and the command is gone. */
  readonly ended: Promise<Ended>;
  #isOver = false;

  constructor(args: readonly string[], { input, env = {}, cwd = root, program }: RunOptions = {}) {
    const [file, ...before] = program ?? [process.execPath, entry];
    this.#child = spawn(file, [...before, ...args], {
      cwd,
      env: { ...process.env, CI: undefined, NO_COLOR: '1', ...env, CONCUR_TEST_MARK: this.#mark },
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own, as a shell gives it: a signal for the whole group must not reach the tests.
      detached: true,
    });
    this.#child.stdin?.on('error', () => {});
    if (input !== undefined) this.#child.stdin?.end(input);
    this.#child.stdout
      ?.setEncoding('utf8')
      .on('data', (text: string) => this.#hear(() => (this.#stdout += text)));
    this.#child.stderr
      ?.setEncoding('utf8')
      .on('data', (text: string) => this.#hear(() => (this.#stderr += text)));
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (code, signal) => {
        this.#hear(() => (this.#isOver = true));
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? Number.NaN;
  }

  get stdout(): string {
    return this.#stdout;
  }

  /** Types into it. */
  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** Stops reading what it writes, as `head` does when it has enough. */
  stopReading(): void {
    this.#child.stdout?.destroy();
  }

  /** Nothing, where it has ended. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits until its output has that; what was found, with its groups. Fails if it ends without, or does not come to it. */
  async output(pattern: RegExp): Promise<RegExpExecArray> {
    for (const deadline = performance.now() + BOUND_MS; ; ) {
      const found = pattern.exec(this.#stdout);
      if (found !== null) return found;
      if (this.#isOver || performance.now() > deadline) {
        throw new Error(`there is no ${pattern} in:\n${this.#stdout}\n${this.#stderr}`);
      }
      await this.#moreOutput();
    }
  }

  /** Waits until a process of it carries tasks. */
  async started(): Promise<void> {
    await until(
      () => this.carriers().length > 0,
      () => `no process carries a task:\n${this.#stdout}\n${this.#stderr}`,
    );
  }

  /** The end, within a bound: a run that hangs is told with what its processes are at. */
  async end(): Promise<Ended> {
    const ended = await Promise.race([this.ended, pause(BOUND_MS)]);
    if (ended !== undefined) return ended;
    throw new Error(`it hangs:\n${this.#stdout}\n${this.#stderr}\n${this.family().map(describe).join('\n')}`);
  }

  /** All living processes of this run but the command itself. */
  family(): readonly number[] {
    return processes().filter((pid) => pid !== this.pid && environmentOf(pid).includes(this.#mark));
  }

  /** Those of its processes that carry tasks. */
  carriers(): readonly number[] {
    return this.family().filter((pid) => commandOf(pid).includes(carrierEntry));
  }

  /** Those of its processes that are commands called `sleep`. */
  sleeps(): readonly number[] {
    return this.family().filter((pid) => commandOf(pid).startsWith('sleep '));
  }

  /** Waits until no process of the run is left. @throws Error that names those who do not go */
  async gone(): Promise<void> {
    await until(
      () => this.family().length === 0,
      () => `left: ${this.family().map(describe).join('\n')}`,
    );
  }

  /** Ends it if it still runs, and fails if anybody is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOver) this.#child.kill('SIGKILL');
    await this.ended.catch(() => undefined);
    await this.gone();
  }

  #hear(note: () => void): void {
    note();
    for (const wake of this.#onOutput) wake();
  }

  async #moreOutput(): Promise<void> {
    let wake = () => {};
    const heard = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.#onOutput.add(wake);
    await Promise.race([heard, pause(1000)]);
    this.#onOutput.delete(wake);
  }
}

/** From its beginning to its end; nobody is left. */
export async function concur(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  await using run = new ConcurRun(args, { input: '', ...options });
  return await run.end();
}

/** Looks again and again until it is true, within a generous bound. */
export async function until(isTrue: () => boolean, failure: () => string): Promise<void> {
  for (const deadline = performance.now() + BOUND_MS; !isTrue(); await pause(LOOK_MS)) {
    if (performance.now() > deadline) throw new Error(failure());
  }
}

/** Whether that process lives; a zombie does not. */
export function isAlive(pid: number): boolean {
  return !['', 'Z', 'X'].includes(stateOf(pid));
}

/** `T` while it is stopped by a signal. */
export function stateOf(pid: number): string {
  const stat = read(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[0] ?? '';
}

function processes(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Empty for a zombie, and for one that is gone. */
function environmentOf(pid: number): string {
  return read(`/proc/${pid}/environ`);
}

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
}

function describe(pid: number): string {
  return `${pid} (${stateOf(pid)}): ${commandOf(pid)} in ${linkOf(`/proc/${pid}/cwd`)}`;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '?';
  }
}

function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms).unref());
}
