/**
 * Who is late on a way through a scenario: others do something though its sleep, or its wait with a time, should be over.
 */
import type { Event } from '../log/event.ts';
import type { Plan } from '../plan/plan.ts';

export class Lateness {
  /** By task: when its sleep, or its wait with a time, should be over. */
  readonly #due = new Map<number, { readonly at: number; readonly sleeps: boolean }>();
  readonly #lengths: ReadonlyMap<number, number>;

  constructor(plan: Plan) {
    this.#lengths = timeoutsOf(plan);
  }

  /** @returns the tasks that are late from this event on */
  hear(event: Event): readonly number[] {
    const late = [...this.#due].filter(([task, { at }]) => task !== event.task && at < event.at);
    for (const [task] of late) this.#due.delete(task);
    this.#follow(event);
    return late.map(([task]) => task);
  }

  sleeps(task: number): boolean {
    return this.#due.get(task)?.sleeps === true;
  }

  #follow(event: Event): void {
    switch (event.type) {
      case 'sleeping':
        this.#due.set(event.task, { at: event.untilUs, sleeps: true });
        return;
      case 'waiting': {
        const length = event.timed ? this.#lengths.get(event.step) : undefined;
        if (length !== undefined) this.#due.set(event.task, { at: event.at + length, sleeps: false });
        return;
      }
      case 'ended':
        this.#due.delete(event.target);
        return;
      case 'operated':
      case 'woke':
      case 'timedOut':
      case 'passed':
      case 'answered':
      case 'raised':
        this.#due.delete(event.task);
        return;
      default:
        return;
    }
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

/** Whether somebody is late on it. */
export function needsLateness(plan: Plan, events: readonly Event[]): boolean {
  const lateness = new Lateness(plan);
  return events.some((event) => lateness.hear(event).length > 0);
}
