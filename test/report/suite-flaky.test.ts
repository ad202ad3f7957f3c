/**
 * A case that passed only when it was tried again, in every report: neither passed nor failed.
 */
import { describe, expect, it } from 'vitest';
import { createSuiteGithub } from '../../engine/report/formats/suite-github.ts';
import { createSuiteJson } from '../../engine/report/formats/suite-json.ts';
import { createSuiteJunit } from '../../engine/report/formats/suite-junit.ts';
import { createSuiteMarkdown } from '../../engine/report/formats/suite-markdown.ts';
import { createSuiteTap } from '../../engine/report/formats/suite-tap.ts';
import { createSuitePlain } from '../../engine/report/suite/suite-plain.ts';
import { createPalette } from '../../engine/report/text/palette.ts';
import { caseOf, endOf, eventsOf, flakyEnd, hostile, written } from './suite-scene.ts';

const cases = [caseOf(0), caseOf(1, { caseName: 'five' }), caseOf(2)];
const [a, b, c] = cases as [(typeof cases)[0], (typeof cases)[0], (typeof cases)[0]];
const events = eventsOf(cases, [endOf(a, 'passed'), flakyEnd(b), endOf(c, 'passed')]);
const plain = (text: typeof events) =>
  written(
    ({ write }) => createSuitePlain({ write, palette: createPalette(false), columns: 80, detail: 'quiet' }),
    text,
  );
const github = (text: typeof events) =>
  written(
    ({ write }) => createSuiteGithub({ write, stopWord: 'WORD', pathInRepository: (path) => path }),
    text,
  );

describe('a flaky case', () => {
  it('is told to people, with the first try, and a warning at the end', async () => {
    const text = await plain(events);
    expect(text).toMatch(
      /^flaky {9}toilet\.yaml \(five\) in 1\.2 s, seed 42: passed at try 3; before: peak stall: expected 3, seen 4\n/,
    );
    expect(text).toContain('\ntoilet.yaml (five): flaky, passed at try 3; this is the first try\n');
    expect(text).toContain('\nexpected, but not met: the peak of `stall` is 3\n');
    expect(text).toContain(
      '\nwarning: 1 case passed only when it was tried again; --fail-on-flaky makes that a failure\n',
    );
    expect(text).toMatch(/\n3 cases of 1 file in 5\.0 s: 2 passed, 1 flaky\n$/);
  });

  it('is an outcome of its own in JSON, with its tries', async () => {
    expect(JSON.parse(await written(createSuiteJson, events))).toMatchObject({
      outcome: 'flaky',
      counts: { passed: 2, flaky: 1, failed: 0 },
      cases: [
        { outcome: 'passed', tries: [] },
        {
          outcome: 'flaky',
          tries: [{ outcome: 'failed' }, { outcome: 'failed' }, { outcome: 'passed', summary: '' }],
          verdict: { outcome: 'failed' },
        },
        {},
      ],
    });
  });

  it('is a flakyFailure in JUnit, and no failure', async () => {
    const xml = await written(createSuiteJunit, events);
    expect(xml).toContain('<testsuites name="concur" tests="3" failures="0" errors="0" skipped="0"');
    expect(xml).toContain('<flakyFailure type="peak stall"');
    expect(xml).toContain('<property name="tries" value="3"/>');
    expect(xml).not.toMatch(/<(failure|error) /);
  });

  it('is ok in TAP, with a block that says so', async () => {
    const tap = await written(createSuiteTap, events);
    expect(tap).toMatch(/\nok 2 - toilet\.yaml \(five\) # time=\S+\n {2}---\n {2}outcome: flaky\n/);
    expect(tap).toContain('\n  tries:\n    - failed\n    - failed\n    - passed\n');
    expect(tap).not.toContain('not ok');
  });

  it('is a warning on GitHub, and a row of the page', async () => {
    const text = await github(events);
    expect(text).toMatch(/\n::warning file=toilet\.yaml,line=13,.*::passed at try 3; before: /);
    expect(text).not.toContain('::error');
    const page = await written(createSuiteMarkdown, events);
    expect(page).toContain('### ⚠️ concur: flaky');
    expect(page).toMatch(/\n2 passed, 1 flaky in /);
    expect(page).toMatch(/\| ⚠️ flaky \| toilet\.yaml \\\(five\\\) \|/);
  });

  it('takes none of the ten errors that GitHub shows', async () => {
    const many = Array.from({ length: 24 }, (_, index) => caseOf(index));
    const ends = many.map((one) => (one.index % 2 === 0 ? flakyEnd(one) : endOf(one, 'failed')));
    const text = await github(eventsOf(many, ends));
    expect(text.match(/^::error /gm)).toHaveLength(10);
    expect(text.match(/^::warning /gm)).toHaveLength(10);
    expect(text).toContain('\n::warning title=concur::… and 3 more problems: the log has them all\n');
  });

  it.each(hostile)('is harmless with a try that says %j', async (summary) => {
    const tries = [
      { outcome: 'failed', summary },
      { outcome: 'passed', summary: '' },
    ] as const;
    const hostileEvents = eventsOf([a], [flakyEnd(a, { tries, inexcusable: null })]);
    expect(await plain(hostileEvents)).not.toMatch(/[^\P{Cc}\n]/u);
    expect(JSON.parse(await written(createSuiteJson, hostileEvents))).toMatchObject({
      cases: [{ tries: [{ summary }, {}] }],
    });
  });
});

it('a case that was tried for nothing says how often, and one that was not tried again says why', async () => {
  const failing = { outcome: 'failed', summary: 'x' } as const;
  const tried = endOf(a, 'failed', { tries: [failing, failing] });
  const text = await plain(eventsOf(cases, [tried, endOf(b, 'failed', { inexcusable: 'a deadlock' })]));
  expect(text).toContain(': in 2 tries: peak stall: expected 3, seen 4\n');
  expect(text).toContain('\ntoilet.yaml: failed, tried 2 times\n');
  expect(text).toContain('\ntoilet.yaml (five): failed, not tried again: no other run excuses a deadlock\n');
});
