/**
 * A finished run, moment by moment, forward and back: who did what at which line, why it went on like that, and how everything
 * stands then. Back is a matter of folding the events again up to there.
 */
import type { Event } from '../../log/event.ts';
import type { Plan, Step } from '../../plan/plan.ts';
import { type Moment, momentsOf, momentText, taskName } from '../check/way-moments.ts';
import { notesOn } from '../check/way-notes.ts';
import { createStateFold, type StateFold, type StateRow, type StepState } from './step-state.ts';

/** One of them; the first, number 0, is before anybody did anything. */
export type StepFrame = {
  readonly number: number;
  readonly count: number;
  /** When it is, in microseconds since the run began. */
  readonly atUs: number;
  /** It comes after the last step that was to be played; the run went on by itself. */
  readonly isBehind: boolean;
  readonly did: { readonly task: number; readonly name: string; readonly text: string } | null;
  readonly step: Step | undefined;
  readonly notes: readonly string[];
  readonly state: StepState;
  /** The rows that are not as they were a moment before. */
  readonly changed: ReadonlySet<string>;
};

export type Steps = {
  /** Number 0 is the beginning. */
  readonly count: number;
  readonly at: (number: number) => StepFrame;
};

/** @param scheduled how many of the events are those of what was to be played */
export function stepsOf(plan: Plan, events: readonly Event[], scheduled: number): Steps {
  const moments = momentsOf(plan, events);
  const notes = notesOn(plan, events, moments);
  const reader = createReader(plan, events);
  const count = moments.length;
  return {
    count,
    at(number) {
      const moment = moments[number - 1];
      const before = number === 0 ? null : reader.upTo(moments[number - 2]?.events ?? 0);
      const state = reader.upTo(moment?.events ?? 0);
      return {
        ...{ number, count, state },
        atUs: moment === undefined ? 0 : (events[moment.events - 1]?.at ?? 0),
        isBehind: moment !== undefined && moment.events > scheduled,
        did: moment === undefined ? null : deedOf(plan, moment),
        step: moment === undefined ? undefined : plan.steps[moment.step],
        notes: notes[number - 1] ?? [],
        changed: before === null ? new Set() : changedRows(before, state),
      };
    },
  };
}

function deedOf(plan: Plan, moment: Moment) {
  return { task: moment.task, name: taskName(plan, moment.task), text: momentText(moment) };
}

function createReader(plan: Plan, events: readonly Event[]) {
  let fold: StateFold = createStateFold(plan);
  let done = 0;
  return {
    upTo(end: number): StepState {
      if (end < done) {
        fold = createStateFold(plan);
        done = 0;
      }
      for (; done < end; done++) fold.handle(events[done] as Event);
      return fold.rows();
    },
  };
}

const BLOCKS = ['tasks', 'resources', 'vars'] as const;

/** What tells a row from all others. */
export function keyOf(block: keyof StepState, { name, task }: StateRow): string {
  return `${block} ${task} ${name}`;
}

function changedRows(before: StepState, now: StepState): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const block of BLOCKS)
    now[block].forEach((row, index) => {
      if (row.own !== before[block][index]?.own) changed.add(keyOf(block, row));
    });
  return changed;
}
