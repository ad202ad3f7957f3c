/**
 * Who waits for what can never be, while others can still go on.
 *
 * A fixpoint: whoever can go on may help others to do so, and those others in turn; who is left is stuck. Who could help
 * is told by what each may still do from the step it is at, so that what is found here is certain. But one that gives back
 * only what it takes itself gives nothing to others (see `giving.ts`).
 */
import { isOperation } from '../../log/record.ts';
import { isLive, type ModelState, type TaskRecord } from '../model/model-state.ts';
import type { Line } from '../model/primitives/line.ts';
import type { Helps } from '../model/primitives/primitive-model.ts';
import { NOBODY, type ResourceRecord } from '../model/primitives/resource-record.ts';
import { modelOf } from '../model/primitives/table.ts';
import { type Abilities, isIn } from './abilities.ts';
import { canGoOn, couldGoOnFirst, lineFor } from './blockage.ts';
import { awaitedAtEnd } from './support.ts';

/** Tasks that wait for the same, and so are helped by the same. */
type Crowd = { readonly tasks: TaskRecord[]; readonly isHelpedBy: (task: TaskRecord) => boolean };

/** In the plan's order; empty if nobody is. Linear in tasks times the things they wait for. */
export function findStuck(state: ModelState, abilities: Abilities): readonly TaskRecord[] {
  const blocked = new Set(state.tasks.filter((task) => isBlocked(state, task)));
  const crowds = gather(state, blocked, abilities);
  const lines: Places = new Map();
  const free = state.tasks.filter((task) => isLive(task) && !blocked.has(task));
  let unstarted = state.tasks.filter((task) => task.state === 'notStarted');
  const go = (tasks: readonly TaskRecord[]): void => {
    for (const task of tasks) blocked.delete(task);
    free.push(...tasks);
  };

  for (let task = free.pop(); task !== undefined && blocked.size > 0; task = free.pop()) {
    // It may end the others' programs, and with them any wait.
    if (abilities.mayReach(task, 'exit')) return [];
    for (const [key, crowd] of crowds) {
      if (!crowd.isHelpedBy(task)) continue;
      crowds.delete(key);
      go(crowd.tasks.filter((helped) => blocked.has(helped)));
    }
    go(nextInLine(state, blocked, lines, task));
    go(endedBy(state, abilities, task).filter((ended) => blocked.has(ended)));
    if (abilities.targets(task, ['task.start']).length === 0) continue;
    free.push(...unstarted);
    unstarted = [];
  }
  return [...blocked];
}

/** By line, who stood in it, and up to where all go on. */
type Places = Map<Line, { readonly tasks: readonly number[]; next: number }>;

/** Who stands behind the task in a line, where that was all that held them up. */
function nextInLine(
  state: ModelState,
  blocked: ReadonlySet<TaskRecord>,
  places: Places,
  task: TaskRecord,
): readonly TaskRecord[] {
  const line = task.state === 'waiting' ? lineFor(state, task) : null;
  if (line === null) return [];
  const place = places.get(line) ?? { tasks: [...line], next: 0 };
  places.set(line, place);
  const going: TaskRecord[] = [];
  for (; place.next < place.tasks.length; place.next++) {
    const other = state.tasks[place.tasks[place.next] ?? NOBODY];
    if (other === undefined || !blocked.has(other)) continue;
    if (!couldGoOnFirst(state, other)) break;
    going.push(other);
  }
  return going;
}

/** The tasks that this one may still end from outside: of a process's first, all that ends with it. */
function endedBy(state: ModelState, abilities: Abilities, task: TaskRecord): readonly TaskRecord[] {
  const ranges = abilities.targets(task, ['task.terminate', 'task.kill', 'task.timeOut']);
  const pools = abilities.targets(task, ['pool.terminate', 'pool.kill']);
  if (ranges.length === 0 && pools.length === 0) return [];
  return state.tasks.filter(
    (other) =>
      endedWith(state, other).some((id) => ranges.some(isIn(id))) ||
      poolsOf(state, other).some((id) => pools.some(isIn(id))),
  );
}

/** The pools with which a task ends: that of its work, that of whose worker its process is. */
function poolsOf({ plan, processes, tasks }: ModelState, task: TaskRecord): readonly number[] {
  const first = tasks[processes[task.process]?.first ?? NOBODY];
  const worksFor = [task, first].map((one) => plan.groups[one?.plan.group ?? NOBODY]?.worksFor);
  return [task.plan.pool, ...worksFor].filter((pool) => pool !== undefined);
}

/** With whose termination a task ends: its own, that of its process's first task, main's. */
function endedWith(state: ModelState, { id, process }: TaskRecord): readonly number[] {
  return [id, state.processes[process]?.first ?? NOBODY, 0];
}

function isBlocked(state: ModelState, task: TaskRecord): boolean {
  return task.state === 'waiting' && !task.wait.timed && !canGoOn(state, task);
}

function gather(
  state: ModelState,
  blocked: ReadonlySet<TaskRecord>,
  abilities: Abilities,
): Map<string, Crowd> {
  const crowds = new Map<string, Crowd>();
  for (const task of blocked) {
    const { operation, target } = task.wait;
    const resource = state.resources[target];
    const awaited =
      resource === undefined ? undefined : modelOf(resource).waits?.awaited?.(state, resource, task);
    const place = operation === 'end' ? task.process : target;
    const key = `${operation} ${place} ${awaited?.id ?? ''}`;
    const crowd = crowds.get(key);
    if (crowd !== undefined) crowd.tasks.push(task);
    else crowds.set(key, { tasks: [task], isHelpedBy: helpFor(state, abilities, task) });
  }
  return crowds;
}

/** Who could end the wait of that task, of those who can go on. A function of the user's own may do anything. */
function helpFor(state: ModelState, abilities: Abilities, task: TaskRecord): Helps {
  const help = helpOf(state, abilities, task);
  return (other) => help(other) || abilities.mayReach(other, 'call');
}

function helpOf(state: ModelState, abilities: Abilities, task: TaskRecord): Helps {
  const { operation, target } = task.wait;
  if (operation === 'await') return () => true;
  if (operation === 'task.join') return (other) => other.id === target;
  if (operation === 'end') {
    const awaited = new Set(awaitedAtEnd(state, task).map((other) => other.id));
    return (other) => awaited.has(other.id);
  }
  const resource = state.resources[target];
  return resource === undefined ? () => true : helpWith(state, abilities, resource, task);
}

function helpWith(
  state: ModelState,
  abilities: Abilities,
  resource: ResourceRecord,
  task: TaskRecord,
): Helps {
  const model = modelOf(resource);
  const help = model.helps?.(state, abilities, resource, task);
  if (help !== undefined) return help;
  const { operation } = task.wait;
  const names = isOperation(operation) ? model.endedBy[operation] : undefined;
  const source = model.source?.(resource) ?? resource.id;
  return (other) => abilities.may(other, names ?? [], source);
}
