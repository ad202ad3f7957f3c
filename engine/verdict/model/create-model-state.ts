/**
 * The state of the model before the first event.
 */
import type { Value } from '../../expression/values/value.ts';
import type { Plan, Task } from '../../plan/plan.ts';
import { createErrorOrigins } from './error-origins.ts';
import type { ModelState, OwnWrite, ProcessRecord, TaskRecord, VariableRecord } from './model-state.ts';
import { NOBODY } from './primitives/resource-record.ts';
import { createResource } from './primitives/table.ts';
import { createTallies } from './tally.ts';
import { subjectsOf, type Watch } from './watch.ts';

export function createModelState(plan: Plan, watch: Watch): ModelState {
  const variables = layVariables(plan);
  const initial = plan.variables.flatMap((variable) => variable.initial);
  return {
    plan,
    tasks: plan.tasks.map(createTask),
    groups: plan.groups.map(() => ({
      running: 0,
      finished: 0,
      failed: 0,
      terminated: 0,
      skipped: 0,
      waiting: 0,
    })),
    resources: plan.resources.map(createResource),
    variables,
    processes: Array.from({ length: plan.processes }, (_, id) =>
      createProcess(id === 0 ? [...initial] : null),
    ),
    points: plan.points.map(() => ({ running: 0, begun: 0, ended: 0 })),
    shared: [...initial],
    tallies: createTallies(),
    origins: createErrorOrigins(plan),
    watch,
    subjects: subjectsOf(plan),
    now: 0,
    live: 0,
    blocked: 0,
    stopping: 0,
    needed: 0,
    neededBlocked: 0,
  };
}

function createTask(plan: Task, id: number): TaskRecord {
  return {
    id,
    plan,
    name: plan.name,
    state: 'notStarted',
    daemon: false,
    process: NOBODY,
    needed: false,
    step: -1,
    raised: null,
    wait: { operation: 'await', target: NOBODY, timed: false, amount: 0, sinceUs: 0, sinceSeq: 0, step: -1 },
    asking: null,
    wakeUs: 0,
    ending: null,
    isHandedOver: false,
    held: { first: null },
    taken: { first: null },
    inside: { first: null },
  };
}

function createProcess(cells: Value[] | null): ProcessRecord {
  return { first: NOBODY, parent: NOBODY, cells, threads: 0, children: 0 };
}

function layVariables(plan: Plan): VariableRecord[] {
  let first = 0;
  return plan.variables.map((variable) => {
    const written = { at: -1, task: NOBODY, step: -1 };
    const record = {
      name: variable.name,
      shared: variable.shared,
      first,
      count: variable.initial.length,
      written,
      ownWrites: new Map<number, OwnWrite>(),
    };
    first += variable.initial.length;
    return record;
  });
}
