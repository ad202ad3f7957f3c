/**
 * Waiting for a signal to be aborted, for any number of those who wait: Node warns of a leak where more than ten listen to one
 * signal, and a run has many commands, a suite many runs, that all end by the same one.
 */

/** By signal, who is to be called; in the order in which they came. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls back once when it is aborted, not if it was before. @returns takes that back */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (signal === undefined || signal.aborted) return () => {};
  const own = (): void => callback();
  const callbacks = waiting.get(signal) ?? listen(signal);
  callbacks.add(own);
  return () => callbacks.delete(own);
}

/** One listener, which stays: the signal and it go together. */
function listen(signal: AbortSignal): Set<() => void> {
  const callbacks = new Set<() => void>();
  waiting.set(signal, callbacks);
  const tell = (): void => {
    for (const callback of [...callbacks]) callback();
    callbacks.clear();
  };
  signal.addEventListener('abort', tell, { once: true });
  return callbacks;
}

/**
 * Does something with a signal that is aborted when one of the given ones is, or after so many milliseconds.
 *
 * The limit is a timer of our own: Node forgets an `AbortSignal.timeout` that only an `AbortSignal.any` refers to, with the next
 * garbage collection, and nothing would ever be aborted.
 */
export async function withinTime<T>(
  ms: number,
  given: readonly (AbortSignal | undefined)[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), ms);
  try {
    return await work(AbortSignal.any([over.signal, ...given.filter((one) => one !== undefined)]));
  } finally {
    clearTimeout(timer);
  }
}
