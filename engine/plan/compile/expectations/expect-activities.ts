/**
 * What `expect` says of steps and tasks in time: which come first, and which are never at work at once.
 */
import type { Path } from '../../../document/document.ts';
import type { Overlap, Reference } from '../../../document/scenario.generated.ts';
import type { Activity, Expectations } from '../../expectations.ts';
import { complete } from '../complete.ts';
import type { Planning } from '../planning.ts';
import type { Entry } from './expect-claims.ts';
import { expectTarget } from './expect-target.ts';

/** Each before the next one of its list. */
export function orderOf(
  planning: Planning,
  entry: Entry<readonly (readonly Reference[])[]>,
): Expectations['order'] {
  return (entry?.value ?? []).flatMap((list, index) => {
    const path = [...(entry?.path ?? []), index];
    const activities = activitiesOf(planning, list, path);
    const span = planning.document.spanAt(path);
    return activities.slice(1).flatMap((after, position) => {
      const before = activities[position];
      return before === undefined ? [] : [{ span, before, after }];
    });
  });
}

export function neverTogetherOf(planning: Planning, entry: Entry<Overlap>): Expectations['neverTogether'] {
  if (entry?.value.never === undefined) return [];
  const path = [...entry.path, 'never'];
  const activities = activitiesOf(planning, entry.value.never, path);
  return activities.length === 0 ? [] : [{ span: planning.document.spanAt(path, 'key'), activities }];
}

/** At least two; none if something was reported. */
function activitiesOf(planning: Planning, list: readonly Reference[], path: Path): readonly Activity[] {
  if (list.length < 2) {
    const help = 'name at least two steps (by their `id`) or tasks';
    planning.report('bad-size', planning.document.spanAt(path), 'there is nothing to compare', { help });
  }
  return complete(list.map((name, index) => activityOf(planning, name, [...path, index]))) ?? [];
}

function activityOf(planning: Planning, name: string, path: Path): Activity | undefined {
  const found = expectTarget(planning, name, path, ['point', 'group']);
  if (found?.binding.kind === 'point') return { kind: 'point', name, point: found.binding.point };
  if (found?.binding.kind !== 'group') return undefined;
  const { first, count } = found.binding;
  const tasks =
    found.index === undefined
      ? Array.from({ length: count }, (_, index) => first + index)
      : [first + found.index];
  return { kind: 'tasks', name, tasks };
}
