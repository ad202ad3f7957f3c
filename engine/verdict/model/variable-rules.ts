/**
 * Vars and points. A shared var has one copy; of any other each process has its own, and a task touches only that of
 * the process it runs in.
 */
import type { EventOf } from '../../log/event.ts';
import { noteOwnWrite } from '../expectations/own-copies.ts';
import { isSame } from '../expectations/same-value.ts';
import { shown } from '../show.ts';
import { cellsOf, type ModelState, type TaskRecord, type VariableRecord } from './model-state.ts';
import { findTally } from './tally.ts';

/** An expression read a var. */
export function applyRead(state: ModelState, task: TaskRecord, event: EventOf<'read'>): string | null {
  const variable = state.variables[event.variable];
  if (variable === undefined) return `${task.name} read var ${event.variable}, which does not exist`;
  return checkProcess(variable, task, event.process) ?? checkValues(state, task, variable, event);
}

/** What was read is what was written last, where the log says what that was. */
function checkValues(
  state: ModelState,
  task: TaskRecord,
  variable: VariableRecord,
  { values, process }: EventOf<'read'>,
): string | null {
  if (values === null) return null;
  const cells = cellsOf(state, variable, process);
  if (isSame(values, cells)) return null;
  return `${task.name} read ${shown(values)} in ${variable.name}, which held ${shown(cells)}`;
}

/** A cell of a var was written. */
export function applyWrite(state: ModelState, task: TaskRecord, event: EventOf<'wrote'>): string | null {
  const variable = state.variables[event.variable];
  if (variable === undefined) return `${task.name} wrote var ${event.variable}, which does not exist`;
  const { cell } = event;
  if (!Number.isInteger(cell) || cell < 0 || cell >= variable.count) {
    return `${task.name} wrote cell ${cell} of ${variable.name}, which has ${variable.count}`;
  }
  const wrong = checkProcess(variable, task, event.process);
  if (wrong !== null) return wrong;
  const cells = variable.shared ? state.shared : state.processes[event.process]?.cells;
  if (cells == null)
    return `${task.name} wrote ${variable.name} in process ${event.process}, which has not started`;
  cells[variable.first + cell] = event.value;
  if (variable.shared || event.process === 0) noteWrite(state, variable, event);
  else noteOwnWrite(variable, event.process, event);
  return null;
}

/** A task begins a step that has an `id`. */
export function enterPoint(state: ModelState, task: TaskRecord, event: EventOf<'entered'>): string | null {
  const point = state.points[event.point];
  if (point === undefined) return `${task.name} entered point ${event.point}, which does not exist`;
  point.begun += 1;
  if (state.tallies.add(task.inside, event.point, 1, event.at, event.step)) point.running += 1;
  state.watch.touch(state.subjects.points + event.point);
  return null;
}

/** A task ends a step that has an `id`. */
export function leavePoint(state: ModelState, task: TaskRecord, event: EventOf<'left'>): string | null {
  const point = state.points[event.point];
  if (point === undefined) return `${task.name} left point ${event.point}, which does not exist`;
  const name = state.plan.points[event.point]?.name;
  if (point.begun === point.ended) return `${task.name} left ${name}, where nobody is inside`;
  if (findTally(task.inside, event.point) === null)
    return `${task.name} left ${name}, where it is not inside`;
  point.ended += 1;
  if (state.tallies.remove(task.inside, event.point, 1)) point.running -= 1;
  state.watch.touch(state.subjects.points + event.point);
  return null;
}

/** A task that ends is inside of nothing any more; what it was in has not ended, though. */
export function leaveAll(state: ModelState, task: TaskRecord): void {
  for (let entry = task.inside.first; entry !== null; entry = task.inside.first) {
    const { key } = entry;
    const point = state.points[key];
    state.tallies.remove(task.inside, key, entry.amount);
    if (point !== undefined) point.running -= 1;
    state.watch.touch(state.subjects.points + key);
  }
}

function checkProcess(variable: VariableRecord, task: TaskRecord, process: number): string | null {
  if (variable.shared || process === task.process) return null;
  return `${task.name} of process ${task.process} touched ${variable.name} of process ${process}`;
}

function noteWrite(state: ModelState, variable: VariableRecord, event: EventOf<'wrote'>): void {
  state.watch.touch(state.subjects.variables + event.variable);
  variable.written.at = event.at;
  variable.written.task = event.task;
  variable.written.step = event.step;
}
