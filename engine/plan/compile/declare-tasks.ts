/**
 * The scenario's tasks: how many replicas, of what kind. Task 0 is the main program, written or made by the planner.
 */
import type { Task as ScenarioTask } from '../../document/scenario.generated.ts';
import type { Group, Task, TaskKind } from '../plan.ts';
import type { Value } from '../value.ts';
import { mostElements } from './declare-resources.ts';
import type { Planning } from './planning.ts';

export type Declaration = {
  /** `main`, or the name under `tasks`. */
  readonly name: string;
  readonly written: ScenarioTask | undefined;
  readonly daemon: boolean | undefined;
  readonly kind: TaskKind;
  readonly first: number;
  readonly count: number;
  readonly array: boolean;
};

export type DeclaredTasks = {
  /** By group number; the first is main. */
  readonly declarations: readonly Declaration[];
  readonly groups: readonly Group[];
  readonly tasks: readonly Task[];
  readonly processes: number;
};

/** All tasks, numbered; the names of their groups are declared. A group's program has the group's number. */
export function declareTasks(planning: Planning): DeclaredTasks {
  const { document, names, scenario } = planning;
  const declarations: Declaration[] = [];
  const groups: Group[] = [];
  const tasks: Task[] = [];
  let processes = 0;
  const add = (declaration: Declaration, items: readonly Value[], span: Group['span']): void => {
    const { name, kind, daemon, first, count, array } = declaration;
    const group = groups.push({ name, span, first, count, kind }) - 1;
    declarations.push(declaration);
    names.declare(name, { kind: 'group', group, task: kind, first, count, array });
    items.forEach((item, index) => {
      tasks.push({
        name: array ? `${name}[${index}]` : name,
        group,
        index,
        item,
        kind,
        ...(daemon === undefined ? {} : { daemon }),
        program: group,
        ...(kind === 'process' ? { process: processes++ } : {}),
      });
    });
  };
  const main = {
    name: 'main',
    written: undefined,
    daemon: false,
    kind: 'process',
    first: 0,
    count: 1,
    array: false,
  } as const;
  add(main, [null], document.spanAt(scenario.main === undefined ? ['tasks'] : ['main'], 'key'));
  for (const [name, written] of Object.entries(scenario.tasks ?? {})) {
    const path = ['tasks', name];
    const items = itemsOf(planning, name, written, mostElements - tasks.length);
    const daemon =
      written.daemon === undefined
        ? undefined
        : planning.constants.flag({ data: written.daemon, path: [...path, 'daemon'] }, false);
    const kind = written.kind ?? scenario.defaults?.kind ?? 'thread';
    const array = written.count !== undefined || written.each !== undefined;
    if (items === undefined) names.declare(name, { kind: 'broken' });
    const declaration = {
      name,
      written,
      daemon,
      kind,
      first: tasks.length,
      count: items?.length ?? 0,
      array,
    };
    add(declaration, items ?? [], document.spanAt(path, 'key'));
  }
  return { declarations, groups, tasks, processes };
}

/** One item a replica; undefined if something was reported. */
function itemsOf(
  planning: Planning,
  name: string,
  written: ScenarioTask,
  room: number,
): readonly Value[] | undefined {
  const { constants, document, report } = planning;
  const path = ['tasks', name, written.each === undefined ? 'count' : 'each'];
  const items =
    written.each === undefined
      ? constants.integer({ data: written.count, path }, 1, { min: 0, max: mostElements })
      : constants.list({ data: written.each, path });
  if (items === undefined) return undefined;
  if ((typeof items === 'number' ? items : items.length) > room) {
    report('bad-size', document.spanAt(path), `this makes more than ${mostElements} tasks`);
    return undefined;
  }
  return typeof items === 'number' ? Array.from({ length: items }, () => null) : items;
}
