/**
 * What an expectation is called where people read of it: in the words of what was expected, so that nobody has to know the
 * keys of a scenario.
 */
import { subjectOf } from '../../verdict/failure-text.ts';
import type { Judgement } from '../../verdict/verdict.ts';

const deadlockTitles: Readonly<Record<string, string>> = {
  never: 'no deadlock',
  certain: 'a deadlock every time',
  possible: 'a deadlock is possible',
};

const longest = 60;

/** `no deadlock`, `every task finished`, `always n <= 2`, `peak stall`; as it was written, so not yet harmless. */
export function judgementTitle(judgement: Judgement): string {
  const { name, expected, seen, result } = judgement;
  if (name === 'deadlock') return deadlockTitles[expected] ?? name;
  if (name === 'races') return 'no data race';
  if (name === 'exercised') return 'everything happens in some interleaving';
  if (name !== 'tasks') return short(subjectOf(judgement));
  const who = expected.startsWith('every other') ? 'every other task' : 'every task';
  // Daemons may be terminated, and so is who is part of a deadlock, which is judged by itself.
  return result === 'passed' && !/^\d+ finished$/.test(seen) ? `${who} ended as it may` : `${who} finished`;
}

/** An expression may be long, and stand on several lines. */
function short(text: string): string {
  const line = [...text.replaceAll(/\s+/g, ' ')];
  return line.length <= longest ? line.join('') : `${line.slice(0, longest - 1).join('')}…`;
}

/** Whether the title says all of what was expected. */
export function isTitleEnough(judgement: Judgement): boolean {
  const { name, expected } = judgement;
  return /^(deadlock|races|exercised)$/.test(name) || judgementTitle(judgement) === `${name} ${expected}`;
}
