/**
 * Who does what with the mutex in the exhaustive tests, and which counts are possible in the end.
 */
import type { Mutex } from '../../engine/kernel/runtime/mutex.ts';
import {
  COUNTER_WORD,
  condemnedIndexOf,
  type Exploration,
  type ExploreOptions,
  explore,
  MUTEX_WORD,
  type Rounds,
} from './mutex-explorer.ts';
import { observedParking } from './observed-memory.ts';

export type MutexClass = typeof Mutex;
/** What one carrier does, given its mutex and the words. */
type Body = (mutex: Mutex, words: Int32Array) => void;

const count: Body = (mutex, words) => {
  if (!mutex.enter()) return;
  words[COUNTER_WORD] = words[COUNTER_WORD]! + 1;
  mutex.leave();
};

const tryToCount =
  (sleeps: number): Body =>
  (mutex, words) => {
    if (!mutex.tryEnter(sleeps)) return;
    words[COUNTER_WORD] = words[COUNTER_WORD]! + 1;
    mutex.leave();
  };

const condemn =
  (carrier: number): Body =>
  (mutex, words) => {
    mutex.enter();
    words[condemnedIndexOf(carrier)] = 1;
    mutex.leave();
  };

/** A carrier's rounds: each of `bodies` on a fresh object, as the mutex keeps no state but in memory. */
function rounds(mutexClass: MutexClass, carrier: number, bodies: readonly Body[], spins: number): Rounds {
  return bodies.map((body) => (words) => {
    const options = {
      words,
      index: MUTEX_WORD,
      carrier,
      condemnedIndexOf,
      parking: observedParking,
      spins,
      patienceMs: 50,
    };
    body(new mutexClass(options), words);
  });
}

export type Scene = Omit<ExploreOptions, 'carriers'> & {
  readonly carriers: readonly (readonly Body[])[];
  readonly spins?: number;
  /** The final counts that must be possible, and no others. */
  readonly counts: readonly number[];
};

export function exploreScene(mutexClass: MutexClass, scene: Scene): Exploration {
  const carriers = scene.carriers.map((bodies, who) => rounds(mutexClass, who, bodies, scene.spins ?? 0));
  return explore({ ...scene, carriers });
}

export const scenes = {
  '2 carriers × 3 rounds': {
    carriers: [
      [count, count, count],
      [count, count, count],
    ],
    counts: [6],
  },
  '2 carriers that spin': {
    carriers: [
      [count, count],
      [count, count],
    ],
    spins: 2,
    counts: [4],
  },
  '2 carriers, sleeps that end early': {
    carriers: [
      [count, count],
      [count, count],
    ],
    spuriousWakes: 3,
    counts: [4],
  },
  // As the first, without forgetting: what forgetting saves must not be what it hides.
  '2 carriers, all remembered': {
    carriers: [
      [count, count],
      [count, count],
    ],
    forgetsAtSleep: false,
    counts: [4],
  },
  '3 carriers': { carriers: [[count], [count], [count]], counts: [3] },
  '3 carriers, sleeps that end early': {
    carriers: [[count], [count], [count]],
    spuriousWakes: 2,
    counts: [3],
  },
  '3 carriers that spin': { carriers: [[count], [count], [count]], spins: 1, counts: [3] },
  '3 carriers, one of them twice': { carriers: [[count, count], [count], [count]], counts: [4] },
  // Who tries may find it taken.
  'one tries without sleep': { carriers: [[tryToCount(0)], [count], [count]], counts: [2, 3] },
  'one tries with a sleep': { carriers: [[tryToCount(1)], [count], [count, count]], counts: [3, 4] },
  // 0 counts as often as it could before it was condemned, the others always.
  'condemned and killed, 2 carriers': {
    carriers: [
      [count, count],
      [condemn(0), count],
    ],
    condemnable: [0],
    mortal: true,
    counts: [1, 2, 3],
  },
  'condemned and killed, 3 carriers': {
    carriers: [[count], [condemn(0)], [count]],
    condemnable: [0],
    mortal: true,
    counts: [1, 2],
  },
  'condemned, but alive': { carriers: [[count], [condemn(0)], [count]], condemnable: [0], counts: [1, 2] },
  'condemned and killed, two of three': {
    carriers: [[count], [condemn(0), condemn(2)], [count]],
    condemnable: [0, 2],
    mortal: true,
    counts: [0, 1, 2],
  },
  'condemned and killed while it tries': {
    carriers: [[tryToCount(1)], [condemn(0)], [count]],
    condemnable: [0],
    mortal: true,
    counts: [1, 2],
  },
} as const satisfies Readonly<Record<string, Scene>>;

export type SceneName = keyof typeof scenes;
