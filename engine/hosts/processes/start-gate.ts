/**
 * Lets a few starts happen at once, in order of arrival: more would only make each of them slower.
 */

/** One who wants to start: outside, in the queue, inside, or gone. */
export type Place = {
  /** `start` is called as soon as there is room, at once if there is now. */
  readonly enter: (start: () => void) => void;
  /** Makes room for the next. Who leaves the queue never starts; leaving twice is leaving once. */
  readonly leave: () => void;
};

/** @param limit how many may be inside */
export function createGate(limit: number): () => Place {
  const inside = new Set<Place>();
  const queue = new Map<Place, () => void>();
  let admitting = false;
  // Not recursive: a start that fails at once leaves at once, and thousands may do so.
  const admit = () => {
    if (admitting) return;
    admitting = true;
    for (const [place, start] of queue) {
      if (inside.size >= limit) break;
      queue.delete(place);
      inside.add(place);
      start();
    }
    admitting = false;
  };
  return () => {
    const place: Place = {
      enter: (start) => {
        queue.set(place, start);
        admit();
      },
      leave: () => {
        queue.delete(place);
        if (inside.delete(place)) admit();
      },
    };
    return place;
  };
}
