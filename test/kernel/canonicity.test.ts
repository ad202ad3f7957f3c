/**
 * Core is a function of what is true: whatever happened before, the same truth is the same words.
 *
 * All histories of a few deeds are played; each that leads to the same state of the plain model must leave the same core.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RUN, STATE, TASK, WAIT } from '../../engine/kernel/memory/layout.ts';
import type { Plan, Resource } from '../../engine/plan/plan.ts';
import { cel, event, lock, makePlan, operate, queue, rlock, rwlock, semaphore } from '../plan-builder.ts';
import { OperationsRun } from './operations-run.ts';
import type { Deed } from './plain-model.ts';
import { anyScript, play } from './random-deeds.ts';
import { coreOf } from './scene.ts';

const THREADS = 3;

function planWith(resource: Resource): Plan {
  // Several permits are taken at once here: the layout looks for a step that may do so.
  const takes = operate('semaphore.acquire', 0, { operands: [cel('n')] });
  return makePlan({
    resources: [resource],
    main: { program: resource.kind === 'semaphore' ? [takes] : [] },
    tasks: [
      { name: 'thread', count: THREADS, slots: 2, program: [] },
      { name: 'process', kind: 'process', program: [] },
    ],
  });
}

/** All that is true, in the model's words. Who holds permits is in core but not in the model. */
function truth({ model, k, scene }: OperationsRun): string {
  const resources = model.resources.map(({ declared: _, ...rest }) => rest);
  const semaphores = model.plan.resources.map((resource, id) => {
    const at = scene.layout.resourceAt[id] as number;
    return resource.kind === 'semaphore' ? [...k.words.slice(at + 2, at + 2 + model.tasks.length)] : [];
  });
  const ends = model.tasks.map((_, task) => {
    const at = scene.layout.taskAt[task] as number;
    const done = k.words[at + TASK.waiting] === -1;
    return [k.words[at + TASK.state], k.words[at + TASK.exitCode], done, k.words[at + TASK.input]];
  });
  const replacer = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value);
  return JSON.stringify([resources, semaphores, model.tasks, ends], replacer);
}

class Ledger {
  readonly #cores = new Map<string, Int32Array>();
  /** How often a truth was met again. */
  meetings = 0;

  note(run: OperationsRun): void {
    const key = truth(run);
    const core = coreOf(run.scene);
    const known = this.#cores.get(key);
    if (known === undefined) this.#cores.set(key, core);
    else {
      this.meetings++;
      if (!core.every((word, index) => word === known[index]))
        expect({ key, core: [...core] }).toEqual({ key, core: [...known] });
    }
  }
}

const small = fc.constantFrom(1n, 2n, 3n);
const kinds: readonly Resource[] = [
  lock('lock'),
  lock('lock', { fair: true }),
  rlock('rlock'),
  rwlock('rwlock', 'none'),
  rwlock('rwlock', 'readers'),
  rwlock('rwlock', 'writers'),
  rwlock('rwlock', 'none', { fair: true }),
  semaphore('semaphore', 2),
  semaphore('semaphore', 2, { fair: true }),
  queue('queue', 'fifo', 2),
  queue('queue', 'lifo', 2),
  queue('queue', 'priority', 2),
  queue('queue', 'fifo', 2, { fair: true }),
  event('event'),
];

const deeds: Partial<Record<Resource['kind'], readonly Deed['operation'][]>> = {
  lock: ['lock.acquire', 'lock.release'],
  rlock: ['rlock.acquire', 'rlock.release'],
  rwlock: ['rwlock.read.acquire', 'rwlock.read.release', 'rwlock.write.acquire', 'rwlock.write.release'],
  semaphore: ['semaphore.acquire', 'semaphore.release'],
  queue: ['queue.put', 'queue.get', 'queue.taskDone', 'queue.join', 'queue.close'],
  event: ['event.wait', 'event.signal', 'event.clear'],
};

describe('the same truth is the same core', () => {
  test.each(kinds)('$kind $order fair: $fair', (resource) => {
    const plan = planWith(resource);
    const ledger = new Ledger();
    const names = deeds[resource.kind] ?? [];
    const step = fc.record({
      task: fc.nat(THREADS),
      name: fc.constantFrom(...names, ...names, 'task.terminate' as const),
      item: small,
      number: fc.integer({ min: 1, max: 2 }),
      timeout: fc.constantFrom(Number.POSITIVE_INFINITY, 0),
      settle: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12, size: 'max' }), (script) => {
        const run = new OperationsRun(plan, { canonical: true });
        for (let target = 1; target <= THREADS; target++) {
          run.act(0, { operation: 'task.start', target, item: null, number: 0 }, 1);
        }
        run.quiesce(() => 0);
        for (const { task, name, item, number, timeout, settle } of script) {
          if (run.actors().includes(task)) {
            const target = name === 'task.terminate' ? 1 : 0;
            const isPut = name === 'queue.put';
            run.act(
              task,
              {
                operation: name,
                target,
                item: isPut ? item : null,
                number: name === 'queue.close' ? number - 1 : number,
              },
              timeout,
            );
          }
          if (settle) run.quiesce(() => 0);
          ledger.note(run);
        }
      }),
      { numRuns: 200 },
    );
    expect(ledger.meetings).toBeGreaterThan(100);
  });

  test('ended tasks leave nothing of their frames, nor in any list', () => {
    const plan = planWith(queue('queue', 'fifo', 1, { fair: true }));
    fc.assert(
      fc.property(anyScript, (script) => {
        const run = new OperationsRun(plan, { canonical: true });
        play(run, script);
        const { k, layout } = run.scene;
        plan.tasks.forEach((_, task) => {
          const at = layout.taskAt[task] as number;
          if ((k.words[at + TASK.state] as number) <= STATE.live) return;
          const wait = layout.waitAt[task] as number;
          const kept = [
            TASK.state,
            TASK.process,
            TASK.parent,
            TASK.daemon,
            TASK.exitCode,
            TASK.error,
          ] as readonly number[];
          const rest = [...k.words.slice(at, layout.insideAt[task])].filter(
            (_, index) => !kept.includes(index),
          );
          expect(rest.every((word) => word === 0)).toBe(true);
          expect(k.words[wait + WAIT.state]).toBe(RUN.none);
          expect(
            [WAIT.next, WAIT.previous, WAIT.channel, WAIT.timer].map((word) => k.words[wait + word]),
          ).toEqual([0, 0, 0, 0]);
        });
      }),
      { numRuns: 50 },
    );
  });
});
