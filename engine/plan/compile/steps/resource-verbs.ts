/**
 * Steps that are one operation on a resource: on locks, semaphores, queues, events, pipes and barriers.
 */
import type { Path } from '../../../document/document.ts';
import type {
  AbortStep,
  AcquireStep,
  ClearStep,
  Data,
  GetStep,
  PutStep,
  ReceiveStep,
  ReleaseStep,
  ResetStep,
  SendStep,
  SignalStep,
  TaskDoneStep,
  Verb,
} from '../../../document/scenario.generated.ts';
import type { Expression } from '../../../expression/expression.ts';
import type { Target } from '../../instruction.ts';
import { OPERANDS, type OperationName, operations } from '../../operation.ts';
import { operationOf, type Reference, referenceOf, targetOf } from '../resources/reference.ts';
import { amountOf } from './amount.ts';
import { carried, constant, readBefore, resultSlot, type StepContext } from './step-context.ts';
import { type Timed, timed, timeoutField } from './timed.ts';

export function compileAcquire(context: StepContext, step: AcquireStep, path: Path): void {
  const reference = referenceOf(context, step.acquire, [...path, 'acquire'], 'acquire');
  const operands = permitsOf(context, reference, step.permits, path);
  if (reference !== undefined && operands !== undefined) operate(context, reference, operands, step, path);
}

export function compileRelease(context: StepContext, step: ReleaseStep, path: Path): void {
  const reference = referenceOf(context, step.release, [...path, 'release'], 'release');
  const operands = permitsOf(context, reference, step.permits, path);
  if (reference !== undefined && operands !== undefined) operate(context, reference, operands, {}, path);
}

/** Semaphores take how many; for locks `permits` has no meaning. */
export function permitsOf(
  context: StepContext,
  reference: Reference | undefined,
  permits: Data | undefined,
  path: Path,
): readonly Expression[] | undefined {
  const { planning } = context;
  const isSemaphore = reference?.binding.kind === 'resource' && reference.binding.resource === 'semaphore';
  if (permits === undefined) return isSemaphore ? [constant(1n, planning.document.spanAt(path))] : [];
  const count = amountOf(context, permits, [...path, 'permits'], { least: 1, isErrorOfStep: true });
  if (reference === undefined || count === undefined) return undefined;
  if (isSemaphore) return [count];
  planning.report(
    'no-effect',
    planning.document.spanAt([...path, 'permits'], 'key'),
    'only a semaphore has `permits`',
  );
  return undefined;
}

export function compilePut(context: StepContext, step: PutStep, path: Path): void {
  const { planning } = context;
  const reference = referenceOf(context, step.put, [...path, 'put'], 'put');
  const item = carried(context, step.item, [...path, 'item']);
  const span = planning.document.spanAt([...path, 'priority'], 'key');
  const priority =
    step.priority === undefined
      ? constant(0n, span)
      : amountOf(context, step.priority, [...path, 'priority'], OPERANDS);
  if (reference === undefined || item === undefined || priority === undefined) return;
  if (step.priority !== undefined && !isPriorityQueue(context, reference)) {
    const help = `give it \`kind: priority\``;
    planning.report('no-effect', span, `\`${reference.name}\` is not a priority queue`, { help });
    return;
  }
  operate(context, reference, [item, priority], step, path);
}

function isPriorityQueue({ planning }: StepContext, { name }: Reference): boolean {
  return planning.scenario.queues?.[name]?.kind === 'priority';
}

export function compileGet(context: StepContext, step: GetStep, path: Path): void {
  const reference = referenceOf(context, step.get, [...path, 'get'], 'get');
  if (reference !== undefined) operate(context, reference, [], step, path);
}

export function compileTaskDone(context: StepContext, step: TaskDoneStep, path: Path): void {
  compilePlain(context, 'task_done', step.task_done, path);
}

export function compileSignal(context: StepContext, step: SignalStep, path: Path): void {
  compilePlain(context, 'signal', step.signal, path);
}

export function compileClear(context: StepContext, step: ClearStep, path: Path): void {
  compilePlain(context, 'clear', step.clear, path);
}

function compilePlain(context: StepContext, verb: Verb, text: string, path: Path): void {
  const reference = referenceOf(context, text, [...path, verb], verb);
  if (reference !== undefined) operate(context, reference, [], {}, path);
}

export function compileReset(context: StepContext, step: ResetStep, path: Path): void {
  compilePlain(context, 'reset', step.reset, path);
}

export function compileAbort(context: StepContext, step: AbortStep, path: Path): void {
  compilePlain(context, 'abort', step.abort, path);
}

export function compileSend(context: StepContext, step: SendStep, path: Path): void {
  const { document, report } = context.planning;
  if (step.timeout !== undefined) {
    const help = 'a pipe has room for all that is sent; a queue can have a `capacity`';
    report('no-effect', document.spanAt([...path, 'timeout'], 'key'), 'a `send` never waits', { help });
  }
  const reference = referenceOf(context, step.send, [...path, 'send'], 'send');
  const item = carried(context, step.item, [...path, 'item']);
  if (reference !== undefined && item !== undefined) operate(context, reference, [item], step, path);
}

export function compileReceive(context: StepContext, step: ReceiveStep, path: Path): void {
  const reference = referenceOf(context, step.receive, [...path, 'receive'], 'receive');
  if (reference !== undefined) operate(context, reference, [], step, path);
}

/** The operation on one thing, with its timeout and its result. */
export function operate(
  context: StepContext,
  reference: Reference,
  operands: readonly Expression[],
  step: Timed,
  path: Path,
): void {
  const target = targetOf(context, reference);
  emitOperation(context, { operation: operationOf(reference), target, operands }, step, path);
}

export type Operate = {
  readonly operation: OperationName;
  readonly target: Target;
  readonly operands: readonly Expression[];
};

/** Without a timeout, an operation that answers yes or no answers yes. */
export function emitOperation(context: StepContext, operate: Operate, step: Timed, path: Path): void {
  const { builder } = context;
  const answers = operations[operate.operation].boolean;
  const result = step.as === undefined ? undefined : resultSlot(context, step.as);
  const operands = operate.operands.map((operand) => readBefore(context, operand));
  const isPlainYes = answers && step.timeout === undefined;
  timed(context, step, path, answers, (rule) => {
    builder.emitLater((at) => ({
      op: 'operate',
      ...operate,
      operands,
      ...timeoutField(rule, at),
      ...(result === undefined || isPlainYes ? {} : { result }),
    }));
    if (result !== undefined && isPlainYes) builder.emit({ op: 'assign', slot: result, value: true });
  });
}
