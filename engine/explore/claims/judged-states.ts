/**
 * What is judged on states, not on ways to them: `always`, `sometimes`, `peak`, `overlap`; and failures that are final when
 * they happen.
 *
 * Expressions are bound as the machine binds those of steps, with the main program as the task that reads: a var that is not
 * shared is its copy.
 */

import { ScenarioError } from '../../expression/values/scenario-error.ts';
import { textFromValue } from '../../expression/values/value-text.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { STATE, TASK } from '../../kernel/memory/layout.ts';
import { primitiveOf } from '../../kernel/primitives/table.ts';
import { int } from '../../log/int.ts';
import { type BoundExpression, createExpressionBinder } from '../../machine/bound-expression.ts';
import type { Identity } from '../../machine/frame.ts';
import type { Bound } from '../../plan/expectations.ts';
import type { Resource } from '../../plan/plan.ts';
import type { State } from '../state.ts';
import { ClaimFrame, isTrue } from './claim-frame.ts';

export type StateJudge = {
  /** What the state at hand breaks that was not broken before, by a key; undefined if nothing. */
  readonly broken: () => string | undefined;
  /** Whether the state at hand breaks what has that key. */
  readonly breaks: (key: string) => boolean;
  /** Numbers of those of `sometimes` that are true in the state at hand for the first time. */
  readonly sighted: () => readonly number[];
  /** At an end: what `outcome` is, as a text; empty where nothing is asked, or it cannot be told. */
  readonly outcome: () => string;
  /** Of each of `peak`, the most that was seen. */
  readonly peaks: () => readonly number[];
};

const NONE: readonly number[] = [];

export function createStateJudge(state: State, identity: Identity): StateJudge {
  const { k, plan } = state;
  const { expect } = plan;
  const frame = new ClaimFrame(k, identity, state.meter);
  frame.resume(0);
  const bind = createExpressionBinder(frame);
  const always = expect.always.map(({ expression }) => bind(expression));
  const sometimes = expect.sometimes.map(({ expression }) => bind(expression));
  const outcome = expect.outcome === undefined ? undefined : bind(expect.outcome.expression);
  const peaks = expect.peak.map(() => 0);
  const told = new Set<string>();
  const open = new Set(sometimes.keys());
  const mayFail = tasksThatMayNotFail(state);

  const offences = function* (): Iterable<string> {
    for (let index = 0; index < always.length; index++)
      if (!isTrue(always[index] as BoundExpression)) yield `always ${index}`;
    for (let index = 0; index < expect.peak.length; index++) {
      const { resource, bound } = expect.peak[index] as (typeof expect.peak)[number];
      const size = measure(k, resource);
      if (size > int(peaks[index])) peaks[index] = size;
      if (exceeds(size, bound)) yield `peak ${index}`;
    }
    for (let index = 0; index < expect.neverTogether.length; index++)
      if (state.monitors.wereTogether(index)) yield `overlap ${index}`;
    if (state.monitors.isDisordered()) yield 'order';
    for (const task of mayFail)
      if (state.lifeOf(task) === STATE.failed) yield `failed ${plan.tasks[task]?.group}`;
  };
  const judgesNothing =
    expect.order.length + expect.neverTogether.length + always.length + peaks.length === 0;
  /** Most states break nothing: that is found out without a generator. */
  const hasFailed = (): boolean => {
    for (let index = 0; index < mayFail.length; index++)
      if (state.lifeOf(int(mayFail[index])) === STATE.failed) return true;
    return false;
  };
  return {
    broken: () => {
      if (judgesNothing && !hasFailed()) return undefined;
      for (const key of offences()) {
        if (told.has(key)) continue;
        told.add(key);
        return key;
      }
      return undefined;
    },
    breaks: (key) => {
      for (const other of offences()) if (other === key) return true;
      return false;
    },
    sighted: () => {
      if (open.size === 0) return NONE;
      const now = [...open].filter((index) => isTrue(sometimes[index] as BoundExpression));
      for (const index of now) open.delete(index);
      return now;
    },
    outcome: () => textOf(outcome),
    peaks: () => peaks,
  };
}

function textOf(expression: BoundExpression | undefined): string {
  try {
    return expression === undefined ? '' : textFromValue(expression.evaluate());
  } catch (thrown) {
    if (thrown instanceof ScenarioError) return '';
    throw thrown;
  }
}

/** Nobody expects anything of their ends, so that they must finish; work of pools fails for the task that joins it. */
function tasksThatMayNotFail({ plan }: State): readonly number[] {
  const listed = new Set(plan.expect.tasks.flatMap(({ tasks }) => tasks));
  return plan.tasks.flatMap(({ group }, task) =>
    listed.has(task) || plan.groups[group]?.made === 'work' ? [] : [task],
  );
}

function exceeds(size: number, { comparison, value }: Bound): boolean {
  switch (comparison) {
    case '==':
    case '<=':
      return size > value;
    case '<':
      return size >= value;
    case '>':
    case '>=':
      return false;
    default:
      return comparison satisfies never;
  }
}

/** How much of a resource is taken, or how much is in it. */
function measure(k: Kernel, id: number): number {
  const resource = k.plan.resources[id] as Resource;
  return primitiveOf(resource).size?.(k, id, resource) ?? waitingFor(k, id);
}

function waitingFor({ words, layout, plan }: Kernel, id: number): number {
  return plan.tasks.filter((_, task) => {
    const at = int(layout.taskAt[task]);
    return int(words[at + TASK.waiting]) > 0 && words[at + TASK.target] === id;
  }).length;
}
