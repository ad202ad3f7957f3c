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
  const { slot } = target;
  const found: Aim[] = program.instructions.flatMap((instruction): readonly Aim[] => {
    if (instruction.op === 'resolve' && instruction.slot === slot)
      return [{ kind: 'computed', range: { first: instruction.first, count: instruction.count } }];
    if (instruction.op !== 'next' || instruction.as !== slot) return [];
    const first = constantIn(program, instruction.counter);
    const limit = constantIn(program, instruction.limit);
    if (first === undefined || limit === undefined) return [{ kind: 'handle' }];
    return [{ kind: 'each', range: { first, count: limit - first } }];
  });
  return found.length > 0 ? found : [{ kind: 'handle' }];
}

/** What a slot begins with, where it is assigned one number only. */
function constantIn({ instructions }: Program, slot: number): number | undefined {
  const values = instructions.flatMap((one) => (one.op === 'assign' && one.slot === slot ? [one.value] : []));
  const [value] = values;
  return values.length === 1 && typeof value === 'bigint' ? Number(value) : undefined;
}

export function overlaps(one: Range, other: Range): boolean {
  return one.first < other.first + other.count && other.first < one.first + one.count;
}
