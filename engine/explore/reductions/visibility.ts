/**
 * Which instructions are steps of a search: those that others can see or influence. All others are done at once, behind
 * the step before them. Some steps, once they can be done, can always be done, and change nothing for anybody: they are
 * *eager*, and done as soon as they can be.
 *
 * Every loop has a visible place, or the search would never come out of it.
 */

import { isVisibleExpression } from '../../expression/visible.ts';
import { int } from '../../log/int.ts';
import type { Instruction, Program } from '../../plan/instruction.ts';
import type { Plan } from '../../plan/plan.ts';
import { EAGER, LOCAL, VISIBLE } from '../../simulate/task-steps.ts';
import { expressionsOf, type Subjects } from '../claims/subjects.ts';
import { startsThatAreSeen } from './seen-starts.ts';
import { placesAfter } from './successors.ts';
import { aimsOf, overlaps, type Range } from './targets.ts';

/** By program, then by place: `LOCAL`, `VISIBLE` or `EAGER`. */
export function visibilityOf(plan: Plan, subjects: Subjects): readonly Uint8Array[] {
  const ends = endsThatNobodySees(plan, subjects);
  const startIsSeen = startsThatAreSeen(plan);
  return plan.programs.map((program, id) => {
    const isMade = id === plan.tasks[0]?.program && !plan.mainIsWritten;
    const endIsEager = ends.has(id);
    const around: Around = { plan, program: id, subjects, isMade, endIsEager, startIsSeen };
    const kinds = Uint8Array.from(program.instructions, (instruction) => {
      // An error that nothing takes ends the task, which others see between that and what it did last.
      if (instruction.op === 'reraise' && instruction.isLast === true && !endIsEager) return VISIBLE;
      return kindOf(around, instruction);
    });
    breakLoops(program, kinds);
    return kinds;
  });
}

type Around = {
  readonly plan: Plan;
  readonly program: number;
  readonly subjects: Subjects;
  /** The planner made it. */
  readonly isMade: boolean;
  readonly endIsEager: boolean;
  readonly startIsSeen: (task: Range) => boolean;
};

function kindOf(around: Around, instruction: Instruction): number {
  const { plan, program, subjects, isMade, endIsEager } = around;
  switch (instruction.op) {
    case 'assign':
    case 'copy':
    case 'next':
    case 'each':
    case 'jump':
    case 'reraise':
    case 'commit':
      return expressionsOf(instruction).some(isVisibleExpression) ? VISIBLE : LOCAL;
    case 'sleep':
      if (plan.check.time === 'ordered') return VISIBLE;
      return expressionsOf(instruction).some(isVisibleExpression) ? VISIBLE : LOCAL;
    case 'print':
      if (ordersOutput(plan)) return VISIBLE;
      return isVisibleExpression(instruction.text) ? VISIBLE : LOCAL;
    case 'evaluate':
    case 'resolve':
    case 'branch':
    case 'assert':
    case 'raise':
      return expressionsOf(instruction).some(isVisibleExpression) ? VISIBLE : LOCAL;
    case 'enter':
    case 'leave':
      return subjects.points.has(instruction.point) ? VISIBLE : LOCAL;
    case 'operate':
      if (instruction.operation === 'task.start')
        return isMade && !isSeenStart(around, instruction) ? EAGER : VISIBLE;
      return isEagerJoin(plan, program, instruction, isMade) ? EAGER : VISIBLE;
    case 'end':
      return endIsEager ? EAGER : VISIBLE;
    case 'write':
    case 'update':
    case 'await':
    case 'external':
    case 'begin':
    case 'exit':
      return VISIBLE;
    default:
      return instruction satisfies never;
  }
}

type Operate = Extract<Instruction, { readonly op: 'operate' }>;

function isSeenStart({ plan, program, startIsSeen }: Around, { target }: Operate): boolean {
  const own = aimsOf(plan.programs[program] as Program, target);
  return own.some((aim) => aim.kind === 'handle' || startIsSeen(aim.range));
}

/**
 * A join of what has ended changes nothing and stays possible. But one of a task that somebody else might start first is an
 * error now and none then.
 */
function isEagerJoin(
  plan: Plan,
  program: number,
  { operation, target, timeout }: Operate,
  isMade: boolean,
): boolean {
  if (operation !== 'task.join' || timeout !== undefined) return false;
  if (isMade) return true;
  const own = aimsOf(plan.programs[program] as Program, target);
  return own.every((aim) => aim.kind !== 'handle' && isStartedBy(plan, program, aim.range));
}

/** Whether nobody but that program starts any of these tasks. */
function isStartedBy(plan: Plan, program: number, range: Range): boolean {
  return plan.programs.every(
    (other, id) =>
      id === program ||
      other.instructions.every((instruction) => {
        if (instruction.op !== 'operate' || instruction.operation !== 'task.start') return true;
        const aims = aimsOf(other, instruction.target);
        return aims.every((aim) => aim.kind !== 'handle' && !overlaps(aim.range, range));
      }),
  );
}

function ordersOutput({ expect }: Plan): boolean {
  return expect.output.some(({ check }) => check === 'equals' || check === 'inOrder');
}

/**
 * Programs of tasks whose end nobody can tell from the moment before it. Not so where something reads how the tasks are,
 * may end them from outside, or gives up waiting for them: what they did last and that they still lived would be seen
 * together. Where there are daemons, the end of one task is that of others.
 */
function endsThatNobodySees(plan: Plan, { groups }: Subjects): ReadonlySet<number> {
  if (plan.failFast || plan.resources.some(({ onHolderExit }) => onHolderExit !== 'keep')) return new Set();
  // A task that does not say whether it is a daemon is what its starter is.
  if (plan.tasks.some(({ daemon }) => daemon === true)) return new Set();
  const isWatched = watchedTasks(plan);
  const seen = plan.tasks.filter((task, id) => groups.has(task.group) || isWatched(id));
  const programs = new Set(plan.tasks.map(({ program }) => program));
  for (const { program } of seen) programs.delete(program);
  return programs;
}

function watchedTasks(plan: Plan): (task: number) => boolean {
  const watched = new Set<number>();
  for (const program of plan.programs) {
    for (const instruction of program.instructions) {
      if (instruction.op !== 'operate') continue;
      const { operation, target, timeout } = instruction;
      const ends =
        operation === 'task.terminate' || operation === 'task.kill' || operation === 'task.timeOut';
      if (!ends && !(operation === 'task.join' && timeout !== undefined)) continue;
      if (target.kind === 'slot') return () => true;
      watched.add(target.id);
    }
    if (program.instructions.some(({ op }) => op === 'exit')) return () => true;
  }
  return (task) => watched.has(task);
}

/** A loop of local steps alone gets a visible one: its sleep, where it has one, else where it begins again. */
function breakLoops(program: Program, kinds: Uint8Array): void {
  for (;;) {
    const loop = localLoop(program, kinds);
    if (loop === undefined) return;
    const sleep = loop.find((pc) => program.instructions[pc]?.op === 'sleep');
    kinds[sleep ?? int(loop[0])] = VISIBLE;
  }
}

/** The places of some loop through local steps alone. */
function localLoop(program: Program, kinds: Uint8Array): readonly number[] | undefined {
  const isDone = new Uint8Array(kinds.length);
  for (let pc = 0; pc < kinds.length; pc++) {
    const found = loopFrom(program, kinds, isDone, pc);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Depth first, without recursion: steps may follow each other by thousands. */
function loopFrom(
  program: Program,
  kinds: Uint8Array,
  isDone: Uint8Array,
  start: number,
): readonly number[] | undefined {
  const path: number[] = [];
  const open: number[][] = [[start]];
  const isOnPath = new Set<number>();
  for (let next = open.at(-1); next !== undefined; next = open.at(-1)) {
    const pc = next.pop();
    if (pc === undefined) {
      open.pop();
      const left = path.pop();
      if (left === undefined) break;
      isOnPath.delete(left);
      isDone[left] = 1;
      continue;
    }
    if (kinds[pc] !== LOCAL || isDone[pc] === 1) continue;
    if (isOnPath.has(pc)) return path.slice(path.indexOf(pc));
    path.push(pc);
    isOnPath.add(pc);
    open.push([...placesAfter(program, pc)].reverse());
  }
  return undefined;
}
