/**
 * The operations of the kernel, by name: what the planner may ask for and what every host can do.
 *
 * - `operands`: how many expressions it takes.
 * - `waits`: it can say "not now".
 * - `boolean`: where Python answers yes or no: with a timeout and a result, it gives true or false and never fails.
 * - `timeoutError`: what a timeout raises otherwise.
 * - `carries`: the first operand is a value that is handed over; all others are whole numbers.
 */
export type OperationTraits = {
  readonly operands: number;
  readonly waits: boolean;
  readonly boolean: boolean;
  readonly timeoutError: string;
  readonly carries?: true;
};

const instant = { waits: false, boolean: false, timeoutError: 'TimeoutError' } as const;
const yesOrNo = { waits: true, boolean: true, timeoutError: 'TimeoutError' } as const;
const valued = { waits: true, boolean: false, timeoutError: 'TimeoutError' } as const;

export const operations = {
  'lock.acquire': { operands: 0, ...yesOrNo },
  'lock.release': { operands: 0, ...instant },
  'rlock.acquire': { operands: 0, ...yesOrNo },
  'rlock.release': { operands: 0, ...instant },
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
  /** operand: the input */
  'task.start': { operands: 1, ...instant, carries: true },
  /** The result is the end: `{state, exitCode}`, of a replica or of all. */
  'task.join': { operands: 0, ...yesOrNo },
  'task.terminate': { operands: 0, ...instant },
  'task.kill': { operands: 0, ...instant },
} as const satisfies Record<string, OperationTraits>;

export type OperationName = keyof typeof operations;
