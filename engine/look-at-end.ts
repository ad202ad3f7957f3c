/**
 * What is expected of the end of a run may take long to be looked at: it is done in slices, and the event loop has its turn.
 */
import { type Meter, SLICE } from './expression/meter.ts';
import type { RunEnd } from './log/event.ts';
import type { Judge } from './verdict/judge.ts';

export type Looking = { readonly meter: Meter; readonly signal: AbortSignal | undefined };

/** Looks at what is to be so at the end, and hears meanwhile if nobody wants to know it any more. */
export async function lookAtEnd(judge: Judge, end: RunEnd, { meter, signal }: Looking): Promise<RunEnd> {
  judge.prepare(end);
  meter.spent = 0;
  while (judge.work()) {
    if (meter.spent <= SLICE) continue;
    meter.spent = 0;
    await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted === true && judge.giveUp()) return { ...end, stopped: 'interrupt' };
  }
  return end;
}
