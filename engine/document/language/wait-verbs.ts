/**
 * Verbs on resources and time.
 */
import { key, leaf, required, some } from './shape.ts';
import { body, reference, type VerbTraits } from './verb.ts';

const item = required(
  leaf('template'),
  'Item',
  'What is put in: text with `${{ }}`, or any value.',
  'item: ${{ task.index }}',
);
export const waitVerbs = {
  sleep: {
    takes: leaf('duration'),
    title: 'Sleep',
    description: "Lets time pass: `100ms`, or a range `0s..3s` drawn uniformly from the run's seed.",
    example: '- sleep: 0s..3s',
  },
  await: {
    takes: leaf('condition'),
    title: 'Await',
    description: 'Waits until the expression, over vars and resources, is true.',
    example: '- await: ready && stall.free > 0',
    waits: true,
    result: 'true, or false after the timeout',
  },
  acquire: {
    takes: reference,
    title: 'Acquire',
    description: 'Takes a lock, an rlock or a semaphore.',
    example: '- acquire: stall',
    keys: {
      permits: key(
        leaf('amount'),
        'Permits',
        'How many permits of a semaphore to take together.',
        'permits: 2',
        '1',
      ),
    },
    waits: true,
    result: 'true, or false after the timeout',
  },
  release: {
    takes: reference,
    title: 'Release',
    description:
      'Gives a lock, an rlock or a semaphore back. A plain lock may be released by any task, an rlock only by its owner.',
    example: '- release: stall',
    keys: {
      permits: key(
        leaf('amount'),
        'Permits',
        'How many permits of a semaphore to give back.',
        'permits: 2',
        '1',
      ),
    },
  },
  with: {
    takes: some(reference),
    title: 'With',
    description:
      'Acquires in order, does the steps, releases in reverse on every way out, failure and `break` included. `timeout` is for acquiring.',
    example: '- with: stall\n  do:\n    - print: inside',
    keys: { do: body },
    waits: true,
  },
  put: {
    takes: reference,
    title: 'Put',
    description: 'Puts an item into a queue; waits while it is full.',
    example: '- put: orders\n  item: ${{ task.index }}',
    keys: {
      item,
      priority: key(
        leaf('amount'),
        'Priority',
        'In a priority queue: the smallest whole number comes out first.',
        'priority: -1',
        '0',
      ),
    },
    waits: true,
  },
  get: {
    takes: reference,
    title: 'Get',
    description: 'Takes an item from a queue; waits while it is empty.',
    example: '- get: orders\n  as: order',
    waits: true,
    result: 'the item',
  },
  task_done: {
    takes: reference,
    title: 'Task done',
    description: 'Says that an item taken from the queue is dealt with, as `Queue.task_done`.',
    example: '- task_done: orders',
  },
  close: {
    takes: reference,
    title: 'Close',
    description:
      'Closes a queue (puts fail with `ShutDown`, gets drain it first), an end of a pipe, or a pool.',
    example: '- close: orders',
    keys: {
      immediate: key(
        leaf('condition'),
        'Immediate',
        'Drop what is still queued.',
        'immediate: true',
        'false',
      ),
    },
  },
  send: {
    takes: reference,
    title: 'Send',
    description: 'Sends through an end of a pipe. To a closed peer: `BrokenPipeError`.',
    example: '- send: p.left\n  item: hello',
    keys: { item },
    waits: true,
  },
  receive: {
    takes: reference,
    title: 'Receive',
    description: 'Receives from an end of a pipe. From a closed, drained peer: `EOFError`.',
    example: '- receive: p.right\n  as: message',
    waits: true,
    result: 'what was sent',
  },
  wait: {
    takes: reference,
    title: 'Wait',
    description: 'An event: until it is set. A condition: until notified. A barrier: until all parties came.',
    example: '- wait: opened',
    keys: {
      until: key(
        leaf('condition'),
        'Until',
        'Of a condition: wait again until this is true, as `wait_for`.',
        'until: count > 0',
      ),
    },
    waits: true,
    result: 'true, or false after the timeout; at a barrier the arrival index',
  },
  signal: { takes: reference, title: 'Signal', description: 'Sets an event.', example: '- signal: opened' },
  clear: { takes: reference, title: 'Clear', description: 'Clears an event.', example: '- clear: opened' },
  notify: {
    takes: reference,
    title: 'Notify',
    description: 'Wakes waiters of a condition, whose lock must be held.',
    example: '- notify: changed\n  count: all',
    keys: {
      count: key(leaf('amount'), 'Count', 'How many waiters at most: a number, or `all`.', 'count: all', '1'),
    },
  },
  reset: {
    takes: reference,
    title: 'Reset',
    description: 'Makes a barrier as new.',
    example: '- reset: gate',
  },
  abort: {
    takes: reference,
    title: 'Abort',
    description: 'Breaks a barrier for all.',
    example: '- abort: gate',
  },
} as const satisfies Record<string, VerbTraits>;
