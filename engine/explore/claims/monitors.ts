/**
 * What expectations remember of the way to a state: which lines were printed, which activity has begun. Each is a word or
 * two behind core, so that two ways to one core stay two states where an expectation can tell them apart; and never more
 * than that: counts stop where they can change nothing any more, lines that commute set bits.
 */

import { matchesPattern } from '../../expression/functions/pattern.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { POINT, STATE, TASK } from '../../kernel/memory/layout.ts';
import { int } from '../../log/int.ts';
import { causes, RECORD } from '../../log/record.ts';
import type { Activity, OutputCheck } from '../../plan/expectations.ts';
import type { Instruction } from '../../plan/instruction.ts';
import type { Plan } from '../../plan/plan.ts';

export type Monitors = {
  /** Words that they take. */
  readonly size: number;
  /** A record's texts, as they are recorded. */
  readonly hear: (type: number, texts: readonly string[], payload: readonly number[]) => void;
  /** Where it is said of each task whether its time was over; undefined where that cannot be. */
  readonly timedOutAt: number | undefined;
  /** A task has joined another one. Undefined where nothing but lines has to be heard of. */
  readonly joined: ((task: number, target: number) => void) | undefined;
  /** After a step, before the shadow follows: what began and ended in it. */
  readonly follow: (shadow: Int32Array, start: number) => void;
  /** Whether some `order` is broken. */
  readonly isDisordered: () => boolean;
  /** Whether that `overlap` is broken. */
  readonly wereTogether: (index: number) => boolean;
};

/** In the word of an `order`: nothing yet, the later one has begun, the earlier one ended after that. */
const ORDER = { open: 0, begun: 1, broken: 2 } as const;

/** @param at where their words begin */
export function createMonitors(k: Kernel, at: number): Monitors {
  const { expect } = k.plan;
  const readers: ((line: string) => void)[] = [];
  let next = at;
  for (const check of expect.output) {
    const { words, read } = lineReader(k.words, next, check);
    readers.push(read);
    next += words;
  }
  const orderAt = next;
  next += expect.order.length;
  const overlapAt = next;
  next += expect.neverTogether.length;
  const handedOver = workOf(k.plan);
  const handedOverAt = next;
  next += handedOver.length;
  const timedOutAt = next;
  const hasTimeouts = k.plan.programs.some(({ instructions }) => instructions.some(endsInTime));
  if (hasTimeouts) next += k.plan.tasks.length;
  const joined = (task: number, target: number): void => {
    const index = handedOver.indexOf(target);
    const by = k.plan.groups[k.plan.tasks[task]?.group ?? -1];
    if (index >= 0 && by?.made !== 'helper') k.words[handedOverAt + index] = 1;
  };
  const hear = (type: number, texts: readonly string[], payload: readonly number[]): void => {
    if (type === RECORD.ended && hasTimeouts && causes[int(payload[2])] === 'timeout')
      k.words[timedOutAt + int(payload[0])] = 1;
    if (type !== RECORD.printed || readers.length === 0) return;
    for (const line of (texts[0] ?? '').split('\n')) for (const read of readers) read(line);
  };
  const followsNothing = expect.order.length === 0 && expect.neverTogether.length === 0;
  const follow = (shadow: Int32Array, start: number): void => {
    if (followsNothing) return;
    expect.order.forEach(({ before, after }, index) => {
      const word = orderAt + index;
      const was = k.words[word];
      if (was === ORDER.begun && endsNow(k, before, shadow, start)) k.words[word] = ORDER.broken;
      if (was === ORDER.open && hasBegun(k, after)) k.words[word] = ORDER.begun;
    });
    expect.neverTogether.forEach(({ activities }, index) => {
      const word = overlapAt + index;
      if (k.words[word] === 0 && overlapNow(k, activities, shadow, start)) k.words[word] = 1;
    });
  };
  return {
    size: next - at,
    hear,
    timedOutAt: hasTimeouts ? timedOutAt : undefined,
    joined: handedOver.length === 0 && !hasTimeouts ? undefined : joined,
    follow,
    isDisordered: () => expect.order.some((_, index) => k.words[orderAt + index] === ORDER.broken),
    wereTogether: (index) => k.words[overlapAt + index] === 1,
  };
}

/** A task that was terminated as its time was over looks at its end like one that a step terminated, which is no failure. */
function endsInTime(instruction: Instruction): boolean {
  return instruction.op === 'operate' && instruction.operation === 'task.timeOut';
}

/** Work of pools: its error is the affair of who joins it, if somebody does. */
function workOf({ tasks, groups }: Plan): readonly number[] {
  return tasks.flatMap(({ group }, task) => (groups[group]?.made === 'work' ? [task] : []));
}

type LineReader = { readonly words: number; readonly read: (line: string) => void };

/** Follows one check of `output`. */
function lineReader(words: Int32Array, at: number, check: OutputCheck): LineReader {
  switch (check.check) {
    case 'contains':
      return { words: check.lines.length, read: markFound(words, at, check.lines) };
    case 'excludes':
      return {
        words: 1,
        read: (line) => {
          if (check.lines.some((part) => line.includes(part))) words[at] = 1;
        },
      };
    case 'count':
      return {
        words: 1,
        read: (line) => {
          if (line.includes(check.text)) words[at] = Math.min(int(words[at]) + 1, check.times.value + 1);
        },
      };
    case 'matches':
      return {
        words: 1,
        read: (line) => {
          if (words[at] === 0 && isMatch(line, check.pattern)) words[at] = 1;
        },
      };
    case 'inOrder':
      return {
        words: 1,
        read: (line) => {
          if (check.lines[int(words[at])] === line) words[at] = int(words[at]) + 1;
        },
      };
    case 'equals':
      return { words: 1, read: compareAll(words, at, check.lines) };
    default:
      return check satisfies never;
  }
}

function markFound(words: Int32Array, at: number, wanted: readonly string[]): (line: string) => void {
  return (line) =>
    wanted.forEach((part, index) => {
      if (line.includes(part)) words[at + index] = 1;
    });
}

/** How many lines were as expected; one that was not ends it. */
function compareAll(words: Int32Array, at: number, wanted: readonly string[]): (line: string) => void {
  return (line) => {
    const count = int(words[at]);
    if (count < 0) return;
    words[at] = wanted[count] === line ? count + 1 : -1;
  };
}

/** A pattern that fails is told by the verdict on the run. */
function isMatch(line: string, pattern: string): boolean {
  try {
    return matchesPattern(line, pattern);
  } catch {
    return true;
  }
}

function hasBegun(k: Kernel, activity: Activity): boolean {
  const { words, layout } = k;
  if (activity.kind === 'point') return int(words[int(layout.pointAt[activity.point]) + POINT.begun]) > 0;
  return activity.tasks.some((task) => {
    const at = int(layout.taskAt[task]);
    const life = int(words[at + TASK.state]);
    if (life === STATE.live) return words[at + TASK.begun] === 1;
    return life === STATE.finished || life === STATE.failed || life === STATE.terminated;
  });
}

/** Whether it ends in the step at hand: only what has begun can. */
function endsNow({ words, layout }: Kernel, activity: Activity, shadow: Int32Array, start: number): boolean {
  const before = (index: number): number => int(shadow[index - start]);
  if (activity.kind === 'point') {
    const at = int(layout.pointAt[activity.point]) + POINT.ended;
    return words[at] !== before(at);
  }
  return activity.tasks.some((task) => {
    const at = int(layout.taskAt[task]);
    if (before(at + TASK.state) !== STATE.live || before(at + TASK.begun) !== 1) return false;
    return words[at + TASK.state] !== STATE.live;
  });
}

/**
 * Whether one of them begins in the step at hand while another is at work, or begins too; itself counts only where it is
 * listed twice. What begins in a step may have ended in it, by an error: no state shows it.
 */
function overlapNow(k: Kernel, listed: readonly Activity[], shadow: Int32Array, start: number): boolean {
  return listed.some((activity, index) => {
    const begins = beginsNow(k, activity, shadow, start);
    if (begins === 0) return false;
    return listed.some((other, at) => {
      if (at === index) return false;
      const inside = insideBefore(k, other, shadow, start);
      return inside > 0 || (isSame(activity, other) ? begins > 1 : beginsNow(k, other, shadow, start) > 0);
    });
  });
}

/** How often it begins in the step at hand. */
function beginsNow({ words, layout }: Kernel, activity: Activity, shadow: Int32Array, start: number): number {
  if (activity.kind === 'point') {
    const at = int(layout.pointAt[activity.point]) + POINT.begun;
    return int(words[at]) - int(shadow[at - start]);
  }
  return activity.tasks.filter((task) => {
    const at = int(layout.taskAt[task]) + TASK.begun;
    return words[at] === 1 && shadow[at - start] === 0;
  }).length;
}

/** How many were at work in it before the step at hand. */
function insideBefore({ layout }: Kernel, activity: Activity, shadow: Int32Array, start: number): number {
  if (activity.kind === 'point')
    return int(shadow[int(layout.pointAt[activity.point]) + POINT.running - start]);
  return activity.tasks.filter((task) => {
    const at = int(layout.taskAt[task]) - start;
    return shadow[at + TASK.state] === STATE.live && shadow[at + TASK.begun] === 1;
  }).length;
}

function isSame(one: Activity, other: Activity): boolean {
  if (one.kind === 'point') return other.kind === 'point' && one.point === other.point;
  return other.kind === 'tasks' && one.tasks.join() === other.tasks.join();
}
