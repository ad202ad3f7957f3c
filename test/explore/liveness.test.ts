/**
 * What happens in the end: small scenarios whose answers are known, each with the version that is right and one that is not.
 *
 * What a search says must come does come in no way that is fair; what it says need not come, it shows by a way that goes around
 * for ever, which a replay in virtual time has gone around twice.
 */
import { describe, expect, it } from 'vitest';
import type { CheckOptions } from '../../engine/index.ts';
import { type Answer, drawn, rows, scene, ticketLock, turnstile, writer } from './awaited-scenarios.ts';
import { checked } from './checked.ts';

async function answerOf(text: string, options: CheckOptions = {}): Promise<Answer | string> {
  const { verdict, violation, exploration, counterexample } = await checked(text, options);
  if (violation !== null) return violation;
  const awaited = verdict.judgements.find(({ name }) => name === 'eventually' || name === 'leadsTo');
  if (awaited === undefined) return 'nothing is awaited';
  if (awaited.result === 'notJudged') return `not judged: ${awaited.reason}`;
  const avoided = exploration.liveness?.avoided[0] ?? null;
  if ((awaited.result === 'passed') !== (avoided === null)) return 'the search and its verdict differ';
  if (avoided === null) return 'comes';
  expect(awaited.way).not.toBeNull();
  expect(counterexample?.loopFrom !== null).toBe(avoided.by === 'loop');
  if (avoided.by === 'loop') return avoided.isStrict ? 'in vain' : 'unordered';
  return avoided.by === 'end' ? 'ends' : 'deadlock';
}

/** What other searches leave out may change nothing here. */
const searches: readonly CheckOptions[] = [{}, { symmetry: false, reduction: false }];

describe('what is awaited', () => {
  it.each(rows)('%s', async (_, scenario, answer) => {
    for (const options of searches) expect(await answerOf(scene(scenario), options)).toBe(answer);
  });
});

/** What was found until then is replayed all the same. */
function onceNot(): () => boolean {
  let asked = 0;
  return () => ++asked !== 1;
}

describe('what is awaited is not judged', () => {
  it.each([
    ['past its states', { maxStates: 20 }],
    ['past its depth', { maxSteps: 5 }],
  ])('%s', async (_, options) => {
    const { verdict, violation } = await checked(scene(ticketLock(drawn)), options);
    expect({ violation, outcome: verdict.outcome }).toEqual({ violation: null, outcome: 'inconclusive' });
    expect(verdict.judgements.find(({ name }) => name === 'eventually')?.result).toBe('notJudged');
  });

  it.each([
    ['states', { maxStates: 1_000 }],
    ['memory', { maxBytes: 400_000 }],
    ['time', { mayGoOn: onceNot() }],
  ])('where only the search for it came to a limit: %s', async (end, options) => {
    const text = scene(`
vars: { n: 0 }
tasks: { t: { count: 12, steps: [ { update: { n: n + 1 } } ] } }
expect: { eventually: [ n == 12 ] }`);
    const { verdict, violation } = await checked(text, options);
    expect(violation).toBeNull();
    expect(verdict.coverage).toMatchObject({ end: 'all', liveness: { end } });
    expect(verdict.outcome).toBe('inconclusive');
    expect(verdict.summary).toContain('not every interleaving was searched for one that goes on for ever');
  });

  it('beyond a bound', async () => {
    const { verdict } = await checked(
      scene(`
vars: { n: 0 }
tasks: { t: { steps: [ { while: 'true', do: [ { update: { n: n + 1 } } ] } ] } }
expect: { eventually: [ n == 9 ] }
check: { within: n < 5 }`),
    );
    const judgement = verdict.judgements.find(({ name }) => name === 'eventually');
    expect(judgement).toMatchObject({ result: 'notJudged', reason: expect.stringContaining('n < 5') });
  });
});

describe('who may wait for ever', () => {
  const endless = (fair: boolean): string => scene(turnstile(fair).replace(/expect: .*/, ''));

  it('is told, and fails where nothing may be left', async () => {
    const { verdict } = await checked(endless(false));
    expect(verdict.outcome).toBe('passed');
    expect(verdict.coverage.liveness?.starving).toMatchObject([{ task: 2, resource: 0 }]);
    const strict = await checked(endless(false), { strict: true });
    expect(strict.verdict.judgements.find(({ name }) => name === 'starvation')).toMatchObject({
      result: 'failed',
      seen: '`walker` may never have a turn',
    });
  });

  it('is nobody where all are served in order', async () => {
    const { verdict } = await checked(endless(true), { strict: true });
    expect(verdict.coverage.liveness?.starving).toEqual([]);
    expect(verdict.judgements.find(({ name }) => name === 'starvation')?.result).toBe('passed');
  });

  it('is nobody where everything ends, which needs no search of its own', async () => {
    const { verdict } = await checked(
      scene(`
locks: [m]
tasks: { t: { count: 2, steps: [ { repeat: 3, do: [ { with: m, do: [ { print: x } ] } ] } ] } }`),
      { strict: true },
    );
    expect(verdict.coverage.liveness).toMatchObject({ states: 0, starving: [] });
    expect(verdict.judgements.find(({ name }) => name === 'starvation')?.result).toBe('passed');
  });

  it('is not said where the search for it came to a limit', async () => {
    const { verdict } = await checked(endless(true), { strict: true, maxStates: 4 });
    expect(verdict.judgements.find(({ name }) => name === 'starvation')?.result).not.toBe('passed');
  });
});

describe('a way that goes around for ever', () => {
  it('is shown up to where it comes back, with the steps that come again', async () => {
    const { counterexample } = await checked(scene(writer('{ prefer: readers }')));
    const { saved, events, loopFrom } = counterexample ?? {};
    expect(saved?.loopFrom).toBeGreaterThan(0);
    expect(saved?.moves.length).toBeGreaterThan(saved?.loopFrom ?? 0);
    expect(events?.length).toBeGreaterThan(loopFrom ?? 0);
    expect(events?.at(-1)?.type).not.toBe('stopped');
  });
});
