/**
 * How a run ended, as a text: how many tasks of each group ended in which way or wait for what, and what the vars of the main
 * program hold. Two ends that differ only in which replica came to what have the same text.
 *
 * A search keeps every different end, so the end of any run is among those that it found.
 */
import { literalFromText, textFromValue } from '../expression/values/value-text.ts';
import type { Event } from '../log/event.ts';
import type { Fold } from '../log/fold.ts';
import { isShown } from '../plan/is-shown.ts';
import { cellsOf, isForResource, type ModelState, type TaskRecord } from './model/model-state.ts';

export type EndWatch = Fold & {
  /** Call after the last event. Null for a run that was stopped, unless nobody could go on: how it would have ended is open. */
  text(): string | null;
};

/** @param state of a model that hears each event after the watch does: the ends that follow a deadlock hide who waits for what */
export function createEndWatch(state: ModelState): EndWatch {
  let stopped: { readonly text: string | null } | undefined;
  return {
    handle(event: Event) {
      if (event.type !== 'stopped' || stopped !== undefined) return;
      stopped = { text: event.reason === 'deadlock' ? endText(state) : null };
    },
    text: () => (stopped === undefined ? endText(state) : stopped.text),
  };
}

/** Null where a task goes on. */
function endText(state: ModelState): string | null {
  const { plan } = state;
  const groups = new Map<number, Map<string, number>>();
  for (const task of state.tasks) {
    if (!isShown(plan, task.id)) continue;
    const text = taskText(state, task);
    if (text === null) return null;
    const counts = groups.get(task.plan.group) ?? new Map<string, number>();
    groups.set(task.plan.group, counts.set(text, (counts.get(text) ?? 0) + 1));
  }
  const tasks = [...groups].map(([group, counts]) => {
    const { name = '', count = 1 } = plan.groups[group] ?? {};
    const texts = [...counts].toSorted(([one], [other]) => (one < other ? -1 : 1));
    return `${name}: ${texts.map(([text, times]) => (count === 1 ? text : `${times} ${text}`)).join(', ')}`;
  });
  return [...tasks, ...variableTexts(state)].join('; ');
}

function taskText(state: ModelState, { state: now, ending, wait }: TaskRecord): string | null {
  if (ending !== null) return ending.error === null ? now : `${now} with ${ending.error.name}`;
  if (now === 'notStarted') return 'not started';
  if (now !== 'waiting') return null;
  const target = isForResource(wait.operation) ? (state.resources[wait.target]?.name ?? '') : '';
  return `waiting in ${wait.operation} ${target}`.trimEnd();
}

function variableTexts(state: ModelState): readonly string[] {
  return state.variables.map((variable) => {
    const values = cellsOf(state, variable, 0).map((value) =>
      typeof value === 'string' ? literalFromText(value) : textFromValue(value),
    );
    return `${variable.name} = ${variable.count === 1 ? values.join() : `[${values.join(', ')}]`}`;
  });
}
