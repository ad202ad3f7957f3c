/**
 * Writing to a stream whose reader may leave (`concur run … | head`): from then on writing does nothing, and whoever
 * cares is told once.
 */
import type { Writable } from 'node:stream';
import { systemCode } from './files/read-source.ts';

export type Output = {
  write(text: string): void;
  /** Resolves when all that was written has left the process, or cannot any more. */
  flushed(): Promise<void>;
  /** Why writing became impossible, other than that the reader left: a code of the system, `ENOSPC`. */
  problem(): string | undefined;
};

/** A reader that left, a terminal that is gone: no reason to complain to anybody. */
const quietCodes: ReadonlySet<string> = new Set(['EPIPE', 'EIO']);

/** @param onClosed the first time that writing became impossible */
export function createOutput(stream: Writable, onClosed: () => void): Output {
  let closedBy: string | undefined;
  const close = (error: unknown) => {
    if (closedBy !== undefined) return;
    closedBy = systemCode(error) ?? 'EPIPE';
    onClosed();
  };
  stream.on('error', close);
  return {
    write(text) {
      if (closedBy !== undefined || text === '') return;
      try {
        stream.write(text);
      } catch (error) {
        close(error);
      }
    },
    flushed() {
      if (closedBy !== undefined) return Promise.resolve();
      return new Promise((resolve) => {
        stream.once('error', () => resolve());
        stream.write('', () => resolve());
      });
    },
    problem: () => (closedBy === undefined || quietCodes.has(closedBy) ? undefined : closedBy),
  };
}
