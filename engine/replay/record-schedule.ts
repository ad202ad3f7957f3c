/**
 * A run in virtual time as a schedule: run again with its seed, followed step by step, and played without its times to see that
 * the same comes of it.
 */
import { runVirtual } from '../hosts/virtual.ts';
import type { Event } from '../log/event.ts';
import { headerOf } from '../log/log-header.ts';
import { settingsOf } from '../log/schedule.ts';
import type { Plan } from '../plan/plan.ts';
import { createJudge, type JudgeOptions } from '../verdict/judge.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { replayMoves, replayRun } from './replay.ts';
import type { RecordedSchedule } from './replay-result.ts';

/** @throws Error only for a bug in concur */
export async function recordRun(
  plan: Plan,
  options: Pick<JudgeOptions, 'environment' | 'lineOf'>,
): Promise<RecordedSchedule> {
  const { events, verdict } = await runAgain(plan, options);
  const header = headerOf(plan, { mode: 'virtual', lineOf: () => undefined });
  const { result, moves } = await replayRun(plan, { header, events }, options);
  if ('misfit' in result || moves === null) return { reason: UNLIKE };
  const played = await replayMoves(plan, moves, options);
  if ('misfit' in played || !failsAlike(played.verdict, verdict)) return { reason: TIMED };
  const { name, caseName, seed, params } = plan;
  const breaks = verdict.judgements.find((one) => one.result === 'failed')?.name ?? '';
  return {
    saved: { scenario: name, caseName: caseName ?? null, set: settingsOf(params), seed, breaks, moves },
  };
}

const TIMED = 'what fails depends on how long things take, and a schedule has no times: its seed repeats it';
const UNLIKE = 'its steps do not make a schedule: its seed repeats it';

async function runAgain(plan: Plan, options: Pick<JudgeOptions, 'environment' | 'lineOf'>) {
  const judge = createJudge(plan, options);
  const events: Event[] = [];
  const end = await runVirtual(plan, {
    canNeverEnd: () => judge.canNeverEnd(),
    handle(event) {
      judge.handle(event);
      events.push({ ...event });
    },
  });
  return { events, verdict: judge.verdict(end) };
}

function failsAlike(one: Verdict, other: Verdict): boolean {
  const failed = ({ judgements }: Verdict): readonly string[] =>
    judgements.filter(({ result }) => result === 'failed').map(({ name }) => name);
  const names = new Set(failed(one));
  return one.outcome === other.outcome && failed(other).every((name) => names.has(name));
}
