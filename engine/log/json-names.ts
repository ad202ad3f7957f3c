/**
 * The names that stand in a log beside the plan's numbers, for people and other tools. Each is worked out once.
 */
import type { Plan, Step } from '../plan/plan.ts';
import type { Event } from './event.ts';

/** Each gives a piece of a JSON object that begins with a comma, or nothing. */
export type Names = {
  ofTask(task: number): string;
  /** The line at which the step stands. */
  ofStep(step: number): string;
  /** What the event is about: another task, a resource, a var, a point. */
  ofTarget(event: Event): string;
};

type Named = readonly { readonly name: string }[];

export function createNames(plan: Plan, lineOf: (step: Step) => number | undefined): Names {
  const tasks = namePieces('taskName', plan.tasks);
  const steps = plan.steps.map((step) => linePiece(lineOf(step)));
  const targetTasks = namePieces('targetName', plan.tasks);
  const targetResources = namePieces('targetName', plan.resources);
  const variables = namePieces('variableName', plan.variables);
  const points = namePieces('pointName', plan.points);

  const targets = (event: Event) => {
    switch (event.type) {
      case 'started':
      case 'ended':
      case 'stopping':
        return targetTasks[event.target];
      case 'waiting':
      case 'timedOut':
      case 'operated':
      case 'refused':
      case 'spurious':
        // At its end a program waits for a process, which has no name.
        if (event.operation === 'end') return undefined;
        return (event.operation.startsWith('task.') ? targetTasks : targetResources)[event.target];
      case 'read':
      case 'wrote':
        return variables[event.variable];
      case 'entered':
      case 'left':
        return points[event.point];
      default:
        return undefined;
    }
  };
  return {
    ofTask: (task) => tasks[task] ?? '',
    ofStep: (step) => steps[step] ?? '',
    ofTarget: (event) => targets(event) ?? '',
  };
}

function namePieces(key: string, named: Named): readonly string[] {
  return named.map(({ name }) => `,"${key}":${JSON.stringify(name)}`);
}

function linePiece(line: number | undefined): string {
  return line === undefined ? '' : `,"line":${line}`;
}
