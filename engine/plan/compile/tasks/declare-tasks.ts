/**
 * The scenario's tasks: how many replicas, of what kind; and the tasks that the planner adds to serve them. Task 0 is the
 * main program, written or made by the planner.
 */
import type { Task as ScenarioTask } from '../../../document/scenario.generated.ts';
import type { Value } from '../../../expression/values/value.ts';
import type { Planning } from '../planning.ts';
import { mostElements } from '../resources/declare-resources.ts';
import { poolOf } from '../resources/pool-of.ts';
import { declareTimer } from './attempts.ts';
import { declareLauncher } from './needs.ts';
import { declareProber } from './ready.ts';
import type { Declaration } from './task-table.ts';
import { declareTeardown } from './teardown.ts';

/** All tasks, numbered; the names of their groups are declared. */
export function declareTasks(planning: Planning): void {
  const { scenario } = planning;
  declareMain(planning);
  const written = Object.entries(scenario.tasks ?? {}).map(([name, task]) =>
    declareTask(planning, name, task),
  );
  declareWorkers(planning);
  for (const declaration of written) declareTimer(planning, declaration);
  for (const declaration of written) declareProber(planning, declaration);
  for (const declaration of written) declareLauncher(planning, declaration);
  declareTeardown(planning);
}

function declareMain({ document, names, scenario, tasks }: Planning): void {
  const span = document.spanAt(scenario.main === undefined ? ['tasks'] : ['main'], 'key');
  const body = { is: 'main' } as const;
  tasks.add({ name: 'main', body, span, daemon: false, kind: 'process', array: false }, [null]);
  names.declare('main', { kind: 'group', group: 0, task: 'process', first: 0, count: 1, array: false });
}

function declareTask(planning: Planning, name: string, written: ScenarioTask): Declaration {
  const { constants, document, names, scenario, tasks } = planning;
  const path = ['tasks', name];
  const items = itemsOf(planning, name, written, mostElements - tasks.tasks().length);
  const daemon =
    written.daemon === undefined
      ? undefined
      : constants.flag({ data: written.daemon, path: [...path, 'daemon'] }, false);
  const pool = written.pool === undefined ? undefined : poolOf(planning, written.pool, [...path, 'pool']);
  const kind = pool === undefined ? (written.kind ?? scenario.defaults?.kind ?? 'thread') : 'thread';
  const array = written.count !== undefined || written.each !== undefined;
  const body = { is: 'task', written } as const;
  const span = document.spanAt(path, 'key');
  const own = pool === undefined ? {} : { pool };
  const declaration = tasks.add({ name, body, span, daemon, kind, array, ...own }, items ?? []);
  const { group, first, count } = declaration;
  names.declare(
    name,
    items === undefined ? { kind: 'broken' } : { kind: 'group', group, task: kind, first, count, array },
  );
  return declaration;
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
  return typeof items === 'number' ? nothing(items) : items;
}

function nothing(count: number): readonly null[] {
  return Array.from({ length: count }, () => null);
}

/** The workers of all pools: daemons, for a pool keeps no program alive. */
function declareWorkers({ names, resources, scenario, tasks }: Planning): void {
  for (const [name, { kind = 'thread' }] of Object.entries(scenario.pools ?? {})) {
    const binding = names.lookup(name);
    if (binding?.kind !== 'resource') continue;
    for (let pool = binding.first; pool < binding.first + binding.count; pool++) {
      const resource = resources.list()[pool];
      if (resource?.kind !== 'pool') continue;
      const body = { is: 'worker', pool } as const;
      const { span, size } = resource;
      const added = { name: `${resource.name}.worker`, body, span, daemon: true, kind, array: true };
      tasks.add(added, nothing(size));
    }
  }
}
