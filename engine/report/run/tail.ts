/**
 * The last lines that tasks printed: what a report on many runs shows of one that did not pass.
 */
import type { Fold } from '../../log/fold.ts';
import type { Plan } from '../../plan/plan.ts';
import { harmlessLines } from '../../source/harmless.ts';
import { cutText } from '../text/cut-text.ts';

export type Tail = Fold & {
  /** At most as many as asked for, harmless, tagged with their task: `visitor[3] | takes a stall`. */
  lines(): readonly string[];
};

const mostInLine = 1000;

export function createTail(plan: Plan, most: number): Tail {
  let kept: string[] = [];
  return {
    handle(event) {
      if (event.type !== 'printed') return;
      const name = plan.tasks[event.task]?.name ?? '';
      for (const line of harmlessLines(event.text).slice(-most))
        kept.push(`${name} | ${cutText(line, mostInLine)}`);
      // Not at every line: a run may print millions.
      if (kept.length > 8 * most) kept = kept.slice(-most);
    },
    lines: () => kept.slice(-most),
  };
}
