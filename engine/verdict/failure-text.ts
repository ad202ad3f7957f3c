/**
 * An expectation that failed, in one sentence: the summary of a verdict, the message of a report for CI. In parts, for
 * reports that show what was expected elsewhere.
 */
import { expectationTitle } from './expectation-title.ts';
import { counted } from './show.ts';
import type { Judgement } from './verdict.ts';

export type Failure = {
  /** What was expected: `n == 2 at the end`, `always n <= 2`; empty where the message says it. */
  readonly subject: string;
  readonly message: string;
};

/** What was seen of these is a mere value. */
const SEEN_AS_VALUE = /^(vars |files |tasks |peak |takes |outcome$|output count$)/;

export function failureOf(judgement: Pick<Judgement, 'name' | 'expected' | 'seen'>): Failure {
  const { name, expected, seen } = judgement;
  // Of tasks that were to finish, what they did instead says all.
  if (name === 'tasks') return { subject: '', message: seen };
  if (name === 'races') return { subject: 'data race', message: seen };
  if (name === 'deadlock' && expected !== 'never')
    return { subject: '', message: `expected a deadlock: ${seen}` };
  if (name === 'deadlock') return { subject: 'deadlock', message: seen };
  const message = SEEN_AS_VALUE.test(name) ? `seen ${seen}` : seen;
  return { subject: expectationTitle(judgement), message };
}

/** The first of so many that failed. */
export function failuresText(first: Judgement, count: number): string {
  const others = count === 1 ? '' : ` (${counted(count, 'expectation')} failed)`;
  return `${failureText(first)}${others}`;
}

/** `n == 2 at the end: seen 1` */
export function failureText(judgement: Pick<Judgement, 'name' | 'expected' | 'seen'>): string {
  const { subject, message } = failureOf(judgement);
  return subject === '' ? message : `${subject}: ${message}`;
}
