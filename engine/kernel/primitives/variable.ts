/**
 * Vars: cells of one word each. A shared var is one for all processes; of any other each process has a copy, taken from its
 * starter's at the moment it is started.
 */
import { int } from '../../log/int.ts';
import { RECORD } from '../../log/record.ts';
import type { Kernel } from '../kernel.ts';
import { TASK } from '../memory/layout.ts';
import { wakeAwaiting } from '../waiting/channel.ts';

/** The index of a var's first cell, as a process sees it. */
export function cellAt(k: Kernel, process: number, variable: number): number {
  const { layout } = k;
  const cell = int(layout.cellOf[variable]);
  const shared = k.plan.variables[variable]?.shared === true;
  return shared ? layout.sharedCells + cell : layout.processCells + process * layout.cellsPerProcess + cell;
}

/** The word that changes with every write to a var: whoever read it can tell whether it still stands. */
export function versionAt(k: Kernel, process: number, variable: number): number {
  const shared = k.plan.variables[variable]?.shared === true;
  const copy = shared ? k.plan.processes : process;
  return k.layout.versionAt + copy * k.plan.variables.length + variable;
}

/** The log is told that a process's copy was read at this moment, and where it is to have that, what was read. */
export function logRead(k: Kernel, task: number, step: number, process: number, variable: number): void {
  if (k.plan.logsValues !== true) {
    k.record(RECORD.read, task, step, 3, process, variable, 0);
    return;
  }
  const at = cellAt(k, process, variable);
  const cells = k.plan.variables[variable]?.initial ?? [];
  const values = cells.map((_, cell) => k.loggable(int(k.words[at + cell])));
  k.recordRead(task, step, process, variable, values);
}

/** Writes an owned word. */
export function writeCell(
  k: Kernel,
  task: number,
  step: number,
  process: number,
  variable: number,
  cell: number,
  word: number,
): void {
  k.replace(cellAt(k, process, variable) + cell, word);
  const version = versionAt(k, process, variable);
  k.words[version] = (int(k.words[version]) + 1) | 0;
  k.recordWrote(task, step, process, variable, cell, k.loggable(word));
  wakeAwaiting(k);
}

/** A process has no copies any more. */
export function clearCells(k: Kernel, process: number): void {
  const at = k.layout.processCells + process * k.layout.cellsPerProcess;
  for (let cell = at; cell < at + k.layout.cellsPerProcess; cell++) k.replace(cell, 0);
}

/** Gives a process its own copy of all vars that are not shared. */
export function copyCells(k: Kernel, from: number, to: number): void {
  const { layout, words } = k;
  const source = layout.processCells + from * layout.cellsPerProcess;
  const target = layout.processCells + to * layout.cellsPerProcess;
  for (let cell = 0; cell < layout.cellsPerProcess; cell++) {
    words[target + cell] = k.copyWord(int(words[source + cell]));
  }
}

/** The first task of a process begins in a new one, which has its parent's vars as they are now. */
export function renewCells(k: Kernel, task: number): void {
  const { layout, words } = k;
  const at = int(layout.taskAt[task]);
  const source = layout.processCells + int(words[at + TASK.parent]) * layout.cellsPerProcess;
  const target = layout.processCells + int(words[at + TASK.process]) * layout.cellsPerProcess;
  for (let cell = 0; cell < layout.cellsPerProcess; cell++)
    k.replace(target + cell, k.copyWord(int(words[source + cell])));
}

/** The vars at the beginning of a run. */
export function initializeCells(k: Kernel): void {
  k.plan.variables.forEach((variable, index) => {
    const at = cellAt(k, 0, index);
    variable.initial.forEach((value, cell) => {
      k.words[at + cell] = k.wordOf(value);
    });
  });
}
