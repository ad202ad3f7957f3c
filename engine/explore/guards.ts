/**
 * Whether the operation that a task is about to do would be refused, and nobody could tell: read off a word or two, so that
 * the machine need not try. In most states most tasks are refused.
 *
 * It says only what it is sure of: everything else is tried.
 */

import type { Expression } from '../expression/expression.ts';
import type { Exercise } from '../kernel/exercise.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { TASK } from '../kernel/memory/layout.ts';
import { isThere } from '../kernel/memory/task-block.ts';
import { QUEUE } from '../kernel/primitives/queue.ts';
import { int } from '../log/int.ts';
import { OPERATION } from '../log/record.ts';
import { slotOf } from '../machine/bound-expression.ts';
import type { Instruction } from '../plan/instruction.ts';
import type { Resource } from '../plan/plan.ts';
import type { Subjects } from './claims/subjects.ts';

type Operate = Extract<Instruction, { readonly op: 'operate' }>;

/** What has to be looked at. */
const GUARD = { none: 0, lock: 1, rlock: 2, permits: 3, room: 4, item: 5, join: 6 } as const;

type Guard = {
  readonly kind: number;
  readonly operation: number;
  /** The target, where no slot has it. */
  readonly target: number;
  /** -1: none. */
  readonly slot: number;
  readonly permits: number;
  /** Its time may be over before it can be done: then it is to be tried. */
  readonly isTimed: boolean;
};

const NO_GUARD: Guard = { kind: GUARD.none, operation: 0, target: 0, slot: -1, permits: 0, isTimed: false };

export class Guards {
  readonly #k: Kernel;
  readonly #exercise: Exercise;
  /** By task: where the places of its program begin in all that follows, which is by place. */
  readonly #placesOf: Int32Array;
  readonly #kinds: Uint8Array;
  readonly #operations: Uint8Array;
  readonly #targets: Int32Array;
  readonly #slots: Int32Array;
  readonly #permits: Int32Array;
  readonly #timed: Uint8Array;
  readonly #words: Int32Array;
  readonly #taskAt: Int32Array;
  /** By resource: 1 where a refusal changes nothing, and nobody looks for it. */
  readonly #isSilent: Uint8Array;
  /** By task: 1 where nobody can tell that it waits. */
  readonly #isUnseen: Uint8Array;

  constructor(k: Kernel, { attributes, watched }: Subjects, exercise: Exercise) {
    this.#k = k;
    this.#exercise = exercise;
    this.#isSilent = Uint8Array.from(k.plan.resources, (resource, id) =>
      isSilentAt(resource) && attributes[id]?.has('waiting') !== true ? 1 : 0,
    );
    this.#isUnseen = Uint8Array.from(k.plan.tasks, ({ group }) => (watched.has(group) ? 0 : 1));
    // Where durations count, a refused attempt is where its time begins.
    const isClocked = k.plan.check.time === 'ordered';
    const guards = k.plan.programs.map(({ instructions }) =>
      instructions.map((instruction) =>
        instruction.op === 'operate' && !(isClocked && instruction.timeout !== undefined)
          ? guardOf(instruction)
          : NO_GUARD,
      ),
    );
    const firsts: number[] = [];
    let first = 0;
    for (const { length } of guards) {
      firsts.push(first);
      first += length;
    }
    const all = guards.flat();
    this.#placesOf = Int32Array.from(k.plan.tasks, ({ program }) => firsts[program] ?? 0);
    this.#kinds = Uint8Array.from(all, ({ kind }) => kind);
    this.#operations = Uint8Array.from(all, ({ operation }) => operation);
    this.#targets = Int32Array.from(all, ({ target }) => target);
    this.#slots = Int32Array.from(all, ({ slot }) => slot);
    this.#permits = Int32Array.from(all, ({ permits }) => permits);
    this.#timed = Uint8Array.from(all, ({ isTimed }) => (isTimed ? 1 : 0));
    this.#words = k.words;
    this.#taskAt = k.layout.taskAt;
  }

  /** Whether what the task is about to do would be refused; false: it has to be tried. */
  refuses(task: number, isLate: boolean): boolean {
    const words = this.#words;
    const at = int(this.#taskAt[task]);
    const place = int(this.#placesOf[task]) + int(words[at + TASK.pc]);
    const kind = int(this.#kinds[place]);
    if (kind === GUARD.none || (isLate && this.#timed[place] === 1)) return false;
    if (this.#isUnseen[task] === 0 || words[at + TASK.waiting] !== 0) return false;
    const target = this.#targetAt(place, at);
    if (kind === GUARD.join) return this.#isJoinRefused(task, target);
    if (this.#isSilent[target] !== 1 || !this.#isRefused(kind, place, task, target)) return false;
    this.#exercise.refused(int(this.#operations[place]), target);
    return true;
  }

  #targetAt(place: number, at: number): number {
    const slot = int(this.#slots[place]);
    return slot < 0 ? int(this.#targets[place]) : int(this.#words[at + TASK.slots + slot]) >> 1;
  }

  /** The lock or the semaphore that the task waits for, where it is refused there; -1: it is not. */
  wantedBy(task: number): number {
    const at = int(this.#taskAt[task]);
    const place = int(this.#placesOf[task]) + int(this.#words[at + TASK.pc]);
    const kind = this.#kinds[place];
    if (kind !== GUARD.lock && kind !== GUARD.rlock && kind !== GUARD.permits) return -1;
    return this.refuses(task, false) ? this.#targetAt(place, at) : -1;
  }

  #isRefused(kind: number, place: number, task: number, target: number): boolean {
    const words = this.#words;
    const at = int(this.#k.layout.resourceAt[target]);
    switch (kind) {
      case GUARD.lock:
        return words[at] !== 0;
      case GUARD.rlock:
        return words[at] !== 0 && words[at] !== task + 1;
      case GUARD.permits:
        return int(words[at]) < int(this.#permits[place]);
      case GUARD.room:
        return words[at + QUEUE.closed] === 0 && words[at + QUEUE.size] === this.#capacityOf(target);
      case GUARD.item:
        return words[at + QUEUE.closed] === 0 && words[at + QUEUE.size] === 0;
      default:
        return false;
    }
  }

  /** A queue without a limit has no size at which this says something. */
  #capacityOf(queue: number): number {
    const resource = this.#k.plan.resources[queue];
    return resource?.kind === 'queue' && resource.capacity > 0 ? resource.capacity : -1;
  }

  /** A thread that joins the first task of its program waits for its steps alone: that has to be tried. */
  #isJoinRefused(task: number, target: number): boolean {
    return task !== target && isThere(this.#k, target) && this.#k.plan.tasks[target]?.process === undefined;
  }
}

function isSilentAt({ enabled, fair, onHolderExit }: Resource): boolean {
  return enabled && !fair && onHolderExit === 'keep';
}

function guardOf(instruction: Operate): Guard {
  const { operation, operands, target, timeout } = instruction;
  const kind = kindOf(instruction);
  const waits = timeout?.after.kind === 'fixed' && timeout.after.maxUs > 0 && timeout.keep === undefined;
  if (kind === GUARD.none || (timeout !== undefined && !waits)) return NO_GUARD;
  return {
    kind,
    operation: OPERATION[operation],
    target: target.kind === 'fixed' ? target.id : 0,
    slot: target.kind === 'slot' ? target.slot : -1,
    permits: kind === GUARD.permits ? Number(operands[0]?.constant) : 0,
    isTimed: timeout !== undefined,
  };
}

function kindOf({ operation, operands }: Operate): number {
  switch (operation) {
    case 'lock.acquire':
      return GUARD.lock;
    case 'rlock.acquire':
      return GUARD.rlock;
    case 'semaphore.acquire':
      return isSomePermits(operands[0]) ? GUARD.permits : GUARD.none;
    case 'queue.put':
      return isPlain(operands[0]) && isNumber(operands[1]) ? GUARD.room : GUARD.none;
    case 'queue.get':
      return GUARD.item;
    case 'task.join':
      return GUARD.join;
    default:
      return GUARD.none;
  }
}

function isSomePermits(permits: Expression | undefined): boolean {
  const value = permits?.constant;
  return typeof value === 'bigint' && value >= 1n && value < 2n ** 30n;
}

/** Evaluating it cannot fail. */
function isPlain(operand: Expression | undefined): boolean {
  return operand !== undefined && (operand.constant !== undefined || slotOf(operand) !== undefined);
}

function isNumber(priority: Expression | undefined): boolean {
  const value = priority?.constant;
  return priority === undefined || (typeof value === 'bigint' && value === BigInt.asIntN(31, value));
}
