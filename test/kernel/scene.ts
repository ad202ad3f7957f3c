/**
 * A kernel on a plain array, as tests need it: a clock set by hand, a gate that notices wrong use, the log at hand.
 */

import { Kernel, ringPlace } from '../../engine/kernel/kernel.ts';
import { createLayout } from '../../engine/kernel/memory/create-layout.ts';
import type { Layout, LayoutOptions } from '../../engine/kernel/memory/layout.ts';
import { initializeMemory } from '../../engine/kernel/memory/memory.ts';
import { createInternedStore, createSharedStore } from '../../engine/kernel/memory/values.ts';
import { startMain } from '../../engine/kernel/primitives/task.ts';
import { listed } from '../../engine/kernel/waiting/listed.ts';
import type { Event } from '../../engine/log/event.ts';
import { RingReader } from '../../engine/log/ring.ts';
import type { Plan } from '../../engine/plan/plan.ts';

export type Scene = {
  readonly k: Kernel;
  readonly layout: Layout;
  readonly clock: { now: number };
  /** How often the supervisor was rung for, and which words were notified. */
  readonly bells: { count: number; readonly notified: number[] };
  /** Inside a critical section of its own. */
  inside<T>(work: () => T): T;
  /** All events since the last time, copied. */
  events(): Event[];
};

export type SceneOptions = Partial<LayoutOptions> & {
  readonly canonical?: boolean;
  /** What tasks have outside takes time to be gone. */
  readonly isReal?: boolean;
  /** Values in shared blocks instead of interned. */
  readonly shared?: boolean;
  /** Main is started. */
  readonly started?: boolean;
};

export function createScene(plan: Plan, options: SceneOptions = {}): Scene {
  const layout = createLayout(plan, {
    threadCarriers: options.threadCarriers ?? 1,
    valueWords: options.valueWords ?? (options.shared ? 1 << 16 : 0),
    unboundedCells: options.unboundedCells ?? 256,
  });
  const words = new Int32Array(layout.size);
  const clock = { now: 0 };
  const bells = { count: 0, notified: [] as number[] };
  const reader = new RingReader(words, ringPlace(layout));
  const store =
    options.shared === true
      ? createSharedStore(words, layout.valuesAt, layout.options.valueWords)
      : createInternedStore();
  const kept: Event[] = [];
  const drain = (): void => {
    reader.drain((event) => kept.push({ ...event }), Number.POSITIVE_INFINITY);
  };
  let inside = false;
  const k = new Kernel(words, layout, store, {
    carrier: 0,
    scheduler: listed,
    gate: {
      enter() {
        if (inside) throw new Error('entered twice');
        inside = true;
        return true;
      },
      leave() {
        if (!inside) throw new Error('left twice');
        inside = false;
      },
    },
    parking: { wait: () => {}, notify: (_, index) => bells.notified.push(index) },
    clock: () => clock.now,
    bell: () => {
      bells.count++;
    },
    waitForRoom: drain,
    canonical: options.canonical ?? true,
    isReal: options.isReal ?? false,
  });
  const scene: Scene = {
    k,
    layout,
    clock,
    bells,
    inside(work) {
      k.refreshClock();
      k.enter();
      try {
        return work();
      } finally {
        k.leave();
      }
    },
    events() {
      drain();
      return kept.splice(0);
    },
  };
  scene.inside(() => {
    initializeMemory(k);
    if (options.started !== false) startMain(k);
  });
  if (options.started !== false) scene.events();
  return scene;
}

/** Core as it is now. */
export function coreOf({ k, layout }: Scene): Int32Array {
  return k.words.slice(layout.coreStart, layout.coreEnd);
}
