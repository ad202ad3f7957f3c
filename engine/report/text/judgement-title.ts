/**
 * What an expectation is called where people read of it: in the words of what was expected, so that nobody has to know the
 * keys of a scenario.
 */
import type { Judgement } from '../../verdict/verdict.ts';

const deadlockTitles: Readonly<Record<string, string>> = {
  never: 'no deadlock',
  certain: 'a deadlock',
  possible: 'a deadlock now and then',
};

/** `no deadlock`, `every task finished`, `peak stall`; as it was written, so not yet harmless. */
export function judgementTitle({ name, expected, seen, result }: Judgement): string {
  if (name === 'deadlock') return deadlockTitles[expected] ?? name;
  if (name === 'races') return 'no races';
  if (name !== 'tasks') return name;
  const who = expected.startsWith('every other') ? 'every other task' : 'every task';
  // Daemons may be terminated, and so is who is part of a deadlock, which is judged by itself.
  return result === 'passed' && !/^\d+ finished$/.test(seen) ? `${who} ended as it may` : `${who} finished`;
}
