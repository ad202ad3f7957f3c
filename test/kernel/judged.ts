/**
 * The verdict's model beside a kernel: told of every event, it must call none impossible, and what expressions read of it
 * must be what they read of the kernel at the same moment.
 */
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { Read } from '../../engine/expression/expression.ts';
import { traitsOf } from '../../engine/expression/scope.ts';
import type { Kernel } from '../../engine/kernel/kernel.ts';
import type { Event } from '../../engine/log/event.ts';
import { resourceAttributes as readFromKernel } from '../../engine/machine/attribute.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { contextOf } from '../../engine/verdict/expectations/context.ts';
import { createModel } from '../../engine/verdict/model/model.ts';

export class Judged {
  readonly #plan: Plan;
  readonly #model;
  readonly #reads: readonly Extract<Read, { readonly from: 'resource' }>[];
  readonly #told: string[] = [];
  #seq = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#model = createModel(plan);
    this.#reads = plan.resources.map(({ kind }, first) => {
      const attributes = Object.keys(traitsOf(kind).attributes);
      return { from: 'resource', name: 'r', first, count: 1, array: false, attributes };
    });
    const main = { target: 0, process: 0, daemon: false };
    this.#tell({ type: 'started', at: 0, seq: 0, task: 0, step: -1, last: true, ...main });
    this.#begin(0, 0);
  }

  /** Whoever is started begins at once. How a task ends is nobody's affair here: no program does that. */
  follow(events: readonly Event[]): void {
    for (const event of events) {
      const isEnd = event.type === 'ended' && event.state === 'finished';
      this.#tell(isEnd ? { ...event, state: 'terminated', cause: 'terminate' } : event);
      if (event.type === 'started') this.#begin(event.target, event.at);
    }
  }

  /** In the critical section. */
  compare(k: Kernel): void {
    for (const read of this.#reads) {
      const name = this.#plan.resources[read.first]?.name;
      const found = readFromKernel(k, read)();
      const judged = contextOf(this.#model.state, [read], {})['r'];
      if (!isDeepStrictEqual(found, judged))
        expect({ name, kernel: found, told: this.#told.slice(-20) }).toEqual({ name, kernel: judged });
    }
  }

  #begin(task: number, at: number): void {
    this.#tell({ type: 'began', at, seq: 0, task, step: -1, last: true, pid: 1, carrier: 0 });
  }

  #tell(event: Event): void {
    const numbered = { ...event, seq: this.#seq++ };
    this.#told.push(
      JSON.stringify(numbered, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    );
    this.#model.handle(numbered);
    const violation = this.#model.violation();
    if (violation !== null) expect({ violation, told: this.#told.slice(-20) }).toBeNull();
  }
}
