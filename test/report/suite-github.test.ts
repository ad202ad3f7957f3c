import { describe, expect, it } from 'vitest';
import { createSuiteGithub } from '../../engine/report/formats/suite-github.ts';
import { createSuiteMarkdown } from '../../engine/report/formats/suite-markdown.ts';
import type { SuiteEvent } from '../../engine/report/suite/suite.ts';
import {
  caseOf,
  endOf,
  eventsOf,
  failedJudgement,
  hostile,
  invalidEnd,
  position,
  suiteWith,
  verdictOf,
  written,
} from './suite-scene.ts';

const github = (events: readonly SuiteEvent[]) =>
  written(
    ({ write }) =>
      createSuiteGithub({ write, stopWord: 'secret', pathInRepository: (file) => `sub/${file}` }),
    events,
  );

/** As the runner reads a line: https://github.com/actions/runner, ActionCommand.TryParseV2. */
function command(line: string) {
  const [, name = '', properties = '', data = ''] = /^::(\S+?)(?: (.*?))?::(.*)$/.exec(line.trim()) ?? [];
  const unescaped = (text: string) =>
    text
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%25', '%');
  const entries = properties
    .split(',')
    .filter((one) => one !== '')
    .map((one) => [one.slice(0, one.indexOf('=')), unescaped(one.slice(one.indexOf('=') + 1))] as const);
  return { name, properties: Object.fromEntries(entries), data: unescaped(data) };
}

describe('annotations for GitHub', () => {
  it('stand at the lines of what failed, and nobody else is heard meanwhile', async () => {
    const cases = [caseOf(0), caseOf(1, { caseName: 'five' }), caseOf(2, { file: 'b.yaml' })];
    const ends = [endOf(cases[0]!, 'passed'), endOf(cases[1]!, 'failed'), invalidEnd(cases[2]!, 'wrong')];
    const text = await github(eventsOf(cases, ends));
    const lines = text.trimEnd().split('\n');
    expect(lines[0]).toBe('::stop-commands::secret');
    expect(lines[1]).toBe('::secret::');
    const [failed, invalid, ...others] = lines.slice(2).map(command);
    expect(others).toEqual([]);
    expect(failed).toMatchObject({
      name: 'error',
      properties: {
        file: 'sub/toilet.yaml',
        line: `${position.line}`,
        col: `${position.column}`,
        title: 'toilet.yaml (five): the peak of `stall` is 3',
      },
    });
    expect(failed?.data).toMatchSnapshot();
    expect(invalid).toMatchObject({ properties: { file: 'sub/b.yaml', title: 'b.yaml: bad-value' } });
  });

  it('are ten at most; the last says how many more', async () => {
    const judgements = Array.from({ length: 25 }, (_, index) => failedJudgement({ name: `number ${index}` }));
    const one = caseOf(0);
    const run = { ...endOf(one, 'failed').run!, verdict: verdictOf('failed', { judgements }) };
    const text = await github(eventsOf([one], [endOf(one, 'failed', { run })]));
    const errors = text.split('\n').filter((line) => line.startsWith('::error'));
    expect(errors).toHaveLength(10);
    expect(command(errors[8] ?? '').properties['title']).toBe('toilet.yaml: number 8');
    expect(command(errors[9] ?? '').data).toBe('… and 16 more problems: the log has them all');
  });

  it.each(hostile)('are as many lines whatever is in them: %j', async (hostileText) => {
    const { cases, ends } = suiteWith(hostileText);
    const text = await github(eventsOf(cases, ends));
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => command(line).name)).toEqual([
      'stop-commands',
      'secret',
      'error',
      'error',
      'error',
      'error',
    ]);
    expect(text).not.toMatch(/[^\P{Cc}\n]|\r/u);
    expect(text.length).toBeLessThan(100_000);
  });
});

describe('the summary page', () => {
  it('is a table, with what did not pass first', async () => {
    const cases = [caseOf(0), caseOf(1, { caseName: 'five' }), caseOf(2)];
    const ends = [endOf(cases[0]!, 'passed'), endOf(cases[1]!, 'failed')];
    expect(await written(createSuiteMarkdown, eventsOf(cases, ends, 'bail'))).toMatchSnapshot();
  });

  it.each(hostile)('has as many rows and cells, and no markup, whatever is in it: %j', async (text) => {
    const { cases, ends } = suiteWith(text);
    const page = await written(createSuiteMarkdown, eventsOf(cases, ends));
    const rows = page.split('\n').filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(6);
    for (const row of rows) expect(row.replace(/\\./g, '').match(/\|/g)).toHaveLength(6);
    expect(page).not.toMatch(/<|^::/m);
    expect(page.length).toBeLessThan(20_000);
  });
});
