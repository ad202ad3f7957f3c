/**
 * The run as a terminal shows it: what tasks print scrolls by, and under it stands what every task is doing right now.
 *
 * Events only update tallies; the list is drawn on a clock, at most every `redrawMs`. A host that never lets the clock
 * tick (virtual time runs in one go) is served from `handle`, which looks at the time once in a while.
 */
import type { Event } from '../../log/event.ts';
import type { Mode } from '../../plan/mode.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Palette } from '../text/palette.ts';
import type { Places } from '../text/places.ts';
import { createActivity } from './activity.ts';
import { composeProgress, composeRow, rankOfRow, type ShownRun } from './activity-lines.ts';
import { createEventText } from './event-text.ts';
import { fitRows, layoutRows, type Row } from './layout.ts';
import { type LiveLine, type LiveList, markWidth, openLiveList, type TerminalSize } from './live-list.ts';
import type { Reporter } from './reporter.ts';

export type ViewOptions = {
  readonly write: (text: string) => void;
  readonly size: () => TerminalSize;
  readonly palette: Palette;
  readonly places: Places;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Calls back every so many milliseconds, until what it returned is called. */
  readonly every: (ms: number, callback: () => void) => () => void;
  /** Virtual: the run's time is that of its events, not of the clock. */
  readonly mode: Mode;
};

const redrawMs = 80;
/** How many events may pass before `handle` looks at the time, and how much output before it is written. */
const eventsPerLook = 256;
const outputPerWrite = 64 * 1024;
/** Lines of the list at most: a terminal of 200 lines has better uses. */
const maximumLines = 40;
/** Under so few columns there is no list. */
const leastColumns = 8;

/** The live view. Its terminal must have a width: see `chooseOutput`. */
export function createView(plan: Plan, options: ViewOptions): Reporter {
  const activity = createActivity(plan);
  const eventText = createEventText({ ...options, plan, detail: 'output' });
  const rowsFor = rememberLast((height: number) => layoutRows(plan, height));
  const startMs = options.now();
  let list: LiveList | undefined;
  let stopClock = () => {};
  let drawnMs = startMs;
  let above = '';
  let eventsSinceLook = 0;

  const nowUs = () => {
    const passedUs = options.mode === 'real' ? (options.now() - startMs) * 1000 : 0;
    return Math.max(activity.atUs(), passedUs);
  };
  const takeAbove = () => {
    const text = above;
    above = '';
    return text;
  };
  const lines = (final: boolean) =>
    composeLines({ plan, activity, rowsFor, palette: options.palette }, options.size(), {
      nowUs: nowUs(),
      final,
    });
  const draw = () => {
    drawnMs = options.now();
    eventsSinceLook = 0;
    list?.draw(lines(false), takeAbove());
  };
  const drawIfDue = () => {
    eventsSinceLook += 1;
    if (above.length < outputPerWrite && eventsSinceLook < eventsPerLook) return;
    eventsSinceLook = 0;
    if (above.length >= outputPerWrite || options.now() - drawnMs >= redrawMs) draw();
  };

  return {
    async begin() {
      list = await openLiveList({ ...options, capacity: maximumLines });
      draw();
      stopClock = options.every(redrawMs, draw);
    },
    handle(event: Event) {
      activity.handle(event);
      above += eventText(event);
      drawIfDue();
    },
    async end() {
      stopClock();
      await list?.finish(lines(true), takeAbove());
    },
  };
}

type Shown = ShownRun & { readonly rowsFor: (height: number) => readonly Row[] };
type Moment = { readonly nowUs: number; readonly final: boolean };

/** At the end the line of progress goes: the summary says it all. */
function composeLines(shown: Shown, { columns, rows }: TerminalSize, moment: Moment): readonly LiveLine[] {
  // The cursor stands on a line of its own under the list, and a line above it belongs to the output.
  const height = Math.min(maximumLines, rows - (rows > 3 ? 2 : 1));
  if (height < 1 || columns < leastColumns) return [];
  const place = { ...moment, columns, width: columns - 1 - markWidth };
  const most = height - 1;
  const rowsShown = most === 0 ? [] : fitRows(shown.rowsFor(most), most, (row) => rankOfRow(shown, row));
  const tasks = rowsShown.map((row) => composeRow(shown, row, place));
  return moment.final ? tasks : [...tasks, composeProgress(shown, place)];
}

/** The plan's rows depend on the height only, and a plan may have 100,000 tasks. */
function rememberLast<T>(compute: (key: number) => T): (key: number) => T {
  let last: { readonly key: number; readonly value: T } | undefined;
  return (key) => {
    if (last?.key !== key) last = { key, value: compute(key) };
    return last.value;
  };
}
