/**
 * A plan in which whatever an operation reads of what others can change is read by a step of its own, before it: in a real
 * run, others may come between the two. What it read then is what the operation goes by, however long it waits; and what it
 * draws is drawn once.
 */
import type { Duration, Expression } from '../expression/expression.ts';
import { isVisibleExpression } from '../expression/visible.ts';
import { handlerAt } from '../machine/handle.ts';
import type { Handler, Instruction, Program, TimeoutRule } from '../plan/instruction.ts';
import type { Plan } from '../plan/plan.ts';

/** Takes an expression, and gives what stands for it: itself, or what was read of it before. */
type Separate = (expression: Expression) => Expression;

export function separateReads(plan: Plan): Plan {
  return { ...plan, programs: plan.programs.map((program) => separated(plan, program)) };
}

function separated(plan: Plan, program: Program): Program {
  const { instructions, handlers } = program;
  const slots = [...program.slots];
  /** By place: what is read before it, and what is then left of it. */
  const parts = instructions.map((instruction, pc): readonly Instruction[] => {
    const before: Instruction[] = [];
    const separate: Separate = (expression) => {
      if (!isVisibleExpression(expression)) return expression;
      const slot = slots.length;
      slots.push(`read_${slot}`);
      before.push({ op: 'evaluate', step: instruction.step, expressions: [expression], slots: [slot] });
      return localOf(expression, slot, slots[slot] as string);
    };
    const isCaught = handlerAt(handlers, pc) !== undefined;
    const rest = withoutReads(plan, instruction, isCaught, separate);
    return [...before, rest];
  });
  if (slots.length === program.slots.length) return program;
  const starts: number[] = [];
  let next = 0;
  for (const part of parts) {
    starts.push(next);
    next += part.length;
  }
  starts.push(next);
  const at = (place: number): number => starts[place] as number;
  return {
    ...program,
    slots,
    instructions: parts.flat().map((instruction) => moved(instruction, at)),
    handlers: handlers.map((handler): Handler => {
      return { ...handler, from: at(handler.from), to: at(handler.to), target: at(handler.target) };
    }),
  };
}

function localOf({ span }: Expression, slot: number, name: string): Expression {
  return { cel: name, span, reads: [{ from: 'local', name, slot }] };
}

function withoutReads(
  plan: Plan,
  instruction: Instruction,
  isCaught: boolean,
  separate: Separate,
): Instruction {
  switch (instruction.op) {
    case 'operate':
      return {
        ...instruction,
        operands: instruction.operands.map(separate),
        ...timed(instruction, separate),
      };
    case 'await':
      return { ...instruction, ...timed(instruction, separate) };
    case 'external':
      return { ...instruction, request: separate(instruction.request), ...timed(instruction, separate) };
    case 'print':
      return ordersOutput(plan) ? { ...instruction, text: separate(instruction.text) } : instruction;
    case 'raise':
      return { ...instruction, message: separate(instruction.message) };
    case 'exit':
      return { ...instruction, code: separate(instruction.code) };
    case 'assert':
      // Caught, it goes on where nobody sees it.
      return isCaught ? instruction : { ...instruction, condition: separate(instruction.condition) };
    default:
      return instruction;
  }
}

function ordersOutput({ expect }: Plan): boolean {
  return expect.output.some(({ check }) => check === 'equals' || check === 'inOrder');
}

function timed(
  { timeout }: { readonly timeout?: TimeoutRule },
  separate: Separate,
): { readonly timeout?: TimeoutRule } {
  if (timeout === undefined) return {};
  return { timeout: { ...timeout, after: lengthOf(timeout.after, separate) } };
}

function lengthOf(after: Duration, separate: Separate): Duration {
  return after.kind === 'fixed' ? after : { ...after, expression: separate(after.expression) };
}

/** The same, with the places that it names where they are now. */
function moved(instruction: Instruction, at: (place: number) => number): Instruction {
  switch (instruction.op) {
    case 'jump':
      return { ...instruction, to: at(instruction.to) };
    case 'branch':
      return { ...instruction, otherwise: at(instruction.otherwise) };
    case 'next':
    case 'each':
      return { ...instruction, exit: at(instruction.exit) };
    case 'operate':
    case 'await':
      return { ...instruction, ...timeoutMoved(instruction, at) };
    case 'external': {
      const actions = instruction.actions?.map((part) => ({ ...part, from: at(part.from), to: at(part.to) }));
      return {
        ...instruction,
        ...timeoutMoved(instruction, at),
        ...(actions === undefined ? {} : { actions }),
      };
    }
    default:
      return instruction;
  }
}

function timeoutMoved(
  { timeout }: { readonly timeout?: TimeoutRule },
  at: (place: number) => number,
): { readonly timeout?: TimeoutRule } {
  if (timeout?.onTimeout === undefined) return {};
  return { timeout: { ...timeout, onTimeout: at(timeout.onTimeout) } };
}
