/**
 * What those need who say why a wait can never end.
 */
import type { OperationName } from '../../plan/operation.ts';
import type { ModelState, TaskRecord } from '../model/model-state.ts';
import type { ResourceRecord } from '../model/primitives/resource-record.ts';
import { type LineOf, listed, MOST_NAMES } from '../show.ts';

export type Explaining = {
  readonly state: ModelState;
  /** For line numbers; without it there are none in the texts. */
  readonly lineOf: LineOf | undefined;
  /** ` at 0.1 s`; empty where time says nothing, as in a check. */
  readonly when: (us: number) => string;
  /** What another task does, as the end of a sentence. */
  readonly doing: (task: TaskRecord) => string;
  /** All that hold that resource, those that have ended included. */
  readonly holders: (resource: ResourceRecord) => readonly TaskRecord[];
  /** Why nobody does it: those who could wait themselves, have ended, were never started, or never were. */
  readonly absence: (
    task: TaskRecord,
    resource: ResourceRecord,
    operation: OperationName,
    deed: string,
    /** Those that have done so already. */
    done?: ReadonlyMap<number, unknown>,
  ) => string;
};

/** However many they are, only the first few names are looked at. */
export function named(tasks: readonly TaskRecord[]): string {
  return listed(
    tasks.slice(0, MOST_NAMES).map((task) => task.name),
    tasks.length,
  );
}

export function plural(tasks: readonly unknown[], one: string, several: string): string {
  return tasks.length === 1 ? one : several;
}
