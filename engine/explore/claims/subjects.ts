/**
 * What a scenario looks at, in its programs and in its expectations: the search may leave out of a state whatever nobody
 * looks at, and do at once whatever nobody can see in between.
 */
import type { Expression } from '../../expression/expression.ts';
import type { Instruction, TimeoutRule } from '../../plan/instruction.ts';
import type { Plan } from '../../plan/plan.ts';

/** All expressions of an instruction, those of its timeout and its model included. */
export function expressionsOf(instruction: Instruction): readonly Expression[] {
  switch (instruction.op) {
    case 'print':
      return [instruction.text];
    case 'sleep':
      return ofDuration(instruction.duration);
    case 'evaluate':
      return instruction.expressions;
    case 'update':
      return instruction.writes.map(({ value }) => value);
    case 'resolve':
      return [instruction.index];
    case 'operate':
      return [...instruction.operands, ...ofTimeout(instruction.timeout)];
    case 'await':
      return [instruction.condition, ...ofTimeout(instruction.timeout)];
    case 'external':
      return [
        instruction.request,
        ...ofTimeout(instruction.timeout),
        ...(instruction.model === undefined
          ? []
          : [...ofDuration(instruction.model.takes), instruction.model.result]),
      ];
    case 'branch':
    case 'assert':
      return [instruction.condition];
    case 'raise':
      return [instruction.message];
    case 'exit':
      return [instruction.code];
    case 'assign':
    case 'copy':
    case 'write':
    case 'begin':
    case 'commit':
    case 'jump':
    case 'next':
    case 'each':
    case 'enter':
    case 'leave':
    case 'reraise':
    case 'end':
      return [];
    default:
      return instruction satisfies never;
  }
}

function ofDuration(duration: TimeoutRule['after']): readonly Expression[] {
  return duration.kind === 'computed' ? [duration.expression] : [];
}

function ofTimeout(timeout: TimeoutRule | undefined): readonly Expression[] {
  return timeout === undefined ? [] : ofDuration(timeout.after);
}

/** The expressions of `expect` and `check` that are evaluated on states. */
export function claimsOf({ expect, check }: Plan): readonly Expression[] {
  const { always, finally: atEnd, eventually, sometimes, leadsTo, outcome } = expect;
  const claims = [...always, ...atEnd, ...eventually, ...sometimes];
  for (const { when, later } of leadsTo) claims.push(when, later);
  if (outcome !== undefined) claims.push(outcome);
  if (check.within !== undefined) claims.push(check.within);
  return claims.map(({ expression }) => expression);
}

/** What is read somewhere, in whichever way. */
export type Subjects = {
  /** Attributes read of each resource, by its number. */
  readonly attributes: readonly ReadonlySet<string>[];
  readonly groups: ReadonlySet<number>;
  /** Groups of which it can be told that a task waits, or has tried to: by its `.state`, or by when it began. */
  readonly watched: ReadonlySet<number>;
  readonly points: ReadonlySet<number>;
  /** Of which it is read how often they have begun or ended. */
  readonly countedPoints: ReadonlySet<number>;
};

export function subjectsOf(plan: Plan): Subjects {
  const attributes = plan.resources.map(() => new Set<string>());
  const groups = new Set<number>();
  const watched = new Set<number>();
  const points = new Set<number>();
  const countedPoints = new Set<number>();
  const instructions = plan.programs.flatMap((program) => program.instructions);
  for (const { reads } of [...instructions.flatMap(expressionsOf), ...claimsOf(plan)]) {
    for (const read of reads) {
      if (read.from === 'group') {
        groups.add(read.group);
        if (read.attributes.includes('state')) watched.add(read.group);
      }
      if (read.from === 'point') {
        points.add(read.point);
        if (read.attributes.some((name) => name !== 'running')) countedPoints.add(read.point);
      }
      if (read.from !== 'resource') continue;
      for (let id = read.first; id < read.first + read.count; id++)
        for (const name of read.attributes) attributes[id]?.add(name);
    }
  }
  const { order, neverTogether, peak } = plan.expect;
  const activities = [
    ...order.flatMap(({ before, after }) => [before, after]),
    ...neverTogether.flatMap((one) => one.activities),
  ];
  for (const activity of activities) {
    if (activity.kind === 'point') points.add(activity.point);
    else
      for (const task of activity.tasks) {
        groups.add(plan.tasks[task]?.group ?? 0);
        watched.add(plan.tasks[task]?.group ?? 0);
      }
  }
  for (const { resource } of peak) attributes[resource]?.add('holders');
  return { attributes, groups, watched, points, countedPoints };
}
