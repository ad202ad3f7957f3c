/**
 * What was handed over and is not done yet: whoever produces more than can be taken waits here, so that a command that
 * writes without end fills no memory.
 */

export type Backlog = {
  /** One more is under way; call what is returned when it is done. */
  readonly add: () => () => void;
  /** A promise to wait for before producing more; undefined while there is room. */
  readonly room: () => Promise<void> | undefined;
};

/** @param limit how many may be under way */
export function createBacklog(limit: number): Backlog {
  let count = 0;
  let waiting: { readonly room: Promise<void>; readonly resolve: () => void } | undefined;
  const done = (): void => {
    count--;
    if (count > limit / 2) return;
    waiting?.resolve();
    waiting = undefined;
  };
  return {
    add: () => {
      count++;
      return done;
    },
    room: () => {
      if (count < limit) return undefined;
      waiting ??= openPromise();
      return waiting.room;
    },
  };
}

function openPromise() {
  let resolve = (): void => {};
  const room = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { room, resolve: () => resolve() };
}
