/**
 * Steps on tasks: start, join, terminate, kill; and the join of a queue, which waits for its unfinished items.
 *
 * A task with replicas is a loop over their numbers. What `as` stores of a join: the end of one task, or what the function
 * gave where the task is the call of one; a list of them for several; true or false with a timeout, true if all are over.
 */
import type { Path } from '../../../document/document.ts';
import type {
  JoinStep,
  KillStep,
  StartStep,
  TerminateStep,
  Verb,
} from '../../../document/scenario.generated.ts';
import type { Expression } from '../../../expression/expression.ts';
import type { Target } from '../../instruction.ts';
import type { OperationName } from '../../operation.ts';
import { complete } from '../complete.ts';
import { operationOf, type Reference, referenceOf, targetOf } from '../resources/reference.ts';
import type { Label } from '../tasks/program-builder.ts';
import { overReplicas as overGroup } from '../tasks/replicas.ts';
import { joinPool } from './pool-verbs.ts';
import { emitOperation } from './resource-verbs.ts';
import { carried, constant, overSlots, readBefore, resultSlot, type StepContext } from './step-context.ts';
import { type Rule, timed, timeoutField } from './timed.ts';

export function compileStart(context: StepContext, step: StartStep, path: Path): void {
  const { planning } = context;
  const references = referencesOf(context, step.start, path, 'start');
  const input =
    step.input === undefined
      ? constant(null, planning.document.spanAt(path))
      : carried(context, step.input, [...path, 'input']);
  for (const reference of references ?? []) {
    warnOfDaemon(context, reference, path);
    noteStart(context, reference, path);
  }
  if (references === undefined || input === undefined) return;
  for (const reference of references) {
    overReplicas(context, reference, (target) => {
      const operands = [readBefore(context, input)];
      context.builder.emit({ op: 'operate', operation: operationOf(reference), target, operands });
    });
  }
}

function noteStart({ planning, declaration }: StepContext, { binding, which }: Reference, path: Path): void {
  if (binding.kind !== 'group') return;
  const { group, first } = binding;
  const index = which !== 'all' && 'at' in which ? which.at - first : null;
  const span = planning.document.spanAt([...path, 'start'], 'key');
  planning.starts.add({ starter: declaration, group, index, span });
}

/** In Python, the start fails; where that is expected, nothing is said. */
function warnOfDaemon(
  { planning, isDaemonProcess, mayFail }: StepContext,
  { name, binding }: Reference,
  path: Path,
): void {
  if (!isDaemonProcess || mayFail || binding.kind !== 'group' || binding.task !== 'process') return;
  const message = `this task is a daemon process: it cannot start the process \`${name}\``;
  const help = 'the step fails with AssertionError; make this task no daemon, or the other a thread';
  planning.report('daemon-starts-process', planning.document.spanAt([...path, 'start'], 'key'), message, {
    help,
  });
}

export function compileTerminate(context: StepContext, step: TerminateStep, path: Path): void {
  compileEach(context, 'terminate', step.terminate, path);
}

export function compileKill(context: StepContext, step: KillStep, path: Path): void {
  compileEach(context, 'kill', step.kill, path);
}

function compileEach(context: StepContext, verb: Verb, what: string | readonly string[], path: Path): void {
  for (const reference of referencesOf(context, what, path, verb) ?? []) {
    overReplicas(context, reference, (target) => {
      context.builder.emit({ op: 'operate', operation: operationOf(reference), target, operands: [] });
    });
  }
}

export function compileJoin(context: StepContext, step: JoinStep, path: Path): void {
  const references = referencesOf(context, step.join, path, 'join');
  if (references === undefined) return;
  const [only] = references;
  if (only !== undefined && only.binding.kind === 'resource' && typeof step.join === 'string') {
    if (only.deed === 'planned') joinPool(context, only, step, path);
    else joinQueue(context, only, step, path);
  } else if (only !== undefined && typeof step.join === 'string' && only.which !== 'all') {
    joinOne(context, only, step, path);
  } else {
    joinSeveral(context, references, step, path);
  }
}

function joinQueue(context: StepContext, reference: Reference, step: JoinStep, path: Path): void {
  const { planning } = context;
  const operate = { operation: operationOf(reference), target: targetOf(context, reference), operands: [] };
  const { as, ...rest } = step;
  if (as !== undefined) {
    const span = planning.document.spanAt([...path, 'as'], 'key');
    planning.report('no-effect', span, 'joining a queue has no result');
  }
  emitOperation(context, operate, rest, path);
}

function joinOne(context: StepContext, reference: Reference, step: JoinStep, path: Path): void {
  const result = step.as === undefined ? undefined : resultSlot(context, step.as);
  const target = targetOf(context, reference);
  timed(context, step, path, true, (rule) => {
    const isHandle = reference.binding.kind === 'handle';
    const end = isHandle && rule === undefined ? context.builder.hidden('end') : undefined;
    emitJoin(context, operationOf(reference), target, rule, end ?? result);
    if (isHandle) raiseItsError(context, target, end, result);
    if (end !== undefined && result !== undefined) {
      const span = context.planning.document.spanAt(path);
      const expressions = [overSlots(given('end'), { end }, span)];
      context.builder.emit({ op: 'evaluate', expressions, slots: [result] });
    }
  });
}

/** Of the end of work that calls a function, what that gave. */
function given(end: string): string {
  return `(has(${end}.result) ? ${end}.result : ${end})`;
}

/**
 * Who joins work gets its error, as `get` of Python's pools raises it.
 *
 * @param known the slot of its end; where there is none, another join gets it
 * @param over without such a slot: the one that says whether the work is over, if that is not certain
 */
function raiseItsError(
  context: StepContext,
  target: Target,
  known: number | undefined,
  over: number | undefined,
): void {
  const { builder, planning } = context;
  const span = planning.document.spanAt([]);
  const [error, done] = [builder.hidden('error'), builder.label()] as const;
  const end = known ?? builder.hidden('end');
  if (known === undefined) {
    if (over !== undefined) stopUnless(context, over, done);
    emitJoin(context, 'task.join', target, undefined, end);
  }
  const failed = overSlots('end.error != null', { end }, span);
  builder.emitLater((at) => ({ op: 'branch', condition: failed, otherwise: at(done) }));
  builder.emit({ op: 'evaluate', expressions: [overSlots('end.error', { end }, span)], slots: [error] });
  builder.emit({ op: 'reraise', slot: error });
  builder.place(done);
}

function joinSeveral(
  context: StepContext,
  references: readonly Reference[],
  step: JoinStep,
  path: Path,
): void {
  const { builder } = context;
  const result = step.as === undefined ? undefined : resultSlot(context, step.as);
  const done = builder.label();
  timed(context, step, path, true, (single) => {
    const rule = single === undefined ? undefined : ruleForAll(context, single);
    if (result !== undefined)
      builder.emit({ op: 'assign', slot: result, value: rule === undefined ? [] : true });
    for (const reference of references) {
      overReplicas(context, reference, (target) => {
        if (result === undefined || rule !== undefined) {
          emitJoin(context, operationOf(reference), target, rule, result);
          if (result !== undefined) stopUnless(context, result, done);
          if (reference.binding.kind === 'handle') raiseItsError(context, target, undefined, undefined);
        } else {
          const end = builder.hidden('end');
          emitJoin(context, operationOf(reference), target, rule, end);
          const span = context.planning.document.spanAt(path);
          if (reference.binding.kind === 'handle') raiseItsError(context, target, end, undefined);
          const one = reference.binding.kind === 'handle' ? given('end') : 'end';
          const longer = overSlots(`ends + [${one}]`, { ends: result, end }, span);
          builder.emit({ op: 'evaluate', expressions: [longer], slots: [result] });
        }
      });
    }
    builder.place(done);
  });
}

/** One limit for the whole step, set by its first join. */
function ruleForAll({ builder }: StepContext, rule: NonNullable<Rule>): Rule {
  const keep = builder.hidden('limit');
  builder.emit({ op: 'assign', slot: keep, value: null });
  return (at) => ({ ...rule(at), keep });
}

function emitJoin(
  { builder }: StepContext,
  operation: OperationName,
  target: Target,
  rule: Rule,
  result: number | undefined,
): void {
  builder.emitLater((at) => ({
    op: 'operate',
    operation,
    target,
    operands: [],
    ...timeoutField(rule, at),
    ...(result === undefined ? {} : { result }),
  }));
}

/** The first join that is too late is the answer. */
function stopUnless({ builder, planning }: StepContext, answer: number, done: Label): void {
  const condition: Expression = overSlots('over', { over: answer }, planning.document.spanAt([]));
  builder.emitLater((at) => ({ op: 'branch', condition, otherwise: at(done) }));
}

function referencesOf(
  context: StepContext,
  what: string | readonly string[],
  path: Path,
  verb: Verb,
): readonly Reference[] | undefined {
  const references =
    typeof what === 'string'
      ? [referenceOf(context, what, [...path, verb], verb)]
      : what.map((text, index) => referenceOf(context, text, [...path, verb, index], verb));
  const pool = references.findIndex((reference) => reference?.deed === 'planned');
  if (typeof what === 'string' || pool < 0) return complete(references);
  const { document, report } = context.planning;
  const help = 'make two steps of it';
  report('bad-reference', document.spanAt([...path, verb, pool]), 'a pool is joined by a step of its own', {
    help,
  });
  return undefined;
}

/** Once for one task; for all replicas in a loop. */
function overReplicas(context: StepContext, reference: Reference, emit: (target: Target) => void): void {
  const { binding, which } = reference;
  if (which === 'all' && binding.kind === 'group') overGroup(context, binding, emit);
  else emit(targetOf(context, reference));
}
