/**
 * What an operation says: not now, done, or an error by name. Errors are negative numbers, so that an attempt allocates
 * nothing.
 */

export const NO = 0;
export const YES = 1;

export type KernelError = { readonly name: string; readonly message: string };

/** Python's names and messages; where `threading` and `multiprocessing` differ, those of `threading`. */
const errors = {
  releaseUnlocked: { name: 'RuntimeError', message: 'release unlocked lock' },
  releaseUnacquired: { name: 'RuntimeError', message: 'cannot release un-acquired lock' },
  releasedTooOften: { name: 'ValueError', message: 'Semaphore released too many times' },
  releaseFewerThanOne: { name: 'ValueError', message: 'n must be one or more' },
  shutDown: { name: 'ShutDown', message: '' },
  taskDoneTooOften: { name: 'ValueError', message: 'task_done() called too many times' },
  startedTwice: { name: 'RuntimeError', message: 'threads can only be started once' },
  joinedBeforeStart: { name: 'RuntimeError', message: 'cannot join thread before it is started' },
  joinedItself: { name: 'RuntimeError', message: 'cannot join current thread' },
  daemonicChildren: {
    name: 'AssertionError',
    message: 'daemonic processes are not allowed to have children',
  },
  waitUnacquired: { name: 'RuntimeError', message: 'cannot wait on un-acquired lock' },
  notifyUnacquired: { name: 'RuntimeError', message: 'cannot notify on un-acquired lock' },
  brokenBarrier: { name: 'BrokenBarrierError', message: '' },
  endOfFile: { name: 'EOFError', message: '' },
  brokenPipe: { name: 'BrokenPipeError', message: '[Errno 32] Broken pipe' },
  closedHandle: { name: 'OSError', message: 'handle is closed' },
  ownerDied: { name: 'OSError', message: '[Errno 130] Owner died' },
  poolNotRunning: { name: 'ValueError', message: 'Pool not running' },
  terminatedBeforeStart: { name: 'RuntimeError', message: 'cannot terminate a task before it is started' },
} as const satisfies Record<string, KernelError>;

const list = Object.values(errors);

/** The outcome for each error. */
export const ERROR = Object.fromEntries(
  Object.keys(errors).map((key, index) => [key, -1 - index]),
) as Readonly<Record<keyof typeof errors, number>>;

export function errorOf(outcome: number): KernelError {
  const error = list[-1 - outcome];
  if (error === undefined) throw new Error(`bug in concur: outcome ${outcome} is no error`);
  return error;
}
