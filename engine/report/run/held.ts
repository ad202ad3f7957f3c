/**
 * What tasks hold, as the verdict's model knows it.
 */
import { isEnded, type ModelState, type TaskRecord } from '../../verdict/model/model-state.ts';
import type { ResourceRecord } from '../../verdict/model/primitives/resource-record.ts';
import { resourceText } from '../text/wording.ts';

/** In the order it took it. A task that has ended keeps nothing of what is switched off, and keeps nobody out. */
export function heldBy(state: ModelState, task: TaskRecord): readonly ResourceRecord[] {
  const held: ResourceRecord[] = [];
  for (let entry = task.held.first; entry !== null; entry = entry.next) {
    const resource = state.resources[entry.key];
    if (resource !== undefined && (resource.enabled || !isEnded(task))) held.unshift(resource);
  }
  return held;
}

/** `` `stall` ``, `` `shop` (off) `` */
export function heldText(resource: Pick<ResourceRecord, 'name' | 'kind' | 'enabled'>): string {
  return `${resourceText(resource)}${resource.enabled ? '' : ' (off)'}`;
}
