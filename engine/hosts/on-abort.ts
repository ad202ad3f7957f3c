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
