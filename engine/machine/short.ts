/**
 * Which instructions are over at once, whatever the scenario says. A carrier may do some of them in a row without leaving
 * the critical section; before any other it leaves, so that nobody waits while it evaluates.
 */
import type { Instruction } from '../plan/instruction.ts';
import { slotOf } from './bound-expression.ts';

/** Whether it evaluates nothing and asks nobody outside of the kernel. */
export function isShort(instruction: Instruction): boolean {
  switch (instruction.op) {
    case 'operate':
      return (
        instruction.timeout === undefined &&
        instruction.operands.every(
          (operand) => operand.constant !== undefined || slotOf(operand) !== undefined,
        )
      );
    case 'assign':
    case 'copy':
    case 'write':
    case 'jump':
    case 'next':
    case 'enter':
    case 'leave':
      return true;
    default:
      return false;
  }
}
