/**
 * The seeded chooser: any of those who are ready, each as likely as the others, one visible moment at a time.
 */
import { createStream } from '../machine/random.ts';
import { type Chooser, NOBODY } from './chooser.ts';

export function seededChooser(seed: number): Chooser {
  const chance = createStream(seed);
  return {
    turn(steps) {
      return steps.isIdle() ? NOBODY : steps.doMoment(Math.floor(chance() * steps.ready.length));
    },
  };
}
