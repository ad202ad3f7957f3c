/**
 * `needs`: what must have happened before a task starts.
 *
 * Where the planner makes the main program, a task that needs others has a launcher beside it: a thread that waits until
 * the needs are met and starts it, or until one of them never can be, and marks it as skipped.
 */
import type { Path } from '../../document/document.ts';
import type { Task as ScenarioTask } from '../../document/scenario.generated.ts';
import type { Expression } from '../expression.ts';
import { suggestion } from '../report.ts';
import { type GroupBinding, nounOf } from '../scope.ts';
import { complete } from './complete.ts';
import type { Planning } from './planning.ts';
import { overReplicas } from './replicas.ts';
import { constant, type StepContext, used } from './step-context.ts';
import type { Declaration } from './task-table.ts';

type NeedState = NonNullable<ScenarioTask['needs']>[string];

/** CEL over the counts of a task's replicas. `never`: that it never will be met; missing where it always can be. */
type Need = { readonly met: string; readonly never?: string };

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
  const launcher = { name: `${name}.launcher`, body: { is: 'launcher', of: declaration }, span } as const;
  tasks.add({ ...launcher, daemon: false, kind: 'thread', array: false }, [null]);
}

/** The launcher of a declaration, if it has one. */
export function launcherOf({ tasks }: Planning, declaration: Declaration): Declaration | undefined {
  return tasks.declarations().find(({ body }) => body.is === 'launcher' && body.of === declaration);
}

/** The program of a launcher. */
export function compileLauncher(context: StepContext, of: Declaration): void {
  const { builder, planning } = context;
  const { document, steps } = planning;
  if (of.body.is !== 'task') return;
  const { needs = {} } = of.body.written;
  const path = ['tasks', of.name, 'needs'];
  const span = document.spanAt(path, 'key');
  const text = `needs ${Object.keys(needs).join(', ')}`;
  builder.step = steps.numberOf(path, () => ({ verb: 'needs', text, span }));
  const found = Object.entries(needs).map(([name, state]) => needOf(planning, name, state, [...path, name]));
  const known = complete(found);
  if (known !== undefined) emitLauncher(context, of, known, path);
}

function emitLauncher(context: StepContext, of: Declaration, needs: readonly Need[], path: Path): void {
  const { builder, planning } = context;
  const met = needs.map((need) => `(${need.met})`).join(' && ') || 'true';
  const never = needs.flatMap((need) => (need.never === undefined ? [] : [`(${need.never})`])).join(' || ');
  const isDecided = conditionOf(context, never === '' ? met : `${met} || ${never}`, path);
  const canStart = never === '' ? undefined : conditionOf(context, `!(${never})`, path);
  if (isDecided === undefined) return;
  const nothing = constant(null, planning.document.spanAt(path, 'key'));
  const [skip, done] = [builder.label(), builder.label()] as const;
  builder.emit({ op: 'await', condition: isDecided });
  if (canStart !== undefined)
    builder.emitLater((at) => ({ op: 'branch', condition: canStart, otherwise: at(skip) }));
  overReplicas(context, of, (target) => {
    builder.emit({ op: 'operate', operation: 'task.start', target, operands: [nothing] });
  });
  if (canStart === undefined) return;
  builder.emitLater((at) => ({ op: 'jump', to: at(done) }));
  builder.place(skip);
  overReplicas(context, of, (target) => {
    builder.emit({ op: 'operate', operation: 'task.skip', target, operands: [] });
  });
  builder.place(done);
}

/** An expression of the planner's own, over names of the scenario. */
function conditionOf(context: StepContext, text: string, path: Path): Expression | undefined {
  const { composer, document, names } = context.planning;
  const span = document.spanAt(path, 'key');
  return used(context, composer.computeAt({ text, span, at: () => span }, names, 'bool'));
}

function needOf(planning: Planning, name: string, state: NeedState, path: Path): Need | undefined {
  const { document, names, report, scenario } = planning;
  const span = document.spanAt(path, 'key');
  const binding = names.lookup(name);
  if (binding?.kind === 'broken') return undefined;
  if (binding === undefined) {
    const help = suggestion(name, Object.keys(scenario.tasks ?? {}));
    report('unknown-name', span, `there is no task \`${name}\``, { help });
    return undefined;
  }
  if (binding.kind === 'group' && binding.group !== 0) return needFor(planning, name, binding, state);
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
    never: `${name}.skipped > 0`,
  };
  switch (state) {
    case 'finished':
      return {
        met: `${name}.finished == ${count}`,
        never: `${name}.failed + ${name}.terminated + ${name}.skipped > 0`,
      };
    case 'failed':
      return { met: `${ended} && ${name}.failed > 0`, never: `${ended} && ${name}.failed == 0` };
    case 'ended':
      return { met: ended };
    case 'started':
      return started;
    case 'ready':
      return readinessOf(planning, name, ended) ?? started;
  }
}

/** Ready by an event. Other probes are not available, which is said where they are written. */
function readinessOf(planning: Planning, name: string, ended: string): Need | undefined {
  const written = planning.scenario.tasks?.[name]?.ready?.event;
  const event = written === undefined ? undefined : readyEvent(planning, name, written);
  if (event === undefined) return undefined;
  return { met: `${event}.set`, never: `${ended} && !${event}.set` };
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
  const done = new Set<string>();
  const visit = (name: string, way: readonly string[]): void => {
    if (done.has(name)) return;
    for (const needed of Object.keys(tasks[name]?.needs ?? {})) {
      const at = [...way, name].indexOf(needed);
      if (at < 0) visit(needed, [...way, name]);
      else {
        const help = [...[...way, name].slice(at), needed].join(' → ');
        const span = document.spanAt(['tasks', name, 'needs', needed], 'key');
        report('circular-needs', span, `\`${needed}\` needs itself`, { help });
      }
    }
    done.add(name);
  };
  for (const name of Object.keys(tasks)) visit(name, []);
}
