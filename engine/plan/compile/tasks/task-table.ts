/**
 * All task declarations: those of the scenario, and those that the planner makes (workers of pools, work handed to them,
 * launchers of tasks that need others, timers). Groups, tasks and processes are numbered here.
 */
import type { Task as ScenarioTask } from '../../../document/scenario.generated.ts';
import type { Duration } from '../../../expression/expression.ts';
import type { TaskKind } from '../../../expression/scope.ts';
import type { Value } from '../../../expression/values/value.ts';
import type { Span } from '../../../source/source.ts';
import type { Group, Task } from '../../plan.ts';

/** What the tasks of a declaration do. */
export type Body =
  | { readonly is: 'main' }
  | { readonly is: 'task'; readonly written: ScenarioTask }
  /** Runs what is started into the pool, one after the other. */
  | { readonly is: 'worker'; readonly pool: number }
  /** Starts the tasks of the declaration once its needs are met. */
  | { readonly is: 'launcher'; readonly of: Declaration }
  /** Looks whether a task is ready. */
  | { readonly is: 'prober'; readonly of: Declaration; readonly variable: number }
  /** Terminates a task whose attempt takes too long. */
  | { readonly is: 'timer'; readonly of: Declaration; readonly after: Duration; readonly attempts: Attempts }
  /** Compiled where it is handed to the pool. */
  | { readonly is: 'work' }
  /** Done in a run of its own after this one. */
  | { readonly is: 'teardown'; readonly outcome: number };

/** How often a task may be tried; `variable` has the number of each replica's attempt at hand, where there are several. */
export type Attempts = { readonly most: number; readonly variable?: number };

export type Declaration = {
  /** `main`, the name under `tasks`, or one of the planner's, which has a dot in it. */
  readonly name: string;
  readonly body: Body;
  readonly span: Span;
  readonly daemon: boolean | undefined;
  readonly kind: TaskKind;
  /** The pool whose workers run it. */
  readonly pool?: number;
  readonly array: boolean;
  /** The number of its group, and of its program. */
  readonly group: number;
  readonly first: number;
  readonly count: number;
};

export type NewDeclaration = Omit<Declaration, 'group' | 'first' | 'count'>;

export type TaskTable = {
  /** One task for each item. */
  add(declaration: NewDeclaration, items: readonly Value[]): Declaration;
  /** The list grows while programs are compiled. */
  declarations(): readonly Declaration[];
  /** The launcher or the prober that was added for a declaration. */
  madeFor(what: 'launcher' | 'prober', declaration: Declaration): Declaration | undefined;
  groups(): readonly Group[];
  tasks(): readonly Task[];
  processes(): number;
};

export function createTaskTable(): TaskTable {
  const declarations: Declaration[] = [];
  const made = { launcher: new Map<Declaration, Declaration>(), prober: new Map<Declaration, Declaration>() };
  const groups: Group[] = [];
  const tasks: Task[] = [];
  let processes = 0;
  return {
    add(added, items) {
      const { name, span, kind, daemon, pool, array } = added;
      const [first, count] = [tasks.length, items.length];
      const madeFor = madeBy[added.body.is];
      const readyLog = added.body.is === 'task' ? added.body.written.ready?.log : undefined;
      const group =
        groups.push({
          name,
          span,
          first,
          count,
          kind,
          ...(madeFor === undefined ? {} : { made: madeFor }),
          ...('of' in added.body ? { serves: added.body.of.name } : {}),
          ...(added.body.is === 'worker' ? { worksFor: added.body.pool } : {}),
          ...(readyLog === undefined ? {} : { readyLog }),
        }) - 1;
      const declaration = { ...added, group, first, count };
      declarations.push(declaration);
      const { body } = added;
      if (body.is === 'launcher' || body.is === 'prober') made[body.is].set(body.of, declaration);
      items.forEach((item, index) => {
        tasks.push({
          name: array ? `${name}[${index}]` : name,
          group,
          index,
          item,
          kind,
          ...(daemon === undefined ? {} : { daemon }),
          program: group,
          ...(pool === undefined ? {} : { pool }),
          ...(kind === 'process' ? { process: processes++ } : {}),
        });
      });
      return declaration;
    },
    declarations: () => declarations,
    madeFor: (what, declaration) => made[what].get(declaration),
    groups: () => groups.map((group, index) => withNeeds(group, declarations[index], declarations)),
    tasks: () => tasks,
    processes: () => processes,
  };
}

/** The groups that the tasks of a declaration need, which may be declared after it. */
function withNeeds(
  group: Group,
  declared: Declaration | undefined,
  declarations: readonly Declaration[],
): Group {
  const needs = declared?.body.is === 'task' ? declared.body.written.needs : undefined;
  if (needs === undefined) return group;
  const names = Object.keys(needs);
  return { ...group, needs: declarations.flatMap(({ name }, id) => (names.includes(name) ? [id] : [])) };
}

const madeBy: Readonly<Record<Body['is'], Group['made']>> = {
  main: undefined,
  task: undefined,
  worker: 'helper',
  launcher: 'helper',
  prober: 'helper',
  timer: 'helper',
  teardown: 'helper',
  work: 'work',
};
