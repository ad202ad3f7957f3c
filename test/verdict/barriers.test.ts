import { describe, expect, test } from 'vitest';
import { createModel, type Model } from '../../engine/verdict/model/model.ts';
import { barrier, makePlan, type Story, tell } from './scene.ts';

const plan = makePlan({
  resources: [barrier('b', 3), barrier('c', 3, 'acting')],
  tasks: ['p1', 'p2', 'p3', 'p4', 'p5'].map((name) => ({ name })),
});

function follow(story: Story): Model {
  const model = createModel(plan);
  for (const each of story.events) model.handle(each);
  return model;
}

function expectLegal(story: Story): Model {
  const model = follow(story);
  expect(model.violation()).toBeNull();
  return model;
}

function expectImpossible(story: Story, text: RegExp): void {
  const { violation } = follow(story);
  expect(violation()?.text).toMatch(text);
  expect(violation()?.seq).toBe(story.events.length - 1);
}

const begun = (): Story => tell(plan).run('p1', 'p2', 'p3', 'p4', 'p5');
/** `place` is counted from 1; 0: it may not come in. */
const waits = (story: Story, task: string, place: number, timed = false, name = 'b'): Story =>
  story.waits(task, 'barrier.wait', name, timed, place);
const passes = (story: Story, task: string, index: number, name = 'b'): Story =>
  story.did(task, 'barrier.wait', name, index, BigInt(index));

const reset = (story: Story): Story => story.did('p5', 'barrier.reset', 'b', 0);
const abort = (story: Story): Story => story.did('p5', 'barrier.abort', 'b', 0);
const fails = (story: Story, task: string, name = 'b'): Story => story.isRefused(task, 'barrier.wait', name);

const one = (): Story => waits(begun(), 'p1', 1);
const two = (): Story => waits(one(), 'p2', 2);
/** p1 and p2 wait, p3 comes last. */
const full = (): Story => passes(two(), 'p3', 2);

describe('a barrier', () => {
  test('lets all go when all have come, each with an index of its own', () => {
    const story = passes(passes(full(), 'p2', 1), 'p1', 0);
    expect(expectLegal(story).state.resources[0]).toMatchObject({ peak: 3, waiting: 0, stage: 'filling' });
    expectImpossible(passes(full(), 'p1', 1), /as number 1 where it came as number 0/);
  });

  test('lets nobody go before', () => {
    expectImpossible(passes(two(), 'p1', 0), /passed b as number 0 while it is filling/);
    expectImpossible(passes(one(), 'p3', 2), /passed b as number 2 where 1 of 3 had not come/);
    expectImpossible(passes(two(), 'p3', 0), /passed b as number 0 without having come in/);
    expectImpossible(passes(two(), 'p2', 2), /as number 2 where it waited already/);
  });

  test('keeps nobody who is the last', () => {
    expectImpossible(waits(two(), 'p3', 3), /p3 came to b as number 3, where 2 had come/);
  });

  test('gives one index, not two', () => {
    expectImpossible(two().did('p3', 'barrier.wait', 'b', 2, 1n), /passed b with two indexes/);
  });

  test('lets nobody in before the last is out', () => {
    const story = (): Story => passes(waits(passes(full(), 'p1', 0), 'p4', 0), 'p2', 1);
    expectLegal(waits(waits(story(), 'p1', 1), 'p4', 2));
    expectImpossible(waits(passes(full(), 'p1', 0), 'p4', 1), /p4 came into b, which is draining/);
    expectImpossible(waits(begun(), 'p4', 0), /p4 waits outside of b, which is filling/);
    expectImpossible(waits(story(), 'p1', 2), /p1 came to b as number 2, where 0 had come/);
  });

  test('that is reset turns away who waits, and fills when they are out', () => {
    expectImpossible(passes(reset(two()), 'p1', 0), /while it is resetting/);
    const out = (): Story => fails(fails(reset(two()), 'p1'), 'p2');
    expect(expectLegal(out()).state.resources[0]).toMatchObject({ stage: 'filling', waiting: 0 });
    expectLegal(passes(passes(passes(waits(waits(out(), 'p1', 1), 'p2', 2), 'p3', 2), 'p1', 0), 'p2', 1));
    expectImpossible(waits(fails(reset(two()), 'p1'), 'p3', 1), /p3 came into b, which is resetting/);
    expectImpossible(fails(two(), 'p1'), /p1 was turned away from b, which is filling/);
  });

  test('that is reset once all have come lets them go nevertheless', () => {
    expectLegal(passes(passes(reset(full()), 'p1', 0), 'p2', 1));
  });

  test('that is aborted fails for all who are not out, and for who comes, until it is reset', () => {
    const story = fails(abort(one()), 'p1');
    expect(expectLegal(story).state.resources[0]).toMatchObject({ stage: 'broken' });
    expectLegal(waits(reset(fails(abort(one()), 'p1')), 'p1', 1));
    expectImpossible(waits(story, 'p1', 1), /came into b, which is broken/);
    expectLegal(fails(abort(passes(full(), 'p1', 0)), 'p2'));
    expectImpossible(passes(abort(passes(full(), 'p1', 0)), 'p2', 1), /while it is broken/);
    expectLegal(fails(abort(waits(full(), 'p4', 0)), 'p4'));
  });

  test('is broken by a timeout, at once or after a wait', () => {
    const story = waits(one(), 'p2', 2, true).timesOut('p2', 'barrier.wait', 'b');
    expect(expectLegal(story).state.resources[0]).toMatchObject({ stage: 'broken' });
    expectLegal(fails(story, 'p1'));
    const atOnce = one().timesOut('p2', 'barrier.wait', 'b');
    expect(expectLegal(atOnce).state.resources[0]).toMatchObject({ stage: 'broken' });
    const late = passes(waits(waits(begun(), 'p1', 1, true), 'p2', 2), 'p3', 2);
    expectImpossible(late.timesOut('p1', 'barrier.wait', 'b'), /p1 timed out at b, which is draining/);
  });

  test('counts one who ended while it waited, unless all have come', () => {
    const killed = { state: 'terminated', cause: 'kill' } as const;
    const story = two().ends('p1', killed);
    expect(expectLegal(passes(passes(story, 'p3', 2), 'p2', 1)).state.resources[0]).toMatchObject({
      stage: 'filling',
      waiting: 0,
    });
    expectLegal(waits(passes(full(), 'p2', 1).ends('p1', killed), 'p4', 1));
  });
});

describe('a barrier with an action', () => {
  const comes = (story: Story, task: string, place: number, timed = false): Story =>
    waits(story, task, place, timed, 'c');
  const goes = (story: Story, task: string, index: number): Story => passes(story, task, index, 'c');
  const releases = (story: Story, task: string): Story => story.did(task, 'barrier.release', 'c', 0);
  const acting = (): Story => goes(comes(comes(begun(), 'p1', 1, true), 'p2', 2), 'p3', 2);

  test('lets the others go after it', () => {
    expectImpossible(goes(acting(), 'p1', 0), /passed c as number 0 while it is acting/);
    expectLegal(goes(releases(acting(), 'p3'), 'p1', 0));
    expectImpossible(goes(releases(acting(), 'p4'), 'p1', 0), /while it is acting/);
  });

  test('lets nobody in meanwhile', () => {
    const out = goes(goes(releases(comes(acting(), 'p4', 0), 'p3'), 'p1', 0), 'p2', 1);
    expectLegal(comes(out, 'p4', 1));
    expectImpossible(comes(acting(), 'p4', 1), /p4 came into c, which is acting/);
  });

  test('lets those go as well whose time is over meanwhile', () => {
    const late = acting().timesOut('p1', 'barrier.wait', 'c');
    expectLegal(goes(goes(releases(late, 'p3'), 'p1', 0), 'p2', 1));
  });

  test('that is broken meanwhile lets nobody go', () => {
    const story = releases(acting().did('p4', 'barrier.abort', 'c', 0), 'p3');
    expectImpossible(goes(story, 'p1', 0), /while it is broken/);
  });
});
