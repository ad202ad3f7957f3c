import { describe, expect, it } from 'vitest';
import { findingsJson, jsonText, verdictJson, verdictsJson } from '../../engine/report/formats/json.ts';
import { createPalette } from '../../engine/report/text/palette.ts';
import { createPlaces } from '../../engine/report/text/places.ts';
import type { Verdict } from '../../engine/verdict/verdict.ts';
import { planOf, spanOf, toilet } from './events.ts';

const places = createPlaces(toilet, { palette: createPalette(false), columns: 80 });

const verdict: Verdict = {
  outcome: 'failed',
  summary: 'peak stall',
  judgements: [
    {
      name: 'peak stall',
      result: 'failed',
      span: spanOf(toilet, 'peak'),
      expected: '3',
      seen: '4',
      evidence: [
        { at: 5, task: 'visitor[3]', span: spanOf(toilet, 'acquire'), text: 'took it' },
        { text: 'bare' },
      ],
    },
    {
      name: 'races',
      result: 'notJudged',
      span: null,
      expected: '',
      seen: '',
      evidence: [],
      reason: 'why not',
    },
  ],
  deadlock: {
    cycle: ['p0'],
    waiting: [
      {
        task: 'p0',
        operation: 'lock.acquire',
        resource: 'fork',
        sinceUs: 3,
        span: spanOf(toilet, 'acquire'),
        holders: [{ task: 'p0', sinceUs: 1, span: null, ended: false }],
        why: 'it holds it itself',
      },
    ],
  },
  resources: [
    {
      name: 'stall',
      kind: 'semaphore',
      peak: 4,
      limit: 3,
      waits: 1,
      unendedWaits: 0,
      medianWaitUs: 2,
      longestWaitUs: 2,
    },
  ],
  partialDeadlock: { cycle: [], waiting: [] },
  atStop: [
    {
      task: 'p2',
      does: 'waits for `fork`',
      span: spanOf(toilet, 'acquire'),
      wait: {
        operation: 'lock.acquire',
        resource: 'fork',
        sinceUs: 4,
        holders: [{ task: 'p0', sinceUs: 1, span: null, ended: false }],
      },
    },
    { task: 'p3', does: 'sleeps', span: null, wait: null },
  ],
  unexercised: [],
  races: [
    {
      variable: 'n',
      first: { task: 'p0', deed: 'read', at: 1, span: spanOf(toilet, 'acquire') },
      second: { task: 'p1', deed: 'wrote', at: 2, span: null },
      times: 3,
    },
  ],
  sightings: [{ text: 'n == 1', span: spanOf(toilet, 'peak'), seenAtUs: null }],
  endResult: { value: 2n ** 60n, text: '1152921504606846976', grade: 'forbidden', why: 'lost' },
  ends: { finished: 1, failed: 0, terminated: 0, skipped: 0, notStarted: 0 },
  run: { mode: 'real', stopped: 'deadlock', cause: null, events: 9, durationUs: 7 },
};

describe('a verdict as JSON', () => {
  it('has everything, with lines and columns for spans', () => {
    const plan = {
      ...planOf({ tasks: {} }),
      params: { visitors: 13n, huge: 2n ** 63n - 1n, half: 0.5, one: 1 },
    };
    const text = jsonText(
      verdictJson({ plan, verdict, places, command: 'concur run toilet.yaml --seed 42' }),
    );
    expect(JSON.parse(text)).toEqual({
      concurVerdict: 1,
      notExercised: [],
      name: 'toilet',
      file: 'toilet.yaml',
      case: null,
      params: { visitors: 13, huge: { $int: '9223372036854775807' }, half: 0.5, one: { $double: '1' } },
      seed: 42,
      command: 'concur run toilet.yaml --seed 42',
      outcome: 'failed',
      summary: 'peak stall',
      run: { mode: 'real', stopped: 'deadlock', cause: null, events: 9, durationUs: 7 },
      ends: { finished: 1, failed: 0, terminated: 0, skipped: 0, notStarted: 0 },
      resources: [
        {
          name: 'stall',
          kind: 'semaphore',
          peak: 4,
          limit: 3,
          waits: 1,
          unendedWaits: 0,
          medianWaitUs: 2,
          longestWaitUs: 2,
        },
      ],
      judgements: [
        {
          name: 'peak stall',
          result: 'failed',
          expected: '3',
          seen: '4',
          line: 13,
          column: 3,
          reason: null,
          evidence: [
            { at: 5, task: 'visitor[3]', line: 9, column: 9, text: 'took it' },
            { at: null, task: null, line: null, column: null, text: 'bare' },
          ],
        },
        {
          name: 'races',
          result: 'notJudged',
          expected: '',
          seen: '',
          line: null,
          column: null,
          reason: 'why not',
          evidence: [],
        },
      ],
      deadlock: {
        cycle: ['p0'],
        waiting: [
          {
            task: 'p0',
            operation: 'lock.acquire',
            resource: 'fork',
            sinceUs: 3,
            line: 9,
            column: 9,
            holders: [{ task: 'p0', sinceUs: 1, line: null, column: null, ended: false }],
            why: 'it holds it itself',
          },
        ],
      },
      partialDeadlock: { cycle: [], waiting: [] },
      atStop: [
        {
          task: 'p2',
          does: 'waits for `fork`',
          line: 9,
          column: 9,
          wait: {
            operation: 'lock.acquire',
            resource: 'fork',
            sinceUs: 4,
            holders: [{ task: 'p0', sinceUs: 1, line: null, column: null, ended: false }],
          },
        },
        { task: 'p3', does: 'sleeps', line: null, column: null, wait: null },
      ],
      races: [
        {
          variable: 'n',
          first: { task: 'p0', deed: 'read', at: 1, line: 9, column: 9 },
          second: { task: 'p1', deed: 'wrote', at: 2, line: null, column: null },
          times: 3,
        },
      ],
      result: {
        value: { $int: '1152921504606846976' },
        text: '1152921504606846976',
        grade: 'forbidden',
        why: 'lost',
      },
      sometimes: [{ expression: 'n == 1', line: 13, column: 3, seenAt: null }],
    });
    expect(text.endsWith('}\n')).toBe(true);
  });

  it('of several runs is one document', () => {
    const run = verdictJson({ plan: planOf({ tasks: {} }), verdict, places, command: '' });
    expect(verdictsJson('failed', [run, run])).toEqual({
      concurVerdict: 1,
      outcome: 'failed',
      runs: [run, run],
    });
  });
});

describe('findings as JSON', () => {
  const warning = { code: 'C1', severity: 'warning', span: spanOf(toilet, 'stall'), message: 'odd' } as const;

  it.each([
    ['no finding', [], 'valid'],
    ['a warning', [warning], 'valid'],
    ['an error', [warning, { ...warning, severity: 'error' } as const], 'invalid'],
  ] as const)('%s', (_name, diagnostics, outcome) => {
    const json = findingsJson([{ source: toilet, diagnostics }]);
    expect(json).toMatchObject({ concurVerdict: 1, outcome, files: [{ file: 'toilet.yaml' }] });
  });
});
