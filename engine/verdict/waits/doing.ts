/**
 * What tasks do at the moment, in words.
 */
import type { Service } from '../../plan/instruction.ts';
import { isShown } from '../../plan/is-shown.ts';
import { isLive, type ModelState, type TaskRecord, taskName } from '../model/model-state.ts';
import { modelOf } from '../model/primitives/table.ts';
import { counted, listed, quoted } from '../show.ts';

/** What the live tasks do, the first few of them: `` `p1` sleeps, each of `p2` and `p3` waits for `a` ``. Empty if there are none. */
export function standing(state: ModelState): string {
  const live = state.tasks.filter((task) => isLive(task) && isShown(state.plan, task.id));
  const alike = new Map<string, string[]>();
  for (const task of live) {
    const does = doingNow(state, task);
    alike.set(does, [...(alike.get(does) ?? []), task.name]);
  }
  const groups = [...alike].slice(0, MOST_STANDING);
  const shown = groups.map(
    ([does, names]) => `${names.length === 1 ? listed(names) : `each of ${listed(names)}`} ${does}`,
  );
  const others = live.length - groups.reduce((sum, [, names]) => sum + names.length, 0);
  return others === 0 ? shown.join(', ') : `${shown.join(', ')}, and ${counted(others, 'other task')}`;
}

const MOST_STANDING = 3;

/** What a task asks for outside of the run. */
export const askedWords = {
  load: 'reads a file',
  save: 'writes a file',
  run: 'runs a command',
  call: 'runs a function',
  probe: 'looks whether a task is ready',
} as const satisfies Record<Service, string>;

/** The same as `doing`, of a task that may do anything. */
export function doingNow(state: ModelState, task: TaskRecord): string {
  if (task.state === 'stopping') return 'is stopping';
  if (task.state === 'waiting') return doing(state, task);
  if (task.asking !== null) return askedWords[task.asking];
  if (task.state === 'started') return 'has not begun';
  return task.state === 'sleeping' ? sleepingAt(state, task) : 'runs';
}

/** A model sleeps in place of what the step asks for, which is told. Between two attempts at a step the task does sleep. */
function sleepingAt({ plan }: ModelState, { plan: { program }, step }: TaskRecord): string {
  const own = plan.programs[program]?.instructions.filter((instruction) => instruction.step === step) ?? [];
  if (own.some(({ op }) => op === 'sleep')) return 'sleeps';
  const asked = own.find((instruction) => instruction.op === 'external');
  return asked === undefined ? 'sleeps' : askedWords[asked.service];
}

/** `` waits for `a` ``, `` waits to put into `q` ``: what another task does, as the end of a sentence. */
export function doing(state: ModelState, task: TaskRecord): string {
  const name = awaitedName(state, task);
  const { operation, target } = task.wait;
  switch (operation) {
    case 'await':
      return name.startsWith('await ')
        ? `waits until ${quoted(name.slice('await '.length))}`
        : 'waits for a condition';
    case 'end':
      return 'waits for the other tasks of its program to end';
    case 'task.join':
      return `waits for ${quoted(name)} to end`;
    default: {
      const resource = state.resources[target];
      const own = resource === undefined ? undefined : modelOf(resource).doing;
      return own?.(quoted(name), task, operation) ?? `waits for ${quoted(name)}`;
    }
  }
}

/** The name of what the task waits for; of an `await` or the end of a program, the step's text or nothing. */
export function awaitedName(state: ModelState, task: TaskRecord): string {
  const { operation, target, step } = task.wait;
  if (operation === 'task.join') return taskName(state, target);
  if (operation === 'await' || operation === 'end') return state.plan.steps[step]?.text ?? '';
  return state.resources[target]?.name ?? '';
}
