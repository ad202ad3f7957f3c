/**
 * A suite on a terminal: cases that are done scroll by, and under them stands what runs right now, what its tasks do, what
 * comes next, and how far the suite is.
 *
 * Drawn on a clock, as the view of a single run is; `handle` looks at the time once in a while for hosts that never let it
 * tick.
 */

import type { Mode } from '../../plan/mode.ts';
import { harmless } from '../../source/harmless.ts';
import { clockText } from '../../verdict/duration-text.ts';
import { type Activity, createActivity } from '../run/activity.ts';
import { composeRow, liveLine, type Place } from '../run/activity-lines.ts';
import { progressText } from '../run/activity-text.ts';
import { layoutRows, type Row } from '../run/layout.ts';
import {
  type LiveLine,
  type LiveList,
  markWidth,
  openLiveList,
  type TerminalSize,
} from '../run/live-list.ts';
import type { Palette } from '../text/palette.ts';
import { counted } from '../text/wording.ts';
import { type CaseOutcome, caseTitle, type SuiteCase, type SuiteEvent, type SuiteReporter } from './suite.ts';
import { createSuiteText, type SuiteTextOptions } from './suite-text.ts';

export type SuiteViewOptions = SuiteTextOptions & {
  readonly write: (text: string) => void;
  readonly size: () => TerminalSize;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Calls back every so many milliseconds, until what it returned is called. */
  readonly every: (ms: number, callback: () => void) => () => void;
  /** Virtual: a run's time is that of its events, not of the clock. */
  readonly mode: Mode;
};

const redrawMs = 80;
const eventsPerLook = 256;
/** Lines of the list at most, and of a case's tasks. */
const maximumLines = 30;
const mostRows = 8;
const leastColumns = 20;

type Running = {
  readonly activity: Activity;
  readonly began: Extract<SuiteEvent, { readonly type: 'caseBegan' }>;
  readonly beganMs: number;
  readonly rows: readonly Row[];
};

export function createSuiteView(options: SuiteViewOptions): SuiteReporter {
  const { now, mode } = options;
  const textOf = createSuiteText(options);
  const running = new Map<number, Running>();
  const counts = { passed: 0, flaky: 0, failed: 0, inconclusive: 0, invalid: 0, interrupted: 0, bug: 0 };
  const startMs = now();
  let cases: readonly SuiteCase[] = [];
  let next = 0;
  let list: LiveList | undefined;
  let stopClock = () => {};
  let drawnMs = startMs;
  let eventsSinceLook = 0;
  let above = '';

  const takeAbove = () => {
    const text = above;
    above = '';
    return text;
  };
  const draw = () => {
    drawnMs = now();
    const state = { cases, next, counts, running: [...running.values()], startMs };
    list?.draw(composeLines(state, options), takeAbove());
  };
  const drawIfDue = () => {
    eventsSinceLook += 1;
    if (eventsSinceLook < eventsPerLook) return;
    eventsSinceLook = 0;
    if (now() - drawnMs >= redrawMs) draw();
  };
  const note = (event: SuiteEvent) => {
    switch (event.type) {
      case 'suiteBegan':
        cases = event.cases;
        return;
      case 'caseBegan':
        next = Math.max(next, event.case.index + 1);
        running.set(event.case.index, beginning(event, now()));
        return;
      case 'happened':
        running.get(event.case.index)?.activity.handle(event.event);
        return;
      case 'caseEnded':
        next = Math.max(next, event.end.case.index + 1);
        counts[event.end.outcome] += 1;
        running.delete(event.end.case.index);
        return;
      case 'suiteEnded':
        return;
      default:
        event satisfies never;
    }
  };

  return {
    followsRuns: true,
    async begin() {
      list = await openLiveList({ ...options, capacity: maximumLines });
      stopClock = options.every(redrawMs, draw);
    },
    handle(event) {
      note(event);
      above += textOf(event);
      if (mode === 'virtual' || event.type !== 'happened') drawIfDue();
    },
    async end() {
      stopClock();
      await list?.finish([], takeAbove());
    },
  };
}

function beginning(began: Running['began'], beganMs: number): Running {
  return { began, activity: createActivity(began.plan), beganMs, rows: layoutRows(began.plan, mostRows) };
}

type State = {
  readonly cases: readonly SuiteCase[];
  readonly next: number;
  readonly counts: Readonly<Record<CaseOutcome, number>>;
  readonly running: readonly Running[];
  readonly startMs: number;
};

function composeLines(state: State, options: SuiteViewOptions): readonly LiveLine[] {
  const { columns, rows } = options.size();
  // The cursor stands on a line of its own under the list, and a line above it belongs to what scrolls by.
  const height = Math.min(maximumLines, rows - 2);
  if (columns < leastColumns || height < 2) return [];
  const place = { columns, width: columns - 1 - markWidth };
  const foot = [...nextLine(state, options, place), progressLine(state, options, place)];
  const room = height - foot.length;
  const heads = state.running.slice(0, room).map((one) => ({ one, head: headLine(one, options, place) }));
  const rowsEach = Math.floor((room - heads.length) / Math.max(1, heads.length));
  const body = heads.flatMap(({ one, head }) => [head, ...taskLines(one, rowsEach, options, place)]);
  return [...body, ...foot];
}

type Room = Omit<Place, 'nowUs'>;

/** `scenarios/toilet.yaml (five-stalls) · 3 of 13 tasks ended · 5 waiting · 1.2 s` */
function headLine(one: Running, options: SuiteViewOptions, room: Room): LiveLine {
  const { began, activity } = one;
  const run = began.runs > 1 ? ` · run ${began.run} of ${began.runs}` : '';
  const progress = progressText(activity.tally('all'), nowUs(one, options));
  return line(options.palette, room, harmless(caseTitle(began.case)), `${run} · ${progress}`, 'busy');
}

/** What its tasks do; all of them or none, so that no line is taken for the whole. */
function taskLines(one: Running, most: number, options: SuiteViewOptions, room: Room): readonly LiveLine[] {
  if (one.rows.length > most) return [];
  const place = { ...room, width: room.width - 2, nowUs: nowUs(one, options) };
  const shown = { plan: one.began.plan, activity: one.activity, palette: options.palette };
  return one.rows.map((row) => {
    const { text, width, state } = composeRow(shown, row, place);
    return { text: `  ${text}`, width: width + 2, state };
  });
}

function nextLine({ cases, next }: State, { palette }: SuiteViewOptions, room: Room): readonly LiveLine[] {
  const one = cases[next];
  if (one === undefined) return [];
  const others = cases.length - next - 1;
  const more = others > 0 ? ` and ${others} more` : '';
  return [line(palette, room, '', `next: ${harmless(caseTitle(one))}${more}`, 'idle')];
}

/** `3 of 17 cases · 2 passed · 1 failed · 12.3 s` */
function progressLine(
  { cases, counts, startMs }: State,
  { palette, now }: SuiteViewOptions,
  room: Room,
): LiveLine {
  const entries = Object.entries(counts).filter(([, count]) => count > 0);
  const done = entries.reduce((sum, [, count]) => sum + count, 0);
  const parts = [
    `${done} of ${counted(cases.length, 'case')}`,
    ...entries.map(([outcome, count]) => `${count} ${outcome}`),
    clockText((now() - startMs) * 1000),
  ];
  return line(palette, room, '', parts.join(' · '), 'busy');
}

function line({ bold }: Palette, room: Room, name: string, rest: string, state: LiveLine['state']): LiveLine {
  return liveLine({ name, paint: bold, rest, state }, { ...room, nowUs: 0 });
}

function nowUs(
  { activity, beganMs }: Running,
  { mode, now }: Pick<SuiteViewOptions, 'mode' | 'now'>,
): number {
  return Math.max(activity.atUs(), mode === 'real' ? (now() - beganMs) * 1000 : 0);
}
