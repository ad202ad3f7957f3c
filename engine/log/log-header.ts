/**
 * The first line of a log: what was run, and what the numbers in its events stand for. With it a log can be read without the
 * scenario, and by programs that know nothing of concur. `docs/log.md` says what each field means.
 */

import { resourceKinds, type TaskKind, taskKinds } from '../expression/scope.ts';
import type { Value } from '../expression/values/value.ts';
import { type Mode, modes } from '../plan/mode.ts';
import type { Plan, ResourceKind, Step } from '../plan/plan.ts';
import {
  flag,
  integer,
  listOf,
  objectOf,
  oneOf,
  orNull,
  type Reader,
  text,
  value,
  valueMap,
} from './json-fields.ts';
import { type Json, jsonFromValue } from './json-value.ts';

/** The version of the whole format: a reader of another one would take fields for what they are not. */
export const LOG_VERSION = 2;

/** What the events are about; each stands at the place of its number. */
export type LogSubjects = {
  /** `group` is the name of its declaration: of `visitor[3]` it is `visitor`. */
  readonly tasks: readonly { readonly name: string; readonly kind: TaskKind; readonly group: string }[];
  readonly resources: readonly { readonly name: string; readonly kind: ResourceKind }[];
  readonly variables: readonly {
    readonly name: string;
    readonly shared: boolean;
    /** What each cell holds first. */
    readonly initial: readonly Value[];
  }[];
  readonly points: readonly { readonly name: string; readonly step: number }[];
  /** `line` counts from 1; null where nobody wrote the step, or the writer knew no lines. */
  readonly steps: readonly { readonly text: string; readonly line: number | null }[];
};

export type LogHeader = LogSubjects & {
  readonly concurLog: typeof LOG_VERSION;
  /** The version of the concur that wrote it; null where a program did that did not say. */
  readonly concur: string | null;
  readonly name: string;
  readonly file: string;
  readonly caseName: string | null;
  readonly params: Readonly<Record<string, Value>>;
  readonly seed: number;
  readonly mode: Mode;
};

export type LogWritten = {
  readonly mode: Mode;
  readonly concur?: string | undefined;
  readonly lineOf: (step: Step) => number | undefined;
};

export function headerOf(plan: Plan, { mode, concur, lineOf }: LogWritten): LogHeader {
  return {
    concurLog: LOG_VERSION,
    concur: concur ?? null,
    name: plan.name,
    file: plan.file,
    caseName: plan.caseName ?? null,
    params: plan.params,
    seed: plan.seed,
    mode,
    tasks: plan.tasks.map(({ name, kind, group }) => ({
      name,
      kind,
      group: plan.groups[group]?.name ?? name,
    })),
    resources: plan.resources.map(({ name, kind }) => ({ name, kind })),
    variables: plan.variables.map(({ name, shared, initial }) => ({ name, shared, initial })),
    points: plan.points.map(({ name, step }) => ({ name, step })),
    steps: plan.steps.map((step) => ({ text: step.text, line: lineOf(step) ?? null })),
  };
}

export function jsonFromHeader(header: LogHeader): { readonly [K in keyof LogHeader]: Json } {
  return {
    ...header,
    params: jsonFromValue(header.params),
    variables: header.variables.map((one) => ({ ...one, initial: jsonFromValue(one.initial) })),
  };
}

/** What reads each field of a header, but its version: that says whether the others can be read. */
export const headerFields: { readonly [K in Exclude<keyof LogHeader, 'concurLog'>]: Reader<LogHeader[K]> } = {
  concur: orNull(text),
  name: text,
  file: text,
  caseName: orNull(text),
  params: valueMap,
  seed: integer,
  mode: oneOf(modes),
  tasks: listOf(objectOf({ name: text, kind: oneOf(taskKinds), group: text })),
  resources: listOf(objectOf({ name: text, kind: oneOf(resourceKinds) })),
  variables: listOf(objectOf({ name: text, shared: flag, initial: listOf(value) })),
  points: listOf(objectOf({ name: text, step: integer })),
  steps: listOf(objectOf({ text, line: orNull(integer) })),
};
