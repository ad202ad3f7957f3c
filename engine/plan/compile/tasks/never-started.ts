/**
 * Needs of a task that is left to the steps of others: when it is certain that nobody will start it any more.
 */
import type { Binding, GroupBinding } from '../../../expression/scope.ts';
import { literalFromText } from '../../../expression/values/value-text.ts';
import type { Planning } from '../planning.ts';
import { startedByMain } from './main-starts.ts';
import type { Declaration } from './task-table.ts';

/** CEL over the counts of a task's replicas. `never`: that it never will be met, and why; missing where it always can be. */
export type Need = { readonly met: string; readonly never?: Never };

export type Never = {
  readonly when: string;
  readonly why: string;
  /** At which step it is told; that of the need itself where this is missing. */
  readonly step?: number;
};

/** The need, which is never met either once all have ended that could start the task. */
export function orNeverStarted(
  planning: Planning,
  name: string,
  { group, count }: GroupBinding,
  need: Need,
): Need {
  const declaration = planning.tasks.declarations()[group];
  if (declaration === undefined || planning.starts.leftToSteps(declaration).size === 0) return need;
  const { met, never } = need;
  const begun = `${name}.running + ${name}.finished + ${name}.failed + ${name}.terminated + ${name}.skipped`;
  const over = [...planning.starts.startersOf(group)].map((starter) => isOver(planning, starter));
  const when = `(${[`${begun} < ${count}`, `!(${met})`, ...over].join(' && ')})`;
  const why = literalFromText(`nobody starts \`${name}\` any more`);
  if (never === undefined) return { met, never: { when, why } };
  return {
    met,
    never: { ...never, when: `(${never.when} || ${when})`, why: `(${never.when} ? ${never.why} : ${why})` },
  };
}

/** None of its tasks runs, and none will that main starts; others of it need somebody to start them, who is looked at, too. */
function isOver(planning: Planning, starter: Declaration): string {
  const { body, count, first } = starter;
  const name = nameOf(starter);
  if (body.is !== 'task') return `${name}.running == 0`;
  if (planning.starts.leftToSteps(starter).size === 0)
    return `${name}.finished + ${name}.failed + ${name}.terminated + ${name}.skipped == ${count}`;
  const ends = startedByMain(planning, starter).flatMap((row) =>
    Array.from(
      { length: row.count },
      (_, index) =>
        `${name}[${row.first - first + index}].state in ["finished", "failed", "terminated", "skipped"]`,
    ),
  );
  return [`${name}.running == 0`, ...ends].join(' && ');
}

/** Work has no name in a scenario. */
function nameOf({ body, name, group }: Declaration): string {
  return body.is === 'work' ? `work__of__group__${group}` : name;
}

/** The names of what has none in a scenario, for expressions of the planner's own. */
export function namesOfStarters({ tasks }: Planning): ReadonlyMap<string, Binding> {
  const work = tasks.declarations().filter(({ body }) => body.is === 'work');
  return new Map(
    work.map((declaration) => {
      const { group, first, count, array } = declaration;
      return [nameOf(declaration), { kind: 'group', group, task: 'thread', first, count, array }];
    }),
  );
}
