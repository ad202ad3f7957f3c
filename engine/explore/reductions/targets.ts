/**
 * Which tasks or resources a step may be about: numbers `first` ≤ id < `first + count`.
 */
import type { Program, Target } from '../../plan/instruction.ts';

export type Range = { readonly first: number; readonly count: number };

/** What a target is: one, each of a group in turn, one that is computed, or a handle that comes from anywhere. */
export type Aim =
  | { readonly kind: 'one' | 'each' | 'computed'; readonly range: Range }
  | { readonly kind: 'handle' };

export function aimsOf(program: Program, target: Target): readonly Aim[] {
  if (target.kind === 'fixed') return [{ kind: 'one', range: { first: target.id, count: 1 } }];
  return aimsIn(program).get(target.slot) ?? HANDLE;
}

const HANDLE: readonly Aim[] = [{ kind: 'handle' }];
const known = new WeakMap<Program, ReadonlyMap<number, readonly Aim[]>>();

/** By slot. A program of thousands of steps has thousands of them, and the same is asked for each step: it is found out once. */
function aimsIn(program: Program): ReadonlyMap<number, readonly Aim[]> {
  const before = known.get(program);
  if (before !== undefined) return before;
  const constants = constantsOf(program);
  const aims = new Map<number, Aim[]>();
  const add = (slot: number, aim: Aim): void => {
    const list = aims.get(slot) ?? [];
    list.push(aim);
    aims.set(slot, list);
  };
  for (const one of program.instructions) {
    if (one.op === 'resolve')
      add(one.slot, { kind: 'computed', range: { first: one.first, count: one.count } });
    if (one.op !== 'next' || one.as === undefined) continue;
    const first = constants.get(one.counter);
    const limit = constants.get(one.limit);
    if (first === undefined || limit === undefined) add(one.as, { kind: 'handle' });
    else add(one.as, { kind: 'each', range: { first, count: limit - first } });
  }
  known.set(program, aims);
  return aims;
}

/** By slot what it begins with, where it is assigned one number only. */
function constantsOf({ instructions }: Program): ReadonlyMap<number, number> {
  const constants = new Map<number, number>();
  const assigned = new Set<number>();
  for (const one of instructions) {
    if (one.op !== 'assign') continue;
    if (assigned.has(one.slot) || typeof one.value !== 'bigint') constants.delete(one.slot);
    else constants.set(one.slot, Number(one.value));
    assigned.add(one.slot);
  }
  return constants;
}

export function overlaps(one: Range, other: Range): boolean {
  return one.first < other.first + other.count && other.first < one.first + one.count;
}
