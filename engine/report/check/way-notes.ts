/**
 * Why a way through a scenario goes on as it does: beside each moment who waits for whom, what the task before it was kept
 * from, and who is late.
 */
import type { Event } from '../../log/event.ts';
import { isShown } from '../../plan/is-shown.ts';
import type { Plan } from '../../plan/plan.ts';
import { harmless } from '../../source/harmless.ts';
import { listed, quoted } from '../../verdict/show.ts';
import { createHoldings, type Holdings } from '../run/holdings.ts';
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
    const isRead = event.operation === 'rwlock.read.acquire';
    const holders = isRead ? watch.writers(event.target) : watch.holders(event.target, task);
    return holders === '' ? [] : [holders];
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
  /** Who keeps others from reading: who writes, or waits to. Those who read keep nobody from it. */
  readonly writers: (resource: number) => string;
};

function createWatch(plan: Plan): Watch {
  const holdings = createHoldings(plan);
  /** By task: when its sleep, or its wait with a time, should be over. */
  const due = new Map<number, { readonly at: number; readonly sleeps: boolean }>();
  const lengths = timeoutsOf(plan);
  const writing = createWriting();
  return {
    hear(event) {
      const late = [...due].filter(([task, { at }]) => task !== event.task && at < event.at);
      for (const [task] of late) due.delete(task);
      follow(event, holdings, due, lengths);
      writing.hear(event);
      return late
        .filter(([task]) => isShown(plan, task))
        .map(([task]) => `${quoted(taskName(plan, task))} is late here: a check ignores durations`);
    },
    sleeps: (task) => due.get(task)?.sleeps === true,
    has: (task) => holdings.of(task).map(harmless),
    writers(resource) {
      const { writes, waits } = writing.at(resource);
      const named = (tasks: readonly number[]) => listed(tasks.map((task) => taskName(plan, task)));
      if (writes.length > 0) return `${named(writes)} writes it`;
      return waits.length === 0 ? '' : `${named(waits)} ${waits.length === 1 ? 'waits' : 'wait'} to write it`;
    },
    holders(resource, asked) {
      const { tasks, isFull } = holdings.holders(resource);
      if (!isFull || tasks.length === 0) return '';
      const names = listed(tasks.map((task) => taskName(plan, task)));
      if (tasks.length > 1) return `${names} have it`;
      return `${names} has it${tasks[0] === asked ? ' itself' : ''}`;
    },
  };
}

/** Who writes which readers-writer lock, or waits to. */
function createWriting() {
  const writes = new Map<number, number>();
  const waits = new Map<number, number>();
  const at = (tasks: ReadonlyMap<number, number>, resource: number): readonly number[] =>
    [...tasks].filter(([, own]) => own === resource).map(([task]) => task);
  return {
    hear(event: Event): void {
      if (event.type === 'waiting' && event.operation === 'rwlock.write.acquire')
        waits.set(event.task, event.target);
      else if (event.type === 'timedOut') waits.delete(event.task);
      else if (event.type === 'operated' && event.operation === 'rwlock.write.acquire') {
        waits.delete(event.task);
        writes.set(event.task, event.target);
      } else if (event.type === 'operated' && event.operation === 'rwlock.write.release')
        writes.delete(event.task);
      else if (event.type === 'ended') waits.delete(event.target);
    },
    at: (resource: number) => ({ writes: at(writes, resource), waits: at(waits, resource) }),
  };
}

type Due = Map<number, { readonly at: number; readonly sleeps: boolean }>;

function follow(event: Event, holdings: Holdings, due: Due, lengths: ReadonlyMap<number, number>): void {
  switch (event.type) {
    case 'sleeping':
      due.set(event.task, { at: event.untilUs, sleeps: true });
      return;
    case 'waiting': {
      const length = event.timed ? lengths.get(event.step) : undefined;
      if (length !== undefined) due.set(event.task, { at: event.at + length, sleeps: false });
      return;
    }
    case 'operated':
      holdings.operated(event);
      due.delete(event.task);
      return;
    case 'ended':
      holdings.ended(event.target);
      due.delete(event.target);
      return;
    case 'woke':
    case 'timedOut':
    case 'passed':
    case 'answered':
    case 'raised':
      due.delete(event.task);
      return;
    default:
      return;
  }
}

/** By step: how long it waits, where that is a fixed time. */
function timeoutsOf({ programs }: Plan): ReadonlyMap<number, number> {
  const lengths = new Map<number, number>();
  for (const instruction of programs.flatMap(({ instructions }) => instructions)) {
    const after = 'timeout' in instruction ? instruction.timeout?.after : undefined;
    if (after?.kind === 'fixed' && after.minUs === after.maxUs) lengths.set(instruction.step, after.maxUs);
  }
  return lengths;
}
