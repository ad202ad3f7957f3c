/**
 * Programs, and what of them is in hand once they are started.
 */
import type { Readable, Writable } from 'node:stream';

export type Program = {
  /** A path, or a name that is looked for along the `PATH` of `env`. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Whether it gets a pipe to read from; otherwise it reads nothing. */
  readonly hasInput: boolean;
};

export type Spawned = {
  /** That of its process group too; undefined where it could not be started. */
  readonly pid: number | undefined;
  readonly stdin: Writable | null;
  /** Null where the system gave no descriptors. */
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  /** Its exit code, as a shell tells it: 128 + the signal's number where a signal ended it. Or why it never ran. */
  readonly ended: Promise<number | Error>;
};

/** Fails if the program is known not to have been started: the error's `code` is that of the system's. */
export type Spawn = (program: Program) => Promise<Spawned>;
