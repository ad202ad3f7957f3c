/**
 * Which locals can still matter at each place of a program: the others are set to zero, or states would differ in what
 * nobody will read.
 *
 * Backward data flow over the instructions, to a fixpoint (Kildall, 1973). What an instruction may write but need not
 * (a result that a timeout leaves as it was) counts as not written.
 */

import type { Expression } from '../../expression/expression.ts';
import { int } from '../../log/int.ts';
import { handlerAt } from '../../machine/handle.ts';
import { successorsOf } from '../../plan/control-flow.ts';
import type { Instruction, Program, Target } from '../../plan/instruction.ts';
import { operations } from '../../plan/operation.ts';
import { expressionsOf } from '../claims/subjects.ts';
import { mayFail } from './successors.ts';

/** By place: the slots that nothing will read from there on, as ranges `first` ≤ slot < `end`, pair by pair. */
export function deadSlots(program: Program): readonly Int32Array[] {
  const live = new LiveSlots(program);
  for (let changed = true; changed; ) {
    changed = false;
    for (let pc = program.instructions.length - 1; pc >= 0; pc--) if (live.look(pc)) changed = true;
  }
  return program.instructions.map((_, pc) => live.deadAt(pc));
}

/** The slots that may be read, a bit each: a program of thousands of steps has thousands of slots. */
class LiveSlots {
  readonly #program: Program;
  /** Words for the slots of one place. */
  readonly #size: number;
  readonly #bits: Int32Array;
  readonly #now: Int32Array;

  constructor(program: Program) {
    this.#program = program;
    this.#size = (program.slots.length + 31) >> 5;
    this.#bits = new Int32Array(program.instructions.length * this.#size);
    this.#now = new Int32Array(this.#size);
  }

  /** From what comes after a place. @returns whether more may be read from it than was known */
  look(pc: number): boolean {
    const instruction = this.#program.instructions[pc] as Instruction;
    const now = this.#now.fill(0);
    const [next, ...others] = successorsOf(instruction, pc);
    if (next !== undefined) this.#include(next);
    for (const slot of written(instruction)) now[slot >> 5] = int(now[slot >> 5]) & ~(1 << (slot & 31));
    for (const other of others) this.#include(other);
    this.#includeHandler(instruction, pc);
    for (const slot of slotsRead(this.#program, instruction)) this.#add(slot);
    let changed = 0;
    const at = pc * this.#size;
    for (let word = 0; word < this.#size; word++) {
      changed |= int(this.#bits[at + word]) ^ int(now[word]);
      this.#bits[at + word] = int(now[word]);
    }
    return changed !== 0;
  }

  /** It begins with the error in its slot. */
  #includeHandler(instruction: Instruction, pc: number): void {
    const handler = mayFail(instruction) ? handlerAt(this.#program.handlers, pc) : undefined;
    if (handler === undefined) return;
    const isLive = this.#isLive(this.#now, 0, handler.slot);
    this.#include(handler.target);
    if (!isLive)
      this.#now[handler.slot >> 5] = int(this.#now[handler.slot >> 5]) & ~(1 << (handler.slot & 31));
  }

  #include(pc: number): void {
    for (let word = 0; word < this.#size; word++)
      this.#now[word] = int(this.#now[word]) | int(this.#bits[pc * this.#size + word]);
  }

  #add(slot: number): void {
    this.#now[slot >> 5] = int(this.#now[slot >> 5]) | (1 << (slot & 31));
  }

  #isLive(words: Int32Array, at: number, slot: number): boolean {
    return (int(words[at + (slot >> 5)]) & (1 << (slot & 31))) !== 0;
  }

  deadAt(pc: number): Int32Array {
    const ranges: number[] = [];
    let isDead = false;
    const { length } = this.#program.slots;
    for (let slot = 0; slot < length; slot++) {
      if (this.#isLive(this.#bits, pc * this.#size, slot) === !isDead) continue;
      ranges.push(slot);
      isDead = !isDead;
    }
    if (isDead) ranges.push(length);
    return Int32Array.from(ranges);
  }
}

function slotsRead(program: Program, instruction: Instruction): readonly number[] {
  return [...expressionsOf(instruction).flatMap(localsOf), ...ownSlotsRead(program, instruction)];
}

function localsOf({ reads }: Expression): readonly number[] {
  return reads.flatMap((read) => (read.from === 'local' ? [read.slot] : []));
}

function ofTarget(target: Target | undefined): readonly number[] {
  return target?.kind === 'slot' ? [target.slot] : [];
}

function present(slot: number | undefined): readonly number[] {
  return slot === undefined ? [] : [slot];
}

function ownSlotsRead(program: Program, instruction: Instruction): readonly number[] {
  switch (instruction.op) {
    case 'copy':
      return [instruction.from];
    case 'write':
      return [instruction.from, ...present(instruction.index)];
    case 'update':
      return instruction.writes.flatMap(({ index }) => present(index));
    case 'operate':
      return [...ofTarget(instruction.target), ...present(instruction.timeout?.keep)];
    case 'await':
      return present(instruction.timeout?.keep);
    case 'external':
      return [
        ...ofTarget(instruction.feeds),
        ...present(instruction.timeout?.keep),
        ...present(instruction.scratch),
      ];
    case 'next':
      return [instruction.counter, instruction.limit];
    case 'each':
      return [instruction.counter, instruction.list];
    case 'reraise':
      return [instruction.slot];
    case 'end':
      return present(program.result);
    default:
      return [];
  }
}

/** What is certainly written when it goes on to the next place. */
function written(instruction: Instruction): readonly number[] {
  switch (instruction.op) {
    case 'evaluate':
      return instruction.slots;
    case 'assign':
    case 'resolve':
      return [instruction.slot];
    case 'copy':
      return [instruction.to];
    case 'update':
      return present(instruction.old);
    case 'operate': {
      const { timeout, operation, result } = instruction;
      const always = timeout === undefined || timeout.raises || operations[operation].boolean;
      return always ? present(result) : [];
    }
    case 'await':
      return present(instruction.result);
    case 'external':
      return instruction.timeout === undefined ? present(instruction.result) : [];
    case 'next':
    case 'each':
      return present(instruction.as);
    default:
      return [];
  }
}
