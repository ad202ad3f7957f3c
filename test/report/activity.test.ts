import { describe, expect, it } from 'vitest';
import { createActivity } from '../../engine/report/run/activity.ts';
import { rankOfRow } from '../../engine/report/run/activity-lines.ts';
import { groupState, groupText, progressText, taskText } from '../../engine/report/run/activity-text.ts';
import { fitRows, layoutRows, type Row } from '../../engine/report/run/layout.ts';
import { end, historyOf, operate, planOf, print, start, taskId, waitFor } from './events.ts';

const plan = planOf({
  tasks: { visitor: 4 },
  resources: [
    { name: 'stall' },
    { name: 'fork[0]', kind: 'lock' },
    { name: 'fork[1]', kind: 'lock' },
    { name: 'door', kind: 'rlock' },
  ],
});

/** What `task` does, after these events, at that time in milliseconds. */
function textAfter(task: string, nowMs: number, events: Parameters<typeof historyOf>[1]): string {
  const activity = createActivity(plan);
  for (const event of historyOf(plan, events)) activity.handle(event);
  return taskText(plan, activity, taskId(plan, task), { nowUs: nowMs * 1000 });
}

const started = [0, 'main', start(plan, 'visitor[0]')] as const;

describe('what a task does', () => {
  it('not started', () => expect(textAfter('visitor[0]', 5, [])).toBe('not started'));
  it('running', () => expect(textAfter('visitor[0]', 5, [started])).toBe('running'));

  it('waits, alone', () => {
    const text = textAfter('visitor[0]', 1400, [
      started,
      [100, 'visitor[0]', waitFor('semaphore.acquire', 0)],
    ]);
    expect(text).toBe('waiting for `stall`, 1.3 s');
  });

  it('waits, with others', () => {
    const text = textAfter('visitor[0]', 1400, [
      started,
      [100, 'visitor[0]', waitFor('semaphore.acquire', 0)],
      [100, 'visitor[1]', waitFor('semaphore.acquire', 0)],
      [100, 'visitor[2]', waitFor('semaphore.acquire', 0)],
      [100, 'visitor[3]', print('no stall for me')],
    ]);
    expect(text).toBe('waiting for `stall` with 2 others, 1.3 s');
  });

  it('waits since it first did, though it was woken in vain', () => {
    const text = textAfter('visitor[0]', 1400, [
      started,
      [100, 'visitor[0]', waitFor('semaphore.acquire', 0)],
      [900, 'visitor[0]', waitFor('semaphore.acquire', 0)],
    ]);
    expect(text).toBe('waiting for `stall`, 1.3 s');
  });

  it('waits for a task', () => {
    const text = textAfter('main', 1000, [[0, 'main', waitFor('task.join', taskId(plan, 'visitor[2]'))]]);
    expect(text).toBe('waiting for `visitor[2]` to end, 1.0 s');
  });

  it('waits for a condition, as it is written', () => {
    const steps = { ...plan, steps: [{ verb: 'await', text: 'await n == 0', span: { start: 0, end: 0 } }] };
    const activity = createActivity(steps);
    for (const event of historyOf(steps, [[0, 'main', waitFor('await', -1, 0)]])) activity.handle(event);
    expect(taskText(steps, activity, 0, { nowUs: 1_000_000 })).toBe('waiting until `n == 0`, 1.0 s');
    expect(textAfter('main', 1000, [[0, 'main', waitFor('await', -1)]])).toBe(
      'waiting for its condition, 1.0 s',
    );
  });

  it('holds', () => {
    const text = textAfter('visitor[0]', 5, [started, [1, 'visitor[0]', operate('semaphore.acquire', 0)]]);
    expect(text).toBe('holds `stall`');
  });

  it('holds and sleeps', () => {
    const text = textAfter('visitor[0]', 200, [
      started,
      [1, 'visitor[0]', operate('semaphore.acquire', 0)],
      [1, 'visitor[0]', { type: 'sleeping', untilUs: 1_000_000 }],
    ]);
    expect(text).toBe('holds `stall` · sleeping 0.8 s');
  });

  it('holds and waits', () => {
    const text = textAfter('visitor[0]', 1000, [
      started,
      [1, 'visitor[0]', operate('lock.acquire', 1)],
      [2, 'visitor[1]', operate('lock.acquire', 2)],
      [500, 'visitor[0]', waitFor('lock.acquire', 2)],
    ]);
    expect(text).toBe('holds `fork[0]` · waiting for `fork[1]`, 0.5 s');
  });

  it('gives back', () => {
    const text = textAfter('visitor[0]', 5, [
      started,
      [1, 'visitor[0]', operate('semaphore.acquire', 0, 2)],
      [2, 'visitor[0]', operate('semaphore.release', 0, 1)],
      [3, 'visitor[0]', operate('semaphore.release', 0, 1)],
    ]);
    expect(text).toBe('running');
  });

  it('gives an rlock back as often as it took it', () => {
    const events: Parameters<typeof historyOf>[1] = [
      started,
      [1, 'visitor[0]', operate('rlock.acquire', 3)],
      [2, 'visitor[0]', operate('rlock.acquire', 3, 2)],
      [3, 'visitor[0]', operate('rlock.release', 3, 1)],
    ];
    expect(textAfter('visitor[0]', 5, events)).toBe('holds `door`');
    expect(textAfter('visitor[0]', 5, [...events, [4, 'visitor[0]', operate('rlock.release', 3, 0)]])).toBe(
      'running',
    );
  });

  it('gives a lock back while it waits for a condition, and waits for it once it is called', () => {
    const shop = planOf({
      tasks: { clerk: 2 },
      resources: [
        { name: 'door', kind: 'lock' },
        { name: 'open', kind: 'condition', lock: 0 },
      ],
    });
    const doing = (lines: Parameters<typeof historyOf>[1]) => {
      const activity = createActivity(shop);
      for (const event of historyOf(shop, lines)) activity.handle(event);
      return taskText(shop, activity, taskId(shop, 'clerk[0]'), { nowUs: 1_000_000 });
    };
    const waits = [
      [0, 'clerk[0]', operate('lock.acquire', 0)],
      [0, 'clerk[0]', waitFor('condition.wait', 1)],
    ] as const;
    expect(doing(waits)).toBe('waiting for a notify of `open`, 1.0 s');
    const called = [
      [500, 'clerk[1]', operate('lock.acquire', 0)],
      [500, 'clerk[1]', operate('condition.notify', 1)],
    ] as const;
    expect(doing([...waits, ...called])).toBe('waiting for `door`, 1.0 s');
  });

  it('has a lock that is switched off, and keeps nothing of it', () => {
    const shop = planOf({ tasks: { clerk: 2 }, resources: [{ name: 'shop', kind: 'lock', enabled: false }] });
    const activity = createActivity(shop);
    const both = [
      [0, 'clerk[0]', operate('lock.acquire', 0)],
      [0, 'clerk[1]', operate('lock.acquire', 0)],
      [1, 'clerk[1]', end(shop, 'clerk[1]')],
    ] as const;
    for (const event of historyOf(shop, both)) activity.handle(event);
    const texts = ['clerk[0]', 'clerk[1]'].map((name) =>
      taskText(shop, activity, taskId(shop, name), { nowUs: 0 }),
    );
    expect(texts).toEqual(['holds `shop` (off)', 'finished']);
  });

  it('waits for no resource at the end of a program, though a process has the number of one', () => {
    const text = textAfter('main', 1000, [
      [0, 'visitor[0]', waitFor('semaphore.acquire', 0)],
      [0, 'visitor[1]', waitFor('semaphore.acquire', 0)],
      [0, 'main', waitFor('end', 0)],
    ]);
    expect(text).toBe('waiting for what it started to end, 1.0 s');
  });

  it('loses a lock that another task releases', () => {
    const text = textAfter('visitor[0]', 5, [
      started,
      [1, 'visitor[0]', operate('lock.acquire', 1)],
      [2, 'visitor[1]', operate('lock.release', 1)],
    ]);
    expect(text).toBe('running');
  });

  it('failed, and took its lock with it', () => {
    const text = textAfter('visitor[0]', 5, [
      started,
      [1, 'visitor[0]', operate('lock.acquire', 1)],
      [
        2,
        'visitor[0]',
        end(plan, 'visitor[0]', { state: 'failed', error: { name: 'E', message: 'a\u001bb' } }),
      ],
    ]);
    expect(text).toBe('still holds `fork[0]` · failed: E: a\\x1bb');
  });

  it.each([
    [{}, 'finished'],
    [{ state: 'terminated', cause: 'daemon' }, 'terminated: a daemon ends with its program'],
    [{ state: 'skipped', error: { name: 'Skipped', message: 'db failed' } }, 'skipped: db failed'],
    [{ state: 'failed', error: { name: 'Empty', message: '' } }, 'failed: Empty'],
  ] as const)('ended: %j', (how, text) => {
    expect(textAfter('visitor[0]', 5, [[2, 'main', end(plan, 'visitor[0]', how)]])).toBe(text);
  });
});

describe('what a group does', () => {
  it('counts states and holders, elements of an array together', () => {
    const activity = createActivity(plan);
    for (const event of historyOf(plan, [
      [0, 'main', start(plan, 'visitor[0]')],
      [0, 'main', start(plan, 'visitor[1]')],
      [0, 'main', start(plan, 'visitor[2]')],
      [1, 'visitor[0]', operate('lock.acquire', 1)],
      [1, 'visitor[0]', operate('lock.acquire', 2)],
      [1, 'visitor[1]', operate('semaphore.acquire', 0)],
      [1, 'visitor[2]', operate('semaphore.acquire', 0)],
      [2, 'visitor[1]', waitFor('lock.acquire', 1)],
    ])) {
      activity.handle(event);
    }
    expect(groupText(activity, 1)).toBe(
      '1 holds `fork`, 2 hold `stall` · 2 running, 1 waiting, 1 not started',
    );
    expect(groupState(activity.tally(1))).toBe('running');
    expect(progressText(activity.tally('all'), 4_200_000)).toBe('0 of 5 tasks ended · 1 waiting · 4.2 s');
  });

  it('is marked by its worst end', () => {
    const activity = createActivity(plan);
    for (const event of historyOf(plan, [
      [0, 'main', end(plan, 'visitor[0]')],
      [0, 'main', end(plan, 'visitor[1]', { state: 'failed' })],
      [0, 'main', end(plan, 'visitor[2]', { state: 'terminated', cause: 'kill' })],
    ])) {
      activity.handle(event);
    }
    expect(groupText(activity, 1)).toBe('1 not started, 1 failed, 1 terminated, 1 finished');
    expect(groupState(activity.tally(1))).toBe('failed');
    expect(progressText(activity.tally('all'), 0)).toBe('3 of 5 tasks ended, 1 failed · 0.0 s');
  });
});

describe('layoutRows', () => {
  const many = planOf({ tasks: { a: undefined, b: 3, c: 1000, d: undefined } });

  it('gives each task a line where they fit', () => {
    expect(layoutRows(planOf({ tasks: { a: undefined, b: 3 } }), 5)).toEqual([
      { kind: 'task', task: 0 },
      { kind: 'task', task: 1 },
      { kind: 'task', task: 2 },
      { kind: 'task', task: 3 },
      { kind: 'task', task: 4 },
    ]);
  });

  it('folds the largest groups first', () => {
    expect(layoutRows(many, 7)).toEqual([
      { kind: 'task', task: 0 },
      { kind: 'task', task: 1 },
      { kind: 'task', task: 2 },
      { kind: 'task', task: 3 },
      { kind: 'task', task: 4 },
      { kind: 'group', group: 3, name: 'c', count: 1000 },
      { kind: 'task', task: 1005 },
    ]);
  });
});

describe('fitRows', () => {
  const unlike = planOf({ tasks: { a: undefined, b: 3, c: 1000, d: undefined, e: undefined } });
  const rows = layoutRows(unlike, 3);

  it('counts what is left where all groups are folded', () => {
    expect(fitRows(rows, 3, () => 0)).toEqual([
      { kind: 'task', task: 0 },
      { kind: 'task', task: 1 },
      { kind: 'more', groups: 4 },
    ]);
    expect(fitRows(rows, 1, () => 0)).toEqual([{ kind: 'more', groups: 6 }]);
    expect(fitRows(rows, 6, () => 2)).toBe(rows);
  });

  it('has room for what goes on or has failed, then for what is to come, before what is over', () => {
    const activity = createActivity(unlike);
    for (const event of historyOf(unlike, [
      [0, 'main', start(unlike, 'a')],
      [0, 'main', start(unlike, 'd')],
      [0, 'main', start(unlike, 'e')],
      [1, 'a', end(unlike, 'a')],
      [1, 'e', end(unlike, 'e', { state: 'failed' })],
    ]))
      activity.handle(event);
    const rankOf = (row: Row) => rankOfRow({ activity }, row);
    expect(fitRows(rows, 4, rankOf)).toEqual([
      { kind: 'task', task: 0 },
      { kind: 'task', task: taskId(unlike, 'd') },
      { kind: 'task', task: taskId(unlike, 'e') },
      { kind: 'more', groups: 3 },
    ]);
    expect(fitRows(rows, 5, rankOf)[1]).toEqual({ kind: 'group', group: 2, name: 'b', count: 3 });
  });
});
