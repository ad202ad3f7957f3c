/**
 * A schedule that goes around for ever at its end, played again: once to where it begins again, and once around. Where it comes to
 * the same state, nothing else comes in it, and so it is judged.
 */
import { subjectsOf } from '../explore/claims/subjects.ts';
import { createLoopWatch } from '../explore/fairness/same-state.ts';
import { visibilityOf } from '../explore/reductions/visibility.ts';
import { runVirtual } from '../hosts/virtual.ts';
import type { Event } from '../log/event.ts';
import type { SavedSchedule } from '../log/schedule.ts';
import type { Plan } from '../plan/plan.ts';
import { ScheduleMisfit } from '../simulate/follow-schedule.ts';
import { createJudge, type JudgeOptions } from '../verdict/judge.ts';
import { stepsOf } from './replay.ts';
import type { ReplayResult } from './replay-result.ts';

/** Later than anything in virtual time: a schedule may make waits as long as it needs. */
const NO_TIMEOUT_US = 2 ** 50;

/**
 * Undefined: it does not go around, or nothing is missing in it, as the scenario was edited: it is to be played like any other.
 *
 * @throws Error only for a bug in concur
 */
export async function replayAround(
  plan: Plan,
  { moves, loopFrom }: Pick<SavedSchedule, 'moves'> & { readonly loopFrom: number },
  options: Pick<JudgeOptions, 'environment' | 'lineOf'>,
): Promise<ReplayResult | undefined> {
  const once = stepsOf(plan, moves);
  if ('misfit' in once) return once;
  const kinds = visibilityOf(plan, subjectsOf(plan));
  const watch = createLoopWatch(plan, kinds, { length: moves.length, loopAt: loopFrom });
  const judge = createJudge(plan, { ...options, goesOn: true });
  const events: Event[] = [];
  const marks = { scheduled: 0, loopFrom: 0 };
  const stop = new AbortController();
  // Around again, each task does whatever it comes to.
  const again = once.steps.slice(loopFrom).map(({ place: _, ...step }) => step);
  try {
    const end = await runVirtual(
      { ...plan, timeoutUs: NO_TIMEOUT_US },
      {
        schedule: {
          steps: [...once.steps, ...again],
          kinds,
          onDone: () => stop.abort(),
          onStepped(count, k) {
            watch.look(count, k);
            if (count === loopFrom) marks.loopFrom = events.length;
            if (count === moves.length) marks.scheduled = events.length;
          },
        },
        signal: stop.signal,
        canNeverEnd: () => judge.canNeverEnd(),
        handle(event) {
          if (stop.signal.aborted) return;
          judge.handle(event);
          events.push({ ...event });
        },
      },
    );
    const verdict = judge.verdict(end);
    if (!watch.hasClosed() || verdict.outcome !== 'failed') return undefined;
    return { verdict, events, ...marks, violation: judge.violation()?.text ?? null };
  } catch (error) {
    if (error instanceof ScheduleMisfit) return undefined;
    throw error;
  }
}
