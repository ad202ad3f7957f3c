/**
 * Every way out of nested steps, against a second definition of what they mean: JavaScript's own `try … finally`.
 *
 * Random trees of `with`, `try`, `atomic`, loops, `break`, `continue`, `return` and `fail` are planned and interpreted here, one
 * instruction at a time; what they print, acquire and release must be what the tree itself does.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEvaluator } from '../../engine/expression/evaluator.ts';
import type { Expression } from '../../engine/expression/expression.ts';
import type { Value, ValueMap } from '../../engine/expression/values/value.ts';
import type { Instruction, Program } from '../../engine/plan/instruction.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { planOf } from './planned.ts';

type Tree =
  | { readonly kind: 'print' | 'fail'; readonly text: string }
  | { readonly kind: 'break' | 'continue' | 'return' }
  | { readonly kind: 'with' | 'repeat' | 'point' | 'atomic'; readonly body: readonly Tree[] }
  | { readonly kind: 'use'; readonly body: readonly Tree[] }
  | {
      readonly kind: 'try';
      readonly body: readonly Tree[];
      readonly caught: readonly Tree[] | undefined;
      readonly last: readonly Tree[] | undefined;
    };

const leaf = fc.oneof(
  fc.record({ kind: fc.constant('print'), text: fc.constantFrom('a', 'b', 'c') }),
  fc.record({ kind: fc.constant('fail'), text: fc.constantFrom('x', 'y') }),
  fc.record({ kind: fc.constantFrom('break', 'continue', 'return') }),
) as fc.Arbitrary<Tree>;

/** What may be part of one moment. */
const { instants } = fc.letrec<{ instants: readonly Tree[]; instant: Tree }>((tie) => ({
  instants: fc.array(tie('instant'), { minLength: 1, maxLength: 3, depthIdentifier: 'instants' }),
  instant: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'instants' },
    leaf,
    fc.record({ kind: fc.constantFrom('repeat', 'point', 'use'), body: tie('instants') }),
  ) as fc.Arbitrary<Tree>,
}));

const { trees } = fc.letrec<{ trees: readonly Tree[]; tree: Tree }>((tie) => {
  const body = tie('trees');
  const maybe = fc.option(body, { nil: undefined });
  return {
    trees: fc.array(tie('tree'), { minLength: 1, maxLength: 3, depthIdentifier: 'steps' }),
    tree: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'steps' },
      leaf,
      fc.record({ kind: fc.constantFrom('with', 'repeat', 'point', 'use'), body }),
      fc.record({ kind: fc.constant('atomic'), body: instants }),
      fc.record({ kind: fc.constant('try'), body, caught: maybe, last: maybe }),
    ) as fc.Arbitrary<Tree>,
  };
});

// The scenario of a tree. JSON is YAML.

function scenarioOf(steps: readonly Tree[]): string {
  const routines: Record<string, unknown> = {};
  const points = { count: 0 };
  const stepOf = (tree: Tree, inLoop: boolean): unknown => {
    const all = (body: readonly Tree[], loop = inLoop) => body.map((step) => stepOf(step, loop));
    switch (tree.kind) {
      case 'print':
      case 'fail':
        return { [tree.kind]: tree.text };
      case 'return':
        return 'return';
      case 'break':
      case 'continue':
        return inLoop ? tree.kind : { print: tree.kind };
      case 'with':
        return { with: 'lock', do: all(tree.body) };
      case 'repeat':
        return { repeat: 2, do: all(tree.body, true) };
      case 'atomic':
        return { atomic: all(tree.body) };
      case 'point':
        points.count += 1;
        return { id: `p${points.count}`, do: all(tree.body) };
      case 'use': {
        const name = `r${Object.keys(routines).length}`;
        routines[name] = [];
        routines[name] = all(tree.body, false);
        return { use: name };
      }
      case 'try':
        return {
          try: all(tree.body),
          catch: {
            ValueError: [{ print: 'another error' }],
            ...(tree.caught === undefined ? {} : { Exception: all(tree.caught) }),
          },
          ...(tree.last === undefined ? {} : { finally: all(tree.last) }),
        };
    }
  };
  const main = steps.map((step) => stepOf(step, false));
  return JSON.stringify({
    concur: 1,
    locks: ['lock'],
    ...(Object.keys(routines).length > 0 ? { routines } : {}),
    main,
  });
}

// What the tree means.

class Break extends Error {}
class Continue extends Error {}
class Return extends Error {}
class Failure extends Error {}

const mostEvents = 300;

class TooLong extends Error {}

function record(events: string[], event: string): void {
  if (events.length >= mostEvents) throw new TooLong();
  events.push(event);
}

function meaningOf(steps: readonly Tree[]): readonly string[] {
  const events: string[] = [];
  const run = (body: readonly Tree[], inLoop: boolean): void => {
    for (const tree of body) runOne(tree, inLoop);
  };
  const runOne = (tree: Tree, inLoop: boolean): void => {
    switch (tree.kind) {
      case 'print':
        record(events, `print ${tree.text}`);
        break;
      case 'fail':
        throw new Failure(tree.text);
      case 'return':
        throw new Return();
      case 'break':
        if (inLoop) throw new Break();
        record(events, 'print break');
        break;
      case 'continue':
        if (inLoop) throw new Continue();
        record(events, 'print continue');
        break;
      case 'with':
        runBetween('acquire', 'release', tree.body, inLoop);
        break;
      case 'point':
        runBetween('enter', 'leave', tree.body, inLoop);
        break;
      case 'repeat':
        runTwice(tree.body);
        break;
      case 'atomic':
        runAtOnce(tree.body, inLoop);
        break;
      case 'use':
        runRoutine(tree.body);
        break;
      case 'try':
        runTry(tree, inLoop);
    }
  };
  const runBetween = (begin: string, end: string, body: readonly Tree[], inLoop: boolean): void => {
    record(events, begin);
    try {
      run(body, inLoop);
    } finally {
      record(events, end);
    }
  };
  /** An error ends the moment without a commit. */
  const runAtOnce = (body: readonly Tree[], inLoop: boolean): void => {
    record(events, 'begin');
    try {
      run(body, inLoop);
    } catch (error) {
      if (!(error instanceof Failure)) record(events, 'commit');
      throw error;
    }
    record(events, 'commit');
  };
  const runTwice = (body: readonly Tree[]): void => {
    for (let round = 0; round < 2; round++) {
      try {
        run(body, true);
      } catch (error) {
        if (error instanceof Break) return;
        if (!(error instanceof Continue)) throw error;
      }
    }
  };
  const runRoutine = (body: readonly Tree[]): void => {
    try {
      run(body, false);
    } catch (error) {
      if (!(error instanceof Return)) throw error;
    }
  };
  const runTry = (tree: Tree & { readonly kind: 'try' }, inLoop: boolean): void => {
    try {
      run(tree.body, inLoop);
    } catch (error) {
      if (!(error instanceof Failure) || tree.caught === undefined) throw error;
      run(tree.caught, inLoop);
    } finally {
      if (tree.last !== undefined) run(tree.last, inLoop);
    }
  };
  try {
    run(steps, false);
    record(events, 'end');
  } catch (error) {
    if (error instanceof Failure) record(events, `failed ${error.message}`);
    else if (error instanceof Return) record(events, 'end');
    else throw error;
  }
  return events;
}

// What the instructions do.

const evaluator = createEvaluator({ random: (min) => min });

function outcomeOf(plan: Plan): readonly string[] {
  const events: string[] = [];
  const program = plan.programs[0]!;
  const slots: Value[] = [];
  let at = 0;
  while (at >= 0) at = step(program, at, slots, events);
  return events;
}

/** One instruction; the place of the next, or -1 at the end. */
function step(program: Program, at: number, slots: Value[], events: string[]): number {
  const instruction = program.instructions[at]!;
  switch (instruction.op) {
    case 'raise': {
      const message = String(slotValue(instruction.message, slots));
      return raised(program, at, slots, events, { name: instruction.name, message });
    }
    case 'reraise':
      return raised(program, at, slots, events, slots[instruction.slot] as ValueMap);
    case 'end':
      record(events, 'end');
      return -1;
    default:
      return plainStep(instruction, at, slots, events);
  }
}

function plainStep(instruction: Instruction, at: number, slots: Value[], events: string[]): number {
  switch (instruction.op) {
    case 'print':
      record(events, `print ${slotValue(instruction.text, slots)}`);
      return at + 1;
    case 'operate':
      record(events, instruction.operation.replace('lock.', ''));
      return at + 1;
    case 'enter':
    case 'leave':
    case 'begin':
    case 'commit':
      record(events, instruction.op);
      return at + 1;
    case 'evaluate':
      instruction.slots.forEach((slot, index) => {
        slots[slot] = slotValue(instruction.expressions[index]!, slots);
      });
      return at + 1;
    case 'assign':
      slots[instruction.slot] = instruction.value;
      return at + 1;
    case 'jump':
      return instruction.to;
    case 'branch':
      return slotValue(instruction.condition, slots) === true ? at + 1 : instruction.otherwise;
    case 'next': {
      const counter = slots[instruction.counter] as bigint;
      if (counter >= (slots[instruction.limit] as bigint)) return instruction.exit;
      slots[instruction.counter] = counter + 1n;
      return at + 1;
    }
    default:
      throw new Error(`not expected here: ${instruction.op}`);
  }
}

function raised(program: Program, at: number, slots: Value[], events: string[], error: ValueMap): number {
  const handler = program.handlers.find(({ from, to }) => from <= at && at < to);
  if (handler === undefined) {
    record(events, `failed ${String(error['message'])}`);
    return -1;
  }
  slots[handler.slot] = error;
  return handler.target;
}

function slotValue(expression: Expression, slots: readonly Value[]): Value {
  const context: Record<string, unknown> = {};
  for (const read of expression.reads) if (read.from === 'local') context[read.name] = slots[read.slot];
  return evaluator.compile(expression)(context);
}

function orTooLong(run: () => readonly string[]): readonly string[] | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof TooLong) return undefined;
    throw error;
  }
}

test('instructions do what the steps mean', () => {
  fc.assert(
    fc.property(trees, (steps) => {
      const expected = orTooLong(() => meaningOf(steps));
      fc.pre(expected !== undefined);
      expect(orTooLong(() => outcomeOf(planOf(scenarioOf(steps))))).toEqual(expected);
    }),
    { numRuns: 400 },
  );
});

test('handlers are ordered from the inside out, and their ranges lie in the program', () => {
  fc.assert(
    fc.property(trees, (steps) => {
      const { handlers, instructions } = planOf(scenarioOf(steps)).programs[0]!;
      expect(instructions.at(-1)?.op).toBe('end');
      handlers.forEach(({ from, to, target }, index) => {
        expect(from).toBeLessThan(to);
        expect(to).toBeLessThanOrEqual(instructions.length);
        expect(target).toBeLessThan(instructions.length);
        for (const later of handlers.slice(index + 1)) {
          const isInside = from <= later.from && later.to <= to && to - from > later.to - later.from;
          expect(isInside).toBe(false);
        }
      });
    }),
    { numRuns: 100 },
  );
});
