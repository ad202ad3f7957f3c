import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createPalette } from '../../engine/report/text/palette.ts';
import { createPlaces } from '../../engine/report/text/places.ts';
import { type SummaryOptions, summaryText } from '../../engine/report/text/summary.ts';
import type { Source } from '../../engine/source/source.ts';
import type { Judgement, Verdict } from '../../engine/verdict/verdict.ts';
import { planOf, spanOf, toilet } from './events.ts';

const passedVerdict: Verdict = {
  outcome: 'passed',
  summary: '2 were met, 1 was not judged',
  judgements: [
    judged({ name: 'deadlock', result: 'passed', expected: 'never' }),
    judged({ name: 'peak stall', result: 'passed' }),
    judged({ name: 'peak stall', result: 'passed' }),
    judged({ name: 'races', result: 'notJudged', reason: 'this version does not look for races' }),
  ],
  deadlock: null,
  resources: [
    resource({
      name: 'stall',
      peak: 3,
      limit: 3,
      waits: 10,
      medianWaitUs: 1_100_000,
      longestWaitUs: 2_900_000,
    }),
    resource({ name: 'unused' }),
    resource({ name: 'buffer', kind: 'queue', peak: 7, limit: null }),
    resource({ name: 'ready', kind: 'event', waits: 1, medianWaitUs: 20_000, longestWaitUs: 20_000 }),
  ],
  partialDeadlock: null,
  atStop: [],
  unexercised: [],
  races: [],
  sightings: [],
  endResult: null,
  ends: { finished: 13, failed: 0, terminated: 1, skipped: 0, notStarted: 0 },
  run: { mode: 'real', stopped: null, cause: null, events: 120, durationUs: 4_200_000 },
};

function judged(parts: Partial<Judgement>): Judgement {
  return { name: '', result: 'passed', span: null, expected: '', seen: '', evidence: [], ...parts };
}

function resource(parts: Partial<Verdict['resources'][number]>): Verdict['resources'][number] {
  return {
    name: '',
    kind: 'semaphore',
    peak: 0,
    limit: null,
    waits: 0,
    unendedWaits: 0,
    medianWaitUs: 0,
    longestWaitUs: 0,
    ...parts,
  };
}

const failedVerdict: Verdict = {
  ...passedVerdict,
  outcome: 'failed',
  summary: 'always stall.holders <= 3: false',
  judgements: [
    judged({ name: 'deadlock', result: 'passed', expected: 'never' }),
    judged({
      name: 'peak stall',
      result: 'failed',
      span: spanOf(toilet, 'peak: { stall: 3 }'),
      expected: '3',
      seen: '4',
      evidence: [
        {
          at: 1_234_000,
          task: 'visitor[3]',
          span: spanOf(toilet, 'acquire: stall'),
          text: 'took the fourth permit',
        },
        { at: 1_500_000, task: 'visitor[4]', span: spanOf(toilet, 'release: stall'), text: 'gave one back' },
        { at: 1_600_000, task: 'visitor[5]', span: spanOf(toilet, 'print: inside'), text: 'saw it' },
        { text: 'nothing else' },
      ],
    }),
    judged({
      name: 'output equals',
      result: 'failed',
      expected: 'inside\noutside',
      seen: 'outside\n\u001b[2J',
    }),
  ],
  ends: { finished: 12, failed: 1, terminated: 0, skipped: 0, notStarted: 1 },
};

const table: Source = {
  file: 'dinner.yaml',
  text: `steps:
  - acquire: left
  - acquire: right
`,
};

const deadlocked: Verdict = {
  ...passedVerdict,
  outcome: 'failed',
  summary: 'deadlock: `p0` and `p1` wait for each other',
  judgements: [judged({ name: 'deadlock', result: 'failed', expected: 'never', seen: 'one' })],
  resources: [],
  ends: { finished: 0, failed: 0, terminated: 4, skipped: 0, notStarted: 0 },
  deadlock: {
    cycle: ['p0', 'p1'],
    waiting: [
      {
        task: 'main',
        operation: 'task.join',
        resource: 'p0',
        sinceUs: 0,
        span: null,
        holders: [],
        why: '`p0` never ends',
      },
      {
        task: 'p1',
        operation: 'lock.acquire',
        resource: 'fork[0]',
        sinceUs: 150_000,
        span: spanOf(table, 'acquire: right'),
        holders: [holder('p0')],
        why: '`p0` took it at 0.10 s (line 2) and itself waits for `fork[1]`',
      },
      {
        task: 'p0',
        operation: 'lock.acquire',
        resource: 'fork[1]',
        sinceUs: 140_000,
        span: spanOf(table, 'acquire: right'),
        holders: [holder('p1')],
        why: '`p1` took it at 0.10 s (line 2) and itself waits for `fork[0]`',
      },
      {
        task: 'p2',
        operation: 'semaphore.acquire',
        resource: 'seat',
        sinceUs: 200_000,
        span: spanOf(table, 'acquire: left'),
        holders: [holder('p0'), { ...holder('p1'), ended: true }],
        why: '`seat` has no permit free',
      },
    ],
  },
  run: { mode: 'real', stopped: 'deadlock', cause: null, events: 12, durationUs: 200_000 },
};

function holder(task: string) {
  return { task, sinceUs: 100_000, span: spanOf(table, 'acquire: left'), ended: false };
}

function summary(
  verdict: Verdict,
  options: Partial<SummaryOptions> & { readonly source?: Source } = {},
): string {
  const { source = toilet, palette = createPalette(false), ...rest } = options;
  return summaryText({
    plan: planOf({ tasks: {} }),
    verdict,
    palette,
    places: createPlaces(source, { palette, columns: 80 }),
    detail: 'full',
    command: 'concur run toilet.yaml --seed 42',
    ...rest,
  });
}

describe('the summary of a run', () => {
  it('that passed', () => {
    expect(summary(passedVerdict)).toMatchSnapshot();
  });

  it('that passed, in one line', () => {
    expect(summary(passedVerdict, { detail: 'brief' })).toBe('toilet: passed in 4.2 s, seed 42\n');
  });

  it('tells of races, a line a var, unless that is what failed', () => {
    const lines = toilet.text.split('\n');
    const startOf = (line: number) => lines.slice(0, line - 1).join('\n').length + 1;
    const race = (variable: string, line: number) => ({
      variable,
      first: {
        task: 'p1',
        deed: 'read' as const,
        at: 0,
        span: { start: startOf(line), end: startOf(line) + 1 },
      },
      second: { task: 'p2', deed: 'wrote' as const, at: 5, span: null },
      times: 1,
    });
    const verdict = { ...passedVerdict, races: [race('n', 3), race('n', 4), race('m', 5)] };
    expect(
      summary(verdict)
        .split('\n')
        .filter((line) => /^ {2}race/.test(line)),
    ).toMatchSnapshot();
    const failed = { ...verdict, judgements: [judged({ name: 'races', result: 'failed' })] };
    expect(summary(failed)).not.toMatch(/^ {2}race /m);
  });

  it('that failed', () => {
    expect(summary(failedVerdict)).toMatchSnapshot();
  });

  it('that failed says as much in brief', () => {
    expect(summary(failedVerdict, { detail: 'brief' })).toBe(summary(failedVerdict));
  });

  it('that stood still', () => {
    expect(summary(deadlocked, { source: table })).toMatchSnapshot();
  });

  it('that stood still, most tasks for the same reason', () => {
    const [, waiting] = deadlocked.deadlock?.waiting ?? [];
    if (waiting === undefined) throw new Error('the fixture has lost its waiting tasks');
    const names = Array.from({ length: 13 }, (_, index) => `visitor[${index}]`);
    const same = names.map((task, index) => ({ ...waiting, task, sinceUs: 900_000 - index * 50_000 }));
    const other = { ...waiting, resource: 'spoon', why: 'nobody gives it back' };
    const report = { cycle: [], waiting: [...same, { ...other, task: 'p8' }, { ...other, task: 'p9' }] };
    expect(summary({ ...deadlocked, deadlock: report }, { source: table })).toMatchSnapshot();
  });

  it('that says nothing', () => {
    const cause = 'no memory could be mapped';
    const run = { mode: 'virtual', stopped: 'inconclusive', cause, events: 0, durationUs: 0 } as const;
    const plan = { ...planOf({ tasks: {} }), caseName: 'five\u001b[m' };
    const text = summary(
      { ...passedVerdict, outcome: 'inconclusive', summary: 'it could not be run', run },
      { plan },
    );
    expect(text.split('\n').slice(-5)).toEqual([
      'toilet (five\\x1b[m): inconclusive in 0 s of virtual time, seed 42',
      '  it could not be run',
      '  no memory could be mapped',
      '  run it again with: concur run toilet.yaml --seed 42',
      '',
    ]);
  });

  it('fits on a screen, whatever happened', () => {
    const evidence = Array.from({ length: 1000 }, () => ({
      span: spanOf(toilet, 'acquire: stall'),
      text: 'again',
    }));
    const long = 'line\n'.repeat(1000);
    const judgements = Array.from({ length: 1000 }, (_, index) =>
      judged({ name: `always ${index}`, result: 'failed', expected: long, seen: long, evidence }),
    );
    const [waiting] = deadlocked.deadlock?.waiting ?? [];
    if (waiting === undefined) throw new Error('the fixture has lost its waiting tasks');
    const names = Array.from({ length: 100_000 }, (_, index) => `p[${index}]`);
    const text = summary({
      ...failedVerdict,
      judgements,
      resources: names.slice(0, 1000).map((name) => resource({ name, peak: 1, waits: 1 })),
      deadlock: { cycle: names, waiting: names.map((task) => ({ ...waiting, task, why: `${task} knows` })) },
    });
    expect(text.split('\n').length).toBeLessThan(250);
    expect(text).toContain('… and 995 more expectations not met (always 5 · ');
    expect(text).toContain('… and 99992 more wait');
    expect(text).toContain('and 990 resources more');
  });

  it('has no escape sequence without colour, and is the same text with it', () => {
    const colourful = summary(failedVerdict, { palette: createPalette(true) });
    const stripped = stripVTControlCharacters(colourful);
    expect(stripped).toBe(summary(failedVerdict));
    expect(colourful).not.toBe(stripped);
    expect(stripped).not.toContain('\u001b');
  });
});
