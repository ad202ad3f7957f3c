/**
 * A round of a barrier, from its first arrival until the last of its tasks has gone; and who of those that wait can go.
 *
 * Who comes during an action belongs to no round yet: when it joins the next one is its own affair, and in no log.
 */

export type Round = {
  /** Open: all have come, and go. */
  stage: 'filling' | 'action' | 'open' | 'broken';
  arrived: number;
  /** The indexes with which tasks have gone. */
  readonly taken: Set<number>;
};

/** Where a waiting task stands; null if it came during an action. */
export type Place = Round | null;

/** What this file must know of a barrier. */
type Barrier = {
  readonly plan: { readonly parties: number };
  readonly broken: boolean;
  readonly round: Round;
  readonly places: ReadonlyMap<number, Place>;
  readonly late: number;
  readonly acting: number;
};

/** Nobody has come yet. */
export function createRound(): Round {
  return { stage: 'filling', arrived: 0, taken: new Set() };
}

/** Whether the task, waiting or just come, surely need not wait there; to fail is to go on, too. */
export function canPass(barrier: Barrier, task: { readonly id: number }): boolean {
  const { plan, broken, round, places, late, acting } = barrier;
  const place = places.get(task.id);
  if (place === null) return broken || (acting < 0 && round.arrived + late >= plan.parties);
  if (place !== undefined) return place.stage === 'open' || place.stage === 'broken';
  return broken || (acting < 0 && round.arrived === plan.parties - 1);
}
