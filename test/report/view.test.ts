import { describe, expect, it } from 'vitest';
import type { Plan } from '../../engine/plan/plan.ts';
import { createView } from '../../engine/report/run/view.ts';
import { createPalette } from '../../engine/report/text/palette.ts';
import { createPlaces } from '../../engine/report/text/places.ts';
import { end, eventsOf, historyOf, operate, planOf, print, start, toilet, waitFor } from './events.ts';
import { Screen } from './screen.ts';

type Terminal = { readonly columns: number; readonly rows: number };

/** A view on a terminal, with a clock that ticks only when it is told to. */
function openView(
  plan: Plan,
  size: Terminal,
  options: { readonly colour?: boolean; readonly mode?: 'real' | 'virtual' } = {},
) {
  const screen = new Screen(size.columns, size.rows);
  const writes: string[] = [];
  const palette = createPalette(options.colour ?? false);
  let nowMs = 1_000_000;
  let redraw: (() => void) | undefined;
  const view = createView(plan, {
    write(text) {
      writes.push(text);
      screen.write(text);
    },
    size: () => size,
    palette,
    places: createPlaces(toilet, { palette, columns: size.columns }),
    now: () => nowMs,
    every(_ms, callback) {
      redraw = callback;
      return () => {
        redraw = undefined;
      };
    },
    mode: options.mode ?? 'real',
  });
  return {
    view,
    writes,
    rows: () => screen.rows(),
    /** Time passes, without a tick. */
    pass(ms: number) {
      nowMs += ms;
    },
    tick(ms: number) {
      nowMs += ms;
      redraw?.();
    },
    isTicking: () => redraw !== undefined,
  };
}

const marks = /^(?:[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]|\\|\||\/|-) /;
const still = (rows: readonly string[]) => rows.map((row) => row.replace(marks, '~ '));

const csi = '\u001b[';
const plan = planOf({ tasks: { visitor: 3 }, resources: [{ name: 'stall' }] });
const played = historyOf(plan, [
  [0, 'main', start(plan, 'main')],
  [0, 'main', start(plan, 'visitor[0]')],
  [0, 'main', start(plan, 'visitor[1]')],
  [100, 'visitor[0]', operate('semaphore.acquire', 0)],
  [100, 'visitor[0]', print('takes a stall')],
  [100, 'visitor[1]', waitFor('semaphore.acquire', 0)],
]);

describe('the live view', () => {
  it('has a line a task under what they print', async () => {
    const { view, rows, tick } = openView(plan, { columns: 80, rows: 24 });
    await view.begin();
    for (const event of played) view.handle(event);
    tick(400);
    expect(still(rows())).toEqual([
      'visitor[0] | takes a stall',
      '~ main running',
      '~ visitor[0] holds `stall`',
      '~ visitor[1] waiting for `stall`, 0.3 s',
      '· visitor[2] not started',
      '~ 0 of 4 tasks ended · 1 waiting · 0.4 s',
      '',
    ]);
    await view.end();
  });

  it('redraws in place, keeps output above, and leaves the ends behind', async () => {
    const { view, rows, tick, isTicking } = openView(plan, { columns: 80, rows: 24 });
    await view.begin();
    for (const event of played) view.handle(event);
    tick(400);
    const error = { name: 'RuntimeError', message: 'release unlocked lock' };
    const later = [
      [500, 'visitor[1]', { type: 'refused', operation: 'semaphore.acquire', target: 0 }],
      [500, 'visitor[1]', print('one\ntwo')],
      [600, 'visitor[0]', end(plan, 'visitor[0]')],
      [600, 'visitor[1]', end(plan, 'visitor[1]', { state: 'failed', error })],
      [
        600,
        'main',
        end(plan, 'visitor[2]', { state: 'skipped', error: { name: 'Skipped', message: 'nobody came' } }),
      ],
      [600, 'main', end(plan, 'main', { state: 'terminated', cause: 'timeout' })],
    ] as const;
    for (const event of historyOf(plan, later, played)) view.handle(event);
    await view.end();
    expect(isTicking()).toBe(false);
    expect(rows()).toEqual([
      'visitor[0] | takes a stall',
      'visitor[1] | one',
      'visitor[1] | two',
      'visitor[1] failed after 0.6 s: RuntimeError: release unlocked lock',
      '■ main terminated: timeout',
      '✔ visitor[0] still holds `stall` · finished',
      '✖ visitor[1] failed: RuntimeError: release unlocked lock',
      '↓ visitor[2] skipped: nobody came',
      '',
    ]);
  });

  it('folds a thousand tasks on 20 columns, and writes little', async () => {
    const crowd = planOf({ tasks: { visitor: 1000, cleaner: undefined }, resources: [{ name: 'stall' }] });
    const { view, rows, writes, tick } = openView(crowd, { columns: 20, rows: 10 });
    await view.begin();
    for (const event of historyOf(crowd, [
      ...Array.from({ length: 1000 }, (_, index) => [0, 'main', start(crowd, `visitor[${index}]`)] as const),
      ...Array.from({ length: 985 }, (_, index) => [10, 'main', end(crowd, `visitor[${index}]`)] as const),
    ])) {
      view.handle(event);
    }
    tick(4200);
    expect(still(rows())).toEqual([
      '~ main running',
      '~ visitor 985/1000',
      '· cleaner not star…',
      '~ 985/1002 · 4.2 s',
      '',
    ]);
    expect(writes.length).toBeLessThan(5);
    await view.end();
  });

  it('says how many hold and wait of a folded group', async () => {
    const crowd = planOf({ tasks: { visitor: 1000 }, resources: [{ name: 'stall' }] });
    const { view, rows, tick } = openView(crowd, { columns: 80, rows: 10 });
    await view.begin();
    for (const event of historyOf(crowd, [
      ...Array.from({ length: 985 }, (_, index) => [0, 'main', end(crowd, `visitor[${index}]`)] as const),
      ...[985, 986, 987].map((index) => [1, `visitor[${index}]`, operate('semaphore.acquire', 0)] as const),
      ...Array.from(
        { length: 12 },
        (_, index) => [2, `visitor[${988 + index}]`, waitFor('semaphore.acquire', 0)] as const,
      ),
    ])) {
      view.handle(event);
    }
    tick(80);
    expect(still(rows())).toContain('~ visitor ×1000: 3 hold `stall` · 3 running, 12 waiting, 985 finished');
    await view.end();
  });

  it('does not draw at every event', async () => {
    const { view, writes } = openView(plan, { columns: 80, rows: 24 });
    await view.begin();
    const before = writes.length;
    for (let turn = 0; turn < 10_000; turn += 1) for (const event of played) view.handle(event);
    expect(writes.length - before).toBeLessThan((10_000 * 27) / 64_000 + 2);
    await view.end();
  });

  it('draws from within a run that never lets the clock tick', async () => {
    const { view, writes, pass } = openView(plan, { columns: 80, rows: 24 }, { mode: 'virtual' });
    await view.begin();
    const before = writes.length;
    for (let turn = 0; turn < 100; turn += 1) {
      pass(10);
      for (const event of played) view.handle(event);
    }
    expect(writes.length - before).toBeGreaterThan(0);
    await view.end();
  });

  it('in virtual time shows the time of the events', async () => {
    const { view, rows, tick } = openView(plan, { columns: 80, rows: 24 }, { mode: 'virtual' });
    await view.begin();
    for (const event of played) view.handle(event);
    tick(60_000);
    expect(rows().at(-2)).toMatch(/ 0\.1 s$/);
    await view.end();
  });

  it.each([
    { columns: 20, rows: 3 },
    { columns: 3, rows: 24 },
    { columns: 1, rows: 1 },
    { columns: 80, rows: 2 },
  ])('survives a terminal of $columns × $rows', async (size) => {
    const { view, rows, tick } = openView(plan, size);
    await view.begin();
    tick(80);
    const first = rows().length;
    for (let turn = 0; turn < 5; turn += 1) tick(80);
    expect(rows().length).toBe(first);
    await view.end();
  });

  it('follows a terminal that becomes narrower', async () => {
    const size = { columns: 80, rows: 24 };
    const { view, writes, tick } = openView(plan, size);
    await view.begin();
    tick(80);
    size.columns = 10;
    tick(80);
    // The five lines now take 2 + 3 + 3 + 3 + 3 rows: main, three visitors, the progress.
    expect(writes.at(-1)?.startsWith(`${csi}14A\r${csi}J`)).toBe(true);
    await view.end();
  });

  it('paints with a palette, and not without', async () => {
    const palette = createPalette(true);
    const colourful = openView(plan, { columns: 80, rows: 24 }, { colour: true });
    await colourful.view.begin();
    for (const event of played) colourful.view.handle(event);
    await colourful.view.end();
    expect(colourful.writes.join('')).toContain(`${palette.task(1, 'visitor[0]')} | takes a stall\n`);

    const sober = openView(plan, { columns: 80, rows: 24 });
    await sober.view.begin();
    for (const event of played) sober.view.handle(event);
    await sober.view.end();
    expect(sober.writes.join('')).not.toMatch(/\[[0-9;]*m/);
  });

  it('lets no output act on the terminal', async () => {
    const { view, rows } = openView(plan, { columns: 80, rows: 24 });
    await view.begin();
    for (const event of eventsOf(plan, [[0, 'visitor[0]', print('\u001b[2J\u001b[9A\u0007\r\u009bgone')]]))
      view.handle(event);
    await view.end();
    expect(rows()[0]).toBe('visitor[0] | \\x1b[2J\\x1b[9A\\x07\\r\\x9bgone');
  });
});
