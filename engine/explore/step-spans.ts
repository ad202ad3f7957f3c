/**
 * Which words a step may write, by the task and the place it is at: only these are compared with what was.
 *
 * What an operation may write, the kernel declares (`kernel/footprint.ts`). Where that depends on the state (who waits, who
 * ends with whom) nothing is said, and all words are compared. In a verifying search all of core is compared anyway.
 */

import { footprintOf, regionsOfEnd } from '../kernel/footprint.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { POINT, TASK } from '../kernel/memory/layout.ts';
import { processOf } from '../kernel/memory/task-block.ts';
import { cellAt } from '../kernel/primitives/variable.ts';
import { int } from '../log/int.ts';
import { placesFrom } from '../plan/control-flow.ts';
import type { Instruction, Program } from '../plan/instruction.ts';
import type { OperationName } from '../plan/operation.ts';
import type { Spans } from './changes.ts';

type Span = readonly [start: number, end: number];
/** Undefined: anything. */
type Some = readonly Span[] | undefined;

/** A step whose operation has a target that is in a slot when it begins. */
type BySlot = {
  readonly slot: number;
  readonly operation: OperationName;
  readonly known: Map<number, Spans>;
};

/** It holds while the task runs in that process: a thread may be started by any. */
type Known = {
  readonly process: number;
  readonly spans: Spans | undefined;
  readonly bySlot: BySlot | undefined;
};

/** What an array takes beside its words, and the place it is known by. */
const BYTES_A_SPAN = 128;

export class StepSpans {
  readonly #k: Kernel;
  /** Words behind core that every step may write. */
  readonly #behind: Span;
  readonly #places: (Known | undefined)[][];
  readonly #ends: (Known | undefined)[] = [];
  /** The end of a program takes nobody along. */
  readonly #endsAlone: boolean;
  /** About so many bytes are kept. */
  bytes = 0;

  /** @param end where the words of monitors end */
  constructor(k: Kernel, end: number) {
    this.#k = k;
    this.#behind = [k.layout.coreEnd, end];
    this.#places = k.plan.tasks.map(() => []);
    const { tasks, resources } = k.plan;
    this.#endsAlone =
      tasks.every(({ daemon }) => daemon !== true) && resources.every(({ kind }) => kind !== 'pool');
  }

  /** What the step may write that the task is about to do, unless it fails and its task ends in it. */
  of(task: number, pc: number): Spans | undefined {
    const places = this.#places[task] as (Known | undefined)[];
    const process = processOf(this.#k, task);
    let known = places[pc];
    if (known === undefined || known.process !== process) {
      known = { process, ...this.#find(task, pc) };
      places[pc] = known;
    }
    return known.bySlot === undefined ? known.spans : this.#ofTarget(task, known.bySlot);
  }

  /** What the end of a thread may write that ends by itself. */
  ofEnd(task: number): Spans | undefined {
    const process = processOf(this.#k, task);
    let known = this.#ends[task];
    if (known === undefined || known.process !== process) {
      const { process: own, pool } = this.#k.plan.tasks[task] ?? {};
      const isThread = own === undefined && pool === undefined;
      known = { process, spans: isThread ? this.#alone(task) : undefined, bySlot: undefined };
      this.#ends[task] = known;
    }
    return known.spans;
  }

  #alone(task: number): Spans {
    const regions = regionsOfEnd(this.#k, task).map(({ start, end }): Span => [start, end]);
    return this.#packed([this.#behind, ...regions]);
  }

  #ofTarget(task: number, { slot, operation, known }: BySlot): Spans {
    const { words, layout } = this.#k;
    const target = int(words[int(layout.taskAt[task]) + TASK.slots + slot]) >> 1;
    const found = known.get(target);
    if (found !== undefined) return found;
    const spans = this.#packed([...this.#always(task), ...operated(this.#k, operation, task, target)]);
    known.set(target, spans);
    return spans;
  }

  #find(task: number, pc: number): Omit<Known, 'process'> {
    const program = this.#k.plan.programs[this.#k.plan.tasks[task]?.program ?? 0] as Program;
    const instruction = program.instructions[pc] as Instruction;
    if (
      instruction.op === 'operate' &&
      instruction.target.kind === 'slot' &&
      isFixed(instruction.operation)
    ) {
      const { slot } = instruction.target;
      return { spans: undefined, bySlot: { slot, operation: instruction.operation, known: new Map() } };
    }
    if (instruction.op === 'end') return { spans: this.#endOfProcess(task), bySlot: undefined };
    const part = instruction.op === 'begin' ? momentFrom(program, pc) : [instruction];
    const written: Span[] = [...this.#always(task)];
    for (const one of part) {
      const spans = this.#written(task, one);
      if (spans === undefined) return { spans: undefined, bySlot: undefined };
      written.push(...spans);
    }
    return { spans: this.#packed(written), bySlot: undefined };
  }

  /** Whether it waits for its threads and its children or, they being gone, ends. With main, all that is left ends. */
  #endOfProcess(task: number): Spans | undefined {
    const isFirst = this.#k.plan.tasks[task]?.process !== undefined && task !== 0;
    return isFirst && this.#endsAlone ? this.#alone(task) : undefined;
  }

  /** What any step of a task may write, with the local ones behind it. */
  #always(task: number): readonly Span[] {
    const { plan } = this.#k;
    const { instructions } = plan.programs[plan.tasks[task]?.program ?? 0] as Program;
    const hasPoints = instructions.some(({ op }) => op === 'enter' || op === 'leave');
    return [...this.#own(task), this.#behind, ...(hasPoints ? this.#points() : [])];
  }

  /** The task's block. */
  #own(task: number): readonly Span[] {
    const { layout, plan } = this.#k;
    return [[int(layout.taskAt[task]), int(layout.insideAt[task]) + Math.ceil(plan.points.length / 31)]];
  }

  /** They lie side by side. */
  #points(): readonly Span[] {
    const { pointAt } = this.#k.layout;
    return pointAt.length === 0 ? [] : [[int(pointAt[0]), int(pointAt.at(-1)) + POINT.size]];
  }

  #written(task: number, instruction: Instruction): Some {
    switch (instruction.op) {
      case 'operate': {
        const { operation, target } = instruction;
        if (!isFixed(operation) || target.kind === 'slot') return undefined;
        return operated(this.#k, operation, task, target.id);
      }
      case 'write':
        return [this.#cells(task, instruction.variable)];
      case 'update':
        return instruction.writes.map(({ variable }) => this.#cells(task, variable));
      case 'external':
      case 'exit':
      case 'end':
        return undefined;
      default:
        return [];
    }
  }

  /** Of a var that is not shared, the copy of the task's process. */
  #cells(task: number, variable: number): Span {
    const { plan } = this.#k;
    const start = cellAt(this.#k, processOf(this.#k, task), variable);
    return [start, start + (plan.variables[variable]?.initial.length ?? 1)];
  }

  /** In order, those that touch as one. */
  #packed(spans: readonly Span[]): Spans {
    const { coreStart } = this.#k.layout;
    const packed: number[] = [];
    for (const [start, end] of spans.toSorted((a, b) => a[0] - b[0])) {
      if (end <= start) continue;
      const last = packed.length - 1;
      if (last > 0 && start - coreStart <= int(packed[last]))
        packed[last] = Math.max(int(packed[last]), end - coreStart);
      else packed.push(start - coreStart, end - coreStart);
    }
    this.bytes += BYTES_A_SPAN + packed.length * Int32Array.BYTES_PER_ELEMENT;
    return Int32Array.from(packed);
  }
}

/** Whether what it may write depends on nothing but its target, and the process it is done in. */
function isFixed(operation: OperationName): boolean {
  if (operation === 'task.join' || operation === 'task.start' || operation === 'task.skip') return true;
  return !operation.startsWith('task.') && !operation.startsWith('pool.') && operation !== 'event.signal';
}

/** The first region that the kernel declares is the task's block. */
function operated(k: Kernel, operation: OperationName, task: number, target: number): readonly Span[] {
  return footprintOf(k, operation, task, target)
    .slice(1)
    .map(({ start, end }): Span => [start, end]);
}

/** The instructions that are one moment with a `begin`. */
function momentFrom(program: Program, pc: number): readonly Instruction[] {
  const places = placesFrom(program, [pc + 1], ({ op }) => op === 'commit');
  return [...places].map((place) => program.instructions[place] as Instruction);
}
