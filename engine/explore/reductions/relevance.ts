/**
 * Which words of core can matter: states that differ in no other are one. The rest is history, which nothing reads.
 */

import type { Kernel } from '../../kernel/kernel.ts';
import { POINT, TASK } from '../../kernel/memory/layout.ts';
import { primitiveOf } from '../../kernel/primitives/table.ts';
import { int } from '../../log/int.ts';
import type { Plan } from '../../plan/plan.ts';
import { VISIBLE } from '../../simulate/task-steps.ts';
import type { Subjects } from '../claims/subjects.ts';

/** By word, from the beginning of core: 1 where it matters. */
export function relevantWords(
  { layout, plan }: Kernel,
  subjects: Subjects,
  kinds: readonly Uint8Array[],
): Uint8Array {
  const relevant = new Uint8Array(layout.coreEnd - layout.coreStart).fill(1);
  const leaveOut = (at: number, count: number): void => {
    relevant.fill(0, at - layout.coreStart, at - layout.coreStart + count);
  };
  plan.tasks.forEach((_, task) => {
    const at = int(layout.taskAt[task]);
    leaveOut(at + TASK.step, 1);
    leaveOut(at + TASK.begun, 1);
    if (subjects.points.size === 0) leaveOut(int(layout.insideAt[task]), Math.ceil(plan.points.length / 31));
  });
  if (isFollower(plan, kinds)) {
    const at = int(layout.taskAt[0]);
    leaveOut(at + TASK.pc, 1);
    leaveOut(at + TASK.waiting, TASK.begun - TASK.waiting);
    leaveOut(at + TASK.slots, plan.programs[plan.tasks[0]?.program ?? 0]?.slots.length ?? 0);
  }
  plan.points.forEach((_, point) => {
    const at = int(layout.pointAt[point]);
    if (!subjects.points.has(point)) leaveOut(at, POINT.size);
    // How often a loop has come by would make each round a state of its own.
    else if (!subjects.countedPoints.has(point)) {
      leaveOut(at + POINT.begun, 1);
      leaveOut(at + POINT.ended, 1);
    }
  });
  plan.resources.forEach((resource, id) => {
    const at = int(layout.resourceAt[id]);
    const read = subjects.attributes[id] as ReadonlySet<string>;
    for (const book of primitiveOf(resource).books ?? [])
      if (!read.has(book.attribute) && !book.isUsed(resource, plan))
        leaveOut(at + book.at, book.count(plan.tasks.length));
  });
  return relevant;
}

/**
 * Whether the main program only starts and joins, at once where it can: then its place says nothing that the states of the
 * others do not say, and would tell which of some replicas it is that has ended.
 */
function isFollower(plan: Plan, kinds: readonly Uint8Array[]): boolean {
  const program = plan.tasks[0]?.program ?? 0;
  const { instructions } = plan.programs[program] as Plan['programs'][number];
  return (
    !plan.mainIsWritten &&
    instructions.every(({ op }, pc) => op === 'end' || kinds[program]?.[pc] !== VISIBLE)
  );
}
