/**
 * Tasks of which it can be told that the main program has not started them yet: their start is a step like any other.
 */
import type { Read } from '../../expression/expression.ts';
import type { Program } from '../../plan/instruction.ts';
import type { Plan } from '../../plan/plan.ts';
import { claimsOf, expressionsOf } from '../claims/subjects.ts';
import { aimsOf, overlaps, type Range } from './targets.ts';

type Operate = Extract<Program['instructions'][number], { readonly op: 'operate' }>;

/**
 * Something else joins, starts or ends them, ends their pool, or reads how they are, or who waits for their pool; or writes what
 * a new process begins with; or the run, or its main program, can end before that.
 */
export function startsThatAreSeen(plan: Plan): (tasks: Range) => boolean {
  const main = plan.tasks[0]?.program ?? 0;
  const seen: Range[] = [...processesThatCopy(plan)];
  const all = { first: 0, count: plan.tasks.length };
  if (plan.failFast) seen.push(all);
  plan.programs.forEach((program, id) => {
    for (const instruction of program.instructions) {
      if (instruction.op === 'exit') seen.push(all);
      if (id !== main && instruction.op === 'operate') seen.push(...actedOn(plan, program, instruction));
    }
  });
  const others = plan.programs.filter((_, id) => id !== main).flatMap(({ instructions }) => instructions);
  for (const { reads } of [...others.flatMap(expressionsOf), ...claimsOf(plan)])
    for (const read of reads) seen.push(...readBy(plan, read));
  return (tasks) => seen.some((range) => overlaps(range, tasks));
}

/** A process has the vars of its starter as they are then, and threads write those of main. */
function processesThatCopy({ programs, tasks, variables }: Plan): readonly Range[] {
  const isOwn = (variable: number): boolean => variables[variable]?.shared !== true;
  const writes = programs.map(({ instructions }) =>
    instructions.some((one) => {
      if (one.op === 'update') return one.writes.some(({ variable }) => isOwn(variable));
      return one.op === 'write' && isOwn(one.variable);
    }),
  );
  const isWritten = tasks.some(({ process, program }, task) => {
    return task !== 0 && process === undefined && writes[program] === true;
  });
  if (!isWritten) return [];
  return tasks.flatMap(({ process }, first) => (process === undefined ? [] : [{ first, count: 1 }]));
}

function actedOn(plan: Plan, program: Program, { operation, target }: Operate): readonly Range[] {
  const isOfTasks = operation.startsWith('task.');
  if (!isOfTasks && !POOL_ENDS.has(operation)) return [];
  return aimsOf(program, target).flatMap((aim) => {
    if (isOfTasks) return aim.kind === 'handle' ? [] : [aim.range];
    return workOf(plan, aim.kind === 'handle' ? { first: 0, count: plan.resources.length } : aim.range);
  });
}

/** They refuse what is started into the pool after them. */
const POOL_ENDS: ReadonlySet<string> = new Set(['pool.close', 'pool.terminate', 'pool.kill']);

function readBy(plan: Plan, read: Read): readonly Range[] {
  if (read.from === 'resource') return workOf(plan, read);
  const group = read.from === 'group' ? plan.groups[read.group] : undefined;
  if (group === undefined || read.from !== 'group') return [];
  const isSeen = read.elements || read.attributes.some((name) => !IS_OVER.has(name));
  return isSeen ? [{ first: group.first, count: group.count }] : [];
}

/** The tasks that have one of these resources as their pool. */
function workOf({ tasks }: Plan, pools: Range): readonly Range[] {
  return tasks.flatMap(({ pool }, first) =>
    pool !== undefined && overlaps({ first: pool, count: 1 }, pools) ? [{ first, count: 1 }] : [],
  );
}

/** Attributes of a group that are the same before its tasks are started and behind it. */
const IS_OVER = new Set(['finished', 'failed', 'terminated', 'skipped']);
