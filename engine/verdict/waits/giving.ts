/**
 * Whether a task may give back more of a lock or a semaphore than it takes itself: only that gives something to others.
 *
 * Found along every way that the program can go, with what was taken before: `with` in a loop gives nothing, a release that
 * comes before the acquire does. What is not known counts so that "it gives nothing" is certain.
 */

import { successorsOf } from '../../plan/control-flow.ts';
import type { Instruction, Program, Target } from '../../plan/instruction.ts';
import type { OperationName } from '../../plan/operation.ts';

/** What takes it, what gives it back, and the conditions at which a wait gives it back for a while. */
export type Giving = {
  readonly id: number;
  readonly takes: OperationName;
  readonly gives: OperationName;
  readonly conditions: readonly number[];
  /** The task waits at one of those: it takes the lock back before it goes on. */
  readonly isWaitingThere?: boolean;
};

type Operate = Extract<Instruction, { readonly op: 'operate' }>;
type MayBe = (target: Target, id: number) => boolean;

/**
 * @param begin where it may be: it has taken nothing that it has not given back
 * @param mayBe whether that is, or may be, what has this number
 */
export function mayGiveMore(
  program: Program,
  begin: readonly number[],
  giving: Giving,
  mayBe: MayBe,
): boolean {
  const { instructions } = program;
  const gives: ReadonlySet<OperationName> = new Set([giving.gives, 'condition.wait']);
  // What is done by way of a slot is done to one and the same, as long as the slot is not computed anew: each has an account
  // of its own. If they come to more than nothing together, one of them does.
  const slots = instructions.flatMap((one) =>
    one.op === 'operate' && one.target.kind === 'slot' && gives.has(one.operation) ? [one.target.slot] : [],
  );
  return [undefined, ...new Set(slots)].some((slot) => {
    const isMeant = (target: Target, id: number): boolean =>
      (target.kind === 'slot' ? target.slot : undefined) === slot && mayBe(target, id);
    const effect = (one: Instruction): Effect =>
      one.op === 'operate' ? effectOf(one, giving, isMeant) : NOTHING;
    const first = begin.map((at) => {
      const one = instructions[at];
      const owes = giving.isWaitingThere === true && one !== undefined && effect(one).peak > 0;
      return { at, sum: owes ? -1 : 0 };
    });
    return risesAboveNothing(program, first, slot, effect);
  });
}

/** What an instruction gives (more than 0) or takes; `peak` is what it gives for a while. */
type Effect = { readonly sum: number; readonly peak: number };

const NOTHING: Effect = { sum: 0, peak: 0 };

function effectOf(
  one: Operate,
  { id, takes, gives, conditions }: Giving,
  isMeant: (target: Target, id: number) => boolean,
): Effect {
  if (one.operation === 'condition.wait')
    return conditions.some((each) => isMeant(one.target, each)) ? { sum: 0, peak: 1 } : NOTHING;
  if (one.operation !== takes && one.operation !== gives) return NOTHING;
  if (!isMeant(one.target, id)) return NOTHING;
  const amount = one.operands[0]?.constant ?? (one.operands.length === 0 ? 1n : undefined);
  const known = typeof amount === 'bigint' ? Number(amount) : undefined;
  if (one.operation === takes) return { sum: -(known ?? 1), peak: 0 };
  return { sum: known ?? Number.POSITIVE_INFINITY, peak: known ?? Number.POSITIVE_INFINITY };
}

/**
 * The most that it may have given by each place, going round until that changes no more. It is never more than nothing
 * while this goes on, so that only a loop which gives more than it takes would go on for ever.
 */
function risesAboveNothing(
  { instructions, handlers }: Program,
  begin: readonly { readonly at: number; readonly sum: number }[],
  slot: number | undefined,
  effectOf: (one: Instruction) => Effect,
): boolean {
  const most = new Float64Array(instructions.length).fill(Number.NEGATIVE_INFINITY);
  let hasChanged = false;
  const come = (to: number, sum: number): void => {
    if (!(sum > (most[to] ?? Number.POSITIVE_INFINITY))) return;
    most[to] = sum;
    hasChanged = true;
  };
  for (const { at, sum } of begin) come(at, sum);
  for (let rounds = 0; hasChanged; rounds++) {
    if (rounds > instructions.length) return true;
    hasChanged = false;
    for (const [at, one] of instructions.entries()) {
      const before = most[at] as number;
      if (before === Number.NEGATIVE_INFINITY) continue;
      const { sum, peak } = effectOf(one);
      if (before + Math.max(sum, peak) > 0) return true;
      const isNew = one.op === 'resolve' && one.slot === slot;
      const after = isNew ? 0 : before + (mayPassWithout(one) ? Math.max(0, sum) : sum);
      for (const to of successorsOf(one, at)) come(to, isLate(one, to) ? before : after);
      for (const { from, to, target } of handlers) if (from <= at && at < to) come(target, before);
    }
  }
  return false;
}

/** Whether the next instruction comes also where it was not done in time. */
function mayPassWithout(one: Instruction): boolean {
  return one.op === 'operate' && one.timeout?.raises === false && one.timeout.onTimeout === undefined;
}

function isLate(one: Instruction, to: number): boolean {
  return one.op === 'operate' && one.timeout?.onTimeout === to;
}
