/**
 * Why a way through a scenario goes on as it does: beside each moment who waits for whom, what the task before it was kept
 * from, and who is late.
 */
import type { Event } from '../../log/event.ts';
import { isShown } from '../../plan/is-shown.ts';
import type { Plan } from '../../plan/plan.ts';
import { harmless } from '../../source/harmless.ts';
import { Lateness } from '../../verdict/lateness.ts';
import { createModel } from '../../verdict/model/model.ts';
import { holdersOf } from '../../verdict/model/primitives/holding-rules.ts';
import { modelOf } from '../../verdict/model/primitives/table.ts';
import { listed, quoted } from '../../verdict/show.ts';
import { heldBy } from '../run/held.ts';
import { type Moment, taskName } from './way-moments.ts';

/** Notes on each of the moments, in their order. */
export function notesOn(
  plan: Plan,
  events: readonly Event[],
  moments: readonly Moment[],
): readonly (readonly string[])[] {
  const watch = createWatch(plan);
  let told = 0;
  return moments.map((moment, index) => {
    const before = moments[index - 1];
    const isSwitch = before !== undefined && before.task !== moment.task;
    const next = moments.slice(index).find(({ task }) => task === before?.task);
    const turn = isSwitch ? switchNote(quoted(taskName(plan, before.task)), watch, before, next) : [];
    const late: string[] = [];
    for (; told < moment.events; told++) late.push(...watch.hear(events[told] as Event));
    const waits = waitNotes(watch, moment);
    // Who has what it waits for says more than why it has its turn.
    return [...(waits.length === 0 ? turn : []), ...late, ...waits];
  });
}

/** Why it is another task's turn: what the one before could have done, or what keeps it. */
function switchNote(name: string, watch: Watch, before: Moment, next: Moment | undefined): readonly string[] {
  if (before.deeds.some(({ event }) => event.type === 'waiting')) return [];
  if (watch.sleeps(before.task)) return [`${name} sleeps`];
  const [deed] = next?.deeds ?? [];
  const held = watch.has(before.task);
  if (deed === undefined) return held.length === 0 ? [] : [`${name} still has ${listed(held)}`];
  const { event, object } = deed;
  if (event.type === 'wrote') return [`${name} has not written ${quoted(object ?? '')} yet`];
  if (event.type === 'read') return [`${name} has not read ${quoted(object ?? '')} yet`];
  if (event.type !== 'operated') return [];
  if (event.operation.endsWith('.release')) return [`${name} still has ${quoted(object ?? '')}`];
  if (!event.operation.endsWith('.acquire')) return [];
  const holders = watch.holders(event.target);
  return holders === '' ? [] : [`${name} cannot take ${quoted(object ?? '')}: ${holders}`];
}

/** Who has what a task is refused. */
function waitNotes(watch: Watch, { task, deeds }: Moment): readonly string[] {
  return deeds.flatMap(({ event }) => {
    if (event.type !== 'waiting' || !event.operation.endsWith('.acquire')) return [];
    const keepers = watch.keepers(event.target, task);
    return keepers === '' ? [] : [keepers];
  });
}

type Watch = {
  /** @returns who is late from this event on, in words */
  readonly hear: (event: Event) => readonly string[];
  readonly sleeps: (task: number) => boolean;
  /** Names of what a task holds. */
  readonly has: (task: number) => readonly string[];
  /** `` `ben` has it ``; empty where something is left of it. */
  readonly holders: (resource: number, asked?: number) => string;
  /** Who keeps a task from it that waits: mostly who holds it. */
  readonly keepers: (resource: number, asked: number) => string;
};

function createWatch(plan: Plan): Watch {
  const model = createModel(plan);
  const { state } = model;
  const lateness = new Lateness(plan);
  const holders = (id: number, asked?: number): string => {
    const resource = state.resources[id];
    if (resource === undefined || (modelOf(resource).left?.(resource) ?? 0) > 0) return '';
    const tasks = holdersOf(state, resource);
    if (tasks.length === 0) return '';
    const names = listed(tasks.map((task) => taskName(plan, task.id)));
    if (tasks.length > 1) return `${names} have it`;
    return `${names} has it${tasks[0]?.id === asked ? ' itself' : ''}`;
  };
  return {
    hear(event) {
      const late = lateness.hear(event);
      model.handle(event);
      return late
        .filter((task) => isShown(plan, task))
        .map((task) => `${quoted(taskName(plan, task))} is late here: a check ignores durations`);
    },
    sleeps: (task) => lateness.sleeps(task),
    has(task) {
      const record = state.tasks[task];
      const held = record === undefined ? [] : heldBy(state, record);
      return held.filter(({ enabled }) => enabled).map(({ name }) => harmless(name));
    },
    keepers(id, asked) {
      const [resource, task] = [state.resources[id], state.tasks[asked]];
      if (resource === undefined || task === undefined) return '';
      const keepers = modelOf(resource).keepers?.(state, resource, task);
      if (keepers === undefined) return holders(id, asked);
      const [one, more] = keepers.does;
      const names = listed(keepers.tasks.map((keeper) => taskName(plan, keeper)));
      return names === '' ? '' : `${names} ${keepers.tasks.length === 1 ? one : more}`;
    },
    holders,
  };
}
