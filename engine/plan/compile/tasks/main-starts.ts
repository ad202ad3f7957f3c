/**
 * What the main program starts where nobody wrote one: all tasks but those that are left to the steps of others.
 */

import type { GroupBinding } from '../../../expression/scope.ts';
import type { Task } from '../../plan.ts';
import type { Planning } from '../planning.ts';
import type { Replicas } from './replicas.ts';
import type { Declaration } from './task-table.ts';

/** The replicas that main starts, in rows without gaps. */
export function startedByMain({ starts }: Planning, declaration: Declaration): readonly Replicas[] {
  const { first, count, array } = declaration;
  const left = starts.leftToSteps(declaration);
  if (left.size === 0) return [{ first, count, array }];
  const rows: { first: number; count: number; array: boolean }[] = [];
  for (let index = 0; index < count; index += 1) {
    if (left.has(index)) continue;
    const row = rows.at(-1);
    if (row !== undefined && row.first + row.count === first + index) row.count += 1;
    else rows.push({ first: first + index, count: 1, array });
  }
  return rows;
}

/** Reports tasks that no way leads to from what main starts: those that only start themselves, or each other. */
export function checkStarts(planning: Planning): void {
  const { report, starts, tasks } = planning;
  if (starts.haveFunctions()) return;
  const declarations = tasks.declarations();
  const reached = reachedFromMain(planning);
  for (const { starter, group, index, span } of starts.list()) {
    const target = declarations[group];
    const origin = starts.originOf(starter);
    if (target === undefined) continue;
    const numbers = index === null ? numbersOf(target) : [index];
    const isAlone = numbers.some((number) =>
      origin === target ? !starts.leftToSteps(target).has(number) : !reached.has(target.first + number),
    );
    if (!isAlone) continue;
    const message =
      origin === target
        ? `only \`${target.name}\` itself starts \`${target.name}\``
        : `\`${target.name}\` is started by nobody but tasks that it starts, or that nobody starts`;
    const help = 'a task that a step starts is left to that step: write a `main` that starts the first one';
    report('never-started', span, message, { help });
  }
}

function numbersOf({ count }: Declaration): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Whether some of its tasks is never started without the other one. */
export function needsForItsStart(
  planning: Planning,
  { first, count }: GroupBinding,
  other: Declaration,
): boolean {
  if (planning.starts.haveFunctions()) return false;
  const reached = reachedFromMain(planning, other);
  for (let task = first; task < first + count; task += 1) if (!reached.has(task)) return true;
  return false;
}

/** The numbers of the tasks that main starts, and of those that these may start, and so on. */
function reachedFromMain(planning: Planning, without?: Declaration): ReadonlySet<number> {
  const { starts, tasks } = planning;
  const declarations = tasks.declarations();
  const reached = new Set<number>();
  const open: Declaration[] = [];
  const seen = new Set<Declaration>();
  const enter = (declaration: Declaration): void => {
    if (seen.has(declaration) || declaration === without) return;
    seen.add(declaration);
    open.push(declaration);
  };
  for (const declaration of declarations) {
    if (declaration.body.is !== 'task') continue;
    for (const { first, count } of startedByMain(planning, declaration)) {
      for (let task = first; task < first + count; task += 1) reached.add(task);
      enter(declaration);
    }
  }
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { starter, group, index } of starts.list()) {
      const target = declarations[group];
      if (target === undefined || starts.originOf(starter) !== next) continue;
      for (const number of index === null ? numbersOf(target) : [index]) reached.add(target.first + number);
      enter(target);
    }
  }
  return reached;
}

/** The plan's tasks, with a mark on those that main leaves to steps. */
export function withStarts(planning: Planning): readonly Task[] {
  const { scenario, starts, tasks } = planning;
  const all = tasks.tasks();
  if (scenario.main !== undefined || starts.list().length === 0) return all;
  const declarations = tasks.declarations();
  return all.map((task) => {
    const declaration = declarations[task.group];
    const isLeft = declaration !== undefined && starts.leftToSteps(declaration).has(task.index);
    return isLeft ? { ...task, byStep: true } : task;
  });
}
