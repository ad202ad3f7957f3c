/**
 * Instructions linked to a machine: each becomes a function with its expressions bound, so that the loop does no look-ups.
 */

import { ScenarioError } from '../expression/values/scenario-error.ts';
import type { Value, ValueMap } from '../expression/values/value.ts';
import { textFromValue } from '../expression/values/value-text.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { TASK } from '../kernel/memory/layout.ts';
import { enterPoint, leavePoint } from '../kernel/points.ts';
import { cellAt, writeCell } from '../kernel/primitives/variable.ts';
import { isInteger, ONE } from '../log/inline-value.ts';
import { int } from '../log/int.ts';
import { RECORD } from '../log/record.ts';
import type { Instruction } from '../plan/instruction.ts';
import { type Binder, type BoundExpression, holds } from './bound-expression.ts';
import { type Code, FLOW, type Flow, jump } from './code.ts';
import { linkEnd, linkExit } from './end.ts';
import { linkExternal } from './external.ts';
import type { Frame } from './frame.ts';
import { linkOperate } from './operate.ts';
import { linkAwait, linkSleep } from './wait.ts';
import { NOT_SO, type WordExpression } from './word-expression.ts';

type InstructionOf<Op extends Instruction['op']> = Extract<Instruction, { readonly op: Op }>;
type Linkers = { readonly [Op in Instruction['op']]: (instruction: InstructionOf<Op>, bind: Binder) => Code };

const linkers = {
  print: linkPrint,
  sleep: linkSleep,
  evaluate: linkEvaluate,
  assign: ({ slot, value }) => jumpless((frame) => frame.setLocal(slot, value)),
  copy: ({ from, to }) => jumpless((frame) => frame.setLocal(to, frame.local(from))),
  write: linkWrite,
  update: linkUpdate,
  resolve: linkResolve,
  operate: linkOperate,
  await: linkAwait,
  external: linkExternal,
  begin: () => jumpless(beginMoment),
  commit: () => jumpless((frame) => frame.k.release()),
  jump:
    ({ to }) =>
    (frame) =>
      jump(frame, to),
  branch: linkBranch,
  next: linkNext,
  each: linkEach,
  enter: ({ point }) => atPoint(point, RECORD.entered, enterPoint),
  leave: ({ point }) => atPoint(point, RECORD.left, leavePoint),
  assert: linkAssert,
  raise: linkRaise,
  reraise: linkReraise,
  end: linkEnd,
  exit: linkExit,
} as const satisfies Linkers;

/** One function for all instructions of a machine's programs. */
export function createLinker(bind: Binder): (instruction: Instruction) => Code {
  return (instruction) => {
    const link = linkers[instruction.op] as (instruction: Instruction, bind: Binder) => Code;
    return link(instruction, bind);
  };
}

function jumpless(run: (frame: Frame) => void): Code {
  return (frame) => {
    run(frame);
    return FLOW.next;
  };
}

function beginMoment(frame: Frame): void {
  frame.enter();
  frame.k.hold();
}

function linkPrint({ text }: InstructionOf<'print'>, bind: Binder): Code {
  const bound = bind(text);
  return jumpless((frame) => {
    const line = textFromValue(bound.evaluate());
    frame.enter();
    frame.k.recordTexts(RECORD.printed, frame.task, frame.step, [], [line]);
    frame.k.ringBell();
    frame.k.leave();
  });
}

function linkEvaluate({ expressions, slots }: InstructionOf<'evaluate'>, bind: Binder): Code {
  const bound = expressions.map(bind);
  const [only] = bound;
  const [slot] = slots;
  if (only !== undefined && slot !== undefined && bound.length === 1) {
    const evaluate = (frame: Frame): void => frame.setLocal(slot, only.evaluate());
    const { word } = only;
    if (word === undefined) return jumpless(evaluate);
    return jumpless((frame) => {
      const given = word();
      if (given === NOT_SO) evaluate(frame);
      else frame.setWord(slot, given);
    });
  }
  return jumpless((frame) => {
    snapshotAll(frame, bound);
    const values = bound.map((expression) => expression.compute());
    values.forEach((value, index) => {
      frame.setLocal(int(slots[index]), value);
    });
  });
}

/** The reads of several expressions, at one moment. */
function snapshotAll(frame: Frame, bound: readonly BoundExpression[]): void {
  for (const expression of bound) expression.prepare();
  if (!bound.some((expression) => expression.isShared)) return;
  frame.enter();
  bound.forEach((expression, index) => {
    if (index > 0 && expression.isShared) frame.k.ring.joinNext();
    expression.snapshot();
  });
  frame.k.leave();
}

function cellOf(frame: Frame, variable: number, index: number | undefined): number {
  if (index === undefined) return 0;
  const declared = frame.plan.variables[variable];
  const cell = frame.local(index);
  const cells = declared?.initial.length ?? 1;
  if (typeof cell !== 'bigint') throw new ScenarioError('TypeError', `list indices must be integers`);
  if (cell < 0n || cell >= BigInt(cells)) {
    throw new ScenarioError(
      'IndexError',
      `${declared?.name ?? 'var'}[${cell}] does not exist: it has ${cells} cells`,
    );
  }
  return Number(cell);
}

function linkWrite({ variable, index, from }: InstructionOf<'write'>): Code {
  return jumpless((frame) => {
    const cell = cellOf(frame, variable, index);
    frame.enter();
    const { k, task, step, process } = frame;
    const word = k.copyWord(int(k.words[frame.slots + from]));
    writeCell(k, task, step, process, variable, cell, word);
    k.leave();
  });
}

/** Computes outside of the critical section, and commits only if what was read still stands. */
function linkUpdate({ writes, old }: InstructionOf<'update'>, bind: Binder): Code {
  const bound = writes.map(({ value }) => bind(value));
  const quick = quickUpdate(writes, bound);
  return jumpless((frame) => {
    if (old === undefined && quick?.(frame) === true) return;
    const cells = writes.map(({ variable, index }) => cellOf(frame, variable, index));
    const mark = frame.markDraws();
    for (;;) {
      frame.rewindDraws(mark);
      snapshotAll(frame, bound);
      const values = bound.map((expression) => expression.compute());
      frame.enter();
      if (bound.every((expression) => expression.isUnchanged())) {
        const before = commit(frame, writes, cells, values);
        frame.k.leave();
        if (old !== undefined) frame.setLocal(old, before);
        return;
      }
      frame.k.leave();
    }
  });
}

/** In a search: all values as words, then all writes. False: nothing was done. */
function quickUpdate(
  writes: InstructionOf<'update'>['writes'],
  bound: readonly BoundExpression[],
): ((frame: Frame) => boolean) | undefined {
  const words = bound.flatMap(({ word }) => (word === undefined ? [] : [word]));
  if (words.length < bound.length || writes.some(({ index }) => index !== undefined)) return undefined;
  const given = new Int32Array(words.length);
  return ({ k, task, step, process }) => {
    for (let index = 0; index < words.length; index++) {
      const word = (words[index] as WordExpression)();
      if (word === NOT_SO) return false;
      given[index] = word;
    }
    for (let index = 0; index < words.length; index++) {
      const { variable } = writes[index] as (typeof writes)[number];
      writeCell(k, task, step, process, variable, 0, int(given[index]));
    }
    return true;
  };
}

function commit(
  frame: Frame,
  writes: InstructionOf<'update'>['writes'],
  cells: readonly number[],
  values: readonly Value[],
): Value {
  const { k } = frame;
  const before: Record<string, Value> = {};
  writes.forEach(({ variable }, index) => {
    const cell = int(cells[index]);
    const name = frame.plan.variables[variable]?.name ?? '';
    before[name] = k.value(int(k.words[cellAt(k, frame.process, variable) + cell]));
    if (index > 0) k.ring.joinNext();
    writeCell(k, frame.task, frame.step, frame.process, variable, cell, k.wordOf(values[index] as Value));
  });
  const [only] = Object.values(before);
  return writes.length === 1 && only !== undefined ? only : before;
}

function linkResolve({ name, first, count, index, slot }: InstructionOf<'resolve'>, bind: Binder): Code {
  const bound = bind(index);
  return jumpless((frame) => {
    const word = bound.word?.() ?? NOT_SO;
    if (isInteger(word) && word >= 0 && word >> 1 < count) {
      frame.setWord(slot, word + 2 * first);
      return;
    }
    const value = bound.evaluate();
    if (typeof value !== 'bigint') throw new ScenarioError('TypeError', `${name}[…] needs a whole number`);
    if (value < 0n || value >= BigInt(count)) {
      throw new ScenarioError('IndexError', `${name}[${value}] does not exist: there are ${count}`);
    }
    frame.setLocal(slot, BigInt(first) + value);
  });
}

function linkBranch({ condition, otherwise }: InstructionOf<'branch'>, bind: Binder): Code {
  const bound = bind(condition);
  return (frame) => (holds(bound) ? FLOW.next : jump(frame, otherwise));
}

/** Counts in words where both are small integers, as they nearly always are. */
function linkNext(instruction: InstructionOf<'next'>): Code {
  const { counter, limit, as, exit } = instruction;
  return (frame) => {
    const count = frame.word(counter);
    const most = frame.word(limit);
    if (!isInteger(count) || !isInteger(most)) return countSlowly(frame, instruction);
    if (count >= most) return jump(frame, exit);
    if (as !== undefined) frame.setWord(as, count);
    frame.setWord(counter, count + ONE);
    return FLOW.next;
  };
}

function countSlowly(frame: Frame, { counter, limit, as, exit }: InstructionOf<'next'>): Flow {
  const count = frame.local(counter);
  const most = frame.local(limit);
  if (typeof count !== 'bigint' || typeof most !== 'bigint') {
    throw new ScenarioError('TypeError', `repeat needs a whole number, not ${textFromValue(most)}`);
  }
  if (count >= most) return jump(frame, exit);
  if (as !== undefined) frame.setLocal(as, count);
  frame.setLocal(counter, count + 1n);
  return FLOW.next;
}

/** The list is made from its text once, as long as the task runs on: not for each of its elements. */
function linkEach({ list, counter, as, exit }: InstructionOf<'each'>): Code {
  let elements: readonly Value[] = [];
  let turn = 0;
  return (frame) => {
    const index = Number(frame.local(counter));
    if (index === 0 || turn !== frame.turn) elements = elementsOf(frame.local(list));
    turn = frame.turn;
    if (index >= elements.length) return jump(frame, exit);
    frame.setLocal(as, elements[index] as Value);
    frame.setLocal(counter, BigInt(index + 1));
    return FLOW.next;
  };
}

/** As Python's `for`: the items of a list, the keys of a map. */
function elementsOf(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'object' && value !== null) return Object.keys(value);
  throw new ScenarioError('TypeError', `${textFromValue(value)} is no list`);
}

function atPoint(point: number, type: number, run: (k: Kernel, task: number, point: number) => void): Code {
  return jumpless((frame) => {
    frame.enter();
    run(frame.k, frame.task, point);
    frame.k.record(type, frame.task, frame.step, 1, point);
    frame.k.leave();
  });
}

function linkAssert({ condition, step }: InstructionOf<'assert'>, bind: Binder): Code {
  const bound = bind(condition);
  return jumpless((frame) => {
    if (holds(bound)) return;
    throw new ScenarioError('AssertionError', frame.plan.steps[step]?.text ?? '');
  });
}

function linkRaise({ name, message }: InstructionOf<'raise'>, bind: Binder): Code {
  const bound = bind(message);
  return () => {
    const value = bound.evaluate();
    if (isError(value)) return raiseAgain(value);
    throw new ScenarioError(name, textFromValue(value));
  };
}

/** What nothing takes is an error of the step that it came from. */
function linkReraise({ slot, isLast }: InstructionOf<'reraise'>): Code {
  return (frame) => {
    if (isLast === true) frame.step = frame.k.words[frame.at + TASK.step] as number;
    return raiseAgain(frame.local(slot));
  };
}

function isError(value: Value): value is ValueMap & { readonly name: string; readonly message: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const map = value as ValueMap;
  return typeof map['name'] === 'string' && typeof map['message'] === 'string';
}

function raiseAgain(value: Value): never {
  if (isError(value)) throw new ScenarioError(value.name, value.message);
  throw new Error('bug in concur: a slot for an error holds none');
}
