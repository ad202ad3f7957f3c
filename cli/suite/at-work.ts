/**
 * Which cases are at work, for whoever waits for them: said when a suite is told to stop, and when a case takes so long that it may hang.
 */
import type { SuiteCase } from '../../engine/command.ts';
import { harmless } from '../../engine/harmless.ts';
import type { Engine, Host } from '../host.ts';

/** After so long a case is named for the first time, and then each time it has taken twice as long. */
const firstMs = 60_000;
const lookMs = 5_000;
const mostNames = 20;

type Working = { readonly case: SuiteCase; readonly sinceMs: number; nextMs: number };

export type AtWork = {
  readonly began: (one: SuiteCase) => void;
  readonly ended: (one: SuiteCase) => void;
  readonly close: () => void;
};

/** Where there is a live view, that shows it. */
export function watchWork(engine: Engine, host: Host): AtWork {
  const working = new Map<number, Working>();
  const say = (what: string, some: readonly Working[]) => {
    const names = some.slice(0, mostNames).map((one) => nameOf(engine, host, one));
    const others = some.length > mostNames ? [`${some.length - mostNames} more`] : [];
    host.stderr.write(`concur: ${what}: ${[...names, ...others].join(', ')}\n`);
  };
  const { signal } = host.interruptible();
  const onStop = () => {
    if (working.size > 0) say('told to stop; at work', [...working.values()]);
  };
  const isLive = engine.chooseUse({ ...host.stdout.facts, env: host.env }).live;
  if (!isLive) signal.addEventListener('abort', onStop, { once: true });
  const stopClock = isLive
    ? () => {}
    : host.every(lookMs, () => {
        const late = [...working.values()].filter((one) => host.now() - one.sinceMs >= one.nextMs);
        for (const one of late) one.nextMs *= 2;
        if (late.length > 0) say('still at work', late);
      });
  return {
    began(one) {
      const known = working.get(one.index);
      if (known === undefined) working.set(one.index, { case: one, sinceMs: host.now(), nextMs: firstMs });
    },
    ended: (one) => void working.delete(one.index),
    close() {
      stopClock();
      signal.removeEventListener('abort', onStop);
    },
  };
}

function nameOf(engine: Engine, host: Host, { case: one, sinceMs }: Working): string {
  return `${harmless(engine.caseTitle(one))} (${Math.round((host.now() - sinceMs) / 1000)} s)`;
}
