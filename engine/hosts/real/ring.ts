/**
 * Ringing the supervisor's bell (`bell.ts`). Apart from it, so that a child loads no sockets: they cost milliseconds.
 */
import { writeSync } from 'node:fs';

const BYTE = Uint8Array.of(1);

/** @returns false: there is nobody left to hear it. A full pipe is none: the bell rings already. */
export function ring(fd: number): boolean {
  try {
    writeSync(fd, BYTE);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN';
  }
}
