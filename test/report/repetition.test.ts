import { describe, expect, it } from 'vitest';
import type { Expectations } from '../../engine/plan/expectations.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { createPalette } from '../../engine/report/text/palette.ts';
import { createPlaces } from '../../engine/report/text/places.ts';
import { repeatedRunText, repetitionText } from '../../engine/report/text/repetition.ts';
import { createRepetition, type Repetition } from '../../engine/verdict/repetition.ts';
import type { Outcome, Verdict } from '../../engine/verdict/verdict.ts';
import { planOf } from './events.ts';

const sober = createPalette(false);

function verdict(outcome: Outcome, parts: Partial<Verdict> = {}): Verdict {
  return {
    outcome,
    summary: '',
    judgements: [],
    deadlock: null,
    resources: [],
    partialDeadlock: null,
    atStop: [],
    unexercised: [],
    races: [],
    sightings: [],
    endResult: null,
    ends: { finished: 1, failed: 0, terminated: 0, skipped: 0, notStarted: 0 },
    run: { mode: 'virtual', stopped: null, cause: null, events: 1, durationUs: 1_200_000 },
    ...parts,
  };
}

function broken(...names: readonly string[]): Partial<Verdict> {
  const judgements = names.map((name) => {
    return { name, result: 'failed', span: null, expected: '', seen: '', evidence: [] } as const;
  });
  return { judgements };
}

const plan = planOf({ tasks: {} });
const places = createPlaces({ file: 'n.yaml', text: 'one\ntwo\nthree\n' }, { palette: sober, columns: 80 });

function planExpecting(expectations: Partial<Expectations>): Plan {
  return { ...plan, expect: { ...plan.expect, ...expectations } };
}

function table(repetition: Repetition, of: { readonly plan?: Plan; readonly planned: number }): string {
  const command = (seed: number | 'all') => `concur run n.yaml --seed ${seed}`;
  const judged = repetition.verdict(of.planned);
  return repetitionText({
    plan: of.plan ?? plan,
    verdict: judged,
    places,
    palette: sober,
    command,
  });
}

describe('a repetition', () => {
  it('counts each outcome and reason, and knows a seed for it', () => {
    const repetition = createRepetition(plan);
    repetition.add(42, verdict('passed'));
    repetition.add(7, verdict('failed', broken('always n == 0')));
    repetition.add(8, verdict('failed', broken('always n == 0')));
    repetition.add(4_000_000_000, verdict('failed', broken('always n == 0', 'peak stall')));
    for (let seed = 100; seed < 110; seed += 1) repetition.add(seed, verdict('passed'));
    expect(repetition.verdict(14)).toMatchObject({
      outcome: 'failed',
      runs: { passed: 11, failed: 3, inconclusive: 0 },
      results: [],
      judgements: [],
    });
    expect(table(repetition, { planned: 14 })).toMatchSnapshot();
  });

  it('that only passed has nothing to repeat', () => {
    const repetition = createRepetition(plan);
    repetition.add(1, verdict('passed'));
    expect(table(repetition, { planned: 1 })).toMatchSnapshot();
  });

  it('is inconclusive if a run was, and failed if a run did', () => {
    const repetition = createRepetition(plan);
    repetition.add(1, verdict('passed'));
    const run = { ...verdict('passed').run, cause: 'out of memory' };
    repetition.add(2, verdict('inconclusive', { run }));
    expect(repetition.verdict(2).outcome).toBe('inconclusive');
    expect(table(repetition, { planned: 2 })).toContain('1 run  inconclusive  seed 2  out of memory\n');
    repetition.add(3, verdict('failed', { deadlock: { waiting: [], cycle: [] } }));
    repetition.add(4, verdict('failed', { summary: 'timed out' }));
    expect(repetition.verdict(4).outcome).toBe('failed');
    expect(table(repetition, { planned: 4 })).toContain('1 run  failed        seed 3  deadlock\n');
    expect(table(repetition, { planned: 4 })).toContain('1 run  failed        seed 4  timed out\n');
    expect(table(repetition, { planned: 4 })).toMatchSnapshot();
  });

  it('has a line a run', () => {
    const line = repeatedRunText(
      { number: 3, of: 10, plan, verdict: verdict('failed', broken('a\u001b')) },
      sober,
    );
    expect(line).toMatchSnapshot();
  });

  it('bounds its table', () => {
    const repetition = createRepetition(plan);
    for (let seed = 0; seed < 1000; seed += 1)
      repetition.add(seed, verdict('failed', broken(`expectation ${seed}`)));
    const text = table(repetition, { planned: 1000 });
    expect(text.split('\n').length).toBeLessThan(30);
    expect(text).toContain('… and 980 other outcomes');
  });
});

const span = { start: 4, end: 7 };
const claim = (text: string) => ({ text, expression: { span, reads: [], source: text } as never });

describe('the results of a repetition', () => {
  const results = planExpecting({
    outcome: claim('n'),
    outcomes: [
      { span, is: 0n, grade: 'expected' },
      { span, is: 1n, grade: 'allowed' },
      { span, is: 2n, grade: 'forbidden', why: 'an update is lost' },
      { span, is: 'none', grade: 'expected' },
      { span, is: 3n, grade: 'forbidden' },
    ],
    others: 'forbidden',
  });
  const ending = (value: bigint, grade: 'expected' | 'forbidden' | null, why: string | null = null) => {
    return { endResult: { value, text: `${value}`, grade, why } };
  };

  it('are counted, and those that are listed and never came are named', () => {
    const repetition = createRepetition(results);
    repetition.add(
      7,
      verdict('failed', { ...broken('outcome'), ...ending(2n, 'forbidden', 'an update is lost') }),
    );
    for (let seed = 10; seed < 19; seed += 1) repetition.add(seed, verdict('passed', ending(0n, 'expected')));
    repetition.add(30, verdict('failed', { ...broken('outcome'), ...ending(5n, null) }));
    expect(repetition.verdict(11).results).toEqual([
      { text: '0', grade: 'expected', why: null, times: 9, firstSeed: 10 },
      { text: '2', grade: 'forbidden', why: 'an update is lost', times: 1, firstSeed: 7 },
      { text: '5', grade: null, why: null, times: 1, firstSeed: 30 },
      { text: '1', grade: 'allowed', why: null, times: 0, firstSeed: null },
      { text: '"none"', grade: 'expected', why: null, times: 0, firstSeed: null },
    ]);
    expect(table(repetition, { plan: results, planned: 11 })).toMatchSnapshot();
  });

  it('that never came do not fail it: another seed may bring them', () => {
    const repetition = createRepetition(results);
    repetition.add(1, verdict('passed', ending(0n, 'expected')));
    repetition.add(2, verdict('passed', ending(0n, 'expected')));
    expect(repetition.verdict(2).outcome).toBe('passed');
  });
});

describe('sometimes, over a repetition', () => {
  const hopeful = planExpecting({ sometimes: [claim('n == 3'), claim('n == 4')] });
  const sighted = (...seen: readonly boolean[]) => ({
    sightings: seen.map((isSeen) => ({ text: 'n == 3', span, seenAtUs: isSeen ? 5 : null })),
  });

  it('holds if one run showed it, and fails if none did', () => {
    const repetition = createRepetition(hopeful);
    repetition.add(1, verdict('passed', sighted(false, false)));
    repetition.add(2, verdict('passed', sighted(true, false)));
    repetition.add(3, verdict('passed', sighted(true, false)));
    const { outcome, judgements } = repetition.verdict(3);
    expect(outcome).toBe('failed');
    expect(judgements).toMatchObject([
      {
        name: 'sometimes',
        expected: 'n == 3',
        result: 'passed',
        seen: 'true at some moment in 2 of 3 runs, first with seed 2',
      },
      { name: 'sometimes', expected: 'n == 4', result: 'failed', seen: 'never true in 3 runs', span },
    ]);
    expect(table(repetition, { plan: hopeful, planned: 3 })).toMatchSnapshot();
  });

  it('is not judged where runs are missing or said nothing', () => {
    const brokenOff = createRepetition(hopeful);
    brokenOff.add(1, verdict('passed', sighted(true, false)));
    brokenOff.add(2, verdict('passed', sighted(false, false)));
    expect(brokenOff.verdict(10).judgements.map(({ result }) => result)).toEqual(['passed', 'notJudged']);
    brokenOff.add(3, verdict('inconclusive', sighted(false, false)));
    expect(brokenOff.verdict(3).judgements.map(({ result }) => result)).toEqual(['passed', 'notJudged']);
    expect(brokenOff.verdict(3).outcome).toBe('inconclusive');
  });
});
