/**
 * A program as text, one instruction a line: for tests, and for whoever wants to see what a scenario became.
 */

import type { Duration, Expression } from '../../engine/expression/expression.ts';
import { textFromMicroseconds } from '../../engine/expression/values/duration.ts';
import { literalFromValue } from '../../engine/expression/values/value-text.ts';
import type { Instruction, Program, Target, TimeoutRule } from '../../engine/plan/instruction.ts';
import type { Plan } from '../../engine/plan/plan.ts';

/**
 * The listing of a program of this plan: instructions, then the ranges whose errors are handled; without the end that is the
 * same for all programs, where the errors go that nothing takes.
 */
export function listing(plan: Plan, program: Program): string {
  const last = program.handlers.find(({ isLast }) => isLast === true);
  const lines = program.instructions.slice(0, last?.target).map((instruction, index) => {
    return `${String(index).padStart(3)}  ${shown(plan, program, instruction)}`;
  });
  const inner = program.handlers.filter((handler) => handler !== last);
  const handlers = inner.map(({ from, to, target, slot }) => {
    return `errors at ${from}..${to - 1} go to ${target} in ${slotName(program, slot)}`;
  });
  return [...lines, ...handlers].join('\n');
}

function shown(plan: Plan, program: Program, instruction: Instruction): string {
  const slot = (number: number): string => slotName(program, number);
  switch (instruction.op) {
    case 'print':
      return `print ${text(instruction.text)}`;
    case 'sleep':
      return `sleep ${duration(instruction.duration)}`;
    case 'evaluate':
      return instruction.slots
        .map((to, index) => `${slot(to)} := ${text(instruction.expressions[index])}`)
        .join(', ');
    case 'assign':
      return `${slot(instruction.slot)} := ${literalFromValue(instruction.value)}`;
    case 'copy':
      return `${slot(instruction.to)} := ${slot(instruction.from)}`;
    case 'write':
      return `write ${cell(plan, program, instruction)} from ${slot(instruction.from)}`;
    case 'update': {
      const writes = instruction.writes.map(
        (write) => `${cell(plan, program, write)} = ${text(write.value)}`,
      );
      return `${result(program, instruction.old)}update ${writes.join(', ')}`;
    }
    case 'resolve':
      return `${slot(instruction.slot)} := ${instruction.name}[${text(instruction.index)}]`;
    case 'operate': {
      const { operation, operands, timeout } = instruction;
      const target = targetName(plan, program, operation.startsWith('task.'), instruction.target);
      const all = [operation, target, ...operands.map((operand) => `(${text(operand)})`)].join(' ');
      return `${result(program, instruction.result)}${all}${timeoutText(timeout, program)}`;
    }
    case 'await':
      return `${result(program, instruction.result)}await ${text(instruction.condition)}${timeoutText(instruction.timeout, program)}`;
    case 'external': {
      const { service, request, timeout, model } = instruction;
      const asked = `${result(program, instruction.result)}${service} ${text(request)}${timeoutText(timeout, program)}`;
      return model === undefined
        ? asked
        : `${asked}, modelled by ${duration(model.takes)} ${text(model.result)}`;
    }
    case 'begin':
    case 'commit':
      return instruction.op;
    case 'jump':
      return `jump ${instruction.to}`;
    case 'branch':
      return `unless ${text(instruction.condition)} jump ${instruction.otherwise}`;
    case 'next': {
      const { counter, limit, as, exit } = instruction;
      return `${result(program, as)}next ${slot(counter)} below ${slot(limit)}, else jump ${exit}`;
    }
    case 'each': {
      const { list, counter, as, exit } = instruction;
      return `${slot(as)} := ${slot(list)}[next ${slot(counter)}], else jump ${exit}`;
    }
    case 'enter':
    case 'leave':
      return `${instruction.op} ${plan.points[instruction.point]?.name}`;
    case 'assert':
      return `assert ${text(instruction.condition)}`;
    case 'raise':
      return `raise ${instruction.name} ${text(instruction.message)}`;
    case 'reraise':
      return `reraise ${slot(instruction.slot)}`;
    case 'end':
      return 'end';
    case 'exit':
      return `exit ${text(instruction.code)}`;
  }
}

/** A constant by its value, anything else by its text. */
function text(expression: Expression | undefined): string {
  if (expression?.constant !== undefined) return literalFromValue(expression.constant);
  return expression?.cel ?? '?';
}

function duration(length: Duration): string {
  if (length.kind === 'computed') return text(length.expression);
  const [min, max] = [textFromMicroseconds(length.minUs), textFromMicroseconds(length.maxUs)];
  return min === max ? min : `${min}..${max}`;
}

function timeoutText(timeout: TimeoutRule | undefined, program: Program): string {
  if (timeout === undefined) return '';
  const kept = timeout.keep === undefined ? '' : ` kept in ${slotName(program, timeout.keep)}`;
  const then =
    timeout.onTimeout === undefined ? (timeout.raises ? 'raise' : 'go on') : `jump ${timeout.onTimeout}`;
  return `, after ${duration(timeout.after)}${kept} ${then}`;
}

function slotName({ slots }: Program, slot: number): string {
  return slots[slot] ?? `slot ${slot}`;
}

function result(program: Program, slot: number | undefined): string {
  return slot === undefined ? '' : `${slotName(program, slot)} := `;
}

function targetName(plan: Plan, program: Program, isTask: boolean, target: Target): string {
  if (target.kind === 'slot') return slotName(program, target.slot);
  return (isTask ? plan.tasks : plan.resources)[target.id]?.name ?? `number ${target.id}`;
}

function cell(
  plan: Plan,
  program: Program,
  at: { readonly variable: number; readonly index?: number },
): string {
  const name = plan.variables[at.variable]?.name ?? `variable ${at.variable}`;
  return at.index === undefined ? name : `${name}[${slotName(program, at.index)}]`;
}
