/**
 * Partial order sampling: each next step has a random priority, and the highest goes. A step that was done gives new ones
 * to those that it was in a race with, so that their order is drawn anew, and to no others.
 *
 * @see Yuan, Yang, Gu, Partial order aware concurrency sampling (CAV 2018)
 */
import { int } from '../../log/int.ts';
import type { Chance, Strategy } from './strategy.ts';
import type { Touches } from './touches.ts';

export function partialOrderSampling(touches: Touches, tasks: number, chance: Chance): Strategy {
  const priorities = new Float64Array(tasks);
  return {
    begin: () => {
      for (let task = 0; task < tasks; task++) priorities[task] = chance();
    },
    pick: (candidates) =>
      candidates.reduce((best, task) => (int(priorities[task]) > int(priorities[best]) ? task : best)),
    did: (task, place) => {
      priorities[task] = chance();
      for (let other = 0; other < tasks; other++) {
        if (other !== task && touches.race(task, place, other)) priorities[other] = chance();
      }
    },
  };
}
