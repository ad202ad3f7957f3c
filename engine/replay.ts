/**
 * A schedule played again, in virtual time: by the texts of its steps, so that it may be older than the scenario.
 */
import { subjectsOf } from './explore/claims/subjects.ts';
import { visibilityOf } from './explore/reductions/visibility.ts';
import { runVirtual } from './hosts/virtual.ts';
import type { Event } from './log/event.ts';
import { moveText, type ScheduleMove } from './log/schedule.ts';
import type { Plan } from './plan/plan.ts';
import type { ReplayResult } from './replay-result.ts';
import { type ScheduledStep, ScheduleMisfit } from './simulate/follow-schedule.ts';
import { createJudge, type JudgeOptions } from './verdict/judge.ts';

/** Behind its schedule a run goes on by itself, as long as it needs to show what comes of it; it may never end. */
const MOST_EVENTS_BEHIND = 20_000;
/** Later than anything in virtual time: a schedule may make waits as long as it needs. */
const NO_TIMEOUT_US = 2 ** 50;

/** @throws Error only for a bug in concur */
export async function replayMoves(
  plan: Plan,
  moves: readonly ScheduleMove[],
  options: Pick<JudgeOptions, 'environment' | 'lineOf'>,
): Promise<ReplayResult> {
  const steps = stepsOf(plan, moves);
  if ('misfit' in steps) return steps;
  const judge = createJudge(plan, options);
  const events: Event[] = [];
  const controller = new AbortController();
  let scheduled = Number.POSITIVE_INFINITY;
  const onDone = (): void => {
    scheduled = events.length;
  };
  try {
    const end = await runVirtual(
      { ...plan, timeoutUs: NO_TIMEOUT_US },
      {
        schedule: { steps: steps.steps, kinds: visibilityOf(plan, subjectsOf(plan)), onDone },
        signal: controller.signal,
        canNeverEnd: judge.canNeverEnd,
        handle(event) {
          judge.handle(event);
          events.push({ ...event });
          if (events.length === scheduled + MOST_EVENTS_BEHIND) controller.abort();
        },
      },
    );
    const verdict = judge.verdict(end);
    return { verdict, events, scheduled, violation: judge.violation()?.text ?? null };
  } catch (error) {
    if (error instanceof ScheduleMisfit) return { misfit: misfitText(moves, error) };
    throw error;
  }
}

function stepsOf(
  plan: Plan,
  moves: readonly ScheduleMove[],
): { readonly steps: readonly ScheduledStep[] } | { readonly misfit: string } {
  const numbers = new Map(plan.tasks.map(({ name }, task) => [name, task]));
  const unknown = moves.findIndex(({ task }) => !numbers.has(task));
  const { task: name = '' } = moves[unknown] ?? {};
  if (unknown >= 0) return { misfit: `at its step ${unknown + 1}: there is no task \`${name}\`` };
  return {
    steps: moves.map(({ task, step, time, late, choices }) => ({
      ...{ task: numbers.get(task) ?? 0, late, choices },
      place: { step, time },
    })),
  };
}

function misfitText(moves: readonly ScheduleMove[], { step, why }: ScheduleMisfit): string {
  const move = moves[step];
  return `at its step ${step + 1}, ${move === undefined ? 'the end' : moveText(move)}: ${why}`;
}
