/**
 * How a carrier, in whatever process or thread, wakes the supervisor's event loop: a byte into one pipe for all.
 *
 * What it is about stands in shared memory; the byte says only "look". So a full pipe is no loss: the bell rings already.
 */
import { Socket } from 'node:net';
import { type Native, type Refusal, refusedCall } from '../memory/native.ts';

export type Bell = {
  readonly kind: 'bell';
  /** For children to inherit, and for `ring`. */
  readonly fd: number;
  /** No ring is heard any more, and nothing keeps the event loop alive. */
  readonly close: () => void;
};

const O_NONBLOCK_CLOEXEC = 0o2004000;

/** @param heard called soon after one or more rings; while the bell is open the event loop stays alive */
export function createBell(native: Native, heard: () => void): Bell | Refusal {
  const ends = new Int32Array(2);
  if (native.pipe2(ends, O_NONBLOCK_CLOEXEC) !== 0) return refusedCall(native, 'pipe2');
  const [readEnd = -1, fd = -1] = ends;
  const socket = new Socket({ fd: readEnd, readable: true, writable: false });
  socket.on('data', heard);
  const close = () => {
    socket.destroy();
    native.close(fd);
  };
  return { kind: 'bell', fd, close };
}
