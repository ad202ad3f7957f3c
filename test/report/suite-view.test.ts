import { describe, expect, it } from 'vitest';
import type { Plan } from '../../engine/plan/plan.ts';
import type { SuiteEvent } from '../../engine/report/suite/suite.ts';
import { createSuiteView } from '../../engine/report/suite/suite-view.ts';
import { createPalette } from '../../engine/report/text/palette.ts';
import { historyOf, operate, planOf, start, waitFor } from './events.ts';
import { Screen } from './screen.ts';
import { caseOf, endOf, hostile } from './suite-scene.ts';

/** A view on a terminal, with a clock that ticks only when it is told to. */
function openView(columns: number, rows: number) {
  const screen = new Screen(columns, rows);
  let nowMs = 1_000_000;
  let redraw = () => {};
  const view = createSuiteView({
    write: (text) => screen.write(text),
    size: () => ({ columns, rows }),
    palette: createPalette(false),
    columns,
    detail: 'normal',
    now: () => nowMs,
    every(_ms, callback) {
      redraw = callback;
      return () => {
        redraw = () => {};
      };
    },
    mode: 'real',
  });
  const tick = (ms: number) => {
    nowMs += ms;
    redraw();
  };
  return {
    view,
    tick,
    rows: () => screen.rows().map((row) => row.replace(/^(?:[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]|\\|\||\/|-) /, '~ ')),
  };
}

const cases = [caseOf(0), caseOf(1, { caseName: 'five' }), caseOf(2, { file: 'last.yaml' })];
const plan: Plan = planOf({ tasks: { visitor: 3 }, resources: [{ name: 'stall' }] });
const happenings: readonly SuiteEvent[] = historyOf(plan, [
  [0, 'main', start(plan, 'main')],
  [0, 'main', start(plan, 'visitor[0]')],
  [0, 'main', start(plan, 'visitor[1]')],
  [100, 'visitor[0]', operate('semaphore.acquire', 0)],
  [100, 'visitor[1]', waitFor('semaphore.acquire', 0)],
]).map((event) => ({ type: 'happened', case: cases[1]!, event }));
const begun = { type: 'caseBegan', case: cases[1]!, plan, run: 2, runs: 5 } as const;

describe('the live view of a suite', () => {
  it('says what is done, what runs, who waits for whom, what comes next, and how far it is', async () => {
    const { view, tick, rows } = openView(80, 24);
    await view.begin();
    view.handle({ type: 'suiteBegan', cases });
    view.handle({ type: 'caseBegan', case: cases[0]!, plan, run: 1, runs: 1 });
    view.handle({ type: 'caseEnded', end: endOf(cases[0]!, 'passed') });
    view.handle(begun);
    for (const event of happenings) view.handle(event);
    tick(400);
    expect(rows()).toEqual([
      'passed        toilet.yaml in 1.2 s, seed 42',
      '~ toilet.yaml (five) · run 2 of 5 · 0 of 4 tasks ended · 1 waiting · 0.4 s',
      '~   main running',
      '~   visitor[0] holds `stall`',
      '~   visitor[1] waiting for `stall`, 0.3 s',
      '·   visitor[2] not started',
      '· next: last.yaml',
      '~ 1 of 3 cases · 1 passed · 0.4 s',
      '',
    ]);
  });

  it('leaves only what is told for good', async () => {
    const { view, tick, rows } = openView(80, 24);
    await view.begin();
    view.handle({ type: 'suiteBegan', cases });
    for (const one of cases) {
      view.handle({ ...begun, case: one });
      tick(100);
      view.handle({ type: 'caseEnded', end: endOf(one, 'passed') });
    }
    view.handle({ type: 'suiteEnded', stop: null, durationUs: 300_000 });
    await view.end();
    expect(rows()).toEqual([
      'passed        toilet.yaml in 1.2 s, seed 42',
      'passed        toilet.yaml (five) in 1.2 s, seed 42',
      'passed        last.yaml in 1.2 s, seed 42',
      '',
      '3 cases of 2 files in 0.3 s: 3 passed',
      '',
    ]);
  });

  it.each([
    [30, 24],
    [20, 6],
    [80, 4],
    [19, 24],
    [80, 1],
  ])('fits a terminal of %i × %i', async (columns, height) => {
    const { view, tick, rows } = openView(columns, height);
    await view.begin();
    view.handle({ type: 'suiteBegan', cases });
    for (const one of cases) view.handle({ ...begun, case: one });
    for (const event of happenings) view.handle(event);
    for (let times = 0; times < 5; times += 1) tick(100);
    expect(rows().length).toBeLessThanOrEqual(height);
    expect(Math.max(...rows().map((row) => row.length))).toBeLessThan(columns);
  });

  it.each(hostile)('writes nothing that acts on the terminal, whatever names there are: %j', async (text) => {
    const { view, tick, rows } = openView(80, 24);
    const one = caseOf(0, { file: text, caseName: text });
    await view.begin();
    view.handle({ type: 'suiteBegan', cases: [one, { ...one, index: 1 }] });
    view.handle({ ...begun, case: one });
    tick(100);
    expect(rows()).toHaveLength(8);
  });
});
