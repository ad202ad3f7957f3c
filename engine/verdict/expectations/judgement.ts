/**
 * What the judges of single expectations have in common.
 */
import type { Judgement } from '../verdict.ts';

/** Why something is not judged in a run that did not come to its end. */
export const STOPPED = 'the run was stopped before its end';

/** Why it is not judged by one run whether something can be true. */
export const ONE_RUN = 'only many runs can show it: use --repeat or `concur check`';

/** Why something is not judged where commands wrote more lines than the log takes. */
export const LOST_LINES = 'commands wrote lines that are not in the log';

/** A judgement of which it only remains to say how it went. */
export type Opened = Pick<Judgement, 'name' | 'span' | 'expected'>;

/** It is as expected. */
export function passed(opened: Opened, seen: string): Judgement {
  return { ...opened, result: 'passed', seen, evidence: [] };
}

/** It is not: what was seen instead, and the lines that show it. */
export function failed(opened: Opened, seen: string, evidence: Judgement['evidence']): Judgement {
  return { ...opened, result: 'failed', seen, evidence };
}

/** Nobody can tell, and why. */
export function notJudged(opened: Opened, reason: string, seen = ''): Judgement {
  return { ...opened, result: 'notJudged', seen, evidence: [], reason };
}
