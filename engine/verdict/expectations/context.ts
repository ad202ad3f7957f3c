/**
 * What the expressions of an expectation see: the model's state at a moment, as the language names it.
 *
 * A var that is not shared is the main program's copy. There is no running task in an expectation, so it has no locals
 * and no `task`; their entries are null.
 */

import type { Context } from '../../expression/evaluator.ts';
import type { Read } from '../../expression/expression.ts';
import type { Value } from '../../expression/values/value.ts';
import { cellsOf, type ModelState, type TaskRecord } from '../model/model-state.ts';
import type { ResourceRecord } from '../model/primitives/resource-record.ts';
import { modelOf } from '../model/primitives/table.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The entries for these reads, as they are now. */
export function contextOf(state: ModelState, reads: readonly Read[], environment: Environment): Context {
  const context: Record<string, Value> = {};
  for (const read of reads) context[read.name] = readValue(state, read, environment);
  return context;
}

function readValue(state: ModelState, read: Read, environment: Environment): Value {
  switch (read.from) {
    case 'constant':
      return read.value;
    case 'variable':
      return variableValue(state, read.variable);
    case 'resource': {
      const records = state.resources.slice(read.first, read.first + (read.array ? read.count : 1));
      const maps = records.map((record) =>
        mapOf(read.attributes, (name) => resourceAttribute(state, record, name)),
      );
      return read.array ? maps : (maps[0] ?? null);
    }
    case 'group':
      return groupValue(state, read);
    case 'point': {
      const point = state.points[read.point];
      return mapOf(read.attributes, (name) => countOf(point, name));
    }
    case 'now':
      return state.now / 1_000_000;
    case 'env':
      return mapOf(read.attributes, (name) => environment[name] ?? '');
    case 'task':
    case 'local':
      return null;
  }
}

/** A var's value: the list of its cells where it is an array. */
export function variableValue(state: ModelState, variable: number): Value {
  const record = state.variables[variable];
  if (record === undefined) return null;
  const cells = cellsOf(state, record, 0);
  return state.plan.variables[variable]?.array === true ? cells : (cells[0] ?? null);
}

/** The subjects (see `watch.ts`) on which the value of a read depends; `now` changes without any. */
export function subjectsRead(state: ModelState, read: Read): readonly number[] {
  const { subjects } = state;
  switch (read.from) {
    case 'variable':
      return [subjects.variables + read.variable];
    case 'resource':
      return Array.from({ length: read.array ? read.count : 1 }, (_, index) => read.first + index);
    case 'group': {
      const ofReplicas =
        read.elements || read.attributes.some((name) => name === 'state' || name === 'exitCode');
      return ofReplicas
        ? [subjects.groups + read.group, subjects.replicas + read.group]
        : [subjects.groups + read.group];
    }
    case 'point':
      return [subjects.points + read.point];
    case 'constant':
    case 'local':
    case 'task':
    case 'now':
    case 'env':
      return [];
  }
}

function mapOf(names: readonly string[], valueOfName: (name: string) => Value): Value {
  const map: Record<string, Value> = {};
  for (const name of names) map[name] = valueOfName(name);
  return map;
}

function groupValue(state: ModelState, read: Read & { readonly from: 'group' }): Value {
  const group = state.plan.groups[read.group];
  if (group === undefined) return null;
  const replicas = state.tasks.slice(group.first, group.first + group.count);
  if (read.elements)
    return replicas.map((task) => mapOf(read.attributes, (name) => replicaAttribute(task, name)));
  const [only] = replicas;
  return mapOf(read.attributes, (name) => {
    if (only !== undefined && (name === 'state' || name === 'exitCode')) return replicaAttribute(only, name);
    return countOf(state.groups[read.group], name);
  });
}

function replicaAttribute(task: TaskRecord, name: string): Value {
  if (name === 'state') return task.state === 'started' ? 'running' : task.state;
  if (name === 'exitCode') return task.ending === null ? null : BigInt(task.ending.exitCode);
  return null;
}

function countOf(counts: Readonly<Record<string, number>> | undefined, name: string): Value {
  const count = counts?.[name];
  return count === undefined ? null : BigInt(count);
}

/** An attribute of a resource, as expressions have it. */
export function resourceAttribute(state: ModelState, record: ResourceRecord, name: string): Value {
  const { attributes, waiting } = modelOf(record);
  if (name === 'waiting') return BigInt(waiting?.(record) ?? record.waiting);
  const read = (attributes as Readonly<Record<string, Reader | undefined>>)[name];
  // The planner lets no other name through.
  if (read === undefined) throw new Error(`bug in concur: nothing reads ${record.kind}.${name}`);
  return read(state, record);
}

type Reader = (state: ModelState, record: ResourceRecord) => Value;
