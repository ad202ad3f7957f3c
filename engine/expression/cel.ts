/**
 * The expression language: CEL with the additions of the scenario language, one environment for all expressions.
 *
 * Added for users: `range`, `min`, `max`, `sum`, `distinct`, `random`. Added for the planner's own text: `text` (how a
 * template shows a value), `pick` (`choose`), `walk` (counts what a comprehension goes through, so that nested ones end),
 * `weigh` (counts what one operation in it looks through), `due` (a comparison with the time, which tells when it changes).
 * `duration` and all else are CEL's own. `matches` is replaced by one that cannot hang, and text is ordered and counted by
 * code points.
 */
import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { expandDue, type NoteMoment } from './functions/due.ts';
import { matchesPattern } from './functions/pattern.ts';
import { sizeOf } from './functions/size.ts';
import { compareText, useCodePoints } from './functions/text-order.ts';
import { expandWeigh } from './functions/weigh.ts';
import type { Meter } from './meter.ts';
import { distinctOf } from './values/distinct.ts';
import { ScenarioError } from './values/scenario-error.ts';
import type { Value, ValueList } from './values/value.ts';
import { valueFromResult } from './values/value-from-result.ts';
import { textFromValue, typeOf } from './values/value-text.ts';

/** An expression, taken apart by the parser of the expression language. */
export type SyntaxTree = ASTNode;

export type RandomInteger = (min: bigint, max: bigint) => bigint;

export type Cel = {
  readonly environment: Environment;
  /** Gives the next evaluation its full allowance of elements. */
  begin(): void;
  /** Throws if an evaluation had more than that, also where `||` or `&&` took no notice of it. */
  finish(): void;
};

/** How many elements the comprehensions and ranges of one evaluation may go through together. */
const mostElements = 1_000_000;

/** Functions that are in the environment but not for scenarios to call. */
export const internalFunctions: ReadonlySet<string> = new Set(['text', 'pick', 'walk', 'weigh', 'due']);

/** Literals may be as long as data in a file is; nesting is bounded, as the parser recurses. */
const limits = { maxAstNodes: 1_000_000, maxDepth: 250, maxListElements: 100_000, maxMapEntries: 100_000 };

export type CelHooks = {
  readonly random: RandomInteger;
  /** Without it, nobody wants to know when a comparison with the time changes. */
  readonly note?: NoteMoment;
  /** Counts what evaluations go through. */
  readonly meter?: Meter;
};

export function createCel({ random, note, meter = { spent: 0 } }: CelHooks): Cel {
  let elements = 0;
  // Thrown again and again where an expression takes no notice: to make one takes longer than all else.
  const tooMany = new ScenarioError(
    'ValueError',
    `an expression may go through ${mostElements} elements, not more`,
  );
  const charge = (count: number): void => {
    elements += count;
    meter.spent += count;
    if (elements > mostElements) throw tooMany;
  };
  const environment = new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    limits,
  });
  addLists(environment, charge);
  addNumbers(environment, random, charge);
  environment.registerFunction(
    'text(dyn): string',
    (value: unknown) => textFromValue(valueFromResult(value)),
    sync,
  );
  environment.registerFunction('list.matches(ast): bool', expandMatches, sync);
  environment.registerFunction('due(ast): bool', expandDue(note), sync);
  environment.registerFunction('weigh(ast): dyn', expandWeigh(charge), sync);
  useCodePoints(environment);
  return {
    environment,
    begin: () => {
      elements = 0;
    },
    finish: () => {
      if (elements > mostElements) throw tooMany;
    },
  };
}

const sync = { async: false } as const;

function addLists(environment: Environment, charge: (count: number) => void): void {
  const walk = (value: unknown, weight = 1n): unknown => {
    charge(sizeOf(value) + elementsIn(value) * (Number(weight) - 1));
    return value;
  };
  environment.registerFunction('walk(list<V>): list<V>', walk, sync);
  environment.registerFunction('walk(map<K, V>): map<K, V>', walk, sync);
  // What is done for each element is so much that it counts several times.
  environment.registerFunction('walk(list<V>, int): list<V>', walk, sync);
  environment.registerFunction('walk(map<K, V>, int): map<K, V>', walk, sync);
  const range = (count: bigint): readonly bigint[] => {
    charge(Number(count > 0n ? count : 0n));
    return Array.from({ length: Number(count > 0n ? count : 0n) }, (_, index) => BigInt(index));
  };
  environment.registerFunction('range(int): list<int>', range, sync);
  const distinct = (list: readonly unknown[]): readonly unknown[] => {
    charge(list.length >> 1);
    return distinctOf(list);
  };
  environment.registerFunction('distinct(list<V>): list<V>', distinct, sync);
}

function elementsIn(value: unknown): number {
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}

function addNumbers(environment: Environment, random: RandomInteger, charge: (count: number) => void): void {
  for (const [name, wanted] of [
    ['min', -1],
    ['max', 1],
  ] as const) {
    const extreme = (...values: readonly unknown[]): Value => {
      const list = values.map(valueFromResult);
      return extremeOf(name, wanted, list);
    };
    const ofList = (list: readonly unknown[]): Value => {
      charge(list.length >> 2);
      return extremeOf(name, wanted, list.map(valueFromResult));
    };
    environment.registerFunction(`${name}(list): dyn`, ofList, sync);
    environment.registerFunction(`${name}(dyn, dyn): dyn`, extreme, sync);
    environment.registerFunction(`${name}(dyn, dyn, dyn): dyn`, extreme, sync);
  }
  const sum = (list: readonly unknown[]): Value => {
    charge(list.length >> 2);
    return sumOf(list.map(valueFromResult));
  };
  environment.registerFunction('sum(list): dyn', sum, sync);
  const between = (min: bigint, max: bigint): bigint => {
    if (min <= max) return random(min, max);
    throw new ScenarioError('ValueError', `random(${min}, ${max}): the first is greater than the second`);
  };
  environment.registerFunction('random(int, int): int', between, sync);
  const pick = (list: readonly unknown[]): unknown => {
    if (list.length > 0) return list[Number(random(0n, BigInt(list.length - 1)))];
    throw new ScenarioError('IndexError', 'cannot choose from an empty list');
  };
  environment.registerFunction('pick(list): dyn', pick, sync);
}

function extremeOf(name: string, wanted: number, list: ValueList): Value {
  const [first, ...rest] = list;
  if (first === undefined) throw new ScenarioError('ValueError', `${name}() of an empty list`);
  let best = first;
  compare(name, first, first);
  for (const value of rest) if (compare(name, value, best) === wanted) best = value;
  return best;
}

function compare(name: string, a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return Math.sign(compareText(a, b));
  if (!isNumber(a) || !isNumber(b))
    throw new ScenarioError('TypeError', `${name}() cannot compare ${typeOf(a)} and ${typeOf(b)}`);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Integers stay exact; a double among them makes the sum a double. */
function sumOf(list: ValueList): Value {
  let whole = 0n;
  let rest = 0;
  let isDouble = false;
  for (const value of list) {
    if (typeof value === 'bigint') whole += value;
    else if (typeof value === 'number') {
      rest += value;
      isDouble = true;
    } else throw new ScenarioError('TypeError', `sum() adds numbers, not ${typeOf(value)}`);
  }
  return isDouble ? Number(whole) + rest : valueFromResult(whole);
}

function isNumber(value: Value): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}

type Checker = {
  check(node: ASTNode, context: unknown): { readonly kind: string; readonly name: string };
  getType(name: string): unknown;
  createError(code: string, message: string, node: ASTNode): Error;
};
type Runner = { run(node: ASTNode, context: unknown): unknown };
type Call = { readonly receiver: ASTNode; readonly args: readonly [ASTNode] };

/**
 * `text.matches(pattern)`, as a macro: macros are found by their name alone, so this one stands before the library's
 * function, which would hand any pattern to the engine that backtracks.
 */
function expandMatches({ receiver, args }: Call): object {
  const operands = [receiver, args[0]] as const;
  return {
    async: false,
    typeCheck(checker: Checker, _macro: unknown, context: unknown): unknown {
      for (const operand of operands) {
        const type = checker.check(operand, context);
        if (type.kind === 'dyn' || type.name === 'string') continue;
        throw checker.createError(
          'no_matching_overload',
          `matches() works on text, not on ${type.name}`,
          operand,
        );
      }
      return checker.getType('bool');
    },
    evaluate(runner: Runner, _macro: unknown, context: unknown): boolean {
      const [text, pattern] = operands.map((operand) => runner.run(operand, context));
      if (typeof text === 'string' && typeof pattern === 'string') return matchesPattern(text, pattern);
      throw new ScenarioError('TypeError', 'matches() works on text');
    },
  };
}
