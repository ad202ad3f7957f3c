/** Runs a plan in virtual time and keeps what it told; every log must be one that the independent model finds legal. */
import { expect } from 'vitest';
import type { Value } from '../../engine/expression/values/value.ts';
import type { RunOptions } from '../../engine/hosts/run-options.ts';
import { runVirtual } from '../../engine/hosts/virtual.ts';
import type { Event, EventOf, EventType, RunEnd } from '../../engine/log/event.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { createModel } from '../../engine/verdict/model/model.ts';

export type Told = {
  readonly end: RunEnd;
  readonly events: readonly Event[];
  /** What was printed, in order. */
  readonly lines: readonly string[];
  readonly of: <T extends EventType>(type: T) => readonly EventOf<T>[];
  /** `finished`, `failed RuntimeError`, `terminated daemon`, `notStarted`, by the task's name. */
  readonly ends: Readonly<Record<string, string>>;
  /** The last value written to a var's cell; undefined if none was. */
  readonly written: (variable: number, cell?: number) => Value | undefined;
};

export async function tell(plan: Plan, options: Partial<RunOptions> = {}): Promise<Told> {
  const events: Event[] = [];
  const model = createModel(plan);
  const end = await runVirtual(plan, {
    ...options,
    handle: (event) => {
      events.push({ ...event });
      model.handle(event);
    },
  });
  if (end.stopped === null) model.finish();
  expect(model.violation()).toBe(null);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
  expect(events.at(-1)?.last).toBe(true);
  const of = <T extends EventType>(type: T) =>
    events.filter((event): event is EventOf<T> => event.type === type);
  return {
    end,
    events,
    lines: of('printed').map(({ text }) => text),
    of,
    ends: endsOf(plan, of('ended')),
    written: (variable, cell = 0) =>
      of('wrote').findLast((event) => event.variable === variable && event.cell === cell)?.value,
  };
}

function endsOf(plan: Plan, ended: readonly EventOf<'ended'>[]): Record<string, string> {
  const ends: Record<string, string> = Object.fromEntries(plan.tasks.map(({ name }) => [name, 'notStarted']));
  for (const { target, state, cause, error } of ended) {
    const why = error?.name ?? cause;
    ends[plan.tasks[target]?.name ?? ''] = why === null ? state : `${state} ${why}`;
  }
  return ends;
}

/** Lines as `1.5s name text`, for stories in time. */
export function timed(plan: Plan, { of }: Told): string[] {
  return of('printed').map(({ at, task, text }) => `${at / 1e6}s ${plan.tasks[task]?.name} ${text}`);
}
