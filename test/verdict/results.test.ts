import { describe, expect, test } from 'vitest';
import type { Read } from '../../engine/expression/expression.ts';
import type { Value } from '../../engine/expression/values/value.ts';
import type { Expectations, GradedResult } from '../../engine/plan/expectations.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { judgementOf, verdictOn } from './judging.ts';
import { claim, file, makePlan, type Story, spanOfLine, tell } from './scene.ts';

const n: Read = { from: 'variable', name: 'n', variable: 0 };

function scene(expect: Partial<Expectations>): Plan {
  return makePlan({ resources: [file('stock')], tasks: ['p'], variables: { n: 0n }, expect });
}

const ending = (plan: Plan, value: Value): Story =>
  tell(plan).run('p').writes('p', 'n', value).ends('p').ends('main');

const graded = (is: Value, grade: GradedResult['grade'], why?: string): GradedResult => {
  return { span: spanOfLine(45), is, grade, ...(why === undefined ? {} : { why }) };
};

describe('outcome', () => {
  const outcomes = [
    graded(0n, 'expected'),
    graded(1n, 'allowed'),
    graded(2n, 'forbidden', 'an update is lost'),
  ];
  const plan = scene({ outcome: claim('n', [n]), outcomes, others: 'forbidden' });

  test('passes with a result that is expected or allowed', () => {
    const verdict = verdictOn(plan, ending(plan, 1n));
    expect(judgementOf(verdict, 'outcome')).toMatchObject({
      result: 'passed',
      expected: '0 or 1',
      seen: '1',
    });
    expect(verdict.endResult).toEqual({ value: 1n, text: '1', grade: 'allowed', why: null });
  });

  test('fails with a forbidden one, and says why', () => {
    const verdict = verdictOn(plan, ending(plan, 2n));
    expect(judgementOf(verdict, 'outcome')).toMatchObject({
      result: 'failed',
      seen: '2',
      evidence: [{ span: spanOfLine(45), text: 'an update is lost' }],
    });
    expect(verdict.endResult).toEqual({ value: 2n, text: '2', grade: 'forbidden', why: 'an update is lost' });
  });

  test('fails with one that is not listed, unless others are allowed', () => {
    expect(judgementOf(verdictOn(plan, ending(plan, 9n)), 'outcome').result).toBe('failed');
    const open = scene({ outcome: claim('n', [n]), outcomes, others: 'allowed' });
    const verdict = verdictOn(open, ending(open, 9n));
    expect(judgementOf(verdict, 'outcome')).toMatchObject({ result: 'passed', expected: 'not 2' });
    expect(verdict.endResult).toMatchObject({ value: 9n, grade: null });
  });

  test('compares as expressions do, and takes any type', () => {
    expect(verdictOn(plan, ending(plan, 1)).endResult?.grade).toBe('allowed');
    const pair = scene({
      outcome: claim('{"n": n, "twice": n + n}', [n]),
      outcomes: [],
      others: 'forbidden',
    });
    const verdict = verdictOn(pair, ending(pair, 2n));
    expect(verdict.endResult).toEqual({
      value: { n: 2n, twice: 4n },
      text: '{"n":2,"twice":4}',
      grade: null,
      why: null,
    });
    expect(verdict.judgements.map(({ name }) => name)).not.toContain('outcome');
  });

  test('fails where it cannot be evaluated', () => {
    const plan = scene({ outcome: claim('1 / n', [n]), outcomes: [], others: 'allowed' });
    const verdict = verdictOn(plan, ending(plan, 0n));
    expect(judgementOf(verdict, 'outcome')).toMatchObject({ result: 'failed' });
    expect(verdict.endResult).toBeNull();
  });

  test('is nothing where the run was stopped, or nobody asks', () => {
    const story = tell(plan).run('p').writes('p', 'n', 2n).stops('timeout');
    const verdict = verdictOn(plan, story, { stopped: 'timeout' });
    expect(judgementOf(verdict, 'outcome').result).toBe('notJudged');
    expect(verdict.endResult).toBeNull();
    const bare = scene({});
    expect(verdictOn(bare, ending(bare, 2n)).endResult).toBeNull();
  });
});

describe('files', () => {
  const plan = scene({ files: [{ span: spanOfLine(46), resource: 0, value: { count: 0n } }] });
  const judged = (files?: Readonly<Record<string, Value>>) => {
    const verdict = verdictOn(plan, ending(plan, 1n), files === undefined ? {} : { files });
    expect(verdict.run).not.toHaveProperty('files');
    return judgementOf(verdict, 'files stock');
  };

  test('are compared with what the host found in them', () => {
    expect(judged({ stock: { count: 0n } })).toMatchObject({ result: 'passed', expected: '{"count":0}' });
    expect(judged({ stock: { count: 1n } })).toMatchObject({ result: 'failed', seen: '{"count":1}' });
    expect(judged({})).toMatchObject({ result: 'failed', seen: 'no such file' });
  });

  test('are not judged where nobody looked', () => {
    expect(judged().result).toBe('notJudged');
  });

  test('are not judged where the run was stopped', () => {
    const story = tell(plan).run('p').stops('timeout');
    const verdict = verdictOn(plan, story, { stopped: 'timeout', files: { stock: { count: 0n } } });
    expect(judgementOf(verdict, 'files stock').result).toBe('notJudged');
  });
});
