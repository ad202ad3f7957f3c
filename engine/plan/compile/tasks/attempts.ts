/**
 * `retry` and `timeout` of a task: its steps are tried again when they fail; past the timeout of one attempt a timer, a
 * thread of its own beside each attempt, terminates the task.
 */
import type { Path } from '../../../document/document.ts';
import type { Task as ScenarioTask } from '../../../document/scenario.generated.ts';
import type { Duration, Expression, Read } from '../../../expression/expression.ts';
import type { Target } from '../../instruction.ts';
import type { Planning } from '../planning.ts';
import { constant, overSlots, repeated, type StepContext } from '../steps/step-context.ts';
import { backoffOf } from './backoff.ts';
import type { Attempts, Declaration } from './task-table.ts';

const mostAttempts = 1000;

/** The timers of a declaration: one for each attempt of each replica. */
export function declareTimer(planning: Planning, declaration: Declaration): void {
  const { constants, document, tasks, variables } = planning;
  const { body, name, count } = declaration;
  if (body.is !== 'task') return;
  const timeout = timeoutOf(planning, name, body.written);
  if (timeout === undefined) return;
  const after = constants.duration({ data: timeout.text, path: timeout.path });
  const { most } = retryOf(planning, name, body.written);
  if (after === undefined) return;
  const span = document.spanAt(timeout.path, 'key');
  const initial = Array.from({ length: count }, () => 0n);
  const counter = { name: `${name}.attempt`, span, shared: true, array: true, initial };
  const attempts: Attempts = most === 1 ? { most } : { most, variable: variables.add(counter) };
  const timer = { is: 'timer', of: declaration, after, attempts } as const;
  tasks.add(
    { name: `timeout of ${name}`, body: timer, span, daemon: true, kind: 'thread', array: true },
    Array.from({ length: count * most }, () => null),
  );
}

function timeoutOf(
  { scenario }: Planning,
  name: string,
  { timeout }: ScenarioTask,
): { readonly text: string; readonly path: Path } | undefined {
  if (timeout !== undefined) return { text: timeout, path: ['tasks', name, 'timeout'] };
  const general = scenario.defaults?.timeout;
  return general === undefined ? undefined : { text: general, path: ['defaults', 'timeout'] };
}

function retryOf({ constants }: Planning, name: string, { retry }: ScenarioTask) {
  const path = ['tasks', name, 'retry'];
  const bounds = { min: 1, max: mostAttempts };
  const most = constants.integer({ data: retry?.attempts, path: [...path, 'attempts'] }, 1, bounds) ?? 1;
  const delay =
    retry?.delay === undefined
      ? undefined
      : constants.duration({ data: retry.delay, path: [...path, 'delay'] });
  return { most, delay };
}

/** The steps of a task, each attempt with its timer. */
export function compileAttempts(
  context: StepContext,
  written: ScenarioTask,
  steps: (context: StepContext) => void,
): void {
  const { builder, declaration, planning } = context;
  const { most, delay } = retryOf(planning, declaration.name, written);
  const timer = planning.tasks
    .declarations()
    .find(({ body }) => body.is === 'timer' && body.of === declaration);
  if (most === 1) {
    startTimer(context, timer, undefined);
    steps(context);
    return;
  }
  const attempt = builder.hidden('attempt');
  const path = ['tasks', declaration.name, 'retry'];
  const number = stepAt(planning, 'retry', path, 'retry');
  builder.step = number;
  builder.emit({ op: 'assign', slot: attempt, value: 0n });
  const pause = pauses(context, written, delay);
  const again = builder.label();
  builder.place(again);
  builder.guarded({
    body() {
      startTimer(context, timer, attempt);
      steps(repeated(context, most));
    },
    handler(error) {
      builder.step = number;
      const span = planning.document.spanAt(path, 'key');
      const next = overSlots('attempt + 1', { attempt }, span);
      builder.emit({ op: 'evaluate', expressions: [next], slots: [attempt] });
      tellTimer(context, timer, attempt);
      const over = builder.label();
      const condition = overSlots(`attempt < ${most}`, { attempt }, span);
      builder.emitLater((at) => ({ op: 'branch', condition, otherwise: at(over) }));
      pause();
      builder.emitLater((at) => ({ op: 'jump', to: at(again) }));
      builder.place(over);
      builder.emit({ op: 'reraise', slot: error });
    },
  });
}

/** Emits the wait between two attempts; each is `backoff` times as long as the one before. */
function pauses(
  { builder, declaration, planning }: StepContext,
  { retry = {} }: ScenarioTask,
  delay: Duration | undefined,
): () => void {
  const path = ['tasks', declaration.name, 'retry'];
  const { backoff, maxDelayUs } = backoffOf(planning, retry, path);
  if (delay === undefined) return () => {};
  if (delay.kind !== 'fixed' || (backoff === 1 && retry.maxDelay === undefined))
    return () => builder.emit({ op: 'sleep', duration: delay });
  const span = planning.document.spanAt(path, 'key');
  const slots = { low: builder.hidden('low'), high: builder.hidden('high') };
  const limited = (us: number): bigint => BigInt(Math.min(us, maxDelayUs));
  builder.emit({ op: 'assign', slot: slots.low, value: limited(delay.minUs) });
  builder.emit({ op: 'assign', slot: slots.high, value: limited(delay.maxUs) });
  return () => {
    const expression = overSlots('string(low) + "us.." + string(high) + "us"', slots, span);
    builder.emit({ op: 'sleep', duration: { kind: 'computed', expression } });
    const longer = (name: 'low' | 'high'): Expression =>
      overSlots(`min(${BigInt(maxDelayUs)}, ${name} * ${backoff})`, { [name]: slots[name] }, span);
    builder.emit({
      op: 'evaluate',
      expressions: [longer('low'), longer('high')],
      slots: [slots.low, slots.high],
    });
  };
}

function startTimer(context: StepContext, timer: Declaration | undefined, attempt: number | undefined): void {
  if (timer?.body.is !== 'timer') return;
  const { builder, planning } = context;
  const { span, first, count, name } = timer;
  builder.step = stepOfTimer(planning, timer);
  const reads: Read[] = [{ from: 'task', name: 'task', attributes: ['index'] }];
  if (attempt !== undefined) reads.push({ from: 'local', name: 'attempt', slot: attempt });
  const { most } = timer.body.attempts;
  const cel = attempt === undefined ? 'task.index' : `task.index * ${most} + attempt`;
  const slot = builder.hidden('timer');
  builder.emit({ op: 'resolve', name, first, count, index: { cel, span, reads }, slot });
  const target: Target = { kind: 'slot', slot };
  builder.emit({ op: 'operate', operation: 'task.start', target, operands: [constant(null, span)] });
}

/** The attempt is over: its timer has nothing to wait for. */
function tellTimer({ builder }: StepContext, timer: Declaration | undefined, attempt: number): void {
  const variable = timer?.body.is === 'timer' ? timer.body.attempts.variable : undefined;
  if (timer === undefined || variable === undefined) return;
  const index = builder.hidden('index');
  const { span } = timer;
  builder.emit({ op: 'evaluate', expressions: [ofTask('task.index', span)], slots: [index] });
  builder.emit({ op: 'write', variable, index, from: attempt });
}

/** The program of a timer. */
export function compileTimer(context: StepContext, timer: Declaration): void {
  const { builder, planning } = context;
  if (timer.body.is !== 'timer') return;
  const { of, after, attempts } = timer.body;
  const { most, variable } = attempts;
  const { span } = timer;
  builder.step = stepOfTimer(planning, timer);
  const replica = most === 1 ? 'task.index' : `task.index / ${most}`;
  const ended = `replicas[${replica}].state in ["finished", "failed", "terminated", "skipped"]`;
  const cel = variable === undefined ? ended : `${ended} || attempts[${replica}] > task.index % ${most}`;
  const reads: Read[] = [
    { from: 'task', name: 'task', attributes: ['index'] },
    { from: 'group', name: 'replicas', group: of.group, elements: true, attributes: ['state'] },
  ];
  if (variable !== undefined) reads.push({ from: 'variable', name: 'attempts', variable });
  const condition: Expression = { cel, span, reads };
  const [late, done] = [builder.label(), builder.label()] as const;
  builder.emitLater((at) => ({
    op: 'await',
    condition,
    timeout: { after, raises: false, onTimeout: at(late) },
  }));
  builder.emitLater((at) => ({ op: 'jump', to: at(done) }));
  builder.place(late);
  const slot = builder.hidden('target');
  const { name, first, count } = of;
  builder.emit({ op: 'resolve', name, first, count, index: ofTask(replica, span), slot });
  builder.emit({ op: 'operate', operation: 'task.timeOut', target: { kind: 'slot', slot }, operands: [] });
  builder.place(done);
}

function ofTask(cel: string, span: Expression['span']): Expression {
  return { cel, span, reads: [{ from: 'task', name: 'task', attributes: ['index'] }] };
}

function stepOfTimer(planning: Planning, { body, name, span }: Declaration): number {
  const length =
    body.is === 'timer' ? timeoutOf(planning, body.of.name, writtenOf(body.of))?.text : undefined;
  return planning.steps.numberOf([name], () => ({ verb: 'timeout', text: `timeout ${length ?? ''}`, span }));
}

function writtenOf({ body }: Declaration): ScenarioTask {
  return body.is === 'task' ? body.written : { steps: [] };
}

function stepAt({ document, steps }: Planning, verb: string, path: Path, text: string): number {
  return steps.numberOf(path, () => ({ verb, text, span: document.spanAt(path, 'key') }));
}
