/**
 * Why a way through a scenario goes on as it does: beside each moment who waits for whom, what the task before it was kept
 * from, and who is late.
 */
import type { Event } from '../../log/event.ts';
import { isShown } from '../../plan/is-shown.ts';
import type { Plan } from '../../plan/plan.ts';
import { harmless } from '../../source/harmless.ts';
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
    const own: string[] = [];
    if (before !== undefined && before.task !== moment.task) {
      const next = moments.slice(index).find(({ task }) => task === before.task);
      own.push(...switchNote(taskName(plan, before.task), watch, before, next));
    }
    for (; told < moment.events; told++) own.push(...watch.hear(events[told] as Event));
    own.push(...waitNotes(watch, moment));
    return own;
  });
}

/** Why it is another task's turn: what the one before could have done, or what keeps it. */
function switchNote(name: string, watch: Watch, before: Moment, next: Moment | undefined): readonly string[] {
  if (before.deeds.some(({ event }) => event.type === 'waiting')) return [];
  if (watch.sleeps(before.task)) return [`${name} sleeps`];
  const [deed] = next?.deeds ?? [];
  if (deed === undefined) return watch.has(before.task).map((held) => `${name} still has ${held}`);
  const { event, object } = deed;
  if (event.type === 'wrote') return [`${name} has not written ${object} yet`];
  if (event.type === 'read') return [`${name} has not read ${object} yet`];
  if (event.type !== 'operated') return [];
  if (event.operation.endsWith('.release')) return [`${name} still has ${object}`];
  if (!event.operation.endsWith('.acquire')) return [];
  const holders = watch.holders(event.target);
  return holders === '' ? [] : [`${name} cannot take ${object}: ${holders}`];
}

/** Who has what a task is refused. */
function waitNotes(watch: Watch, { task, deeds }: Moment): readonly string[] {
  return deeds.flatMap(({ event }) => {
    if (event.type !== 'waiting' || !event.operation.endsWith('.acquire')) return [];
    const holders = watch.holders(event.target, task);
    return holders === '' ? [] : [holders];
  });
}

type Watch = {
  /** @returns who is late from this event on, in words */
  readonly hear: (event: Event) => readonly string[];
  readonly sleeps: (task: number) => boolean;
  /** Names of what a task holds. */
  readonly has: (task: number) => readonly string[];
  /** `ben has it`; empty where something is left of it. */
  readonly holders: (resource: number, asked?: number) => string;
};

function createWatch(plan: Plan): Watch {
  const holdings = createHoldings(plan);
  /** By task: when its sleep, or its wait with a time, should be over. */
  const due = new Map<number, { readonly at: number; readonly sleeps: boolean }>();
  const lengths = timeoutsOf(plan);
  return {
    hear(event) {
      const late = [...due].filter(([task, { at }]) => task !== event.task && at < event.at);
      for (const [task] of late) due.delete(task);
      follow(event, holdings, due, lengths);
      return late
        .filter(([task]) => isShown(plan, task))
        .map(([task]) => `${taskName(plan, task)} is late here: a check takes no account of durations`);
    },
    sleeps: (task) => due.get(task)?.sleeps === true,
    has: (task) => holdings.of(task).map(harmless),
    holders(resource, asked) {
      const { tasks, isFull } = holdings.holders(resource);
      const names = tasks.map((task) => (task === asked ? 'it' : taskName(plan, task)));
      if (!isFull || names.length === 0) return '';
      return names.length === 1
        ? `${names[0]} has it${names[0] === 'it' ? ' itself' : ''}`
        : `${names.join(', ')} have it`;
    },
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
