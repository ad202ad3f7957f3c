/**
 * A plan for the way to another thread or process: replicas that differ in nothing but their number are one entry there.
 *
 * Ten thousand tasks as ten thousand objects cost more time to send and to receive than the tasks themselves may take.
 */
import type { Plan, Task } from './plan.ts';

export type PackedPlan = Omit<Plan, 'tasks'> & { readonly tasks: readonly Replicas[] };

/** So many tasks, the first of which is this one. */
type Replicas = { readonly first: Task; readonly count: number };

/** Nothing of the plan is lost: `unpackPlan` gives an equal one. */
export function packPlan(plan: Plan): PackedPlan {
  const tasks: { first: Task; count: number }[] = [];
  let previous: Task | undefined;
  for (const task of plan.tasks) {
    const replicas = tasks.at(-1);
    const follows = previous !== undefined && isNext(plan, previous, task);
    if (replicas !== undefined && follows) replicas.count += 1;
    else tasks.push({ first: task, count: 1 });
    previous = task;
  }
  return { ...plan, tasks };
}

export function unpackPlan(packed: PackedPlan): Plan {
  const tasks: Task[] = [];
  for (const { first, count } of packed.tasks) {
    tasks.push(first);
    for (let index = first.index + 1; index < first.index + count; index += 1) {
      tasks.push({ ...first, name: nameOf(packed, first.group, index), index });
    }
  }
  return { ...packed, tasks };
}

/** Whether it is what the one before it says, but for its number. */
function isNext(plan: Plan, before: Task, task: Task): boolean {
  return (
    task.index === before.index + 1 &&
    task.group === before.group &&
    task.item === before.item &&
    task.kind === before.kind &&
    task.daemon === before.daemon &&
    task.program === before.program &&
    task.pool === before.pool &&
    task.byStep === before.byStep &&
    task.process === undefined &&
    before.process === undefined &&
    task.name === nameOf(plan, task.group, task.index)
  );
}

function nameOf({ groups }: Pick<Plan, 'groups'>, group: number, index: number): string {
  return `${groups[group]?.name}[${index}]`;
}
