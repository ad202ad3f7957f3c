/**
 * The random walk: each task is as likely as any other, step by step.
 */
import { anyOf, type Chance, type Strategy } from './strategy.ts';

export function randomWalk(chance: Chance): Strategy {
  return { begin: () => {}, pick: (tasks) => anyOf(tasks, chance), did: () => {} };
}
