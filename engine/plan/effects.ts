/**
 * What an instruction takes from the locals of its task and what it makes of them, for those who look at loops.
 */
import type { Duration, Expression } from '../expression/expression.ts';
import type { Instruction } from './instruction.ts';
import { type OperationTraits, operations } from './operation.ts';

/** What a value is made of: locals, by their slots, and chance. Everything else is not the task's own. */
export type Source = { readonly slots: readonly number[]; readonly isRandom: boolean };

export type Effect = {
  /** What decides how it goes on. */
  readonly decides: Source;
  /** What decides whether it fails, beside what others do. */
  readonly fails: Source;
  /** It always may fail, or asks others: how it goes on is not certain even where nothing of `fails` changes. */
  readonly mayFail: boolean;
  readonly writes: readonly { readonly slot: number; readonly from: Source }[];
};

const NOTHING: Source = { slots: [], isRandom: false };

export function effectOf(instruction: Instruction): Effect {
  switch (instruction.op) {
    case 'evaluate':
      return computing(instruction.expressions, true, instruction.slots);
    case 'print':
      return computing([instruction.text], false);
    case 'resolve':
      return {
        ...raising(sourceOf([instruction.index])),
        writes: [written(instruction.slot, instruction.index)],
      };
    case 'assign':
      return effect({ writes: [{ slot: instruction.slot, from: NOTHING }] });
    case 'copy':
      return effect({ writes: [{ slot: instruction.to, from: local(instruction.from) }] });
    case 'branch':
      return { ...computing([instruction.condition], false), decides: sourceOf([instruction.condition]) };
    case 'assert':
      return raising(sourceOf([instruction.condition]));
    case 'raise':
      return raising(sourceOf([instruction.message]));
    case 'reraise':
      return raising(local(instruction.slot));
    case 'next':
      return counting(instruction.counter, instruction.limit, instruction.as);
    case 'each':
      return counting(instruction.counter, instruction.list, instruction.as);
    case 'sleep':
      return computing(expressionsIn(instruction.duration), false);
    case 'write':
      return instruction.index === undefined ? effect({}) : raising(local(instruction.index));
    case 'update':
      return { ...raising(NOTHING), writes: result(instruction.old, NOTHING) };
    case 'operate':
    case 'await':
    case 'external':
      return asking(instruction);
    case 'begin':
    case 'commit':
    case 'jump':
    case 'enter':
    case 'leave':
    case 'end':
    case 'exit':
      return effect({});
    default:
      return instruction satisfies never;
  }
}

function effect(parts: Partial<Effect>): Effect {
  return { decides: NOTHING, fails: NOTHING, mayFail: false, writes: [], ...parts };
}

function raising(fails: Source): Effect {
  return effect({ fails, mayFail: true });
}

function computing(
  expressions: readonly Expression[],
  isKept: boolean,
  slots: readonly number[] = [],
): Effect {
  const risky = expressions.filter((expression) => isRisky(expression, isKept));
  return effect({
    fails: sourceOf(risky),
    mayFail: risky.length > 0,
    writes: slots.map((slot, index) => written(slot, expressions[index] as Expression)),
  });
}

function counting(counter: number, limit: number, as: number | undefined): Effect {
  const from = { slots: [counter, limit], isRandom: false };
  return effect({
    decides: from,
    writes: [{ slot: counter, from }, ...result(as, from)],
  });
}

type Asking = Extract<Instruction, { readonly op: 'operate' | 'await' | 'external' }>;

/** What others do decides how it ends; of the task's own, what is asked for. An item that it hands over decides nothing. */
function asking(instruction: Asking): Effect {
  const source = askedIn(instruction);
  return { decides: source, fails: source, mayFail: true, writes: result(instruction.result, source) };
}

function askedIn(instruction: Asking): Source {
  const after = instruction.timeout === undefined ? [] : expressionsIn(instruction.timeout.after);
  if (instruction.op === 'await') return sourceOf([instruction.condition, ...after]);
  if (instruction.op === 'external') {
    const { request, model } = instruction;
    return sourceOf([request, ...after, ...(model === undefined ? [] : [model.result])]);
  }
  const { target, operands, operation } = instruction;
  const traits: OperationTraits = operations[operation];
  const asked = sourceOf([...(traits.carries === true ? operands.slice(1) : operands), ...after]);
  return target.kind === 'fixed' ? asked : { ...asked, slots: [...asked.slots, target.slot] };
}

function written(slot: number, expression: Expression): Effect['writes'][number] {
  return { slot, from: sourceOf([expression]) };
}

function result(slot: number | undefined, from: Source): Effect['writes'] {
  return slot === undefined ? [] : [{ slot, from }];
}

function local(slot: number): Source {
  return { slots: [slot], isRandom: false };
}

function expressionsIn(duration: Duration): readonly Expression[] {
  return duration.kind === 'computed' ? [duration.expression] : [];
}

function sourceOf(expressions: readonly Expression[]): Source {
  return {
    slots: expressions.flatMap(({ reads }) =>
      reads.flatMap((read) => (read.from === 'local' ? [read.slot] : [])),
    ),
    isRandom: expressions.some(
      ({ cel, constant }) => constant === undefined && /\b(random|pick)\(/.test(cel),
    ),
  };
}

/**
 * Whether it may fail for some value of the locals that it reads. To count up by one never does; whatever else is kept may
 * grow too large.
 */
function isRisky({ cel, constant, reads }: Expression, isKept: boolean): boolean {
  if (constant !== undefined || !reads.some(({ from }) => from === 'local')) return false;
  const plain = cel
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '')
    .replace(/[/%] *[1-9]\d*/g, '')
    .replace(/\b(due|text|size)\(/g, '(');
  if (/[*/%[]|\w\(/.test(plain)) return true;
  return isKept && /[+-]/.test(plain) && !/^\w+ *[+-] *\d+$/.test(plain.trim());
}
