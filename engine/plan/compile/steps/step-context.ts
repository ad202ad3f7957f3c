/**
 * What the compilers of steps work with: the program being built, the names in scope, and the way to compile the steps
 * inside a step.
 */
import type { Path } from '../../../document/document.ts';
import { parseDuration } from '../../../document/duration.ts';
import type { Data, Defaults, Steps } from '../../../document/scenario.generated.ts';
import type { Part, Want } from '../../../expression/compose-expression.ts';
import type { Duration, Expression, Read } from '../../../expression/expression.ts';
import type { Scope } from '../../../expression/scope.ts';
import type { Value } from '../../../expression/values/value.ts';
import { literalFromValue } from '../../../expression/values/value-text.ts';
import { draws, isShared, isVisibleExpression } from '../../../expression/visible.ts';
import { lengthOrReport } from '../constants.ts';
import type { Planning } from '../planning.ts';
import type { TaskScope } from '../resources/name-table.ts';
import type { ProgramBuilder } from '../tasks/program-builder.ts';
import type { Declaration } from '../tasks/task-table.ts';

export type StepContext = {
  readonly planning: Planning;
  readonly builder: ProgramBuilder;
  /** The names around each routine. */
  readonly names: Scope;
  readonly scope: TaskScope;
  /** Whose program it is. */
  readonly declaration: Declaration;
  /** The tasks that run this are daemon processes. */
  readonly isDaemonProcess: boolean;
  /** What commands run in: that of all tasks, then that of this one. */
  readonly surroundings: readonly Surroundings[];
  /** Inside `atomic`. */
  readonly isAtomic: boolean;
  /** What is done after the run. */
  readonly isTeardown: boolean;
  /** How often one task comes here at most; undefined where that is not known. */
  readonly rounds: number | undefined;
  /** The routines that are being put in place, the outermost first. */
  readonly routines: readonly string[];
  /** Errors of these steps are expected: they are caught, or asked for by `raises`. */
  readonly mayFail: boolean;
  steps(context: StepContext, steps: Steps, path: Path): void;
};

/** `env`, `cwd`, `shell` and `stop` of a task or of `defaults`. */
export type Surroundings = {
  readonly written: Pick<Defaults, 'env' | 'cwd' | 'shell' | 'stop'>;
  readonly path: Path;
};

/** The context of what is done `times` times. */
export function repeated(context: StepContext, times: number | undefined): StepContext {
  const { rounds } = context;
  return { ...context, rounds: rounds === undefined || times === undefined ? undefined : rounds * times };
}

/** An expression of a step; the resources that it reads are marked as used. */
export function computed(context: StepContext, data: Data, path: Path, want?: Want): Expression | undefined {
  return used(context, context.planning.composer.compute({ data, path }, context.scope, want));
}

export function carried(context: StepContext, data: Data, path: Path): Expression | undefined {
  return used(context, context.planning.composer.carry({ data, path }, context.scope));
}

export function carriedText(context: StepContext, part: Part): Expression | undefined {
  return used(context, context.planning.composer.carryText(part, context.scope));
}

/** A place in which a list is data. */
export function computedData(context: StepContext, part: Part, want?: Want): Expression | undefined {
  return used(context, context.planning.composer.computeData(part, context.scope, want));
}

export function used<E extends Expression | undefined>(
  { planning }: Pick<StepContext, 'planning'>,
  expression: E,
): E {
  for (const read of expression?.reads ?? [])
    if (read.from === 'resource') planning.uses.add(read.first, 'read');
  return expression;
}

/** A length of time: fixed if it is known now, otherwise computed when it is due. */
export function durationOf(context: StepContext, text: string, path: Path): Duration | undefined {
  const length = parseDuration(text);
  if (length !== undefined) return { kind: 'fixed', ...length };
  const expression = carried(context, text, path);
  if (expression === undefined) return undefined;
  if (expression.constant === undefined) return { kind: 'computed', expression };
  const found = lengthOrReport(expression.constant, () => expression.span, context.planning.report);
  return found === undefined ? undefined : { kind: 'fixed', ...found };
}

/** The slot of a step's result, whose name is known from here on. */
export function resultSlot({ builder, scope }: StepContext, name: string): number {
  const slot = builder.local(scope.slotName(name));
  scope.declare(name, slot);
  return slot;
}

/** An expression of the planner's own, over slots. */
export function overSlots(
  cel: string,
  slots: Readonly<Record<string, number>>,
  span: Expression['span'],
): Expression {
  const reads = Object.entries(slots).map(([name, slot]): Read => ({ from: 'local', name, slot }));
  return { cel, span, reads };
}

export function constant(value: Value, span: Expression['span']): Expression {
  return { cel: literalFromValue(value), span, reads: [], constant: value };
}

/**
 * What others can see or change is read in a moment before the operation that needs it, and kept while that waits: so runs
 * and searches find the same in between.
 */
export function readBefore({ builder }: StepContext, expression: Expression): Expression {
  if (!isVisibleExpression(expression)) return expression;
  const operand = builder.hidden('operand');
  builder.emit({ op: 'evaluate', expressions: [expression], slots: [operand] });
  return overSlots('operand', { operand }, expression.span);
}

/**
 * The same for a text that is printed. Of one that reads vars only these are kept, and it is put together when it is
 * printed: what it says of the task itself then tells no replicas apart before that.
 */
export function readBeforePrint(context: StepContext, text: Expression): Expression {
  const { builder } = context;
  const vars = text.reads.filter(isShared);
  if (vars.length === 0 || draws(text.cel) || vars.some(({ from }) => from !== 'variable'))
    return readBefore(context, text);
  const slots = vars.map(() => builder.hidden('printed'));
  const { span } = text;
  builder.emit({
    op: 'evaluate',
    expressions: vars.map((read) => ({ cel: read.name, span, reads: [read] })),
    slots,
  });
  const kept = vars.map(({ name }, index): Read => ({ from: 'local', name, slot: slots[index] as number }));
  return { ...text, reads: [...text.reads.filter((read) => !isShared(read)), ...kept] };
}
