/**
 * The state a task is in, and what it may do in that state.
 */
import type { ModelState, TaskRecord, TaskState } from './model-state.ts';

/** Null if the task runs, else why it cannot do what it did. */
export function mustRun(task: TaskRecord, deed: string): string | null {
  return task.state === 'running' ? null : `${task.name} ${deed} while it ${stateNote(task)}`;
}

/** What the task does, for messages: `sleeps`, `has ended as failed`. */
export function stateNote(task: TaskRecord): string {
  switch (task.state) {
    case 'notStarted':
      return 'is not started';
    case 'started':
      return 'has not begun';
    case 'running':
      return 'runs';
    case 'waiting':
      return `waits in ${task.wait.operation}`;
    case 'sleeping':
      return 'sleeps';
    case 'stopping':
      return 'is stopping';
    case 'finished':
    case 'failed':
    case 'terminated':
    case 'skipped':
      return `has ended as ${task.state}`;
  }
}

/** Keeps count of those that wait without a timeout. */
export function moveTo(state: ModelState, task: TaskRecord, next: TaskState): void {
  if (task.state === 'waiting' && !task.wait.timed) countBlocked(state, task, -1);
  if (next === 'waiting' && !task.wait.timed) countBlocked(state, task, 1);
  if (task.state === 'stopping') state.stopping -= 1;
  if (next === 'stopping') state.stopping += 1;
  task.state = next;
  state.watch.touch(state.subjects.replicas + task.plan.group);
}

/** The task waits on, with a limit now or without one any more. */
export function setTimed(state: ModelState, task: TaskRecord, timed: boolean): void {
  if (task.wait.timed === timed) return;
  task.wait.timed = timed;
  countBlocked(state, task, timed ? -1 : 1);
}

function countBlocked(state: ModelState, task: TaskRecord, by: 1 | -1): void {
  state.blocked += by;
  if (task.needed) state.neededBlocked += by;
}
