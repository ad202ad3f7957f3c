import { describe, expect, it } from 'vitest';
import { createPalette } from '../../engine/report/palette.ts';
import { createRepetition, repeatedRunText } from '../../engine/report/repetition.ts';
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

describe('a repetition', () => {
  it('counts each outcome and reason, and knows a seed for it', () => {
    const repetition = createRepetition();
    repetition.add(42, verdict('passed'));
    repetition.add(7, verdict('failed', broken('always n == 0')));
    repetition.add(8, verdict('failed', broken('always n == 0')));
    repetition.add(4_000_000_000, verdict('failed', broken('always n == 0', 'peak stall')));
    for (let seed = 100; seed < 110; seed += 1) repetition.add(seed, verdict('passed'));
    expect(repetition.outcome()).toBe('failed');
    expect(repetition.runs()).toEqual({ passed: 11, failed: 3, inconclusive: 0 });
    expect(repetition.table(sober, (seed) => `concur run n.yaml --seed ${seed}`)).toBe(`\
outcomes, each with the seed that gave it first:
  11 × passed  seed 42
   2 × failed  seed 7           always n == 0
   1 × failed  seed 4000000000  always n == 0 · peak stall
  repeat it with: concur run n.yaml --seed 7
`);
  });

  it('that only passed has nothing to repeat', () => {
    const repetition = createRepetition();
    repetition.add(1, verdict('passed'));
    expect(repetition.outcome()).toBe('passed');
    expect(repetition.table(sober, () => 'never')).toBe(
      'outcomes, each with the seed that gave it first:\n  1 × passed  seed 1\n',
    );
  });

  it('is inconclusive if a run was, and failed if a run did', () => {
    const repetition = createRepetition();
    repetition.add(1, verdict('passed'));
    const run = { ...verdict('passed').run, cause: 'out of memory' };
    repetition.add(2, verdict('inconclusive', { run }));
    expect(repetition.outcome()).toBe('inconclusive');
    expect(repetition.table(sober, String)).toContain('1 × inconclusive  seed 2  out of memory\n');
    repetition.add(3, verdict('failed', { deadlock: { waiting: [], cycle: [] } }));
    expect(repetition.outcome()).toBe('failed');
    expect(repetition.table(sober, String)).toContain('1 × failed        seed 3  deadlock\n');
  });

  it('has a line a run', () => {
    const line = repeatedRunText(
      { number: 3, of: 10, plan: planOf({ tasks: {} }), verdict: verdict('failed', broken('a\u001b')) },
      sober,
    );
    expect(line).toBe('run 3 of 10, seed 42: failed in 1.2 s: a\\x1b\n');
  });

  it('bounds its table', () => {
    const repetition = createRepetition();
    for (let seed = 0; seed < 1000; seed += 1)
      repetition.add(seed, verdict('failed', broken(`expectation ${seed}`)));
    const table = repetition.table(sober, String);
    expect(table.split('\n').length).toBeLessThan(30);
    expect(table).toContain('… and 980 other kinds');
  });
});
