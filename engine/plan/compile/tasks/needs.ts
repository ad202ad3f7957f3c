/**
 * `needs`: what must have happened before a task starts.
 *
 * Where the planner makes the main program, a task that needs others has a launcher beside it: a thread that waits until
 * the needs are met and starts it, or until one of them never can be, and marks it as skipped.
 */
import type { Path } from '../../../document/document.ts';
import type { Task as ScenarioTask } from '../../../document/scenario.generated.ts';
import type { Want } from '../../../expression/compose-expression.ts';
import type { Expression } from '../../../expression/expression.ts';
import { suggestion } from '../../../expression/report.ts';
import { type Binding, type GroupBinding, nounOf, type Scope } from '../../../expression/scope.ts';
import { literalFromText } from '../../../expression/values/value-text.ts';
import { complete } from '../complete.ts';
import type { Planning } from '../planning.ts';
import { type StepContext, used } from '../steps/step-context.ts';
import { needsForItsStart, startedByMain } from './main-starts.ts';
import { type Need, namesOfStarters, orNeverStarted } from './never-started.ts';
import { isAwaitedDirectly, READY_TEXT, readyStep, startProbers } from './ready.ts';
import { emitSkip, failIfRefused, guardedStart, mayBeRefused, startRows } from './refused-start.ts';
import type { Declaration } from './task-table.ts';

type NeedState = NonNullable<ScenarioTask['needs']>[string];

export function declareLauncher(planning: Planning, declaration: Declaration): void {
  const { document, report, scenario, tasks } = planning;
  const { body, name, span } = declaration;
  if (body.is !== 'task') return;
  const { needs, ready } = body.written;
  if (ready?.event !== undefined) readyEvent(planning, name, ready.event);
  for (const key of ['needs', 'ready'] as const) {
    if (scenario.main === undefined || body.written[key] === undefined) continue;
    const at = document.spanAt(['tasks', name, key], 'key');
    const help = '`main` starts what it starts; wait there with `join` or `await`';
    report('no-effect', at, `\`${key}\` goes without a \`main\``, { help });
  }
  if (scenario.main !== undefined || needs === undefined) return;
  const launcher = { name: `start of ${name}`, body: { is: 'launcher', of: declaration }, span } as const;
  tasks.add({ ...launcher, daemon: false, kind: 'thread', array: false }, [null]);
}

/** The launcher of a declaration, if it has one. */
export function launcherOf({ tasks }: Planning, declaration: Declaration): Declaration | undefined {
  return tasks.madeFor('launcher', declaration);
}

/** The program of a launcher. */
export function compileLauncher(context: StepContext, of: Declaration): void {
  const { builder, planning } = context;
  const { document, steps } = planning;
  if (of.body.is !== 'task') return;
  const { needs = {} } = of.body.written;
  const path = ['tasks', of.name, 'needs'];
  const span = document.spanAt(path, 'key');
  if (of.count > 0 && startedByMain(planning, of).length === 0) {
    const help = 'a step starts it; wait there with `join` or `await`';
    planning.report('no-effect', span, '`needs` goes without a `start`', { help });
    return;
  }
  const text = `needs ${Object.entries(needs)
    .map(([name, state]) => `${name}: ${state}`)
    .join(', ')}`;
  builder.step = steps.numberOf(path, () => ({ verb: 'needs', text, span }));
  const found = Object.entries(needs).map(([name, state]) =>
    needOf({ planning, of }, name, state, [...path, name]),
  );
  const known = complete(found);
  if (known !== undefined) emitLauncher(context, of, known, path);
}

/** Starts all replicas, and what looks whether they are ready. Nobody waits for what never begins. */
function emitStart(context: StepContext, of: Declaration, span: Expression['span']): void {
  const rows = startedByMain(context.planning, of);
  const look = (): void => startProbers(context, of, 'launcher');
  if (mayBeRefused(context.planning, of)) {
    failIfRefused(context, guardedStart(context, of, rows, look), span);
    return;
  }
  startRows(context, of, rows);
  look();
}

function emitLauncher(context: StepContext, of: Declaration, needs: readonly Need[], path: Path): void {
  const { builder, planning } = context;
  const span = planning.document.spanAt(path, 'key');
  const met = joined(
    needs.map((need) => need.met),
    '&&',
  );
  const nevers = needs.flatMap(({ never }) => (never === undefined ? [] : [never]));
  const never =
    nevers.length === 0
      ? ''
      : joined(
          nevers.map(({ when }) => when),
          '||',
        );
  const isDecided = conditionOf(context, never === '' ? met : `${met} || ${never}`, path);
  if (isDecided === undefined) return;
  builder.emit({ op: 'await', condition: isDecided });
  if (nevers.length === 0) {
    emitStart(context, of, span);
    return;
  }
  const canStart = conditionOf(context, `!(${never})`, path);
  const why = reasonOf(nevers);
  const reason = expressionOf(context, why, path, 'string');
  if (canStart === undefined || reason === undefined) return;
  const [skip, done] = [builder.label(), builder.label()] as const;
  builder.emitLater((at) => ({ op: 'branch', condition: canStart, otherwise: at(skip) }));
  emitStart(context, of, span);
  builder.emitLater((at) => ({ op: 'jump', to: at(done) }));
  builder.place(skip);
  for (const [index, never] of nevers.entries()) {
    if (never.step === undefined) continue;
    const before = nevers.slice(0, index).map(({ when }) => `!(${when})`);
    const isIt = conditionOf(context, joined([...before, never.when], '&&'), path);
    if (isIt === undefined) return;
    const other = builder.label();
    builder.emitLater((at) => ({ op: 'branch', condition: isIt, otherwise: at(other) }));
    const own = builder.step;
    builder.step = never.step;
    emitSkip(context, of, reason);
    builder.step = own;
    builder.emitLater((at) => ({ op: 'jump', to: at(done) }));
    builder.place(other);
  }
  emitSkip(context, of, reason);
  builder.place(done);
}

/** All of them with an operator in between, in brackets so that many do not nest deeply. */
function joined(parts: readonly string[], operator: '&&' | '||'): string {
  if (parts.length <= 1) return parts.length === 0 ? 'true' : `(${parts[0]})`;
  const middle = parts.length >>> 1;
  return `(${joined(parts.slice(0, middle), operator)} ${operator} ${joined(parts.slice(middle), operator)})`;
}

/** Why the first that can never be met cannot; by halves, so that many do not nest deeply. */
function reasonOf(nevers: readonly NonNullable<Need['never']>[]): string {
  const [only] = nevers;
  if (only === undefined || nevers.length === 1) return only?.why ?? '""';
  const middle = nevers.length >>> 1;
  const [first, second] = [nevers.slice(0, middle), nevers.slice(middle)];
  const isInFirst = joined(
    first.map(({ when }) => when),
    '||',
  );
  return `(${isInFirst} ? ${reasonOf(first)} : ${reasonOf(second)})`;
}

/** An expression of the planner's own, over names of the scenario. */
function conditionOf(context: StepContext, text: string, path: Path): Expression | undefined {
  return expressionOf(context, text, path, 'bool');
}

function expressionOf(context: StepContext, text: string, path: Path, want: Want): Expression | undefined {
  const { composer, document } = context.planning;
  const span = document.spanAt(path, 'key');
  return used(
    context,
    composer.computeAt({ text, span, at: () => span, isOwn: true }, launcherScope(context.planning), want),
  );
}

/** The scenario's names, what probers have found, and work that steps hand to pools. */
function launcherScope(planning: Planning): Scope {
  const known = scopes.get(planning);
  if (known !== undefined) return known;
  const scope = createLauncherScope(planning);
  scopes.set(planning, scope);
  return scope;
}

/** The same for every launcher of a plan: all that it names is declared before launchers are compiled. */
const scopes = new WeakMap<Planning, Scope>();

function createLauncherScope(planning: Planning): Scope {
  const { names, tasks } = planning;
  const found = new Map<string, Binding>(namesOfStarters(planning));
  for (const { body, count } of tasks.declarations()) {
    if (body.is !== 'prober') continue;
    found.set(readinessName(body.of.name), { kind: 'variable', variable: body.variable, array: true, count });
  }
  return { names: names.names, lookup: (name) => found.get(name) ?? names.lookup(name) };
}

function readinessName(task: string): string {
  return `readiness__of__${task}`;
}

/** The task that has the need. */
type Needy = { readonly planning: Planning; readonly of: Declaration };

function needOf({ planning, of }: Needy, name: string, state: NeedState, path: Path): Need | undefined {
  const { document, names, report, scenario } = planning;
  const span = document.spanAt(path, 'key');
  const binding = names.lookup(name);
  if (binding?.kind === 'broken') return undefined;
  if (binding === undefined) {
    const help = suggestion(name, Object.keys(scenario.tasks ?? {}));
    report('unknown-name', span, `there is no task \`${name}\``, { help });
    return undefined;
  }
  if (binding.kind === 'group' && binding.group !== 0) {
    if (of.group !== binding.group && needsForItsStart(planning, binding, of)) {
      const help = `\`${of.name}\` waits for it, and it for \`${of.name}\``;
      report('circular-needs', span, `\`${name}\` is not started without \`${of.name}\``, { help });
      return undefined;
    }
    const need = needFor(planning, name, binding, state);
    return need === undefined ? undefined : orNeverStarted(planning, name, binding, need);
  }
  const noun = binding.kind === 'group' ? 'the main program' : nounOf(binding);
  report('wrong-kind', span, `\`needs\` names tasks, and \`${name}\` is ${noun}`);
  return undefined;
}

function needFor(
  planning: Planning,
  name: string,
  { count }: GroupBinding,
  state: NeedState,
): Need | undefined {
  const ended = `${name}.finished + ${name}.failed + ${name}.terminated + ${name}.skipped == ${count}`;
  const started: Need = {
    met: `${name}.running + ${name}.finished + ${name}.failed + ${name}.terminated == ${count}`,
    never: { when: `${name}.skipped > 0`, why: said(name, 'was skipped') },
  };
  switch (state) {
    case 'finished':
      return { met: `${name}.finished == ${count}`, never: unfinished(name) };
    case 'failed': {
      const when = `${ended} && ${name}.failed == 0`;
      return { met: `${ended} && ${name}.failed > 0`, never: { when, why: said(name, 'did not fail') } };
    }
    case 'ended':
      return { met: ended };
    case 'started':
      return started;
    case 'ready':
      return readinessOf(planning, name, ended) ?? started;
  }
}

function unfinished(name: string): NonNullable<Need['never']> {
  const when = `${name}.failed + ${name}.terminated + ${name}.skipped > 0`;
  const ends = `${name}.failed > 0 ? ${said(name, 'failed')} : ${name}.terminated > 0 ? ${said(name, 'was terminated')}`;
  return { when, why: `(${ends} : ${said(name, 'was skipped')})` };
}

/** A sentence about a task, as a literal. */
function said(name: string, what: string): string {
  return literalFromText(`\`${name}\` ${what}`);
}

/** By what its prober found, or by the event itself. */
function readinessOf(planning: Planning, name: string, ended: string): Need | undefined {
  const written = planning.scenario.tasks?.[name]?.ready;
  if (written === undefined) return undefined;
  const event = written.event === undefined ? undefined : readyEvent(planning, name, written.event);
  if (written.event !== undefined && event === undefined) return undefined;
  if (event !== undefined && isAwaitedDirectly(written)) {
    const why = said(name, `ended without setting \`${event}\``);
    return { met: `${event}.set`, never: { when: `${ended} && !${event}.set`, why } };
  }
  const found = readinessName(name);
  const isReason = `it != "" && it != "${READY_TEXT}"`;
  const why = `${literalFromText(`\`${name}\` is not ready: `)} + ${found}.filter(it, ${isReason})[0]`;
  const step = readyStep(planning, name, written);
  const never = {
    step,
    when: `${name}.skipped > 0 || ${found}.exists(it, ${isReason})`,
    why: `(${name}.skipped > 0 ? ${said(name, 'was skipped')} : ${why})`,
  };
  return { met: `${found}.all(it, it == "${READY_TEXT}")`, never };
}

/** Its name; undefined if something was reported. */
function readyEvent(planning: Planning, task: string, name: string): string | undefined {
  const { document, names, report, uses } = planning;
  const binding = names.lookup(name);
  if (binding?.kind === 'resource') uses.add(binding.first, 'ready');
  if (binding?.kind === 'resource' && binding.resource === 'event' && !binding.array) return name;
  const span = document.spanAt(['tasks', task, 'ready', 'event']);
  const help = 'write the name of an event';
  if (binding?.kind !== 'broken') report('bad-reference', span, `\`${name}\` is no event`, { help });
  return undefined;
}

/** Reports tasks that wait for each other's starts, each circle once. */
export function checkNeeds({ document, report, scenario }: Planning): void {
  const tasks = scenario.tasks ?? {};
  const neededBy = (name: string): readonly string[] => Object.keys(tasks[name]?.needs ?? {});
  const done = new Set<string>();
  for (const first of Object.keys(tasks)) {
    // Without recursion: a chain may be as long as the file.
    const way: { readonly name: string; readonly left: string[] }[] = [];
    const places = new Map<string, number>();
    const enter = (name: string): void => {
      places.set(name, way.length);
      way.push({ name, left: [...neededBy(name)].reverse() });
    };
    if (!done.has(first)) enter(first);
    for (let last = way.at(-1); last !== undefined; last = way.at(-1)) {
      const needed = last.left.pop();
      if (needed === undefined) {
        done.add(last.name);
        places.delete(last.name);
        way.pop();
        continue;
      }
      const at = places.get(needed);
      if (at === undefined) {
        if (!done.has(needed)) enter(needed);
        continue;
      }
      const help = [...way.slice(at).map(({ name }) => name), needed].join(' → ');
      const span = document.spanAt(['tasks', last.name, 'needs', needed], 'key');
      report('circular-needs', span, `\`${needed}\` needs itself`, { help });
    }
  }
}
