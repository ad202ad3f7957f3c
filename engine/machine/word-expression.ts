/**
 * Expressions over words: what computes with small integers and booleans alone, without the values that CEL wants.
 *
 * Where an operand is anything else, or a result does not fit, it gives `NOT_SO`, and the expression is evaluated as it
 * always is: so its failures and its large numbers are CEL's. A search evaluates the same few expressions in each of a
 * million states; nothing is logged there, so nothing has to be told of what is read.
 */

import type { SyntaxTree } from '../expression/cel.ts';
import type { Expression, Read } from '../expression/expression.ts';
import { cellAt } from '../kernel/primitives/variable.ts';
import { FALSE_WORD, inlineWord, isReference, TRUE_WORD } from '../log/inline-value.ts';
import { int } from '../log/int.ts';
import type { Frame } from './frame.ts';

/** No value has this word. */
export const NOT_SO = -1;

export type WordExpression = () => number;

const LEAST = -(2 ** 31);
const MOST = 2 ** 31 - 2;

/** Undefined where something in it is not computed so. */
export function wordExpression(
  frame: Frame,
  { reads }: Expression,
  tree: SyntaxTree,
): WordExpression | undefined {
  const named = new Map(reads.map((read) => [read.name, read]));
  return compile(frame, named, tree);
}

type Named = ReadonlyMap<string, Read>;

function compile(frame: Frame, named: Named, { op, args }: SyntaxTree): WordExpression | undefined {
  if (op === 'value') return constant(args);
  if (op === 'id') return typeof args === 'string' ? readerOf(frame, named.get(args)) : undefined;
  if (op === '.') return attributeOf(named, args, frame);
  if (op === 'call') return weighed(frame, named, args);
  const parts = (Array.isArray(args) ? args : [args]) as readonly SyntaxTree[];
  if (!OPERATORS.has(op)) return undefined;
  const compiled = parts.map((part) => compile(frame, named, part));
  const [one, two, three] = compiled;
  if (one === undefined || compiled.includes(undefined)) return undefined;
  if (op === '?:') return two === undefined || three === undefined ? undefined : choice(one, two, three);
  if (two === undefined) return op === '!_' ? negation(one) : opposite(one);
  return binary(op, one, two);
}

/** A number or a truth weighs nothing. */
function weighed(frame: Frame, named: Named, args: unknown): WordExpression | undefined {
  const [name, [of]] = args as readonly [string, readonly SyntaxTree[]];
  return name === 'weigh' && of !== undefined ? compile(frame, named, of) : undefined;
}

const OPERATORS = new Set([
  ...['+', '-', '*', '%', '<', '<=', '>', '>='],
  ...['==', '!=', '&&', '||', '!_', '-_', '?:'],
]);

function constant(value: unknown): WordExpression | undefined {
  if (typeof value !== 'bigint' && typeof value !== 'boolean') return undefined;
  const word = inlineWord(value);
  return word === undefined ? undefined : () => word;
}

function readerOf(frame: Frame, read: Read | undefined): WordExpression | undefined {
  const { k, plan } = frame;
  switch (read?.from) {
    case 'constant':
      return constant(read.value);
    case 'local': {
      const { slot } = read;
      return () => known(int(k.words[frame.slots + slot]));
    }
    case 'variable': {
      const { variable } = read;
      const declared = plan.variables[variable];
      if (declared === undefined || declared.array) return undefined;
      const cell = cellAt(k, 0, variable);
      if (declared.shared || plan.processes === 1) return () => known(int(k.words[cell]));
      return () => known(int(k.words[cellAt(k, frame.process, variable)]));
    }
    default:
      return undefined;
  }
}

function known(word: number): number {
  return isReference(word) ? NOT_SO : word;
}

/** `task.index` is the same for a task all along. */
function attributeOf(named: Named, args: unknown, frame: Frame): WordExpression | undefined {
  const [of, name] = args as readonly [SyntaxTree, unknown];
  if (of.op !== 'id' || name !== 'index' || named.get(String(of.args))?.from !== 'task') return undefined;
  const words = Int32Array.from(frame.plan.tasks, ({ index }) => index << 1);
  return () => int(words[frame.task]);
}

function isWhole(word: number): boolean {
  return (word & 1) === 0;
}

function isTruth(word: number): boolean {
  return word === TRUE_WORD || word === FALSE_WORD;
}

function truthWord(holds: boolean): number {
  return holds ? TRUE_WORD : FALSE_WORD;
}

function fitting(word: number): number {
  return word >= LEAST && word <= MOST ? word : NOT_SO;
}

function choice(condition: WordExpression, then: WordExpression, other: WordExpression): WordExpression {
  return () => {
    const word = condition();
    if (word === TRUE_WORD) return then();
    return word === FALSE_WORD ? other() : NOT_SO;
  };
}

function negation(of: WordExpression): WordExpression {
  return () => {
    const word = of();
    return isTruth(word) ? truthWord(word === FALSE_WORD) : NOT_SO;
  };
}

function opposite(of: WordExpression): WordExpression {
  return () => {
    const word = of();
    return isWhole(word) ? fitting(-word) : NOT_SO;
  };
}

function binary(op: string, one: WordExpression, two: WordExpression): WordExpression | undefined {
  switch (op) {
    case '+':
      return whole(one, two, (a, b) => fitting(a + b));
    case '-':
      return whole(one, two, (a, b) => fitting(a - b));
    case '*':
      return whole(one, two, (a, b) => fitting((a / 2) * b));
    case '%':
      return whole(one, two, (a, b) => (a >= 0 && b > 0 ? a % b : NOT_SO));
    case '<':
      return whole(one, two, (a, b) => truthWord(a < b));
    case '<=':
      return whole(one, two, (a, b) => truthWord(a <= b));
    case '>':
      return whole(one, two, (a, b) => truthWord(a > b));
    case '>=':
      return whole(one, two, (a, b) => truthWord(a >= b));
    case '==':
      return alike(one, two, true);
    case '!=':
      return alike(one, two, false);
    case '&&':
      return shortcut(one, two, FALSE_WORD);
    case '||':
      return shortcut(one, two, TRUE_WORD);
    default:
      return undefined;
  }
}

function whole(
  one: WordExpression,
  two: WordExpression,
  compute: (a: number, b: number) => number,
): WordExpression {
  return () => {
    const a = one();
    const b = two();
    return isWhole(a) && isWhole(b) ? compute(a, b) : NOT_SO;
  };
}

/** Two whole numbers or two truths; what differs in kind is CEL's to compare. */
function alike(one: WordExpression, two: WordExpression, isSame: boolean): WordExpression {
  return () => {
    const a = one();
    const b = two();
    const isKnown = (isWhole(a) && isWhole(b)) || (isTruth(a) && isTruth(b));
    return isKnown ? truthWord((a === b) === isSame) : NOT_SO;
  };
}

/** `&&` and `||`: where the first decides, the second is not looked at. */
function shortcut(one: WordExpression, two: WordExpression, decides: number): WordExpression {
  return () => {
    const a = one();
    if (a === decides) return a;
    if (!isTruth(a)) return NOT_SO;
    const b = two();
    return isTruth(b) ? b : NOT_SO;
  };
}
