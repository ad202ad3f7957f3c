/**
 * What the kernel's operations mean, in plain objects and from Python's words: no memory, no lists of waiters, no wakes.
 *
 * `attempt` says whether an operation can happen now, and makes it happen; all that is asked of the kernel is to agree.
 */

import type { Value } from '../../engine/expression/values/value.ts';
import type { OperationName } from '../../engine/plan/operation.ts';
import type {
  BarrierResource,
  ConditionResource,
  PipeEndResource,
  Plan,
  QueueResource,
  Resource,
  RwlockResource,
  SemaphoreResource,
} from '../../engine/plan/plan.ts';
import {
  type Answer,
  type BarrierState,
  breakBarrier,
  type ConditionState,
  endAtBarrier,
  error,
  expire,
  giveUpAtBarrier,
  leaveCondition,
  letGo,
  no,
  notify,
  type PipeEndState,
  receive,
  resetBarrier,
  send,
  waitAtBarrier,
  yes,
} from './plain-meeting.ts';

import {
  freshRwlock,
  giveSide,
  leaveRwlock,
  mayTake,
  type RwlockState,
  takeSide,
  wantSide,
  without,
} from './plain-rwlock.ts';

/** `item` is what is handed over; `number` permits, priority, or whether a close is immediate. */
export type Deed = {
  readonly operation: OperationName;
  readonly target: number;
  readonly item: Value;
  readonly number: number;
};

type Item = { readonly value: Value; readonly priority: number };
type ResourceState = {
  readonly declared: Resource;
  owner: number;
  depth: number;
  free: number;
  /** Permits by the task that holds them. */
  held: Record<number, number>;
  items: Item[];
  unfinished: number;
  closed: boolean;
  set: boolean;
  /** Who waits at a fair resource, in order of arrival: for the resource itself or room, and for items. */
  readonly lines: readonly [number[], number[]];
  readonly condition: ConditionState;
  readonly barrier: BarrierState;
  readonly pipeEnd: PipeEndState;
  readonly rwlock: RwlockState;
};
export type TaskState = {
  state: 'notStarted' | 'live' | 'ended';
  process: number;
  daemon: boolean;
  /** The process of the task that started it. */
  parent: number;
  waiting: Deed | undefined;
};
type ProcessState = { daemon: boolean };

const NOBODY = -1;
const ownerDied = error('OSError', '[Errno 130] Owner died');

export class PlainModel {
  readonly plan: Plan;
  readonly resources: readonly ResourceState[];
  readonly tasks: readonly TaskState[];
  readonly processes: readonly ProcessState[];

  constructor(plan: Plan) {
    this.plan = plan;
    this.resources = plan.resources.map((declared) => ({
      declared,
      owner: NOBODY,
      depth: 0,
      free: declared.kind === 'semaphore' ? declared.permits : 0,
      held: {},
      items: [],
      unfinished: 0,
      closed: false,
      set: declared.kind === 'event' && declared.set,
      lines: [[], []],
      condition: { line: [], depths: {}, called: {} },
      barrier: { state: 'filling', count: 0, actor: NOBODY, inside: {} },
      pipeEnd: { inbox: [], closed: false },
      rwlock: freshRwlock(),
    }));
    this.tasks = plan.tasks.map((_, task) => ({
      state: task === 0 ? 'live' : 'notStarted',
      process: 0,
      daemon: false,
      parent: 0,
      waiting: undefined,
    }));
    this.processes = Array.from({ length: plan.processes }, () => ({ daemon: false }));
  }

  /** If a task's deed can happen now, it happens; a task to which a fair resource says no stands in line. */
  attempt(task: number, deed: Deed): Answer {
    const answer = this.#attempt(task, deed);
    if (answer.kind === 'error') this.leaveLines(task);
    return answer;
  }

  /** Whether it could, leaving all as it is. */
  couldHappen(task: number, deed: Deed): boolean {
    const copy = new PlainModel(this.plan);
    Object.assign(
      copy,
      structuredClone({ resources: this.resources, tasks: this.tasks, processes: this.processes }),
    );
    return copy.#attempt(task, deed).kind !== 'no';
  }

  /** A task waits no more, for whatever it waited. */
  leaveLines(task: number): void {
    for (const { lines, condition, rwlock } of this.resources) {
      rwlock.preferred = without(rwlock.preferred, task);
      for (const line of lines) if (line.includes(task)) line.splice(line.indexOf(task), 1);
      leaveCondition(condition, task);
    }
  }

  /** A task's time is over. @returns true if it waits on, however long that takes: for a lock, or the end of an action */
  timeOut(task: number, { operation, target }: Deed): boolean {
    const resource = this.resources[target] as ResourceState;
    if (operation === 'condition.wait') {
      expire(resource.condition, task, this.#lockLine(resource));
      return true;
    }
    if (operation === 'barrier.wait' && giveUpAtBarrier(resource.barrier, task)) return true;
    this.leaveLines(task);
    return false;
  }

  /** At a barrier the time of a wait runs once the task is inside, at a condition until it is called out of the line. */
  isTimeRunning(task: number, { operation, target }: Deed): boolean {
    if (operation === 'condition.wait') return this.resources[target]?.condition.called[task] === undefined;
    return operation !== 'barrier.wait' || this.resources[target]?.barrier.inside[task] !== undefined;
  }

  /** A task's end, and with a process's first task that of all its threads; main's is that of everybody. */
  endOf(target: number): readonly number[] {
    const own = this.plan.tasks[target]?.process;
    return this.#live().filter(
      (task) => task === target || own === 0 || (own !== undefined && this.tasks[task]?.process === own),
    );
  }

  end(task: number): void {
    const one = this.tasks[task] as TaskState;
    one.state = 'ended';
    one.waiting = undefined;
    this.leaveLines(task);
    for (const resource of this.resources) {
      endAtBarrier(resource.barrier, task);
      leaveBehind(resource, task);
    }
  }

  /** What CPython counts before a program may end: its non-daemon threads, its non-daemon child processes. */
  countsOf(process: number): { readonly threads: number; readonly children: number } {
    const counted = this.#live().filter((task) => task !== 0 && this.tasks[task]?.daemon === false);
    const isFirst = (task: number): boolean => this.plan.tasks[task]?.process !== undefined;
    return {
      threads: counted.filter((task) => !isFirst(task) && this.tasks[task]?.process === process).length,
      children: counted.filter((task) => isFirst(task) && this.tasks[task]?.parent === process).length,
    };
  }

  #live(): number[] {
    return this.plan.tasks.map((_, task) => task).filter((task) => this.tasks[task]?.state === 'live');
  }

  #attempt(task: number, deed: Deed): Answer {
    const [kind] = deed.operation.split('.');
    if (kind === 'task') return this.#taskDeed(task, deed);
    const resource = this.resources[deed.target] as ResourceState;
    if (kind === 'condition') return this.#conditionDeed(resource, task, deed);
    if (kind === 'barrier') return barrierDeed(resource, task, deed);
    if (kind === 'pipe') return this.#pipeDeed(resource, deed);
    if (kind === 'rwlock') return this.#rwlockDeed(resource, task, deed);
    switch (deed.operation) {
      case 'lock.acquire':
        return this.#takeLock(resource, task, () => {
          resource.owner = task;
        });
      case 'lock.release':
        return release(resource, task);
      case 'rlock.acquire':
        return this.#acquireAgain(resource, task);
      case 'rlock.release':
        return releaseOnce(resource, task);
      case 'semaphore.acquire':
        if (deed.number < 1) return error('ValueError', 'n must be one or more');
        if (resource.free < deed.number && this.#isLeft(resource)) return ownerDied;
        return this.#take(resource, task, resource.free >= deed.number, () => {
          const before = permitsOut(resource);
          resource.free -= deed.number;
          resource.held[task] = (resource.held[task] ?? 0) + permitsOut(resource) - before;
        });
      case 'semaphore.release':
        return releasePermits(resource, task, deed.number);
      case 'event.wait':
        return resource.set ? yes() : no;
      case 'event.signal':
      case 'event.clear':
        resource.set = deed.operation === 'event.signal';
        return yes();
      default:
        return this.#queueDeed(resource, task, deed);
    }
  }

  /** Where it is free, and nobody came before. */
  #take(
    resource: ResourceState,
    task: number,
    free: boolean,
    happen: () => void,
    lineIndex: 0 | 1 = 0,
  ): Answer {
    const line = resource.lines[lineIndex];
    const isFree = free || !resource.declared.enabled;
    if (resource.declared.fair && resource.declared.enabled) {
      if (!isFree || (line.length > 0 && line[0] !== task)) {
        if (!line.includes(task)) line.push(task);
        return no;
      }
      if (line[0] === task) line.shift();
    } else if (!isFree) return no;
    happen();
    return yes();
  }

  #rwlockDeed(resource: ResourceState, task: number, { operation }: Deed): Answer {
    const [, side, verb] = operation.split('.');
    const declared = resource.declared as RwlockResource;
    const { rwlock } = resource;
    if (verb === 'release') return giveSide(declared, rwlock, task, side);
    const isFree = mayTake(declared, rwlock, task, side);
    if (!isFree && this.#isLeft(resource)) return ownerDied;
    const answer = this.#take(resource, task, isFree, () => takeSide(rwlock, task, side));
    if (answer.kind === 'no' && !isFree) wantSide(declared, rwlock, task, side);
    return answer;
  }

  #acquireAgain(resource: ResourceState, task: number): Answer {
    if (resource.owner === task && resource.declared.enabled) {
      resource.depth++;
      return yes();
    }
    return this.#takeLock(resource, task, () => {
      resource.owner = task;
      resource.depth = 1;
    });
  }

  #takeLock(lock: ResourceState, task: number, happen: () => void, times = 1): Answer {
    if (!lock.declared.enabled) {
      lock.held[task] = (lock.held[task] ?? 0) + times;
      lock.owner = task;
      return yes();
    }
    if (lock.owner !== NOBODY && this.#isLeft(lock)) return ownerDied;
    return this.#take(lock, task, lock.owner === NOBODY, happen);
  }

  /** Whether it says that who would wait for it fails, and a holder has ended. */
  #isLeft({ declared, owner, held, rwlock }: ResourceState): boolean {
    if (declared.onHolderExit !== 'fail' || !declared.enabled) return false;
    const holders = this.tasks.filter((_, task) => {
      const isInside = rwlock.reading.includes(task) || rwlock.writing.includes(task);
      return task === owner || (held[task] ?? 0) > 0 || isInside;
    });
    return holders.some(({ state }) => state === 'ended');
  }

  /** Where those wait who want the lock of a condition, if it is fair. */
  #lockLine({ declared }: ResourceState): number[] | undefined {
    const lock = this.resources[(declared as ConditionResource).lock] as ResourceState;
    return lock.declared.fair && lock.declared.enabled ? lock.lines[0] : undefined;
  }

  #conditionDeed(resource: ResourceState, task: number, { operation, number }: Deed): Answer {
    const { declared, condition } = resource;
    const lock = this.resources[(declared as ConditionResource).lock] as ResourceState;
    if (operation === 'condition.wait' && task in condition.depths)
      return this.#comeBack(condition, lock, task);
    const isMine = lock.declared.kind === 'rlock' ? lock.owner === task : lock.owner !== NOBODY;
    const verb = operation === 'condition.wait' ? 'wait' : 'notify';
    if (!isMine && lock.declared.enabled) return error('RuntimeError', `cannot ${verb} on un-acquired lock`);
    if (operation === 'condition.notify') return notify(condition, number, this.#lockLine(resource));
    condition.line.push(task);
    condition.depths[task] = lock.declared.enabled ? lock.depth : (lock.held[task] ?? 0);
    if (!lock.declared.enabled) letAllGo(lock, giverOf(lock, task));
    else Object.assign(lock, { owner: NOBODY, depth: 0 });
    return no;
  }

  /** Who was called takes the lock back first, as any other who wants it, and as deep as it had it. */
  #comeBack(condition: ConditionState, lock: ResourceState, task: number): Answer {
    const called = condition.called[task];
    if (called === undefined) return no;
    const depth = Math.max(1, condition.depths[task] as number);
    const happen = (): void => {
      lock.owner = task;
      if (lock.declared.kind === 'rlock') lock.depth = depth;
    };
    const took = this.#takeLock(lock, task, happen, depth);
    if (took.kind === 'no') return no;
    leaveCondition(condition, task);
    return took.kind === 'error' ? took : yes(called === 'notified');
  }

  #pipeDeed({ declared, pipeEnd }: ResourceState, { operation, item }: Deed): Answer {
    const peer = this.resources[(declared as PipeEndResource).peer] as ResourceState;
    if (operation === 'pipe.send') return send(pipeEnd, peer.pipeEnd, item);
    if (operation === 'pipe.receive') return receive(pipeEnd, peer.pipeEnd);
    pipeEnd.closed = true;
    return yes();
  }

  #queueDeed(queue: ResourceState, task: number, { operation, item, number }: Deed): Answer {
    const { capacity, order } = queue.declared as QueueResource;
    switch (operation) {
      case 'queue.put':
        if (queue.closed) return error('ShutDown');
        return this.#take(queue, task, capacity === 0 || queue.items.length < capacity, () => {
          queue.items.push({ value: item, priority: number });
          queue.unfinished++;
        });
      case 'queue.get': {
        if (queue.closed && queue.items.length === 0) return error('ShutDown');
        let value: Value = null;
        const got = this.#take(
          queue,
          task,
          queue.items.length > 0,
          () => {
            value = takeItem(queue, order);
          },
          1,
        );
        return got.kind === 'yes' ? yes(value) : got;
      }
      case 'queue.taskDone':
        if (queue.unfinished === 0) return error('ValueError', 'task_done() called too many times');
        queue.unfinished--;
        return yes();
      case 'queue.join':
        return queue.unfinished === 0 ? yes() : no;
      default:
        queue.closed = true;
        if (number === 1) {
          queue.unfinished = Math.max(0, queue.unfinished - queue.items.length);
          queue.items = [];
        }
        return yes();
    }
  }

  #taskDeed(task: number, { operation, target }: Deed): Answer {
    const one = this.tasks[target] as TaskState;
    switch (operation) {
      case 'task.start':
        return this.#start(task, target, one);
      case 'task.join':
        if (one.state === 'notStarted')
          return error('RuntimeError', 'cannot join thread before it is started');
        if (task === target) return error('RuntimeError', 'cannot join current thread');
        return one.state === 'live' ? no : yes();
      default:
        if (one.state !== 'notStarted') return yes();
        return error('RuntimeError', 'cannot terminate a task before it is started');
    }
  }

  #start(task: number, target: number, one: TaskState): Answer {
    if (one.state !== 'notStarted') return error('RuntimeError', 'threads can only be started once');
    const starter = this.tasks[task] as TaskState;
    const declared = this.plan.tasks[target];
    const own = declared?.process;
    const isDaemonProcess = this.processes[starter.process]?.daemon === true;
    if (own !== undefined && isDaemonProcess)
      return error('AssertionError', 'daemonic processes are not allowed to have children');
    // A process's first thread is its main thread, which is no daemon, even where the process is one.
    const starterIsDaemonThread = this.plan.tasks[task]?.process === undefined && starter.daemon;
    one.daemon = declared?.daemon ?? (own === undefined && starterIsDaemonThread);
    one.state = 'live';
    one.parent = starter.process;
    one.process = own ?? starter.process;
    if (own !== undefined) (this.processes[own] as ProcessState).daemon = one.daemon;
    return yes();
  }
}

function barrierDeed(
  { declared, barrier }: ResourceState,
  task: number,
  { operation, number }: Deed,
): Answer {
  switch (operation) {
    case 'barrier.wait':
      return waitAtBarrier(barrier, declared as BarrierResource, task, number === 1);
    case 'barrier.release':
      return letGo(barrier, task);
    case 'barrier.reset':
      return resetBarrier(barrier);
    default:
      return breakBarrier(barrier);
  }
}

function release(resource: ResourceState, task: number): Answer {
  if (!resource.declared.enabled) return releaseAnyway(resource, giverOf(resource, task));
  if (resource.owner === NOBODY) return error('RuntimeError', 'release unlocked lock');
  resource.owner = NOBODY;
  return yes();
}

/** Of what is switched off: who has it gives it back, and who is left is its owner. */
function releaseAnyway(lock: ResourceState, giver: number): Answer {
  const times = lock.held[giver] ?? 0;
  if (times > 1) lock.held[giver] = times - 1;
  else letAllGo(lock, giver);
  return yes();
}

function giverOf({ declared, held, owner }: ResourceState, task: number): number {
  return declared.kind === 'rlock' || (held[task] ?? 0) > 0 ? task : owner;
}

function letAllGo(lock: ResourceState, giver: number): void {
  delete lock.held[giver];
  if (lock.owner === giver) lock.owner = Math.min(...Object.keys(lock.held).map(Number));
  if (lock.owner === Number.POSITIVE_INFINITY) lock.owner = NOBODY;
}

function releaseOnce(resource: ResourceState, task: number): Answer {
  if (!resource.declared.enabled) return releaseAnyway(resource, task);
  if (resource.owner !== task) return error('RuntimeError', 'cannot release un-acquired lock');
  resource.depth--;
  if (resource.depth === 0) resource.owner = NOBODY;
  return yes();
}

function releasePermits(resource: ResourceState, task: number, permits: number): Answer {
  const { bounded, permits: initially, enabled } = resource.declared as SemaphoreResource;
  if (permits < 1) return error('ValueError', 'n must be one or more');
  if (enabled && bounded && resource.free + permits > initially)
    return error('ValueError', 'Semaphore released too many times');
  resource.free += permits;
  // One by one: of the releaser, else of the first who holds any, as long as more are held than are missing.
  for (let given = 0; given < permits; given++) {
    const all = Object.values(resource.held).reduce((sum, one) => sum + one, 0);
    if (all <= permitsOut(resource)) break;
    const holders = Object.keys(resource.held)
      .map(Number)
      .sort((a, b) => a - b);
    const holder = [task, ...holders].find((one) => (resource.held[one] ?? 0) > 0) as number;
    resource.held[holder] = (resource.held[holder] as number) - 1;
  }
  return yes();
}

/** What is missing of the permits there were at first. */
function permitsOut({ declared, free }: ResourceState): number {
  return Math.max(0, (declared as SemaphoreResource).permits - free);
}

/** A task has ended: what it held, by the word of the resource. */
function leaveBehind(resource: ResourceState, task: number): void {
  const { declared } = resource;
  if (declared.onHolderExit !== 'release') return;
  leaveRwlock(resource.rwlock, task);
  if (declared.kind !== 'semaphore') {
    if (!declared.enabled) letAllGo(resource, task);
    else if (resource.owner === task) Object.assign(resource, { owner: NOBODY, depth: 0 });
    return;
  }
  resource.free += resource.held[task] ?? 0;
  resource.held[task] = 0;
}

/** The oldest, the newest, or the oldest of those with the smallest number. */
function takeItem(queue: ResourceState, order: QueueResource['order']): Value {
  const least = Math.min(...queue.items.map(({ priority }) => priority));
  const place = {
    fifo: 0,
    lifo: queue.items.length - 1,
    priority: queue.items.findIndex(({ priority }) => priority === least),
  }[order];
  return queue.items.splice(place, 1)[0]?.value ?? null;
}
