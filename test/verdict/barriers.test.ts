import { describe, expect, test } from 'vitest';
import { createModel, type Model } from '../../engine/verdict/model.ts';
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
const waits = (story: Story, task: string, timed = false, name = 'b'): Story =>
  story.waits(task, 'barrier.wait', name, timed);
const passes = (story: Story, task: string, index: number, name = 'b'): Story =>
  story.did(task, 'barrier.wait', name, index, BigInt(index));

/** p1 and p2 wait, p3 comes last. */
const full = (): Story => passes(waits(waits(begun(), 'p1'), 'p2'), 'p3', 2);

describe('a barrier', () => {
  test('lets all go when all have come, each with an index of its own', () => {
    const story = passes(passes(full(), 'p2', 1), 'p1', 0);
    expect(expectLegal(story).state.resources[0]).toMatchObject({ peak: 3, waiting: 0 });
    expectImpossible(passes(passes(full(), 'p2', 1), 'p1', 1), /as number 1 like another/);
    expectImpossible(passes(full(), 'p2', 7), /as number 7 of 3/);
  });

  test('lets nobody go before', () => {
    const two = (): Story => waits(waits(begun(), 'p1'), 'p2');
    expectImpossible(passes(two(), 'p1', 0), /passed b as number 0 before all had come/);
    expectImpossible(passes(waits(begun(), 'p1'), 'p3', 2), /passed b, where 1 of 3 had not come/);
    expectImpossible(passes(two(), 'p3', 0), /passed b as number 0 without waiting/);
    expectImpossible(passes(two(), 'p2', 2), /came last to b, where it waited already/);
  });

  test('keeps nobody who is the last', () => {
    expectImpossible(
      waits(waits(waits(begun(), 'p1'), 'p2'), 'p3'),
      /waits in barrier.wait for b, though it could go on/,
    );
  });

  test('gives one index, not two', () => {
    const story = waits(waits(begun(), 'p1'), 'p2').did('p3', 'barrier.wait', 'b', 2, 1n);
    expectImpossible(story, /passed b with two indexes/);
  });

  test('begins the next round before the last has gone', () => {
    const story = passes(waits(waits(passes(full(), 'p1', 0), 'p4'), 'p1'), 'p3', 2);
    expectLegal(passes(passes(passes(story, 'p2', 1), 'p4', 0), 'p1', 1));
  });

  test('that is reset turns out who waits, and begins anew', () => {
    const story = waits(waits(begun(), 'p1'), 'p2').did('p4', 'barrier.reset', 'b', 0);
    expectImpossible(
      passes(waits(waits(begun(), 'p1'), 'p2').did('p4', 'barrier.reset', 'b', 0), 'p1', 0),
      /of a broken round/,
    );
    story.raises('p1', 'BrokenBarrierError', true).raises('p2', 'BrokenBarrierError', true);
    expect(expectLegal(waits(waits(story, 'p1'), 'p2')).state.resources[0]).toMatchObject({ broken: false });
    expectLegal(passes(passes(passes(story, 'p3', 2), 'p1', 0), 'p2', 1));
  });

  test('that is aborted lets nobody in until it is reset', () => {
    const story = waits(begun(), 'p1')
      .did('p4', 'barrier.abort', 'b', 0)
      .raises('p1', 'BrokenBarrierError', true);
    expect(expectLegal(story).state.resources[0]).toMatchObject({ broken: true });
    expectImpossible(waits(story, 'p1'), /though it could go on/);
  });

  test('is broken by a timeout, at once or after a wait', () => {
    const story = waits(waits(begun(), 'p1'), 'p2', true).timesOut('p2', 'barrier.wait', 'b');
    expect(expectLegal(story).state.resources[0]).toMatchObject({ broken: true });
    expectLegal(story.raises('p1', 'BrokenBarrierError', true));
    const atOnce = waits(begun(), 'p1').timesOut('p2', 'barrier.wait', 'b');
    expect(expectLegal(atOnce).state.resources[0]).toMatchObject({ broken: true });
    const late = passes(waits(waits(begun(), 'p1', true), 'p2'), 'p3', 2).timesOut('p1', 'barrier.wait', 'b');
    expectImpossible(late, /p1 timed out at b, where all had come/);
  });

  test('counts one who was ended while it waited', () => {
    const story = waits(waits(begun(), 'p1'), 'p2').ends('p1', { state: 'terminated', cause: 'kill' });
    expect(expectLegal(passes(passes(story, 'p3', 2), 'p2', 1)).state.resources[0]?.waiting).toBe(0);
  });
});

describe('a barrier with an action', () => {
  const comes = (story: Story, task: string): Story => waits(story, task, false, 'c');
  const goes = (story: Story, task: string, index: number): Story => passes(story, task, index, 'c');
  const releases = (story: Story, task: string): Story => story.did(task, 'barrier.release', 'c', 0);
  const acting = (): Story => goes(comes(comes(begun(), 'p1'), 'p2'), 'p3', 2);

  test('lets the others go after it', () => {
    expectImpossible(goes(acting(), 'p1', 0), /passed c as number 0 before all had come/);
    expectLegal(goes(releases(acting(), 'p3'), 'p1', 0));
  });

  test('puts who comes meanwhile into the next round', () => {
    const story = releases(comes(acting(), 'p4'), 'p3');
    expectLegal(story);
    expectImpossible(goes(story, 'p4', 0), /passed c as number 0 before all had come/);
    const next = goes(goes(releases(comes(acting(), 'p4'), 'p3'), 'p1', 0), 'p2', 1);
    // p4 is in the next round, as the first or the second: with p1 and p2 it is full.
    expectLegal(goes(releases(goes(comes(next, 'p1'), 'p2', 2), 'p2'), 'p4', 1));
  });

  test('may find the last of the next round among those who came meanwhile', () => {
    const two = releases(comes(comes(acting(), 'p4'), 'p5'), 'p3');
    goes(goes(two, 'p1', 0), 'p2', 1);
    expectLegal(goes(releases(goes(comes(two, 'p1'), 'p5', 2), 'p5'), 'p4', 0));
  });

  test('that is broken meanwhile lets nobody go', () => {
    const story = releases(acting().did('p4', 'barrier.abort', 'c', 0), 'p3');
    expectImpossible(goes(story, 'p1', 0), /of a broken round/);
  });

  test('does not let the next round go when it was reset meanwhile', () => {
    const story = acting().did('p4', 'barrier.reset', 'c', 0).raises('p1', 'BrokenBarrierError', true);
    releases(comes(story, 'p1'), 'p3');
    expectImpossible(goes(story, 'p1', 0), /before all had come/);
  });
});
