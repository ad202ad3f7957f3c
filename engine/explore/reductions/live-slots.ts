/**
 * Which locals can still matter at each place of a program: the others are set to zero, or states would differ in what
 * nobody will read.
 *
 * Backward data flow over the instructions, to a fixpoint (Kildall, 1973). What an instruction may write but need not
 * (a result that a timeout leaves as it was) counts as not written.
 */

import type { Expression } from '../../expression/expression.ts';
import { handlerAt } from '../../machine/handle.ts';
import { successorsOf } from '../../plan/control-flow.ts';
import type { Instruction, Program, Target } from '../../plan/instruction.ts';
import { operations } from '../../plan/operation.ts';
import { expressionsOf } from '../claims/subjects.ts';
import { mayFail } from './successors.ts';

/** By place: 1 for each slot that may be read from there on. */
export function liveSlots(program: Program): readonly Uint8Array[] {
  const { instructions } = program;
  const live: Uint8Array[] = instructions.map(() => new Uint8Array(program.slots.length));
  for (let changed = true; changed; ) {
    changed = false;
    for (let pc = instructions.length - 1; pc >= 0; pc--) {
      const before = live[pc] as Uint8Array;
      const now = liveBefore(program, pc, live);
      if (now.every((bit, slot) => bit === before[slot])) continue;
      live[pc] = now;
      changed = true;
    }
  }
  return live;
}

function liveBefore(program: Program, pc: number, live: readonly Uint8Array[]): Uint8Array {
  const instruction = program.instructions[pc] as Instruction;
  const now = new Uint8Array(program.slots.length);
  const [next, ...others] = successorsOf(instruction, pc);
  const add = (slots: Uint8Array | undefined, but: readonly number[]): void =>
    slots?.forEach((bit, slot) => {
      if (bit === 1 && !but.includes(slot)) now[slot] = 1;
    });
  if (next !== undefined) add(live[next], written(instruction));
  for (const other of others) add(live[other], []);
  const handler = mayFail(instruction) ? handlerAt(program.handlers, pc) : undefined;
  if (handler !== undefined) add(live[handler.target], [handler.slot]);
  for (const slot of slotsRead(program, instruction)) now[slot] = 1;
  return now;
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
