/**
 * Order of arrival at what is `fair: true`: who waits stands in line, and only the first in line may take.
 */

/** Tasks in order of arrival; null where order does not count. */
export type Line = Set<number> | null;

/** Nobody stands in it yet. */
export function createLine({ fair }: { readonly fair: boolean }): Line {
  return fair ? new Set() : null;
}

/** Who stands first; undefined where nobody does. */
export function firstIn(line: Line): number | undefined {
  return line === null || line.size === 0 ? undefined : line.values().next().value;
}

/** Whether nobody stands before the task, be it in line or not. */
export function isNext(line: Line, task: number): boolean {
  const first = firstIn(line);
  return first === undefined || first === task;
}

/** The task takes what is served in that order: it leaves the line; or what to say where others came before it. */
export function pass(
  { name }: { readonly name: string },
  line: Line,
  task: { readonly id: number; readonly name: string },
): string | null {
  if (line === null) return null;
  if (!isNext(line, task.id)) return `${task.name} overtook others at ${name}, which is fair`;
  line.delete(task.id);
  return null;
}
