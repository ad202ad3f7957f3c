/** Operations write no part of core but what they declare. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { footprintOf, type Region } from '../../engine/kernel/footprint.ts';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { operationTable, type Request } from '../../engine/kernel/waiting/perform.ts';
import { operationNames } from '../../engine/log/record.ts';
import { type OperationName, operations } from '../../engine/plan/operation.ts';
import { barrier, condition, event, lock, makePlan, pipe, queue, rlock, semaphore } from '../plan-builder.ts';
import { OperationsRun } from './operations-run.ts';
import { anyPlan, anyScript, play } from './random-deeds.ts';
import { createScene, type Scene } from './scene.ts';

/** The words of core that changed and lie in none of the regions. */
function outside(scene: Scene, before: Int32Array, after: Int32Array, regions: readonly Region[]): number[] {
  const changed: number[] = [];
  for (let index = scene.layout.coreStart; index < scene.layout.coreEnd; index++) {
    if (before[index] === after[index]) continue;
    if (!regions.some(({ start, end }) => start <= index && index < end)) changed.push(index);
  }
  return changed;
}

function checkNothing(name: string | undefined, changed: readonly number[]): void {
  if (changed.length > 0) expect({ name, changed }).toEqual({ name, changed: [] });
}

const seen = new Set<OperationName>();

function checkAttempt({ k, scene }: OperationsRun, request: Request, regions: readonly Region[]): void {
  const { task, target, a, b } = request;
  const name = operationNames[request.operation] as OperationName;
  seen.add(name);
  const copy = new Kernel(k.words.slice(0, k.layout.coreEnd), k.layout, k.values, k.host);
  operationTable[name].attempt(copy, task, target, a, b);
  checkNothing(name, outside(scene, k.words, copy.words, regions));
}

function footprintBefore(run: OperationsRun, request: Request): readonly Region[] {
  const name = operationNames[request.operation] as OperationName;
  return footprintOf(run.k, name, request.task, request.target);
}

describe('outside of its footprint nothing changes', () => {
  test('by the attempt alone, nor by all that follows, where core is canonical', () => {
    fc.assert(
      fc.property(anyPlan, anyScript, (plan, script) => {
        const around = (run: OperationsRun, request: Request) => {
          const regions = footprintBefore(run, request);
          checkAttempt(run, request, regions);
          const before = run.k.words.slice(0, run.k.layout.coreEnd);
          return () => {
            checkNothing(operationNames[request.operation], outside(run.scene, before, run.k.words, regions));
          };
        };
        play(new OperationsRun(plan, { canonical: true, around }), script);
      }),
      { numRuns: 100 },
    );
    const notHere = ['pool.adopt', 'pool.close', 'pool.kill', 'pool.terminate', 'task.skip', 'task.timeOut'];
    expect([...seen, ...notHere].sort()).toEqual(Object.keys(operations).sort());
  });

  test('by the attempt alone, where it is not', () => {
    fc.assert(
      fc.property(anyPlan, anyScript, (plan, script) => {
        const around = (run: OperationsRun, request: Request) => {
          checkAttempt(run, request, footprintBefore(run, request));
          return () => {};
        };
        play(new OperationsRun(plan, { canonical: false, around }), script);
      }),
      { numRuns: 30 },
    );
  });
});

describe('footprints', () => {
  const plan = makePlan({
    resources: [
      lock('a'),
      lock('b', { fair: true }),
      rlock('c'),
      semaphore('d', 2),
      queue('e', 'fifo', 3, { fair: true }),
      event('f'),
      condition('g', 2),
      barrier('h', 3),
      ...pipe('i', 8),
    ],
    points: ['p'],
    tasks: [
      { name: 'thread', count: 2, program: [] },
      { name: 'process', kind: 'process', program: [] },
    ],
  });
  const { k, layout } = createScene(plan);

  test('lie within core', () => {
    const kinds = plan.resources.map(({ kind }) => kind.replace('End', ''));
    for (const name of Object.keys(operations) as OperationName[]) {
      const ofTask = name.startsWith('task.');
      const targets = [...(ofTask ? plan.tasks : plan.resources).keys()];
      for (const target of targets.filter((id) => ofTask || name.startsWith(`${kinds[id]}.`))) {
        for (const { start, end } of footprintOf(k, name, 1, target)) {
          expect(start).toBeGreaterThanOrEqual(layout.coreStart);
          expect(end).toBeLessThanOrEqual(layout.coreEnd);
          expect(start).toBeLessThanOrEqual(end);
        }
      }
    }
  });

  test('of two tasks at two resources have nothing in common', () => {
    const words = (task: number, target: number): Set<number> => {
      const regions = footprintOf(k, 'lock.acquire', task, target);
      return new Set(
        regions.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, index) => start + index)),
      );
    };
    const first = words(1, 0);
    expect([...words(2, 1)].filter((index) => first.has(index))).toEqual([]);
    expect([...words(2, 0)].filter((index) => first.has(index))).toHaveLength(2);
  });

  test('resources lie one after the other, and none in two', () => {
    const starts = plan.resources.map((_, id) => footprintOf(k, 'event.clear', 1, id)[1] as Region);
    starts.slice(1).forEach(({ start }, index) => {
      expect(start).toBe(starts[index]?.end);
    });
    expect(starts.at(-1)?.end).toBe(layout.processAt[0]);
  });
});
