/**
 * What another try excuses of a run that did not pass, and what it never does.
 */
import { describe, expect, it } from 'vitest';
import { inexcusableIn } from '../../engine/verdict/excuse.ts';
import { failedJudgement, verdictOf } from '../report/suite-scene.ts';

const failedBy = (name: string) => verdictOf('failed', { judgements: [failedJudgement({ name })] });
const deadlock = { waiting: [], cycle: [] };
const access = { task: 'a', deed: 'wrote', at: 1, span: null } as const;
const race = { variable: 'n', first: access, second: access, times: 1 };

describe('a run that did not pass', () => {
  it.each([
    ['deadlock', 'a deadlock'],
    ['races', 'a data race'],
    ['always', 'a broken `always`'],
    ['peak stall', 'a broken `peak`'],
    ['overlap never', 'a broken `overlap`'],
    ['order', 'a broken `order`'],
    ['outcome', 'a forbidden result'],
  ])('is not excused if it failed by %s', (name, words) => {
    expect(inexcusableIn(failedBy(name))).toBe(words);
  });

  it.each([
    'tasks',
    'tasks always',
    'takes run',
    'finally',
    'vars n',
    'files f',
    'output contains',
    'sometimes',
    'teardown',
  ])('is excused if it failed by %s alone', (name) => {
    expect(inexcusableIn(failedBy(name))).toBe(null);
  });

  it('is not excused if it failed by that among others', () => {
    const judgements = [failedJudgement({ name: 'tasks' }), failedJudgement({ name: 'always' })];
    expect(inexcusableIn(verdictOf('failed', { judgements }))).toBe('a broken `always`');
  });

  it('is not excused if some of its tasks waited for ever, or raced, whatever it failed by', () => {
    expect(inexcusableIn({ ...failedBy('takes run'), partialDeadlock: deadlock })).toBe('a deadlock');
    expect(inexcusableIn({ ...failedBy('vars n'), races: [race] })).toBe('a data race');
    expect(inexcusableIn(verdictOf('inconclusive', { partialDeadlock: deadlock }))).toBe('a deadlock');
  });
});

it('nothing of a run that passed needs an excuse, neither an allowed race nor an expected deadlock', () => {
  expect(inexcusableIn(verdictOf('passed', { races: [race], deadlock, partialDeadlock: deadlock }))).toBe(
    null,
  );
});
