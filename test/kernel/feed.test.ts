/** A command's lines into a queue: the task that asked for the command waits in the put, and gets its answer after it. */
import { describe, expect, test } from 'vitest';
import { endTask } from '../../engine/kernel/end.ts';
import { CONTROL } from '../../engine/kernel/memory/layout.ts';
import { type Feed, feedAgain, feedLine, isServed } from '../../engine/kernel/runtime/feed.ts';
import { answer, ask, askedBy } from '../../engine/kernel/runtime/service.ts';
import { takeReady } from '../../engine/kernel/waiting/channel.ts';
import { REQUEST, takeRequest } from '../../engine/kernel/waiting/external.ts';
import { perform } from '../../engine/kernel/waiting/perform.ts';
import { firstTimer } from '../../engine/kernel/waiting/timers.ts';
import type { Event } from '../../engine/log/event.ts';
import { OPERATION } from '../../engine/log/record.ts';
import { fireTimers } from '../../engine/machine/carrier.ts';
import type { OperationName } from '../../engine/plan/operation.ts';
import { makePlan, queue } from '../plan-builder.ts';
import { createScene } from './scene.ts';
import { blocksInUse } from './value-blocks.ts';

const WRITER = 1;
const LINES = 0;
/** What a line's text takes, and the request. */
const [LONG, LONGER] = ['a line that is no small integer', 'another such line'];

/** A task that has asked for a command, and a queue with room for one line. */
function feeding(deadlineUs = Number.POSITIVE_INFINITY) {
  const plan = makePlan({
    resources: [queue('lines', 'fifo', 1)],
    tasks: [{ name: 'writer', program: [] }],
    main: { program: [] },
  });
  const scene = createScene(plan, { shared: true });
  const { k } = scene;
  const act = (operation: OperationName, a = 0): number =>
    scene.inside(() =>
      perform(k, { task: 0, step: 0, operation: OPERATION[operation], target: LINES, a, b: 0 }),
    );
  scene.inside(() => {
    perform(k, { task: 0, step: 0, operation: OPERATION['task.start'], target: WRITER, a: 1, b: 0 });
    while (takeReady(k, 0) !== -1) {}
    ask(k, WRITER, 0, 2, k.wordOf({ command: 'seq 1 9' }), deadlineUs);
    takeRequest(k);
  });
  const asked = askedBy(k, WRITER);
  if (asked === undefined) throw new Error('nothing was asked for');
  const feed: Feed = { k, asked, queue: LINES, service: 0, deadlineUs: Number.POSITIVE_INFINITY };
  const put = (text: string) => scene.inside(() => feedLine(feed, text));
  const again = () => scene.inside(() => feedAgain(feed));
  const requests = (): number => scene.inside(() => takeRequest(k)?.bits ?? 0);
  const get = () => {
    expect(act('queue.get')).toBe(1);
    const item = k.value(k.result);
    k.freeWord(k.result);
    return item;
  };
  scene.events();
  return { scene, k, asked, put, again, requests, get, act };
}

const types = (events: readonly Event[]): string[] => events.map(({ type }) => type);

describe('a line for which there is no room', () => {
  test('makes its task wait in the put: with no one to go on, nobody is active', () => {
    const { k, put, scene } = feeding();
    expect(put(LONG)).toBe('done');
    const before = k.words[CONTROL.active] as number;
    expect(put(LONGER)).toBe('waits');
    expect(k.words[CONTROL.active]).toBe(before - 1);
    expect(scene.events()).toMatchObject([
      { type: 'operated', operation: 'queue.put', task: WRITER },
      { type: 'waiting', operation: 'queue.put', task: WRITER, timed: false },
    ]);
  });

  test('is put when there is room, and the answer comes as without it', () => {
    const { k, put, again, get, requests, asked, scene } = feeding();
    put(LONG);
    put(LONGER);
    expect(isServed(k, asked)).toBe(true);
    expect(get()).toBe(LONG);
    expect(requests()).toBe(REQUEST.feed);
    expect(again()).toBe('done');
    expect(get()).toBe(LONGER);
    expect(askedBy(k, WRITER)).toMatchObject({ ticket: asked.ticket, service: 2, step: asked.step });
    expect(blocksInUse(scene)).toEqual([]);
    scene.inside(() => answer(k, asked, 'null'));
    expect(scene.inside(() => takeReady(k, 0))).toBe(WRITER);
  });

  test('waits on where somebody else took the room', () => {
    const { put, again, get, act, k, scene } = feeding();
    put(LONG);
    put(LONGER);
    get();
    act('queue.put', 8);
    expect(again()).toBe('waits');
    // It is the same wait.
    expect(types(scene.events()).filter((type) => type === 'waiting')).toHaveLength(1);
    get();
    expect(again()).toBe('done');
    expect(k.words[CONTROL.active]).toBe(2);
  });

  test('fails where the queue is closed', () => {
    const { put, again, act, asked, k, scene } = feeding();
    put(LONG);
    put(LONGER);
    act('queue.close', 1);
    expect(again()).toMatchObject({ name: 'ShutDown' });
    expect(isServed(k, asked)).toBe(true);
    expect(blocksInUse(scene)).toEqual([]);
  });

  test('is dropped when the time of the step is over, after one more try', () => {
    const { put, again, requests, k, scene } = feeding(50);
    put(LONG);
    put(LONGER);
    expect(k.words[CONTROL.active]).toBe(2);
    scene.clock.now = 50;
    scene.inside(() => fireTimers(k, 0));
    expect(requests()).toBe(REQUEST.feed);
    expect(again()).toBe('waits');
    expect(types(scene.events()).at(-1)).toBe('timedOut');
    // It is to take the timeout itself, as one that was not answered.
    expect(scene.inside(() => takeReady(k, 0))).toBe(WRITER);
    expect(again()).toBe('gone');
    expect(blocksInUse(scene)).toHaveLength(1);
  });

  test('leaves the limit of the step as it was', () => {
    const { put, again, get, k, scene } = feeding(50);
    put(LONG);
    put(LONGER);
    get();
    expect(firstTimer(k, 0)).toBe(-1);
    expect(again()).toBe('done');
    expect(firstTimer(k, 0)).toBe(WRITER);
    scene.clock.now = 50;
    scene.inside(() => fireTimers(k, 0));
    expect(put(LONG)).toBe('waits');
    expect(scene.inside(() => takeReady(k, 0))).toBe(WRITER);
  });

  test('is gone with its task', () => {
    const { put, again, requests, k, asked, scene } = feeding();
    put(LONG);
    put(LONGER);
    const end = { state: 'terminated', cause: 'kill', error: null, exitCode: -9 } as const;
    scene.inside(() => endTask(k, 0, 0, WRITER, end));
    expect(requests() & REQUEST.cancel).toBe(REQUEST.cancel);
    expect(isServed(k, asked)).toBe(false);
    expect(again()).toBe('gone');
    expect(put(LONG)).toBe('gone');
    expect(blocksInUse(scene)).toHaveLength(1);
  });
});
