/**
 * The operations of the kernel, by name: what the planner may ask for and what every host can do.
 *
 * - `operands`: how many expressions it takes.
 * - `waits`: it can say "not now".
 * - `boolean`: where Python answers yes or no: with a timeout and a result, it gives true or false and never fails.
 * - `timeoutError`: what a timeout raises otherwise.
 * - `carries`: the first operand is a value that is handed over; all others are whole numbers.
 * - `atMost`: the operand counts how many it is for, of those that there are: no number is too large for it.
 */
export type OperationTraits = {
  readonly operands: number;
  readonly waits: boolean;
  readonly boolean: boolean;
  readonly timeoutError: string;
  readonly carries?: true;
  readonly atMost?: true;
};

/** What an operand that is no item may be: as much as fits into a word beside its mark. */
export const OPERANDS = { least: -(2 ** 30), most: 2 ** 30 - 1 } as const;

const instant = { waits: false, boolean: false, timeoutError: 'TimeoutError' } as const;
const yesOrNo = { waits: true, boolean: true, timeoutError: 'TimeoutError' } as const;
const valued = { waits: true, boolean: false, timeoutError: 'TimeoutError' } as const;

export const operations = {
  'lock.acquire': { operands: 0, ...yesOrNo },
  'lock.release': { operands: 0, ...instant },
  'rlock.acquire': { operands: 0, ...yesOrNo },
  'rlock.release': { operands: 0, ...instant },
  'rwlock.read.acquire': { operands: 0, ...yesOrNo },
  'rwlock.read.release': { operands: 0, ...instant },
  'rwlock.write.acquire': { operands: 0, ...yesOrNo },
  'rwlock.write.release': { operands: 0, ...instant },
  /** operand: permits */
  'semaphore.acquire': { operands: 1, ...yesOrNo },
  'semaphore.release': { operands: 1, ...instant },
  /** operands: item, priority (0 where the queue has none) */
  'queue.put': { operands: 2, ...valued, timeoutError: 'Full', carries: true },
  'queue.get': { operands: 0, ...valued, timeoutError: 'Empty' },
  'queue.taskDone': { operands: 0, ...instant },
  'queue.join': { operands: 0, ...valued },
  /** operand: immediate */
  'queue.close': { operands: 1, ...instant },
  'event.wait': { operands: 0, ...yesOrNo },
  'event.signal': { operands: 0, ...instant },
  'event.clear': { operands: 0, ...instant },
  /** True once notified, false after the timeout; either way the lock is held again. */
  'condition.wait': { operands: 0, ...yesOrNo },
  /** operand: how many; less than one is nobody */
  'condition.notify': { operands: 1, ...instant, atMost: true },
  /**
   * operand: 1 if an action follows. The result is the index of arrival; who comes last (`parties - 1`) then does the action
   * and lets the others go with `barrier.release`.
   */
  'barrier.wait': { operands: 1, ...valued, timeoutError: 'BrokenBarrierError' },
  'barrier.release': { operands: 0, ...instant },
  'barrier.reset': { operands: 0, ...instant },
  'barrier.abort': { operands: 0, ...instant },
  /** The target is the end that sends, that receives, that is closed. operand: the item */
  'pipe.send': { operands: 1, ...valued, carries: true },
  'pipe.receive': { operands: 0, ...valued },
  'pipe.close': { operands: 0, ...instant },
  /** A worker of the pool takes the next task that was started into it: the result is the task's number. */
  'pool.adopt': { operands: 0, ...valued },
  /** It takes no more work. operand: 1 if what no worker has taken is dropped */
  'pool.close': { operands: 1, ...instant },
  /** It takes no more work, what it has is dropped or ended, and its workers end. */
  'pool.terminate': { operands: 0, ...instant },
  'pool.kill': { operands: 0, ...instant },
  /** operand: the input */
  'task.start': { operands: 1, ...instant, carries: true },
  /** The result is the end: `{state, exitCode}`, of a replica or of all. */
  'task.join': { operands: 0, ...yesOrNo },
  'task.terminate': { operands: 0, ...instant },
  'task.kill': { operands: 0, ...instant },
  /** Terminates it, as its `timeout` is over: nobody asked for that end. Nothing where it has ended already. */
  'task.timeOut': { operands: 0, ...instant },
  /** A task that was not started never will be: its end is `skipped`. operand: why, as text */
  'task.skip': { operands: 1, ...instant, carries: true },
} as const satisfies Record<string, OperationTraits>;

export type OperationName = keyof typeof operations;

/** The operations of a kind of resource. Both ends of a pipe have those of pipes. */
export type OperationOf<Kind extends string> = Extract<
  OperationName,
  `${Kind extends 'pipeEnd' ? 'pipe' : Kind}.${string}`
>;
