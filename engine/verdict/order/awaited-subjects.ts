/**
 * What an `await` comes after: whatever changed something that its expression reads.
 *
 * Only subjects (see `watch.ts`) that some `await` of the plan reads are kept, so that plans without one pay nothing.
 */
import type { Event } from '../../log/event.ts';
import { subjectsRead } from '../expectations/context.ts';
import { isForResource, type ModelState } from '../model/model-state.ts';
import type { TaskClocks } from './task-clocks.ts';
import type { Clock } from './vector-clock.ts';

export type AwaitedSubjects = { handle(event: Event): void };

export function createAwaitedSubjects(state: ModelState, clocks: TaskClocks): AwaitedSubjects {
  const { subjects } = state;
  const ofStep = subjectsOfSteps(state);
  const awaited = [...ofStep.values()].flat();
  /** By subject; undefined where no `await` reads it. */
  const changed = new Array<Clock | undefined>(subjects.size).fill(undefined);
  for (const subject of awaited) changed[subject] = null;

  return {
    handle(event) {
      if (awaited.length === 0) return;
      switch (event.type) {
        case 'passed':
          for (const subject of ofStep.get(event.step) ?? [])
            clocks.learn(event.task, changed[subject] ?? null);
          return;
        case 'operated':
          change(event.target, event.task);
          return;
        case 'waiting':
        case 'timedOut':
        case 'refused':
        case 'spurious':
          if (isForResource(event.operation)) change(event.target, event.task);
          return;
        case 'wrote':
          change(subjects.variables + event.variable, event.task);
          return;
        case 'entered':
        case 'left':
          change(subjects.points + event.point, event.task);
          return;
        case 'started':
          changeGroup(event.target, event.task);
          return;
        case 'ended':
          changeGroup(event.target, event.target);
      }
    },
  };

  function changeGroup(target: number, by: number): void {
    const group = state.plan.tasks[target]?.group;
    if (group === undefined) return;
    change(subjects.groups + group, by);
    change(subjects.replicas + group, by);
  }

  function change(subject: number, by: number): void {
    const before = changed[subject];
    if (before !== undefined) changed[subject] = clocks.join(before, clocks.publish(by));
  }
}

/** By step: what its `await` reads. */
function subjectsOfSteps(state: ModelState): ReadonlyMap<number, readonly number[]> {
  const ofStep = new Map<number, readonly number[]>();
  for (const instruction of state.plan.programs.flatMap((program) => program.instructions)) {
    if (instruction.op !== 'await') continue;
    const read = instruction.condition.reads.flatMap((each) => subjectsRead(state, each));
    ofStep.set(instruction.step, [...(ofStep.get(instruction.step) ?? []), ...read]);
  }
  return ofStep;
}
