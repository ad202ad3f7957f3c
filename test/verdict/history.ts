/**
 * Random histories of a small world, by the plainest semantics that can be written: lists, counts and names.
 *
 * A tape of numbers chooses what is tried next. What is possible happens; what is not makes the task wait, or is left
 * out; and with `fault` the first impossible thing is written down as if it had happened, and ends the history.
 */
import type { OperationName } from '../../engine/plan/operation.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { lock, makePlan, queue, rlock, type Story, semaphore, tell } from './scene.ts';

const PERMITS = 2;
const CAPACITY = 3;
const names = ['p1', 'p2', 'p3'] as const;
type Order = 'fifo' | 'lifo' | 'priority';
type Item = { readonly value: bigint; readonly priority: number; readonly arrival: number };

type Attempt = {
  readonly operation: OperationName;
  readonly target: string;
  readonly waits: boolean;
  readonly isPossible: (task: string) => boolean;
  readonly apply: (task: string) => void;
  /** What the log says of it, once it has happened. */
  readonly amount: (task: string) => number;
  readonly value?: () => bigint | null;
};

export function historyPlan(order: Order): Plan {
  const resources = [lock('a'), rlock('r'), semaphore('s', PERMITS), queue('q', order, CAPACITY)];
  return makePlan({ resources, tasks: names });
}

export type History = { readonly story: Story; readonly faulty: boolean; readonly operated: number };

export function writeHistory(plan: Plan, order: Order, tape: readonly number[], fault: boolean): History {
  const story = tell(plan).run(...names);
  const attempts = createWorld(order);
  const waiting = new Map<string, Attempt>();
  let operated = 0;
  for (const choice of tape) {
    const task = names[choice % names.length] as string;
    const pending = waiting.get(task);
    const attempt = pending ?? (attempts[(choice >> 4) % attempts.length] as Attempt);
    if (attempt.isPossible(task)) {
      const value = attempt.value?.() ?? null;
      attempt.apply(task);
      waiting.delete(task);
      story.did(task, attempt.operation, attempt.target, attempt.amount(task), value);
      operated += 1;
    } else if (fault) {
      // An amount that would be right, were it possible, so that nothing else is wrong.
      const value = attempt.operation === 'queue.get' || attempt.operation === 'queue.put' ? 999n : null;
      story.did(task, attempt.operation, attempt.target, 1, value);
      return { story, faulty: true, operated };
    } else if (attempt.waits && pending === undefined) {
      waiting.set(task, attempt);
      story.waits(task, attempt.operation, attempt.target);
    }
  }
  return { story, faulty: false, operated };
}

function createWorld(order: Order): readonly Attempt[] {
  let owner: string | null = null;
  const stack: string[] = [];
  let free = PERMITS;
  let items: Item[] = [];
  let unfinished = 0;
  let arrivals = 0;

  const sorted = (): Item[] => {
    if (order === 'fifo') return items;
    if (order === 'lifo') return items.toReversed();
    return items.toSorted((left, right) => left.priority - right.priority || left.arrival - right.arrival);
  };
  const depth = (): number => stack.length;
  const upcoming = (): Item => ({ value: BigInt(arrivals), priority: (arrivals * 7) % 3, arrival: arrivals });
  let put: Item | null = null;

  return [
    {
      operation: 'lock.acquire',
      target: 'a',
      waits: true,
      isPossible: () => owner === null,
      apply: (task) => {
        owner = task;
      },
      amount: () => 1,
    },
    {
      operation: 'lock.release',
      target: 'a',
      waits: false,
      isPossible: () => owner !== null,
      apply: () => {
        owner = null;
      },
      amount: () => 1,
    },
    {
      operation: 'rlock.acquire',
      target: 'r',
      waits: true,
      isPossible: (task) => stack.every((one) => one === task),
      apply: (task) => void stack.push(task),
      amount: depth,
    },
    {
      operation: 'rlock.release',
      target: 'r',
      waits: false,
      isPossible: (task) => stack.at(-1) === task,
      apply: () => void stack.pop(),
      amount: depth,
    },
    {
      operation: 'semaphore.acquire',
      target: 's',
      waits: true,
      isPossible: () => free > 0,
      apply: () => {
        free -= 1;
      },
      amount: () => 1,
    },
    {
      operation: 'semaphore.release',
      target: 's',
      waits: false,
      isPossible: () => free < PERMITS,
      apply: () => {
        free += 1;
      },
      amount: () => 1,
    },
    {
      operation: 'queue.put',
      target: 'q',
      waits: true,
      isPossible: () => items.length < CAPACITY,
      value: () => upcoming().value,
      apply: () => {
        put = upcoming();
        items.push(put);
        arrivals += 1;
        unfinished += 1;
      },
      amount: () => put?.priority ?? 0,
    },
    {
      operation: 'queue.get',
      target: 'q',
      waits: true,
      isPossible: () => items.length > 0,
      value: () => sorted()[0]?.value ?? null,
      apply: () => {
        const [first] = sorted();
        items = items.filter((item) => item !== first);
      },
      amount: () => 0,
    },
    {
      operation: 'queue.taskDone',
      target: 'q',
      waits: false,
      isPossible: () => unfinished > 0,
      apply: () => {
        unfinished -= 1;
      },
      amount: () => unfinished,
    },
  ];
}
