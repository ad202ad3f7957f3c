/**
 * The end of everything that carries tasks in a real run: whatever it is at, it is gone afterwards, within bounds.
 *
 * Processes are killed. Worker threads leave their loops by themselves, as their stop flag is set; one that is deep in an
 * expression is terminated, while the supervisor holds the mutex, so that it cannot be inside the shared state.
 */
import type { Kernel } from '../../kernel/kernel.ts';
import { onAbort } from '../on-abort.ts';
import type { ProcessHost } from '../processes/process-host.ts';
import type { Services } from './services.ts';
import type { ThreadPool } from './thread-pool.ts';

export type Carriers = {
  readonly k: Kernel;
  readonly host: ProcessHost;
  readonly pool: ThreadPool;
  readonly services: Services;
};

export type CarriersEnd = {
  /** Ids of processes that would not go. */
  readonly left: readonly number[];
  /** What broke in a worker, or in ending it. */
  readonly bug?: unknown;
};

/** How long workers may take to leave their loops. */
const LEAVE_MS = 2000;
/** How often it is tried to exclude workers from the shared state before they are terminated, each time for some 0.1 s. */
const EXCLUSION_TRIES = 5;

/** Once only. @param hurry aborted: nothing is waited for that can be ended now */
export async function endCarriers(
  { k, host, pool, services }: Carriers,
  hurry: AbortSignal | undefined,
): Promise<CarriersEnd> {
  const [left, bug] = await Promise.all([host.close(), endPool(k, pool, hurry), services.close()]);
  return { left, bug };
}

async function endPool(k: Kernel, pool: ThreadPool, hurry: AbortSignal | undefined): Promise<unknown> {
  const outcome = await outcomeWithin(LEAVE_MS, pool.done, hurry);
  try {
    if (outcome === 'busy') await whileExcluded(k, pool.close);
    else await pool.close();
  } catch (error) {
    return error;
  }
  return typeof outcome === 'object' ? outcome.error : undefined;
}

type Outcome = 'done' | 'busy' | { readonly error: unknown };

function outcomeWithin(ms: number, work: Promise<void>, hurry: AbortSignal | undefined): Promise<Outcome> {
  return new Promise((resolve) => {
    const giveUp = (): void => settle('busy');
    const timer = setTimeout(giveUp, ms);
    const unwatch = onAbort(hurry, giveUp);
    const settle = (outcome: Outcome): void => {
      clearTimeout(timer);
      unwatch();
      resolve(outcome);
    };
    work.then(
      () => settle('done'),
      (error: unknown) => settle({ error }),
    );
    if (hurry?.aborted === true) giveUp();
  });
}

/** Whoever holds the mutex for longer than this is dead or stopped: then it does not matter any more. */
async function whileExcluded(k: Kernel, deed: () => Promise<void>): Promise<void> {
  let isInside = false;
  for (let tries = 0; tries < EXCLUSION_TRIES && !isInside; tries++) isInside = k.host.gate.enter();
  await deed();
  if (isInside) k.host.gate.leave();
}
