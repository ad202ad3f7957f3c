/**
 * What a deadlock, or that there was none, says about the expectation `deadlock`.
 */
import type { Plan } from '../../plan/plan.ts';
import { counted, listed } from '../show.ts';
import type { DeadlockReport, Evidence, Judgement } from '../verdict.ts';
import { failed, notJudged, passed, STOPPED } from './judgement.ts';

const MOST_EVIDENCE = 20;

/**
 * @param report the deadlock in which the run was stopped
 * @param complete whether the run came to its end: if not, one might still have come
 */
export function judgeDeadlock(plan: Plan, report: DeadlockReport | null, complete: boolean): Judgement {
  const { deadlock } = plan.expect;
  const opened = { name: 'deadlock', span: null, expected: deadlock };
  const seen = report === null ? 'there was none' : deadlockText(report);
  switch (deadlock) {
    case 'possible':
      return notJudged(opened, 'only `concur check` can show it, as it looks at every interleaving', seen);
    case 'certain':
      if (report !== null) return passed(opened, seen);
      return complete ? failed(opened, seen, []) : notJudged(opened, STOPPED, seen);
    case 'never':
      if (report !== null) return failed(opened, seen, deadlockEvidence(report));
      return complete ? passed(opened, seen) : notJudged(opened, STOPPED, seen);
  }
}

/** `` `p1` and `p2` wait for each other `` */
export function deadlockText(report: DeadlockReport): string {
  const [first, second, ...others] = report.cycle;
  if (first === undefined) {
    const names = report.waiting.map((wait) => wait.task);
    return `${listed(names)} ${names.length === 1 ? 'waits' : 'wait'} for ever`;
  }
  if (second === undefined) return `${listed([first])} waits for itself`;
  if (others.length === 0) return `${listed([first, second])} wait for each other`;
  return `${listed(report.cycle)} wait in a circle, each for the next`;
}

function deadlockEvidence(report: DeadlockReport): readonly Evidence[] {
  const shown = report.waiting.slice(0, MOST_EVIDENCE).map(({ task, sinceUs, span, why }) => {
    return { at: sinceUs, task, ...(span === null ? {} : { span }), text: why };
  });
  const others = report.waiting.length - shown.length;
  return others === 0 ? shown : [...shown, { text: `and ${counted(others, 'other task')} that wait` }];
}
