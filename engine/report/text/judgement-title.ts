/**
 * What an expectation is called in reports: what it says, in one line, and no more than was seen to hold.
 */
import { expectationTitle } from '../../verdict/expectation-title.ts';
import type { Judgement } from '../../verdict/verdict.ts';

const longest = 60;

/** `no deadlock`, `every task finished`, `always n <= 2`; as it was written, so not yet harmless. */
export function judgementTitle(judgement: Judgement): string {
  const { name, expected, seen, result } = judgement;
  // Daemons may be terminated, and so is who is part of a deadlock, which is judged by itself.
  if (name === 'tasks' && result === 'passed' && !/^\d+ finished$/.test(seen))
    return `${expected.replace(/ finishes$/, '')} finished or was ended as planned`;
  return short(expectationTitle(judgement));
}

/** An expression may be long, and stand on several lines. */
function short(text: string): string {
  const line = [...text.replaceAll(/\s+/g, ' ')];
  return line.length <= longest ? line.join('') : `${line.slice(0, longest - 1).join('')}…`;
}

/** Whether the title says all of what was expected. */
export function isTitleEnough(judgement: Judgement): boolean {
  return judgementTitle(judgement) === expectationTitle(judgement);
}
