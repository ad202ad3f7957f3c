/**
 * What the log tells about tasks that are looked at: whether a line said that they are ready, whether they have ended.
 *
 * It hears everything from the beginning of the run, so a line that comes before anybody asks is not lost.
 */

import { findsPattern } from '../../expression/functions/pattern.ts';
import type { EndState, Event } from '../../log/event.ts';
import type { Plan } from '../../plan/plan.ts';
import { onAbort } from '../on-abort.ts';

export type Readiness = {
  readonly handle: (event: Event) => void;
  /** Whether a line of the task's output matched its pattern. */
  readonly hasSaid: (task: number) => boolean;
  /** The newest line of a task that has a pattern, and did not match it. */
  readonly lastLineOf: (task: number) => string | undefined;
  readonly endOf: (task: number) => EndState | undefined;
  /** Settles at the next line that matches, at the task's end, or when the signal is aborted. */
  readonly news: (task: number, signal: AbortSignal) => Promise<void>;
};

export function createReadiness({ groups, tasks }: Plan): Readiness {
  const patterns = tasks.map(({ group }) => groups[group]?.readyLog);
  const said = new Set<number>();
  const lastLines = new Map<number, string>();
  const ends = new Array<EndState | undefined>(tasks.length);
  const listeners = new Map<number, Set<() => void>>();
  const tell = (task: number): void => {
    if (listeners.size === 0) return;
    for (const listener of listeners.get(task) ?? []) listener();
  };
  return {
    handle: (event) => {
      if (event.type === 'printed') {
        const pattern = patterns[event.task];
        if (pattern === undefined || said.has(event.task)) return;
        lastLines.set(event.task, event.text);
        if (!findsPattern(event.text, pattern)) return;
        said.add(event.task);
        tell(event.task);
      } else if (event.type === 'ended') {
        ends[event.target] = event.state;
        tell(event.target);
      }
    },
    hasSaid: (task) => said.has(task),
    lastLineOf: (task) => lastLines.get(task),
    endOf: (task) => ends[task],
    news: (task, signal) =>
      new Promise((resolve) => {
        const of = listeners.get(task) ?? new Set();
        listeners.set(task, of);
        const done = (): void => {
          of.delete(done);
          unwatch();
          resolve();
        };
        of.add(done);
        const unwatch = onAbort(signal, done);
        if (signal.aborted) done();
      }),
  };
}
