/**
 * Lines of a live list: what a task or a group of replicas does right now, cut to the width of the terminal.
 */
import type { Plan } from '../../plan/plan.ts';
import { cellWidth, fitCells } from '../text/cell-width.ts';
import type { Paint, Palette } from '../text/palette.ts';
import { type Activity, type ActivityState, isEnded } from './activity.ts';
import {
  groupState,
  groupText,
  progressText,
  shortGroupText,
  shortProgressText,
  taskText,
} from './activity-text.ts';
import type { Rank, Row } from './layout.ts';
import type { LineState, LiveLine } from './live-list.ts';

/** Under so many columns the short wordings are used. */
const narrow = 40;

const lineStates = {
  notStarted: 'idle',
  running: 'busy',
  waiting: 'busy',
  sleeping: 'busy',
  stopping: 'busy',
  finished: 'done',
  failed: 'failed',
  terminated: 'stopped',
  skipped: 'skipped',
} as const satisfies Record<ActivityState, LineState>;

/** Whose lines they are. */
export type ShownRun = { readonly plan: Plan; readonly activity: Activity; readonly palette: Palette };

/** When, and how much room there is: `width` cells are left of the terminal's columns for a line's text. */
export type Place = { readonly nowUs: number; readonly columns: number; readonly width: number };

/** What a row of the layout says now. */
export function composeRow({ plan, activity, palette }: ShownRun, row: Row, place: Place): LiveLine {
  switch (row.kind) {
    case 'task': {
      const { state } = activity.task(row.task);
      const name = plan.tasks[row.task]?.name ?? '';
      const paint = (text: string) => palette.task(row.task, text);
      return liveLine(
        { name, paint, rest: ` ${taskText(plan, activity, row.task, place)}`, state: lineStates[state] },
        place,
      );
    }
    case 'group': {
      const tally = activity.tally(row.group);
      const rest =
        place.columns < narrow
          ? ` ${shortGroupText(tally)}`
          : ` ×${row.count}: ${groupText(activity, row.group)}`;
      return liveLine(
        { name: row.name, paint: palette.bold, rest, state: lineStates[groupState(tally)] },
        place,
      );
    }
    case 'more':
      return liveLine({ name: '', paint: palette.dim, rest: `… ${row.groups} more`, state: 'idle' }, place);
    default:
      return row satisfies never;
  }
}

/** What goes on or has failed is to be seen first, then what is still to come. */
export function rankOfRow({ activity }: Pick<ShownRun, 'activity'>, row: Row): Rank {
  if (row.kind === 'more') return 2;
  const state = row.kind === 'task' ? activity.task(row.task).state : groupState(activity.tally(row.group));
  if (state === 'notStarted') return 1;
  return state === 'failed' || !isEnded(state) ? 0 : 2;
}

/** How far the whole run is. */
export function composeProgress({ activity, palette }: ShownRun, place: Place): LiveLine {
  const text = place.columns < narrow ? shortProgressText : progressText;
  return liveLine(
    { name: '', paint: palette.bold, rest: text(activity.tally('all'), place.nowUs), state: 'busy' },
    place,
  );
}

export type LineParts = {
  readonly name: string;
  readonly paint: Paint;
  readonly rest: string;
  readonly state: LineState;
};

/** A line that begins with a name in a paint of its own. Cut first, coloured then: an escape sequence must not be cut. */
export function liveLine({ name, paint, rest, state }: LineParts, { width }: Place): LiveLine {
  const text = fitCells(`${name}${rest}`, width);
  const painted = text.startsWith(name) && name !== '' ? `${paint(name)}${text.slice(name.length)}` : text;
  return { text: painted, width: cellWidth(text), state };
}
