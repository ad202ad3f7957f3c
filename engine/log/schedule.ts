/**
 * A schedule as it is kept: whose turn it was, by the names of tasks and the texts of steps, so that it is still understood
 * when the scenario was edited elsewhere.
 */
import { textFromValue } from '../expression/values/value-text.ts';
import type { Plan } from '../plan/plan.ts';

/** A step of a schedule: the so manieth time that this task does a step with that text, counted from 1. */
export type ScheduleMove = {
  readonly task: string;
  readonly step: string;
  readonly time: number;
  /** The time of its wait is over before what it waits for comes. */
  readonly late: boolean;
  /** What chance decides in it: each is one of so many possibilities, from 0. */
  readonly choices: readonly number[];
  /** Of a schedule in which durations count: that its task falls asleep, and wakes up, are steps of their own. */
  readonly inTime?: true;
  /** How long lasts what begins in it, in microseconds, where that is given as a range. */
  readonly lengthUs?: number;
};

export type SavedSchedule = {
  readonly scenario: string;
  readonly caseName: string | null;
  /** As they were given to `--set`. */
  readonly set: Readonly<Record<string, string>>;
  readonly seed: number;
  /** What it breaks, in short; empty where nobody said. */
  readonly breaks: string;
  readonly moves: readonly ScheduleMove[];
  /** Behind the last one it goes on with the one behind so many, for ever. */
  readonly loopFrom?: number;
};

/** Where a task is, in words that outlive edits elsewhere. */
export function placeText({ tasks, programs, steps }: Plan, task: number, pc: number): string {
  const instruction = programs[tasks[task]?.program ?? 0]?.instructions[pc];
  if (instruction?.op === 'reraise' && instruction.isLast === true) return 'error';
  return steps[instruction?.step ?? -1]?.text ?? instruction?.op ?? '';
}

/** `adder[0] · set n · 2nd time` */
export function moveText({ task, step, time }: Pick<ScheduleMove, 'task' | 'step' | 'time'>): string {
  return `${task} · ${step} · ${ordinal(time)} time`;
}

export function ordinal(number: number): string {
  const tens = number % 100;
  const ending = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${ending}`;
}

/** Parameters as `--set` takes them; it takes no maps. */
export function settingsOf(params: Plan['params']): Readonly<Record<string, string>> {
  const isMap = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const entries = Object.entries(params).filter(([, value]) => !isMap(value));
  return Object.fromEntries(entries.map(([name, value]) => [name, textFromValue(value)]));
}
