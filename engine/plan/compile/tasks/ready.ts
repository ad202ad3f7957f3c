/**
 * `ready`: when a task counts as ready.
 *
 * A task that others need to be ready has a prober beside each replica: a daemon thread that looks, and writes what it
 * found where launchers read it. An event without a limit needs none: launchers look at it themselves.
 */
import type { Path } from '../../../document/document.ts';
import type { Ready, Task as ScenarioTask } from '../../../document/scenario.generated.ts';
import type { Duration, Expression, Read } from '../../../expression/expression.ts';
import { patternProblem } from '../../../expression/functions/pattern.ts';
import type { Value } from '../../../expression/values/value.ts';
import { literalFromText, textFromValue } from '../../../expression/values/value-text.ts';
import type { Instruction } from '../../instruction.ts';
import { commandOf, isRefused } from '../commands/command-text.ts';
import { modelOf } from '../commands/external-verbs.ts';
import { type Field, mapOf } from '../commands/request.ts';
import { complete } from '../complete.ts';
import type { Planning } from '../planning.ts';
import { carried, constant, durationOf, type StepContext } from '../steps/step-context.ts';
import { overReplicas } from './replicas.ts';
import { surroundingFields } from './surroundings.ts';
import type { Declaration } from './task-table.ts';

/** What a prober writes once its task is ready; everything else but an empty text says why it never will be. */
export const READY_TEXT = 'ready';

/** Declares the probers of a task that some other task needs to be ready. */
export function declareProber(planning: Planning, declaration: Declaration): void {
  const { scenario, tasks, variables } = planning;
  const { body, name, first, count } = declaration;
  if (body.is !== 'task') return;
  const { ready } = body.written;
  if (ready?.run !== undefined && isRefused(planning, ['tasks', name, 'ready', 'run'], 'commands')) return;
  if (ready?.log !== undefined) checkPattern(planning, ready.log, ['tasks', name, 'ready', 'log']);
  if (
    ready === undefined ||
    scenario.main !== undefined ||
    isAwaitedDirectly(ready) ||
    !isNeeded(scenario.tasks ?? {}, name)
  )
    return;
  const span = planning.document.spanAt(['tasks', name, 'ready'], 'key');
  const initial = Array.from({ length: count }, () => '');
  const variable = variables.add({ name: `${name}.ready`, span, shared: true, array: true, initial });
  const items = tasks.tasks().slice(first, first + count);
  tasks.add(
    {
      name: `readiness of ${name}`,
      body: { is: 'prober', of: declaration, variable },
      span,
      daemon: true,
      kind: 'thread',
      array: true,
    },
    items.map(({ item }) => item),
  );
}

function checkPattern({ document, report }: Planning, pattern: string, path: Path): void {
  const problem = patternProblem(pattern);
  if (problem !== undefined) report('bad-pattern', document.spanAt(path), problem);
}

/** An event can be looked at by whoever needs it, as long as there is no limit to that. */
export function isAwaitedDirectly({ event, timeout }: Ready): boolean {
  return event !== undefined && timeout === undefined;
}

function isNeeded(tasks: Readonly<Record<string, ScenarioTask>>, name: string): boolean {
  return Object.values(tasks).some(({ needs }) => needs?.[name] === 'ready');
}

/** The probers of a declaration, if it has any. */
function proberOf({ tasks }: Planning, declaration: Declaration): Declaration | undefined {
  return tasks.madeFor('prober', declaration);
}

/**
 * Where a task is started, its probers are. Those of tasks that are left to steps are started by main, and wait for their
 * tasks.
 */
export function startProbers(context: StepContext, declaration: Declaration, by: 'main' | 'launcher'): void {
  const prober = proberOf(context.planning, declaration);
  if (prober === undefined || by !== startsProbers(context.planning, declaration)) return;
  const nothing = constant(null, prober.span);
  overReplicas(context, prober, (target) => {
    context.builder.emit({ op: 'operate', operation: 'task.start', target, operands: [nothing] });
  });
}

function startsProbers(planning: Planning, declaration: Declaration): 'main' | 'launcher' {
  const hasLauncher = planning.tasks.madeFor('launcher', declaration) !== undefined;
  return hasLauncher && planning.starts.leftToSteps(declaration).size === 0 ? 'launcher' : 'main';
}

/** A look at what has not been started would be in vain, and would use up the time for it. */
function awaitStart({ builder, planning }: StepContext, of: Declaration, span: Expression['span']): void {
  if (planning.starts.leftToSteps(of).size === 0) return;
  const reads: Read[] = [
    { from: 'group', name: 'replicas', group: of.group, elements: true, attributes: ['state'] },
    { from: 'task', name: 'task', attributes: ['index'] },
  ];
  const cel = 'replicas[task.index].state != "notStarted"';
  builder.emit({ op: 'await', condition: { cel, span, reads } });
}

/** The program of the probers: looks until it is decided, and writes it down. */
export function compileProber(context: StepContext, prober: Declaration): void {
  const { builder, planning } = context;
  if (prober.body.is !== 'prober' || prober.body.of.body.is !== 'task') return;
  const { of, variable } = prober.body;
  const { ready } = of.body.is === 'task' ? of.body.written : {};
  if (ready === undefined) return;
  const path = ['tasks', of.name, 'ready'];
  const span = planning.document.spanAt(path, 'key');
  const answer = builder.hidden('answer');
  const after = limitOf(context, ready, path);
  builder.step = readyStep(planning, of.name, ready);
  awaitStart(context, of, span);
  const [late, done] = [builder.label(), builder.label()] as const;
  const rule = (at: (label: typeof late) => number) =>
    after === undefined ? {} : { timeout: { after, raises: false, onTimeout: at(late) } };
  if (ready.event === undefined) {
    const asked = probeOf(context, of, ready, path);
    if (asked === undefined) return;
    builder.emitLater((at) => ({ op: 'external', service: 'probe', ...asked, result: answer, ...rule(at) }));
  } else {
    noModel(planning, ready, path);
    const condition = eventDecided(context, of, ready.event, span);
    if (condition === undefined) return;
    builder.emitLater((at) => ({ op: 'await', condition: condition.decided, ...rule(at) }));
    builder.emit({ op: 'evaluate', expressions: [condition.answer], slots: [answer] });
  }
  builder.emitLater((at) => ({ op: 'jump', to: at(done) }));
  builder.place(late);
  builder.emit({ op: 'assign', slot: answer, value: `it took longer than ${limitText(ready)}` });
  builder.place(done);
  const index = builder.hidden('index');
  builder.emit({ op: 'evaluate', expressions: [ofTask('task.index', span)], slots: [index] });
  builder.emit({ op: 'write', variable, index, from: answer });
}

/** The step that stands for it: where it is told that a task is not ready. */
export function readyStep({ document, steps }: Planning, name: string, ready: Ready): number {
  const path = ['tasks', name, 'ready'];
  return steps.numberOf(path, () => ({
    verb: 'ready',
    text: textOf(ready),
    span: document.spanAt(path, 'key'),
  }));
}

/** How long a task may take to become ready: `timeout` after `startPeriod`. */
function limitOf(context: StepContext, { timeout, startPeriod }: Ready, path: Path): Duration | undefined {
  const { constants, document, report } = context.planning;
  if (timeout === undefined) {
    if (startPeriod !== undefined) {
      const span = document.spanAt([...path, 'startPeriod'], 'key');
      report('no-effect', span, '`startPeriod` has no effect without a `timeout`');
    }
    return undefined;
  }
  const after = durationOf(context, timeout, [...path, 'timeout']);
  if (startPeriod === undefined || after === undefined) return after;
  const firstUs = constants.microseconds({ data: startPeriod, path: [...path, 'startPeriod'] }, 0);
  const rest = constants.duration({ data: timeout, path: [...path, 'timeout'] });
  if (firstUs === undefined || rest?.kind !== 'fixed') return undefined;
  return { kind: 'fixed', minUs: rest.minUs + firstUs, maxUs: rest.maxUs + firstUs };
}

function limitText({ timeout = '', startPeriod }: Ready): string {
  return startPeriod === undefined ? timeout : `${startPeriod} and ${timeout}`;
}

type Asked = Pick<Extract<Instruction, { readonly op: 'external' }>, 'request' | 'model'>;

/** What the supervisor is asked for; undefined if anything was reported. */
function probeOf(context: StepContext, of: Declaration, ready: Ready, path: Path): Asked | undefined {
  const { document } = context.planning;
  const span = document.spanAt(path, 'key');
  const { interval } = ready;
  const known = interval === undefined ? true : durationOf(context, interval, [...path, 'interval']);
  const every =
    interval === undefined ? constant('200ms', span) : carried(context, interval, [...path, 'interval']);
  const fields = complete<Field>([
    ['task', ofTask(`${of.first} + task.index`, span)],
    every === undefined ? undefined : (['interval', every] as const),
    ...limits(context, ready, path),
    ...lookOf(context, ready, path),
  ]);
  const standIn = modelOf(context, ready.model, path, textFromModel);
  if (fields === undefined || standIn === undefined || known === undefined) return undefined;
  const { model } = standIn;
  const request = mapOf(context, fields, span);
  return model === undefined ? { request } : { request, model: whole(model) };
}

/** The limits, for the probe itself: it says what it saw last. */
function limits(
  context: StepContext,
  { timeout, startPeriod }: Ready,
  path: Path,
): readonly (Field | undefined)[] {
  return Object.entries({ timeout, startPeriod }).flatMap(([key, text]) => {
    if (text === undefined) return [];
    const value = carried(context, text, [...path, key]);
    return [value === undefined ? undefined : ([key, value] as const)];
  });
}

/** What to look at. */
function lookOf(context: StepContext, ready: Ready, path: Path): readonly (Field | undefined)[] {
  const { document, report } = context.planning;
  for (const key of ['port', 'http'] as const) {
    const data = ready[key];
    if (data === undefined) continue;
    const value = carried(context, data, [...path, key]);
    if (value !== undefined && key === 'port' && !isPort(value.constant)) {
      report('bad-size', value.span, 'a port is a whole number from 1 to 65535');
      return [undefined];
    }
    return [value === undefined ? undefined : [key, value]];
  }
  if (ready.log !== undefined) {
    const span = document.spanAt([...path, 'log']);
    return [['log', constant(ready.log, span)]];
  }
  if (ready.run === undefined) return [undefined];
  const step = { verb: 'run', run: ready.run } as const;
  return [commandOf(context, ready.run, path), ...surroundingFields(context, step, path)];
}

/** What is computed later is looked at later. */
function isPort(value: Value | undefined): boolean {
  return value === undefined || (typeof value === 'bigint' && value >= 1n && value <= 65_535n);
}

const NEVER_BY_MODEL = 'its model says so';

/** A model that gives false is never ready; any other is, after the time it takes. */
function textFromModel(value: Value): Value {
  return value === false ? NEVER_BY_MODEL : READY_TEXT;
}

function whole(model: NonNullable<Asked['model']>): NonNullable<Asked['model']> {
  if (model.result.constant !== undefined) return model;
  const { cel } = model.result;
  const text = `(${cel}) == false ? ${literalFromText(NEVER_BY_MODEL)} : ${literalFromText(READY_TEXT)}`;
  return { ...model, result: { ...model.result, cel: text } };
}

/** Nothing has to stand for an event: it is the scenario's own. */
function noModel({ document, report }: Planning, { model, interval }: Ready, path: Path): void {
  const why = 'an event needs no looking: whoever waits is told';
  for (const [key, value] of Object.entries({ model, interval })) {
    if (value !== undefined)
      report('no-effect', document.spanAt([...path, key], 'key'), `\`${key}\` has no effect with \`event\``, {
        help: why,
      });
  }
}

function eventDecided(
  { planning }: StepContext,
  of: Declaration,
  event: string,
  span: Expression['span'],
): { readonly decided: Expression; readonly answer: Expression } | undefined {
  const binding = planning.names.lookup(event);
  if (binding?.kind !== 'resource') return undefined;
  const { first, count } = binding;
  const reads: Read[] = [
    { from: 'resource', name: 'event', first, count, array: false, attributes: ['set'] },
    { from: 'group', name: 'replicas', group: of.group, elements: true, attributes: ['state'] },
    { from: 'task', name: 'task', attributes: ['index'] },
  ];
  const ended = 'replicas[task.index].state in ["finished", "failed", "terminated", "skipped"]';
  const never = literalFromText(`it ended without setting \`${event}\``);
  return {
    decided: { cel: `event.set || ${ended}`, span, reads },
    answer: {
      cel: `event.set ? ${literalFromText(READY_TEXT)} : ${never}`,
      span,
      reads: reads.slice(0, 1),
    },
  };
}

function ofTask(cel: string, span: Expression['span']): Expression {
  return { cel, span, reads: [{ from: 'task', name: 'task', attributes: ['index'] }] };
}

function textOf({ port, http, log, run, event }: Ready): string {
  const [kind, value] = Object.entries({ port, http, log, run, event }).find(
    ([, one]) => one !== undefined,
  ) ?? ['', ''];
  return `ready: ${kind} ${textFromValue(value as Value)}`;
}
