import { describe, expect, test } from 'vitest';
import type { Read } from '../../engine/expression/expression.ts';
import type { Expectations } from '../../engine/plan/expectations.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { judgementOf, verdictOn } from './judging.ts';
import { claim, makePlan, type Story, spanOfLine, tell } from './scene.ts';

const n: Read = { from: 'variable', name: 'n', variable: 0 };
const m: Read = { from: 'variable', name: 'm', variable: 1 };

function scene(expect: Partial<Expectations>): Plan {
  return makePlan({ tasks: ['p'], variables: { n: 0n, m: 0n }, expect });
}

const begun = (plan: Plan): Story => tell(plan).run('p').at(0.1).line(3);
const ended = (story: Story): Story => story.at(1).ends('p').ends('main');

describe('eventually', () => {
  const plan = scene({ eventually: [claim('n == 2', [n])] });

  test('is true once it was, whatever comes after', () => {
    const story = ended(begun(plan).writes('p', 'n', 2n).at(0.2).writes('p', 'n', 3n));
    expect(judgementOf(verdictOn(plan, story), 'eventually')).toEqual({
      name: 'eventually',
      result: 'passed',
      span: spanOfLine(50),
      expected: 'n == 2',
      seen: 'true at 0.1 s',
      evidence: [],
    });
  });

  test('fails with what it read last', () => {
    const verdict = verdictOn(plan, ended(begun(plan).writes('p', 'n', 1n)));
    expect(judgementOf(verdict, 'eventually')).toMatchObject({
      result: 'failed',
      seen: 'never true',
      evidence: [{ text: 'at the end, n = 1' }],
    });
    expect(verdict.outcome).toBe('failed');
  });

  test('could still come in a run that was stopped', () => {
    const story = begun(plan).writes('p', 'n', 1n).stops('timeout');
    expect(judgementOf(verdictOn(plan, story, { stopped: 'timeout' }), 'eventually').result).toBe(
      'notJudged',
    );
    const seen = begun(plan).writes('p', 'n', 2n).stops('timeout');
    expect(judgementOf(verdictOn(plan, seen, { stopped: 'timeout' }), 'eventually').result).toBe('passed');
  });

  test('may be so from the start', () => {
    const plan = scene({ eventually: [claim('n == 0', [n])] });
    expect(judgementOf(verdictOn(plan, ended(begun(plan))), 'eventually').seen).toBe('true at the start');
  });

  test('that cannot be evaluated is not true', () => {
    const plan = scene({ eventually: [claim('1 / n == 1', [n])] });
    expect(judgementOf(verdictOn(plan, ended(begun(plan))), 'eventually').result).toBe('failed');
    const story = ended(begun(plan).writes('p', 'n', 1n));
    expect(judgementOf(verdictOn(plan, story), 'eventually').result).toBe('passed');
  });
});

describe('leadsTo', () => {
  const plan = scene({
    leadsTo: [{ span: spanOfLine(40), when: claim('n == 1', [n]), later: claim('m == 1', [m]) }],
  });
  const judged = (story: Story) => judgementOf(verdictOn(plan, ended(story)), 'leadsTo');

  test('passes where the one follows the other, or comes with it, each time', () => {
    const story = begun(plan).writes('p', 'n', 1n).writes('p', 'm', 1n).writes('p', 'm', 0n);
    expect(judged(story.writes('p', 'n', 0n)).result).toBe('failed');
    const again = begun(plan).writes('p', 'n', 1n).writes('p', 'n', 0n).writes('p', 'm', 1n);
    expect(judged(again.writes('p', 'm', 0n)).result).toBe('passed');
    expect(judged(begun(plan).writes('p', 'm', 1n).writes('p', 'n', 1n)).result).toBe('passed');
    expect(judged(begun(plan))).toMatchObject({ result: 'passed', seen: 'so each time' });
  });

  test('fails with the first moment since which it is open', () => {
    const story = begun(plan)
      .writes('p', 'n', 1n)
      .writes('p', 'm', 1n)
      .writes('p', 'n', 0n)
      .writes('p', 'm', 0n);
    story.at(0.3).line(7).writes('p', 'n', 1n).at(0.4).writes('p', 'n', 2n);
    expect(judged(story)).toEqual({
      name: 'leadsTo',
      result: 'failed',
      span: spanOfLine(40),
      expected: 'whenever `n == 1`, then or later `m == 1`',
      seen: '`n == 1` at 0.3 s, and never `m == 1` after that',
      evidence: [{ at: 300_000, task: 'p', span: spanOfLine(7), text: '`n == 1` was true' }],
    });
  });

  test('looks at whole moments', () => {
    const written = (variable: number, value: bigint, last: boolean) => (story: Story) =>
      story.event('p', { type: 'wrote', process: 0, variable, cell: 0, value }, last);
    const story = written(0, 0n, true)(written(0, 1n, false)(begun(plan)));
    expect(judged(story).result).toBe('passed');
  });

  test('is not judged in a run that was stopped', () => {
    const story = begun(plan).writes('p', 'n', 1n).stops('timeout');
    expect(judgementOf(verdictOn(plan, story, { stopped: 'timeout' }), 'leadsTo').result).toBe('notJudged');
  });
});

describe('sometimes', () => {
  const plan = scene({ sometimes: [claim('n == 2', [n]), claim('n == 3', [n], 51)] });

  test('is not judged, but what was seen of it is told', () => {
    const verdict = verdictOn(plan, ended(begun(plan).writes('p', 'n', 2n)));
    expect(verdict.outcome).toBe('passed');
    const judged = verdict.judgements.filter((judgement) => judgement.name === 'sometimes');
    expect(judged.map(({ result, seen }) => [result, seen])).toEqual([
      ['notJudged', 'true at 0.1 s'],
      ['notJudged', 'never true'],
    ]);
    expect(verdict.sightings).toEqual([
      { text: 'n == 2', span: spanOfLine(50), seenAtUs: 100_000 },
      { text: 'n == 3', span: spanOfLine(51), seenAtUs: null },
    ]);
  });
});
