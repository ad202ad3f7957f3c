/**
 * Which locks and semaphores are only ever released by a task that must hold what it gives back: then a release takes
 * nothing from anybody, and commutes with every attempt to take.
 *
 * A forward analysis over each task's program: what it holds at a place whichever way it came there. A plain lock may be
 * released by any task, so without this a release could be an error in one order and none in another.
 */
import { int } from '../../log/int.ts';
import { handlerAt } from '../../machine/handle.ts';
import { successorsOf } from '../../plan/control-flow.ts';
import type { Instruction, Program } from '../../plan/instruction.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Targets } from './constants.ts';
import { mayFail } from './successors.ts';

/** Of each resource that is held for certain, how often or how many permits of it. */
type Held = ReadonlyMap<number, number>;
type Operate = Extract<Instruction, { readonly op: 'operate' }>;

const NOTHING: Held = new Map();
/** Holding something more often than this is not followed. */
const MOST = 1_000;

/** By resource: 1 where it is so. */
export function disciplined(plan: Plan, targets: Targets): Uint8Array {
  const isKept = Uint8Array.from(plan.resources, ({ kind, enabled, fair, onHolderExit }) =>
    (kind === 'lock' || kind === 'rlock' || kind === 'semaphore') &&
    enabled &&
    !fair &&
    onHolderExit === 'keep'
      ? 1
      : 0,
  );
  // A condition gives its lock away and takes it back.
  for (const resource of plan.resources) if (resource.kind === 'condition') isKept[resource.lock] = 0;
  plan.tasks.forEach((declared, task) => {
    const program = plan.programs[declared.program] as Program;
    if (!program.instructions.some((one) => one.op === 'operate' && isRelease(one))) return;
    const held = heldIn(program, task, targets);
    program.instructions.forEach((instruction, pc) => {
      if (instruction.op !== 'operate' || !isRelease(instruction)) return;
      const ids = targets.of(task, instruction.target);
      if (ids === undefined) isKept.fill(0);
      const [only] = ids ?? [];
      const isHeld = ids?.length === 1 && (held[pc]?.get(int(only)) ?? 0) >= amountOf(instruction);
      // A place that is never come to releases nothing.
      if (held[pc] !== undefined && !isHeld) for (const id of ids ?? []) isKept[id] = 0;
    });
  });
  return isKept;
}

function isRelease({ operation }: Operate): boolean {
  return operation === 'lock.release' || operation === 'rlock.release' || operation === 'semaphore.release';
}

function isAcquire({ operation }: Operate): boolean {
  return operation === 'lock.acquire' || operation === 'rlock.acquire' || operation === 'semaphore.acquire';
}

/** How many permits it is about; more than anybody holds where that is computed. */
function amountOf({ operation, operands: [permits] }: Operate): number {
  if (!operation.startsWith('semaphore.')) return 1;
  return typeof permits?.constant === 'bigint' ? Number(permits.constant) : Number.POSITIVE_INFINITY;
}

/** By place, before its instruction; undefined where no way leads. */
function heldIn(program: Program, task: number, targets: Targets): readonly (Held | undefined)[] {
  const held: (Held | undefined)[] = program.instructions.map(() => undefined);
  const open: number[] = [];
  const flow = (to: number, what: Held): void => {
    const known = held[to];
    const met = known === undefined ? what : both(known, what);
    if (known !== undefined && met.size === known.size && [...met].every(([id, n]) => known.get(id) === n))
      return;
    held[to] = met;
    open.push(to);
  };
  flow(0, NOTHING);
  for (let pc = open.pop(); pc !== undefined; pc = open.pop()) {
    const instruction = program.instructions[pc] as Instruction;
    const before = held[pc] as Held;
    const after = instruction.op === 'operate' ? behind(instruction, before, task, targets) : before;
    const [next, ...others] = successorsOf(instruction, pc);
    const isSure = instruction.op !== 'operate' || instruction.timeout === undefined;
    // A timeout that raises goes to a handler, one that has a place of its own goes there: behind it it is held.
    const isElsewhere =
      instruction.op === 'operate' &&
      (instruction.timeout?.raises === true || instruction.timeout?.onTimeout !== undefined);
    if (next !== undefined) flow(next, isSure || isElsewhere ? after : both(before, after));
    for (const other of others) flow(other, both(before, after));
    const handler = mayFail(instruction) ? handlerAt(program.handlers, pc) : undefined;
    if (handler !== undefined) flow(handler.target, both(before, after));
  }
  return held;
}

function behind(instruction: Operate, before: Held, task: number, targets: Targets): Held {
  if (!isAcquire(instruction) && !isRelease(instruction)) return before;
  const ids = targets.of(task, instruction.target);
  if (ids === undefined) return isRelease(instruction) ? NOTHING : before;
  const after = new Map(before);
  const [only] = ids;
  if (isAcquire(instruction)) {
    const amount = amountOf(instruction);
    if (ids.length === 1 && amount < MOST)
      after.set(int(only), Math.min(MOST, (after.get(int(only)) ?? 0) + amount));
    return after;
  }
  for (const id of ids) {
    const left = (after.get(id) ?? 0) - amountOf(instruction);
    if (left > 0) after.set(id, left);
    else after.delete(id);
  }
  return after;
}

function both(one: Held, other: Held): Held {
  const met = new Map<number, number>();
  for (const [id, amount] of one) {
    const least = Math.min(amount, other.get(id) ?? 0);
    if (least > 0) met.set(id, least);
  }
  return met;
}
