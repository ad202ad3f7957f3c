import { describe, expect, it } from 'vitest';
import type { Json } from '../../engine/log/json-value.ts';
import { createSuiteJson } from '../../engine/report/formats/suite-json.ts';
import type { SuiteEvent } from '../../engine/report/suite/suite.ts';
import { createSuitePlain } from '../../engine/report/suite/suite-plain.ts';
import { createPalette } from '../../engine/report/text/palette.ts';
import { caseOf, endOf, eventsOf, hostile, invalidEnd, suiteWith, written } from './suite-scene.ts';

const plain = (events: readonly SuiteEvent[], detail: 'quiet' | 'normal' = 'normal') =>
  written(
    ({ write }) => createSuitePlain({ write, palette: createPalette(false), columns: 80, detail }),
    events,
  );

const cases = [caseOf(0), caseOf(1, { caseName: 'five' }), caseOf(2, { file: 'b.yaml' }), caseOf(3)];
const warning = { code: 'odd', severity: 'warning', span: { start: 0, end: 1 }, message: 'odd' } as const;
const ends = [
  endOf(cases[0]!, 'passed', { diagnostics: [warning] }),
  endOf(cases[1]!, 'failed', { output: ['p | one'] }),
  invalidEnd(cases[2]!, 'wrong'),
];

describe('a suite as text', () => {
  it('has a line a case, then what did not pass with its evidence, then the sums', async () => {
    const text = await plain(eventsOf(cases, ends, 'bail'));
    expect(text).toMatch(
      /^passed {8}toilet\.yaml in 1\.2 s, seed 42\nfailed {8}toilet\.yaml \(five\) in 1\.2 s, seed 42: peak stall: expected 3, seen 4\ninvalid {7}b\.yaml: wrong\n\n/,
    );
    expect(text).toMatch(/\ntoilet\.yaml \(five\): failed\nthe last lines it printed:\n {2}p \| one\n/);
    expect(text).toMatchSnapshot();
    expect(text).toMatch(/\n {2}run it again with: concur run toilet\.yaml --seed 42\n/);
    expect(text).toMatch(/\nb\.yaml: invalid\ntoilet\.yaml:\d+:\d+: error\[bad-value\]: wrong\n/);
    expect(text).toMatch(
      /\n\n1 warning in 1 file; concur validate shows it\n4 cases of 2 files in 5\.0 s: 1 passed, 1 failed, 1 invalid, 1 not run; stopped after the first that did not pass \(--bail\)\n$/,
    );
  });

  it('explains nothing of a case that was interrupted: it was not judged', async () => {
    const text = await plain(eventsOf(cases, [endOf(cases[0]!, 'interrupted')], 'interrupted'));
    expect(text).toMatch(
      /^interrupted {3}toilet\.yaml in 1\.2 s, seed 42: .*\n\n4 cases of 2 files in 5\.0 s: 1 interrupted, 3 not run; interrupted\n$/,
    );
  });

  it('is quiet about what passed', async () => {
    const text = await plain(eventsOf(cases.slice(0, 1), ends.slice(0, 1)), 'quiet');
    expect(text).toBe(
      '\n1 warning in 1 file; concur validate shows it\n1 case of 1 file in 5.0 s: 1 passed\n',
    );
  });

  it('bounds what it explains: of many that fail, each has its line', async () => {
    const many = Array.from({ length: 300 }, (_, index) => caseOf(index, { file: `${index}.yaml` }));
    const text = await plain(
      eventsOf(
        many,
        many.map((one) => endOf(one, 'failed')),
      ),
    );
    expect(text.match(/^failed {8}/gm)).toHaveLength(300);
    expect(text.match(/^expected, but not met: the peak of `stall` is 3$/gm)).toHaveLength(50);
    expect(text).toContain('\n… and 250 cases more that did not pass; each has its line above\n');
  });

  it.each(hostile)('has no control character whatever is in it: %j', async (text) => {
    const scene = suiteWith(text);
    const shown = await plain(eventsOf(scene.cases, scene.ends));
    expect(shown).not.toMatch(/[^\P{Cc}\n]/u);
    expect(shown.match(/^(passed|failed|invalid|bug) {2,}/gm)).toHaveLength(4);
  });
});

describe('a suite as JSON', () => {
  it('has every case, those that were not run too', async () => {
    const json = JSON.parse(await written(createSuiteJson, eventsOf(cases, ends, 'bail'))) as Json;
    expect(json).toMatchObject({
      concurVerdict: 1,
      outcome: 'invalid',
      stopped: 'bail',
      durationUs: 5_000_000,
      counts: { passed: 1, failed: 1, inconclusive: 0, invalid: 1, interrupted: 0, bug: 0, notRun: 1 },
      cases: [
        {
          file: 'toilet.yaml',
          case: null,
          outcome: 'passed',
          seed: 42,
          verdict: { concurVerdict: 1, outcome: 'passed' },
          diagnostics: [{ code: 'odd', severity: 'warning' }],
          repetition: null,
        },
        {
          case: 'five',
          outcome: 'failed',
          verdict: { judgements: [{ name: 'peak stall', result: 'failed', line: 13 }] },
          output: ['p | one'],
        },
        {
          file: 'b.yaml',
          outcome: 'invalid',
          seed: null,
          verdict: null,
          diagnostics: [{ code: 'bad-value' }],
        },
        { file: 'toilet.yaml', outcome: 'notRun' },
      ],
    });
  });

  it.each(hostile)('holds whatever is in it: %j', async (text) => {
    const scene = suiteWith(text);
    const json = JSON.parse(await written(createSuiteJson, eventsOf(scene.cases, scene.ends))) as {
      cases: readonly { file: string; problem: string | null }[];
    };
    expect(json.cases.map(({ file }) => file)).toEqual(Array(4).fill(text));
    expect(json.cases[3]?.problem).toBe(text);
  });
});
