import { Parser, type Result } from 'tap-parser';
import { describe, expect, it } from 'vitest';
import { createSuiteTap } from '../../engine/report/formats/suite-tap.ts';
import { harmless } from '../../engine/source/harmless.ts';
import { caseOf, endOf, eventsOf, hostile, invalidEnd, position, suiteWith, written } from './suite-scene.ts';

type Read = {
  readonly ok: boolean;
  readonly count: number;
  readonly bailout: boolean | string;
  readonly points: readonly Result[];
  readonly extra: readonly string[];
};

/** Strict: a line that is no TAP is a failure. */
function parsed(text: string): Read {
  const points: Result[] = [];
  const extra: string[] = [];
  let end: Omit<Read, 'points' | 'extra'> | undefined;
  const parser = new Parser({ strict: true }, (results) => {
    end = results;
  });
  parser.on('assert', (result: Result) => points.push(result));
  parser.on('extra', (line: string) => extra.push(line));
  parser.end(text);
  return { ok: end!.ok, count: end!.count, bailout: end!.bailout, points, extra };
}

describe('a suite as TAP', () => {
  it('has a point for each case, and why it is not ok', async () => {
    const cases = [caseOf(0), caseOf(1, { caseName: 'five' }), caseOf(2, { file: 'b.yaml' })];
    const ends = [
      endOf(cases[0]!, 'passed'),
      endOf(cases[1]!, 'failed', { output: ['p | one', 'p | two'] }),
      invalidEnd(cases[2]!, 'wrong'),
    ];
    const text = await written(createSuiteTap, eventsOf(cases, ends));
    const { ok, count, points, extra } = parsed(text);
    expect({ ok, count, extra }).toEqual({ ok: false, count: 3, extra: [] });
    expect(points.map(({ ok, name, time }) => ({ ok, name, time }))).toEqual([
      { ok: true, name: 'toilet.yaml', time: 1234 },
      { ok: false, name: 'toilet.yaml (five)', time: 1234 },
      { ok: false, name: 'b.yaml', time: 0 },
    ]);
    expect(points[1]?.diag).toMatchObject({
      outcome: 'failed',
      message: 'the peak of `stall` is 3: seen 4',
      seed: 42,
      runs: 1,
      repeat: 'concur run toilet.yaml --seed 42',
      problems: [
        {
          name: 'peak stall',
          message: 'the peak of `stall` is 3: seen 4',
          at: { file: 'toilet.yaml', ...position },
          details: expect.stringMatching(/: the peak of `stall` is 3\n/),
        },
      ],
      output: 'p | one\np | two',
    });
    expect(points[2]?.diag).toMatchObject({
      outcome: 'invalid',
      seed: null,
      problems: [{ name: 'bad-value' }],
    });
  });

  it('bails out where it was stopped', async () => {
    const cases = [caseOf(0), caseOf(1)];
    const text = await written(createSuiteTap, eventsOf(cases, [endOf(cases[0]!, 'failed')], 'bail'));
    expect(text).toMatch(/^TAP version 14\n1\.\.2\n/);
    expect(parsed(text)).toMatchObject({ ok: false, bailout: 'stopped after the first that did not pass' });
  });

  it.each(hostile)('says nothing else whatever is in it: %j', async (text) => {
    const { cases, ends } = suiteWith(text);
    const tap = await written(createSuiteTap, eventsOf(cases, ends));
    expect(tap.length).toBeLessThan(1_500_000);
    const { ok, count, points, extra, bailout } = parsed(tap);
    expect({ ok, count, extra, bailout }).toEqual({ ok: false, count: 4, extra: [], bailout: false });
    expect(points.map((point) => point.ok)).toEqual([true, false, false, false]);
    expect(points.map(({ skip, todo }) => ({ skip, todo }))).toEqual(
      Array(4).fill({ skip: false, todo: false }),
    );
    expect(points[1]?.diag).toMatchObject({ outcome: 'failed', problems: [{}, { name: 'peak stall' }] });
    if (text.length < 100) {
      expect(points[0]?.name).toBe(`${harmless(text)} (${harmless(text)})`.trim());
      expect(points[1]?.diag.problems[0].name).toBe(harmless(text));
    }
  });
});
