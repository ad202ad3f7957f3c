/**
 * What a search has found, replayed in virtual time and judged by the ordinary verdict.
 */
import type { Exploration } from './explore/explore.ts';
import { createLoopWatch } from './explore/fairness/same-state.ts';
import type { Found } from './explore/found.ts';
import { onAbort } from './hosts/on-abort.ts';
import { runVirtual } from './hosts/virtual.ts';
import type { Kernel } from './kernel/kernel.ts';
import type { Event } from './log/event.ts';
import type { SavedSchedule, ScheduleMove } from './log/schedule.ts';
import { lookAtEnd } from './look-at-end.ts';
import type { Plan } from './plan/plan.ts';
import type { Schedule } from './simulate/follow-schedule.ts';
import type { Place } from './simulate/follower.ts';
import { createEndWatch } from './verdict/end-watch.ts';
import { createJudge } from './verdict/judge.ts';
import type { LineOf } from './verdict/show.ts';
import type { Verdict } from './verdict/verdict.ts';

/** Without the evaluator, whose types are those of a package that is not installed with the library. */
export type JudgeFacts = {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly lineOf?: LineOf;
};

/** A way that breaks an expectation, as it went when it was replayed. */
export type Counterexample = {
  readonly schedule: Schedule;
  /** The same as it is kept. */
  readonly saved: SavedSchedule;
  readonly verdict: Verdict;
  readonly events: readonly Event[];
  /** How many of the events lie before a loop that goes on for ever; null where there is none. */
  readonly loopFrom: number | null;
};

export type Run = {
  readonly verdict: Verdict;
  readonly violation: string | null;
  readonly moves: readonly ScheduleMove[];
  /** Of a loop: whether it came back to where it was. */
  readonly hasClosed: boolean;
  readonly end: string | null;
};

/** Later than anything in virtual time: a schedule may make waits as long as it needs. */
const NO_TIMEOUT_US = 2 ** 50;
/** Behind its schedule a replay goes on by itself, as long as it needs to show what comes of it; it may never end. */
const MOST_EVENTS_BEHIND = 20_000;

type Hearing = {
  readonly hear?: (event: Event, isBehind: boolean) => void;
  /** Where a loop begins. */
  readonly onLoop?: () => void;
};

/** What replays are told: what judges need, and when nobody wants them any more. */
export type Replaying = {
  readonly facts: JudgeFacts | undefined;
  /** Asked now and then: whether nobody waits for them any more. */
  readonly isOver: () => boolean;
  readonly signal: AbortSignal | undefined;
};

/** In virtual time, and judged. Undefined: patience was over before that. */
export async function replay(
  plan: Plan,
  { kinds }: Exploration,
  found: Found,
  { facts, isOver, signal }: Replaying,
  { hear, onLoop }: Hearing = {},
): Promise<(Run & { readonly schedule: Schedule }) | undefined> {
  const { kind, schedule: once } = found;
  const isInTime = plan.check.time === 'ordered';
  const isTimeless = !isInTime;
  const meter = { spent: 0 };
  const judge = createJudge(plan, { ...facts, meter, isTimeless, goesOn: kind === 'loop' });
  const endWatch = createEndWatch(judge.model.state);
  const stop = new AbortController();
  let left = Number.POSITIVE_INFINITY;
  const onDone = (): void => {
    left = MOST_EVENTS_BEHIND;
    if (kind === 'endless' || kind === 'loop') stop.abort();
  };
  // A loop is gone around twice: then its tasks have done the same before.
  const steps = [...once, ...once.slice(found.loopAt ?? once.length)];
  const moves: ScheduleMove[] = [];
  const onStep = (place: Place): void => {
    if (isOver()) stop.abort();
    const { task = 0, late = false, choices = [], lengthUs } = steps[moves.length] ?? {};
    const timed = {
      ...(isInTime ? { inTime: true as const } : {}),
      ...(lengthUs === undefined ? {} : { lengthUs }),
    };
    moves.push({ task: plan.tasks[task]?.name ?? '', ...place, late, choices, ...timed });
  };
  const { loopAt } = found;
  const watch =
    loopAt === undefined ? undefined : createLoopWatch(plan, kinds, { length: once.length, loopAt });
  const onStepped = (count: number, k: Kernel): void => {
    if (count === found.loopAt) onLoop?.();
    watch?.look(count, k);
  };
  const forget = onAbort(signal, () => stop.abort());
  const end = await runVirtual(
    { ...plan, timeoutUs: NO_TIMEOUT_US },
    {
      ...{ schedule: { steps, kinds, isInTime, onDone, onStep, onStepped }, signal: stop.signal, meter },
      canNeverEnd: () => judge.canNeverEnd(),
      work() {
        if (isOver()) stop.abort();
        return judge.work();
      },
      giveUp: () => isOver() && judge.giveUp(),
      handle(event) {
        const isBehind = left !== Number.POSITIVE_INFINITY || moves.length > once.length;
        if (--left === 0) stop.abort();
        // How tasks are ended that would go on for ever is no part of the scenario.
        if (kind !== 'loop' || left >= MOST_EVENTS_BEHIND) {
          endWatch.handle(event);
          judge.handle(event);
        }
        hear?.(event, isBehind);
      },
    },
  ).finally(forget);
  const looked = isOver() ? end : await lookAtEnd(judge, end, { meter, signal });
  if (isOver()) return undefined;
  const verdict = judge.verdict(looked);
  const violation = judge.violation()?.text ?? null;
  const hasClosed = watch?.hasClosed() ?? true;
  const own = { moves: moves.slice(0, once.length), hasClosed, end: endWatch.text() };
  return { schedule: { steps, kinds, isInTime }, verdict, violation, ...own };
}

/** What breaks in a state is broken by the last step to it; a deadlock shows when everybody has tried to go on. */
export async function record(
  plan: Plan,
  exploration: Exploration,
  found: Found,
  replaying: Replaying,
): Promise<Counterexample | null> {
  const events: Event[] = [];
  let isOver = false;
  let loopFrom: number | null = null;
  const isCut = found.kind === 'broken' || found.kind === 'endless' || found.kind === 'loop';
  const run = await replay(plan, exploration, found, replaying, {
    hear(event, isBehind) {
      isOver ||= event.type === 'stopped' || (isCut && isBehind);
      if (!isOver) events.push({ ...event });
    },
    onLoop() {
      loopFrom = events.length;
    },
  });
  if (run === undefined) return null;
  const { schedule, verdict, moves } = run;
  const { name, caseName, seed } = plan;
  const head = { scenario: name, caseName: caseName ?? null, set: {}, seed, breaks: '' };
  const saved = { ...head, moves, ...loopOf(found) };
  return { schedule, saved, verdict, events, loopFrom };
}

export function loopOf({ loopAt }: Found): Pick<SavedSchedule, 'loopFrom'> {
  return loopAt === undefined ? {} : { loopFrom: loopAt };
}
