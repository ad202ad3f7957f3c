/**
 * A schedule, or the log of a run, played again in virtual time. A schedule goes by the texts of its steps, so that it may be
 * older than the scenario; a log is that of the scenario as it is.
 */
import { subjectsOf } from '../explore/claims/subjects.ts';
import { visibilityOf } from '../explore/reductions/visibility.ts';
import { runPlan } from '../hosts/run.ts';
import type { RunOptions } from '../hosts/run-options.ts';
import { runVirtual } from '../hosts/virtual.ts';
import type { Event, EventOf } from '../log/event.ts';
import { moveText, type ScheduleMove } from '../log/schedule.ts';
import { isInTime } from '../log/schedule-text.ts';
import type { Turn } from '../machine/score.ts';
import type { Plan } from '../plan/plan.ts';
import { unmodelled } from '../plan/unmodelled.ts';
import { LogMisfit } from '../simulate/follow-log.ts';
import { ScheduleMisfit } from '../simulate/follow-schedule.ts';
import type { ScheduledStep } from '../simulate/follower.ts';
import { stopsOf } from '../simulate/task-steps.ts';
import { createJudge, type JudgeOptions } from '../verdict/judge.ts';
import { otherScenario } from './other-scenario.ts';
import type { Log, LogReplay, ReplayResult } from './replay-result.ts';

/** Behind its schedule a run goes on by itself, as long as it needs to show what comes of it; it may never end. */
const MOST_EVENTS_BEHIND = 20_000;
/** Later than anything in virtual time: a schedule may make waits as long as it needs. */
const NO_TIMEOUT_US = 2 ** 50;

type Judging = Pick<JudgeOptions, 'environment' | 'lineOf'>;

/** What the steps of a schedule are; those of a log have their times from it. */
function kindsOf(plan: Plan, isTimed: boolean): readonly Uint8Array[] {
  const time = isTimed ? 'ordered' : 'free';
  return visibilityOf({ ...plan, check: { ...plan.check, time } }, subjectsOf(plan));
}

/** @throws Error only for a bug in concur */
export async function replayMoves(
  plan: Plan,
  moves: readonly ScheduleMove[],
  options: Judging,
  onTurn?: (turn: Turn) => void,
): Promise<ReplayResult> {
  const steps = stepsOf(plan, moves);
  if ('misfit' in steps) return steps;
  const isTimed = isInTime(moves);
  const kinds = kindsOf(plan, isTimed);
  const hearing = onTurn === undefined ? {} : { onTurn };
  try {
    return await play(plan, options, (onDone) => ({
      schedule: { steps: steps.steps, kinds, isInTime: isTimed, onDone, ...hearing },
    }));
  } catch (error) {
    if (error instanceof ScheduleMisfit) return { misfit: misfitText(moves, error) };
    throw error;
  }
}

/** @throws Error only for a bug in concur */
export async function replayRun(plan: Plan, log: Log, options: Judging): Promise<LogReplay> {
  const other = otherScenario(plan, log.header);
  if (other !== undefined) return { result: { misfit: other }, moves: null };
  const isReal = log.header.mode === 'real';
  const played = isReal ? unmodelled(plan) : plan;
  const { events, stopped } = upToStop(log.events);
  const moves: ScheduleMove[] = [];
  const kinds = kindsOf(played, false);
  try {
    const result = await play(played, options, (onDone, stop) => ({
      ...(isReal && options.environment !== undefined ? { environment: options.environment } : {}),
      log: {
        ...{ events, isReal, kinds },
        onDone: () => {
          onDone();
          if (stopped !== null && stopped !== 'deadlock') stop();
        },
        onStep: ({ task, place, late, choices }) =>
          moves.push({ task: plan.tasks[task]?.name ?? '', ...place, late, choices }),
      },
    }));
    const hasAnswers = isReal && events.some(({ type }) => type === 'asked');
    return { result, moves: hasAnswers ? null : moves };
  } catch (error) {
    if (error instanceof LogMisfit)
      return { result: { misfit: logMisfitText(plan, log, error) }, moves: null };
    throw error;
  }
}

/** What a real run may be told meanwhile. */
export type Interruption = { readonly signal?: AbortSignal; readonly kill?: AbortSignal };

/**
 * Forced onto threads and processes: what each turn is in virtual time, carriers do for real, one after the other.
 *
 * @throws Error only for a bug in concur
 */
export async function forceMoves(
  plan: Plan,
  moves: readonly ScheduleMove[],
  options: Judging,
  interruption: Interruption,
): Promise<ReplayResult> {
  const turns: Turn[] = [];
  const virtual = await replayMoves(plan, moves, options, (turn) => turns.push(turn));
  if ('misfit' in virtual) return virtual;
  const stops = stopsOf(kindsOf(plan, isInTime(moves)));
  const judge = createJudge(plan, options);
  const events: Event[] = [];
  const end = await runPlan(plan, {
    ...interruption,
    mode: 'real',
    score: { turns, stops },
    canNeverEnd: () => judge.canNeverEnd(),
    handle(event) {
      judge.handle(event);
      events.push({ ...event });
    },
  });
  const verdict = judge.verdict(end);
  return { verdict, events, scheduled: virtual.scheduled, violation: judge.violation()?.text ?? null };
}

type Follow = (onDone: () => void, stop: () => void) => Pick<RunOptions, 'schedule' | 'log' | 'environment'>;

async function play(plan: Plan, options: Judging, follow: Follow): Promise<ReplayResult> {
  const judge = createJudge(plan, options);
  const events: Event[] = [];
  const controller = new AbortController();
  let scheduled = Number.POSITIVE_INFINITY;
  const onDone = (): void => {
    scheduled = events.length;
  };
  const end = await runVirtual(
    { ...plan, timeoutUs: NO_TIMEOUT_US },
    {
      ...follow(onDone, () => controller.abort()),
      signal: controller.signal,
      canNeverEnd: () => judge.canNeverEnd(),
      handle(event) {
        judge.handle(event);
        events.push({ ...event });
        if (events.length === scheduled + MOST_EVENTS_BEHIND) controller.abort();
      },
    },
  );
  const verdict = judge.verdict(end);
  return { verdict, events, scheduled, violation: judge.violation()?.text ?? null };
}

function upToStop(all: readonly Event[]) {
  const own = all.filter(({ phase }) => phase === undefined);
  const at = own.findIndex(({ type }) => type === 'stopped');
  const stop = own[at] as EventOf<'stopped'> | undefined;
  return { events: at < 0 ? own : own.slice(0, at), stopped: stop?.reason ?? null };
}

function logMisfitText({ tasks, steps }: Plan, { events }: Log, { seq, why }: LogMisfit): string {
  const event = events.find((one) => one.seq === seq);
  const place = event === undefined || event.step < 0 ? '' : ` at \`${steps[event.step]?.text ?? ''}\``;
  return `at event ${seq}, ${event?.type} of \`${tasks[event?.task ?? -1]?.name ?? ''}\`${place}: ${why}`;
}

export function stepsOf(
  plan: Plan,
  moves: readonly ScheduleMove[],
): { readonly steps: readonly ScheduledStep[] } | { readonly misfit: string } {
  const numbers = new Map(plan.tasks.map(({ name }, task) => [name, task]));
  const unknown = moves.findIndex(({ task }) => !numbers.has(task));
  const { task: name = '' } = moves[unknown] ?? {};
  if (unknown >= 0) return { misfit: `at its step ${unknown + 1}: there is no task \`${name}\`` };
  return {
    steps: moves.map(({ task, step, time, late, choices, lengthUs }) => ({
      ...{ task: numbers.get(task) ?? 0, late, choices },
      ...(lengthUs === undefined ? {} : { lengthUs }),
      place: { step, time },
    })),
  };
}

function misfitText(moves: readonly ScheduleMove[], { step, why }: ScheduleMisfit): string {
  const move = moves[step];
  return `at its step ${step + 1}, ${move === undefined ? 'the end' : moveText(move)}: ${why}`;
}
