import { describe, expect, test } from 'vitest';
import type { Activity } from '../../engine/plan/expectations.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { judgementOf, verdictOn } from './judging.ts';
import { makePlan, type Story, spanOfLine, tell } from './scene.ts';

const point = (name: string, id: number): Activity => ({ kind: 'point', name, point: id });
const tasks = (name: string, ...ids: readonly number[]): Activity => ({ kind: 'tasks', name, tasks: ids });

const write = point('write', 0);
const read = point('read', 1);

function ordered(before: Activity, after: Activity): Plan {
  return makePlan({
    tasks: [{ name: 'p', count: 2 }, 'q'],
    points: ['write', 'read'],
    expect: { order: [{ span: spanOfLine(40), before, after }] },
  });
}

function apart(...activities: readonly Activity[]): Plan {
  return makePlan({
    tasks: [{ name: 'p', count: 2 }, 'q'],
    points: ['write', 'read'],
    expect: { neverTogether: [{ span: spanOfLine(40), activities }] },
  });
}

const begun = (plan: Plan): Story => tell(plan).run('p[0]', 'p[1]', 'q');
const enters = (story: Story, task: string, point: number): Story =>
  story.event(task, { type: 'entered', point });
const leaves = (story: Story, task: string, point: number): Story =>
  story.event(task, { type: 'left', point });

function judged(plan: Plan, story: Story, name: string) {
  const whole = story.ends('p[0]').ends('p[1]').ends('q').ends('main');
  return judgementOf(verdictOn(plan, whole), name);
}

describe('order', () => {
  const plan = ordered(write, read);

  test('passes where every end comes before any begin', () => {
    const story = leaves(enters(leaves(enters(begun(plan), 'p[0]', 0), 'p[0]', 0), 'p[1]', 1), 'p[1]', 1);
    expect(judged(plan, story, 'order')).toMatchObject({
      result: 'passed',
      expected: '`write` ends before `read` begins',
      seen: 'in this order',
    });
  });

  test('fails with both moments where one ends too late', () => {
    const story = enters(enters(begun(plan).at(0.1).line(3), 'p[0]', 0).at(0.2).line(4), 'q', 1)
      .at(0.3)
      .line(5);
    expect(judged(plan, leaves(story, 'p[0]', 0), 'order')).toEqual({
      name: 'order',
      result: 'failed',
      span: spanOfLine(40),
      expected: '`write` ends before `read` begins',
      seen: '`write` ended at 0.3 s after `read` had begun',
      evidence: [
        { at: 200_000, task: 'q', span: spanOfLine(4), text: '`read` began for the first time' },
        { at: 300_000, task: 'p[0]', span: spanOfLine(5), text: '`write` ended' },
      ],
    });
  });

  test('has nothing to say of what never was, or never ended', () => {
    expect(judged(plan, begun(plan), 'order')).toMatchObject({
      result: 'passed',
      seen: '`write` never began',
    });
    const cut = enters(enters(begun(plan), 'p[0]', 0), 'p[1]', 1);
    expect(judged(plan, cut, 'order').result).toBe('passed');
  });

  test('holds of tasks, but not of skipped ones', () => {
    const plan = ordered(tasks('p', 1, 2), tasks('q', 3));
    const late = tell(plan).run('p[0]', 'q').ends('p[0]').ends('q').run('p[1]').ends('p[1]').ends('main');
    expect(judgementOf(verdictOn(plan, late), 'order')).toMatchObject({ result: 'failed' });
    const skipped = tell(plan).run('p[0]').ends('p[0]').run('q').ends('q').ends('p[1]', { state: 'skipped' });
    expect(judgementOf(verdictOn(plan, skipped.ends('main')), 'order').result).toBe('passed');
  });

  test('is not judged in a run that was stopped, unless it is broken already', () => {
    const good = begun(plan).stops('timeout');
    expect(judgementOf(verdictOn(plan, good, { stopped: 'timeout' }), 'order').result).toBe('notJudged');
    const bad = leaves(enters(enters(begun(plan), 'p[0]', 0), 'q', 1), 'p[0]', 0).stops('timeout');
    expect(judgementOf(verdictOn(plan, bad, { stopped: 'timeout' }), 'order').result).toBe('failed');
  });
});

describe('overlap never', () => {
  test('passes where they take turns, and lets one be at work several times at once', () => {
    const plan = apart(write, read);
    const turns = enters(leaves(enters(begun(plan), 'p[0]', 0), 'p[0]', 0), 'q', 1);
    expect(judged(plan, turns, 'overlap never')).toMatchObject({
      result: 'passed',
      seen: 'never at the same time',
    });
    expect(judged(plan, enters(enters(begun(plan), 'p[0]', 0), 'p[1]', 0), 'overlap never').result).toBe(
      'passed',
    );
  });

  test('fails with who was at work and who came', () => {
    const plan = apart(write, read);
    const story = enters(enters(begun(plan).at(0.1).line(3), 'p[0]', 0).at(0.2).line(4), 'q', 1);
    expect(judged(plan, story, 'overlap never')).toEqual({
      name: 'overlap never',
      result: 'failed',
      span: spanOfLine(40),
      expected: 'never at the same time: `write`, `read`',
      seen: '`read` began at 0.2 s while `write` was still going on',
      evidence: [
        { at: 100_000, task: 'p[0]', span: spanOfLine(3), text: '`write` began' },
        { at: 200_000, task: 'q', span: spanOfLine(4), text: '`read` began, too' },
      ],
    });
  });

  test('may be said of one with itself', () => {
    const plan = apart(write, write);
    expect(judged(plan, enters(enters(begun(plan), 'p[0]', 0), 'p[1]', 0), 'overlap never').result).toBe(
      'failed',
    );
    const turns = enters(leaves(enters(begun(plan), 'p[0]', 0), 'p[0]', 0), 'p[1]', 0);
    expect(judged(plan, turns, 'overlap never').result).toBe('passed');
  });

  test('forgets what the end of a task cuts short', () => {
    const plan = apart(write, read);
    const story = enters(begun(plan), 'p[0]', 0).ends('p[0]', { state: 'terminated', cause: 'kill' });
    const whole = enters(story, 'q', 1).ends('p[1]').ends('q').ends('main');
    expect(judgementOf(verdictOn(plan, whole), 'overlap never').result).toBe('passed');
  });

  test('holds of tasks and steps together', () => {
    const plan = apart(tasks('q', 3), write);
    const during = enters(begun(plan), 'p[0]', 0);
    expect(judged(plan, during, 'overlap never').seen).toBe(
      '`write` began at 0 s while `q` was still going on',
    );
    const after = tell(plan).run('q').ends('q').run('p[0]');
    const whole = enters(after, 'p[0]', 0).ends('p[0]').run('p[1]').ends('p[1]').ends('main');
    expect(judgementOf(verdictOn(plan, whole), 'overlap never').result).toBe('passed');
  });
});
