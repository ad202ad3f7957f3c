/**
 * Expressions bound to a frame: compiled once, their context filled from frame and kernel at each evaluation.
 *
 * All shared reads of one expression are one snapshot, taken in the critical section; evaluation is outside of it. Whoever
 * writes what was computed compares the stamps of what was read, and computes again if they changed.
 */

import { createEvaluator } from '../expression/evaluator.ts';
import type { Expression, Read } from '../expression/expression.ts';
import type { Value } from '../expression/values/value.ts';
import { TASK } from '../kernel/memory/layout.ts';
import { cellAt, logRead, versionAt } from '../kernel/primitives/variable.ts';
import { FALSE_WORD, inlineWord, TRUE_WORD } from '../log/inline-value.ts';
import { int } from '../log/int.ts';
import { groupAttributes, pointAttributes, resourceAttributes } from './attribute.ts';
import { truth } from './code.ts';
import type { Frame } from './frame.ts';
import { type WordExpression, wordExpression } from './word-expression.ts';

export type BoundExpression = {
  readonly isShared: boolean;
  /** Fills the context from what needs no critical section. */
  readonly prepare: () => void;
  /** Fills the context from shared state, in the critical section, and logs the reads. */
  readonly snapshot: () => void;
  /** Whether what `snapshot` saw still stands; in the critical section. */
  readonly isUnchanged: () => boolean;
  /** After `prepare` and `snapshot`. @throws ScenarioError */
  readonly compute: () => Value;
  /** All of it, with a critical section of its own where it is needed. @throws ScenarioError */
  readonly evaluate: () => Value;
  /** In a search, where it can be computed so: see `word-expression.ts`. */
  readonly word: WordExpression | undefined;
};

export type Binder = (expression: Expression) => BoundExpression;

type Context = Record<string, unknown>;

/** How one name is read; `logs` if reading it makes a record; `stamp` is equal as long as the same would be read again. */
type Reader = {
  readonly shared: boolean;
  readonly logs?: true;
  readonly fill: (context: Context) => void;
  readonly stamp: () => number | string;
};

export function createExpressionBinder(frame: Frame): Binder {
  const evaluator = createEvaluator({
    random: (min, max) => drawInteger(frame, min, max),
    note: (us) => frame.noteMoment(us),
    meter: frame.meter,
  });
  const wordOf = (expression: Expression): WordExpression | undefined => {
    const { constant } = expression;
    if (constant === undefined) return wordExpression(frame, expression, evaluator.parse(expression));
    const word = inlineWord(constant);
    return word === undefined ? undefined : () => word;
  };
  return (expression) => {
    const { constant } = expression;
    // Whoever hears of reads hears of all of them.
    const word = frame.k.hearsReads ? undefined : wordOf(expression);
    if (constant !== undefined) return simpleExpression(() => constant, word);
    const slot = slotOf(expression);
    if (slot !== undefined) return simpleExpression(() => frame.local(slot), word);
    const readers = expression.reads.map((read) => createReader(frame, read));
    return { ...bind(frame, evaluator.compile(expression), readers), word };
  };
}

function drawInteger(frame: Frame, min: bigint, max: bigint): bigint {
  const span = Number(max - min) + 1;
  const chosen = frame.identity.choose?.(span);
  if (chosen !== undefined) return min + BigInt(chosen);
  const drawn = Math.floor(frame.random() * span);
  frame.identity.drew?.(drawn);
  return min + BigInt(drawn);
}

/** The slot that it is the name of, where it is nothing but the name of a local. */
export function slotOf({ cel, reads }: Expression): number | undefined {
  const [read] = reads;
  return read?.from === 'local' && read.name === cel ? read.slot : undefined;
}

/** Of a condition. @throws ScenarioError `TypeError` where it is no boolean, and whatever else evaluating it comes to */
export function holds({ word, evaluate }: BoundExpression): boolean {
  const known = word?.();
  if (known === TRUE_WORD) return true;
  return known === FALSE_WORD ? false : truth(evaluate());
}

/** What needs no evaluation. */
function simpleExpression(give: () => Value, word: WordExpression | undefined): BoundExpression {
  const nothing = (): void => {};
  return {
    isShared: false,
    prepare: nothing,
    snapshot: nothing,
    isUnchanged: () => true,
    compute: give,
    evaluate: give,
    word,
  };
}

function bind(
  frame: Frame,
  run: (context: Context) => Value,
  readers: readonly Reader[],
): Omit<BoundExpression, 'word'> {
  const context: Context = {};
  const own = readers.filter((reader) => !reader.shared);
  const shared = readers.filter((reader) => reader.shared);
  const stamps: (number | string)[] = [];
  const isShared = shared.length > 0;
  const fillShared = (): void => {
    let logged = false;
    for (let index = 0; index < shared.length; index++) {
      const reader = shared[index] as Reader;
      if (logged && reader.logs) frame.k.ring.joinNext();
      reader.fill(context);
      logged ||= reader.logs === true;
    }
  };
  const fillOwn = (): void => {
    for (let index = 0; index < own.length; index++) (own[index] as Reader).fill(context);
  };
  const snapshot = (): void => {
    fillShared();
    for (let index = 0; index < shared.length; index++) stamps[index] = (shared[index] as Reader).stamp();
  };
  const compute = (): Value => run(context);
  return {
    isShared,
    prepare: fillOwn,
    snapshot,
    isUnchanged: () => shared.every((reader, index) => reader.stamp() === stamps[index]),
    compute,
    evaluate: () => {
      fillOwn();
      if (isShared) {
        frame.enter();
        fillShared();
        frame.k.leave();
      }
      return compute();
    },
  };
}

function createReader(frame: Frame, read: Read): Reader {
  switch (read.from) {
    case 'constant':
      return own((context) => {
        context[read.name] = read.value;
      });
    case 'local':
      return own((context) => {
        context[read.name] = frame.local(read.slot);
      });
    case 'now':
      return own((context) => {
        context[read.name] = frame.k.now / 1e6;
      });
    case 'env': {
      // Of what a process has, expressions take plain maps only.
      const plain = { ...frame.identity.env };
      return own((context) => {
        context[read.name] = plain;
      });
    }
    case 'task':
      return taskReader(frame, read.name);
    case 'variable':
      return variableReader(frame, read.name, read.variable);
    case 'resource':
      return attributeReader(read.name, resourceAttributes(frame.k, read));
    case 'group':
      return attributeReader(read.name, groupAttributes(frame.k, read));
    case 'point':
      return attributeReader(read.name, pointAttributes(frame.k, read));
    default:
      return read satisfies never;
  }
}

function own(fill: (context: Context) => void): Reader {
  return { shared: false, fill, stamp: () => 0 };
}

/** What is read afresh and compared as text: few values, and only where something waits for them. */
function attributeReader(name: string, read: () => unknown): Reader {
  return {
    shared: true,
    fill: (context) => {
      context[name] = read();
    },
    stamp: () =>
      JSON.stringify(read(), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  };
}

function variableReader(frame: Frame, name: string, variable: number): Reader {
  const { k, plan } = frame;
  const declared = plan.variables[variable];
  const cells = declared?.initial.length ?? 1;
  return {
    shared: true,
    logs: true,
    fill: (context) => {
      const at = cellAt(k, frame.process, variable);
      context[name] = declared?.array ? listOf(frame, at, cells) : k.value(int(k.words[at]));
      logRead(k, frame.task, frame.step, frame.process, variable);
    },
    stamp: () => int(k.words[versionAt(k, frame.process, variable)]),
  };
}

function listOf(frame: Frame, at: number, cells: number): Value {
  return Array.from({ length: cells }, (_, cell) => frame.k.value(int(frame.k.words[at + cell])));
}

function taskReader(frame: Frame, name: string): Reader {
  return own((context) => {
    const { k, task, process } = frame;
    const declared = k.plan.tasks[task];
    context[name] = {
      name: declared?.name ?? '',
      index: BigInt(declared?.index ?? 0),
      item: declared?.item ?? null,
      input: k.value(int(k.words[frame.at + TASK.input])),
      pid: BigInt(frame.identity.pidOf(process)),
      thread: BigInt(task),
      daemon: k.words[frame.at + TASK.daemon] === 1,
    };
  });
}
