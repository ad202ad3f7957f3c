/**
 * What random scenarios wait for: where a search says that it comes, it comes in virtual runs, whose order is random and so fair;
 * and each way on which it never comes really goes around, fairly. `CONCUR_TEST_ROUNDS` makes it longer.
 */
import { describe, expect, it } from 'vitest';
import type { Found } from '../../engine/explore/found.ts';
import { State } from '../../engine/explore/state.ts';
import { runVirtual } from '../../engine/hosts/virtual.ts';
import { check, type Plan } from '../../engine/index.ts';
import { createJudge } from '../../engine/verdict/judge.ts';
import { planOf } from './checked.ts';
import { randomAwaited } from './random-awaited.ts';

const rounds = Number(process.env['CONCUR_TEST_ROUNDS'] ?? 1);
const numbers = Array.from({ length: 60 * rounds }, (_, index) => index + 1);
const SEEDS = 3;
/** Long enough that what comes has come. */
const MOST_EVENTS = 4_000;

/** What a virtual run of some length says of what is awaited. */
async function seenIn(plan: Plan, text: string): Promise<string> {
  const judge = createJudge(plan);
  const stop = new AbortController();
  let count = 0;
  const end = await runVirtual(plan, {
    signal: stop.signal,
    canNeverEnd: () => judge.canNeverEnd(),
    handle(event) {
      if (++count === MOST_EVENTS) stop.abort();
      if (count <= MOST_EVENTS) judge.handle(event);
    },
  });
  const verdict = judge.verdict(end);
  expect(judge.violation(), text).toBeNull();
  const awaited = verdict.judgements.find(({ name }) => name === 'eventually' || name === 'leadsTo');
  // A run that is cut short says of `leadsTo` only that the last time is open.
  if (awaited?.result === 'notJudged' && awaited.name === 'eventually') return awaited.seen;
  return awaited?.result ?? '';
}

/** Tasks that a loop is unfair to: each could go on in every state of it, and has no move. */
function wronged(state: State, { schedule, loopAt = 0 }: Found): readonly number[] {
  const moved = new Set<number>();
  let always = new Set(state.plan.tasks.keys());
  schedule.forEach(({ task, late, choices }, index) => {
    if (index >= loopAt) {
      moved.add(task);
      always = new Set([...always].filter((one) => canGoOn(state, one)));
    }
    expect(state.move(task, late, choices)).toBe(true);
  });
  return [...always].filter((task) => !moved.has(task));
}

function canGoOn(state: State, task: number): boolean {
  if (!state.mayMove(task)) return false;
  const mark = state.mark();
  for (const late of state.mayBeLate(task) ? [false, true] : [false]) {
    if (!state.move(task, late)) continue;
    const counts = !state.hasWokenUp;
    state.back(mark);
    if (counts) return true;
  }
  return false;
}

describe('random scenarios', () => {
  it.each(numbers)('number %d', async (number) => {
    const text = randomAwaited(number);
    const plan = await planOf(text);
    const { verdict, violation, exploration } = await check(plan, { maxStates: 20_000 });
    expect(violation, text).toBeNull();
    const awaited = verdict.judgements.find(({ name }) => name === 'eventually' || name === 'leadsTo');
    if (awaited?.result === 'passed') {
      for (let seed = 1; seed <= SEEDS; seed++)
        expect(await seenIn({ ...plan, seed }, text), `${text}seed ${seed}`).not.toMatch(
          /^(failed|never true)/,
        );
    }
    for (const found of exploration.found.filter(({ kind }) => kind === 'loop')) {
      const state = new State(plan, { environment: {}, symmetry: false, verify: true });
      for (const _ of state.begin());
      expect(wronged(state, found), text).toEqual([]);
    }
  });
});
