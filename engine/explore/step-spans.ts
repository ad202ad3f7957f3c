/**
 * Which words a step may write, by the task and the place it is at: only these are compared with what was.
 *
 * What an operation may write, the kernel declares (`kernel/footprint.ts`). Where that depends on the state (who waits, who
 * ends with whom) nothing is said, and all words are compared. In a verifying search all of core is compared anyway.
 */

import { footprintOf } from '../kernel/footprint.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { POINT, PROCESS, TASK } from '../kernel/memory/layout.ts';
import { processAt } from '../kernel/memory/task-block.ts';
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

type Known = { readonly spans: Spans | undefined; readonly bySlot: BySlot | undefined };

export class StepSpans {
  readonly #k: Kernel;
  /** Words behind core that every step may write. */
  readonly #behind: Span;
  readonly #places: (Known | undefined)[][];
  readonly #ends: (Spans | undefined)[] = [];

  /** @param end where the words of monitors end */
  constructor(k: Kernel, end: number) {
    this.#k = k;
    this.#behind = [k.layout.coreEnd, end];
    this.#places = k.plan.tasks.map(() => []);
  }

  /** What the step may write that the task is about to do, unless its task ends in it. */
  of(task: number, pc: number): Spans | undefined {
    const places = this.#places[task] as (Known | undefined)[];
    let known = places[pc];
    if (known === undefined) {
      known = this.#find(task, pc);
      places[pc] = known;
    }
    return known.bySlot === undefined ? known.spans : this.#ofTarget(task, known.bySlot);
  }

  /** What the end of a thread may write that ends by itself, its steps being over. */
  ofEnd(task: number): Spans | undefined {
    const known = this.#ends[task];
    if (known !== undefined) return known;
    const { layout, plan } = this.#k;
    const declared = plan.tasks[task];
    if (declared?.process !== undefined || declared?.pool !== undefined || layout.holderExits.length > 0)
      return undefined;
    // Whichever process it runs in.
    const books = Array.from({ length: plan.processes }, (_, process): Span => {
      const at = processAt(this.#k, process);
      return [at, at + PROCESS.size];
    });
    const spans = this.#packed([...this.#own(task), this.#behind, ...this.#points(), ...books]);
    this.#ends[task] = spans;
    return spans;
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

  #find(task: number, pc: number): Known {
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
    const part = instruction.op === 'begin' ? momentFrom(program, pc) : [instruction];
    const written: Span[] = [...this.#always(task)];
    for (const one of part) {
      const spans = this.#written(task, one);
      if (spans === undefined) return { spans: undefined, bySlot: undefined };
      written.push(...spans);
    }
    return { spans: this.#packed(written), bySlot: undefined };
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

  #points(): readonly Span[] {
    return Array.from(this.#k.layout.pointAt, (at): Span => [at, at + POINT.size]);
  }

  #written(task: number, instruction: Instruction): Some {
    switch (instruction.op) {
      case 'operate': {
        const { operation, target } = instruction;
        if (!isFixed(operation) || target.kind === 'slot') return undefined;
        return operated(this.#k, operation, task, target.id);
      }
      case 'write':
        return this.#cells(instruction.variable);
      case 'update':
        return instruction.writes.flatMap(({ variable }) => this.#cells(variable));
      case 'external':
      case 'exit':
      case 'end':
        return undefined;
      default:
        return [];
    }
  }

  /** Of a var that is not shared, the copies of all processes: a thread may be started by any. */
  #cells(variable: number): readonly Span[] {
    const { layout, plan } = this.#k;
    const declared = plan.variables[variable];
    const cell = int(layout.cellOf[variable]);
    const count = declared?.initial.length ?? 1;
    const at = (start: number): Span => [start + cell, start + cell + count];
    if (declared?.shared === true) return [at(layout.sharedCells)];
    return Array.from({ length: plan.processes }, (_, process) =>
      at(layout.processCells + process * layout.cellsPerProcess),
    );
  }

  #packed(spans: readonly Span[]): Spans {
    const { coreStart } = this.#k.layout;
    const used = spans.filter(([start, end]) => end > start);
    return Int32Array.from(used.flatMap(([start, end]) => [start - coreStart, end - coreStart]));
  }
}

/** Whether what it may write depends on nothing but its target. */
function isFixed(operation: OperationName): boolean {
  if (operation === 'task.join') return true;
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
