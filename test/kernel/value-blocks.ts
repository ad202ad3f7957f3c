/** Who owns the blocks of the store in shared memory: each that is not free must have exactly one owner in core. */
import { CONTROL, DONE, TASK } from '../../engine/kernel/memory/layout.ts';
import { FIRST_REFERENCE, isReference } from '../../engine/log/inline-value.ts';
import { carriesItem } from '../../engine/log/record.ts';
import type { Scene } from './scene.ts';

/** The blocks in use, as references, in order. */
export function blocksInUse({ k, layout }: Scene): number[] {
  const free = new Set<number>();
  for (let size = 0; size < 32; size++) {
    for (let next = k.words[CONTROL.valueFree + size] as number; next !== 0; ) {
      free.add(next - 1);
      next = k.words[layout.valuesAt + next] as number;
    }
  }
  const used: number[] = [];
  for (let at = 0; at < (k.words[CONTROL.valueTop] as number); ) {
    if (!free.has(at)) used.push((at << 1) + FIRST_REFERENCE);
    at += 2 ** (k.words[layout.valuesAt + at] as number);
  }
  return used;
}

/** The references in core, in order. */
export function ownedReferences(scene: Scene): number[] {
  return cellsOfValues(scene)
    .map((index) => scene.k.words[index] as number)
    .filter(isReference)
    .sort((a, b) => a - b);
}

function cellsOfValues({ k, layout }: Scene): number[] {
  const cells: number[] = [];
  const range = (start: number, count: number): void => {
    for (let index = start; index < start + count; index++) cells.push(index);
  };
  k.plan.tasks.forEach((task, id) => {
    const at = layout.taskAt[id] as number;
    cells.push(at + TASK.input, at + TASK.error, at + TASK.result);
    const waiting = k.words[at + TASK.waiting] as number;
    if (waiting === DONE || (waiting > 0 && carriesItem(waiting - 1))) cells.push(at + TASK.operandA);
    range(at + TASK.slots, k.plan.programs[task.program]?.slots.length ?? 0);
  });
  k.plan.resources.forEach((resource, id) => {
    const at = layout.resourceAt[id] as number;
    if (resource.kind === 'queue') range(at + 4, layout.capacity[id] as number);
    if (resource.kind === 'pipeEnd') range(at + 3, layout.capacity[id] as number);
  });
  range(layout.sharedCells, layout.processCells - layout.sharedCells);
  range(layout.processCells, layout.cellsPerProcess * k.plan.processes);
  return cells;
}
