/**
 * An expectation that failed, in one sentence: the summary of a verdict, the message of a report for CI. In parts, for
 * reports that show the name elsewhere.
 */
import { counted } from './show.ts';
import type { Judgement } from './verdict.ts';

export type Failure = {
  /** What was expected, in a few words: `vars n`, `always n <= 2`; empty where the message says it. */
  readonly subject: string;
  readonly message: string;
};

/** Claims are called by their expressions: a scenario has many of one name. */
const CLAIMS: ReadonlySet<string> = new Set(['always', 'finally', 'eventually', 'sometimes']);

/** What was seen of these says what was expected, too. */
const TOLD_BY_SEEN = /^(output (equals|inOrder|contains|excludes|matches)|leadsTo|order|overlap|exercised)$/;

/** `always n <= 2`, `vars n` */
export function subjectOf({ name, expected }: Pick<Judgement, 'name' | 'expected'>): string {
  return CLAIMS.has(name) ? `${name} ${expected}` : name;
}

export function failureOf(judgement: Pick<Judgement, 'name' | 'expected' | 'seen'>): Failure {
  const { name, expected, seen } = judgement;
  // Of tasks that were to finish, what they did instead says all.
  if (name === 'tasks') return { subject: '', message: seen };
  if (name === 'races') return { subject: 'data race', message: seen };
  if (name === 'deadlock' && expected !== 'never')
    return { subject: '', message: `expected a deadlock: ${seen}` };
  if (name === 'deadlock' || CLAIMS.has(name) || TOLD_BY_SEEN.test(name))
    return { subject: subjectOf(judgement), message: seen };
  return { subject: name, message: `expected ${expected}, seen ${seen}` };
}

/** The first of so many that failed. */
export function failuresText(first: Judgement, count: number): string {
  const others = count === 1 ? '' : ` (and ${counted(count - 1, 'other expectation')} failed)`;
  return `${failureText(first)}${others}`;
}

/** `vars n: expected 2, seen 1` */
export function failureText(judgement: Pick<Judgement, 'name' | 'expected' | 'seen'>): string {
  const { subject, message } = failureOf(judgement);
  return subject === '' ? message : `${subject}: ${message}`;
}
