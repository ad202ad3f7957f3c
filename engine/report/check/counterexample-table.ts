/**
 * A way through a scenario as a table: a row a moment, a column a task where there are few, and beside them what the vars
 * are.
 *
 *          p1          p2            n
 *       1  read n = 0                0   :7
 *       2              read n = 0    0   :7
 *       3              n = 1         1   :7
 */

import { errorText } from '../../expression/values/scenario-error.ts';
import type { Value } from '../../expression/values/value.ts';
import type { Event } from '../../log/event.ts';
import { isShown } from '../../plan/is-shown.ts';
import type { Plan } from '../../plan/plan.ts';
import { harmless } from '../../source/harmless.ts';
import { shown } from '../../verdict/show.ts';
import { cellWidth } from '../text/cell-width.ts';
import type { Palette } from '../text/palette.ts';
import type { Places } from '../text/places.ts';
import { didText, waitingText } from '../text/wording.ts';

export type TableOptions = {
  readonly plan: Plan;
  readonly events: readonly Event[];
  readonly places: Places;
  readonly palette: Palette;
  readonly columns: number;
  /** Rows at most; the first and the last are shown. */
  readonly rows: number;
};

type Row = {
  readonly task: number;
  readonly text: string;
  readonly line: number | undefined;
  readonly vars: readonly string[];
};

/** Vars that change, a column each, are as many as these; of more only what is written is told. */
const MOST_VARS = 3;
const MOST_TASK_COLUMNS = 5;
const WIDEST = 28;
const VAR_WIDTH = 8;

/** Whole lines; empty where nobody did anything that is told. */
export function tableLines(options: TableOptions): readonly string[] {
  const { plan, events, rows: most } = options;
  const vars = shownVars(plan, events);
  const rows = rowsOf(options, vars);
  const left = rows.length - most;
  const head = left > 0 ? rows.slice(0, Math.ceil(most / 2)) : rows;
  const tail = left > 0 ? rows.slice(rows.length - Math.floor(most / 2)) : [];
  const tasks = [...new Set(rows.map(({ task }) => task))].sort((a, b) => a - b);
  const widths = tasks.map((task) =>
    widthOf(
      nameOf(plan, task),
      rows.filter((row) => row.task === task),
    ),
  );
  const rest = 8 + 2 * tasks.length + VAR_WIDTH * vars.length + 9;
  const isWide = tasks.length > MOST_TASK_COLUMNS || sum(widths) + rest > options.columns;
  const draw = isWide ? listDrawer(plan, tasks) : columnDrawer(plan, tasks, widths);
  const format = (row: Row, number: number): string => line(options, draw.cells(row), row, number, vars);
  if (rows.length === 0) return [];
  return [
    header(options, draw.header, plan, vars),
    ...head.map((row, index) => format(row, index + 1)),
    ...(left > 0 ? [`    … ${left} more rows (--full has them all)`] : []),
    ...tail.map((row, index) => format(row, rows.length - tail.length + index + 1)),
  ];
}

type Drawer = { readonly header: string; readonly cells: (row: Row) => string };

function columnDrawer(plan: Plan, tasks: readonly number[], widths: readonly number[]): Drawer {
  const pad = (text: string, index: number): string => padded(cut(text, WIDEST), widths[index] ?? 0);
  return {
    header: tasks.map((task, index) => pad(nameOf(plan, task), index)).join('  '),
    cells: ({ task, text }) => tasks.map((own, index) => pad(own === task ? text : '', index)).join('  '),
  };
}

function listDrawer(plan: Plan, tasks: readonly number[]): Drawer {
  const width = Math.max(...tasks.map((task) => cellWidth(nameOf(plan, task))));
  return {
    header: `${padded('', width)}  ${padded('', WIDEST)}`,
    cells: ({ task, text }) => `${padded(nameOf(plan, task), width)}  ${padded(cut(text, WIDEST), WIDEST)}`,
  };
}

function header({ palette }: TableOptions, cells: string, plan: Plan, vars: readonly number[]): string {
  const names = vars.map((variable) =>
    padded(cut(harmless(plan.variables[variable]?.name ?? ''), VAR_WIDTH - 1), VAR_WIDTH),
  );
  return palette.dim(`      ${cells}  ${names.join('')}`.trimEnd());
}

function line(
  { palette }: TableOptions,
  cells: string,
  row: Row,
  number: number,
  vars: readonly number[],
): string {
  const values = vars
    .map((_, index) => padded(cut(row.vars[index] ?? '', VAR_WIDTH - 1), VAR_WIDTH))
    .join('');
  const place = row.line === undefined ? '' : palette.dim(`line ${row.line}`);
  return `  ${String(number).padStart(3)} ${cells}  ${values}${place}`.trimEnd();
}

function widthOf(name: string, rows: readonly Row[]): number {
  return Math.min(WIDEST, Math.max(cellWidth(name), ...rows.map(({ text }) => cellWidth(text))));
}

function nameOf(plan: Plan, task: number): string {
  return harmless(plan.tasks[task]?.name ?? '');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - cellWidth(text)));
}

function cut(text: string, width: number): string {
  return cellWidth(text) <= width ? text : `${[...text].slice(0, width - 1).join('')}…`;
}

/** Those that are written, if they are few. */
function shownVars(plan: Plan, events: readonly Event[]): readonly number[] {
  const written = new Set(events.flatMap((event) => (event.type === 'wrote' ? [event.variable] : [])));
  const few = [...written]
    .filter((variable) => plan.variables[variable]?.array !== true)
    .sort((a, b) => a - b);
  return few.length <= MOST_VARS ? few : [];
}

function rowsOf({ plan, events, places }: TableOptions, vars: readonly number[]): readonly Row[] {
  const values = new Map<number, Value>(
    plan.variables.map((variable, index) => [index, variable.initial[0] ?? null]),
  );
  const rows: Row[] = [];
  let moment: string[] = [];
  for (const event of events) {
    if (event.type === 'wrote') values.set(event.variable, event.value);
    const text = textOf(plan, event, values);
    if (text !== undefined && !moment.includes(text)) moment.push(text);
    if (!event.last || moment.length === 0) continue;
    const span = plan.steps[event.step]?.span;
    rows.push({
      task: event.type === 'ended' ? event.target : event.task,
      text: moment.join(', '),
      line: places.position(span)?.line,
      vars: vars.map((variable) => shown(values.get(variable) ?? null)),
    });
    moment = [];
  }
  return rows;
}

/** What is told of an event; undefined for what only hosts see, and for the planner's own. */
function textOf(plan: Plan, event: Event, values: ReadonlyMap<number, Value>): string | undefined {
  if (!isShown(plan, event.task)) return undefined;
  switch (event.type) {
    case 'read':
      return `read ${readText(plan, event.variable, values)}`;
    case 'wrote': {
      const name = plan.variables[event.variable]?.name ?? '';
      const cell = plan.variables[event.variable]?.array === true ? `[${event.cell}]` : '';
      return `${harmless(name)}${cell} = ${harmless(shown(event.value))}`;
    }
    case 'operated':
      if (event.task === 0 && !plan.mainIsWritten) return undefined;
      return event.operation === 'task.start' ? undefined : didText(plan, event.operation, event.target);
    case 'started':
      if (event.target === event.task || !plan.mainIsWritten) return undefined;
      return `starts ${nameOf(plan, event.target)}`;
    case 'waiting':
      return event.task === 0 && !plan.mainIsWritten ? undefined : waitingText(plan, event);
    case 'timedOut':
      return `no longer ${waitingText(plan, event)}`;
    case 'printed':
      return `prints ${harmless(shown(event.text))}`;
    case 'passed':
      return 'sees its condition hold';
    case 'raised':
      return harmless(errorText(event.error));
    case 'ended':
      // A failure says so itself.
      if (event.state === 'failed' && event.target === event.task) return undefined;
      return event.target === 0 && !plan.mainIsWritten ? undefined : event.state;
    case 'entered':
      return `enters ${harmless(plan.points[event.point]?.name ?? '')}`;
    case 'left':
      return `leaves ${harmless(plan.points[event.point]?.name ?? '')}`;
    case 'answered':
      return `${event.service}${event.ok ? '' : ' fails'}`;
    default:
      return undefined;
  }
}

function readText(plan: Plan, variable: number, values: ReadonlyMap<number, Value>): string {
  const declared = plan.variables[variable];
  const name = harmless(declared?.name ?? '');
  return declared?.array === true ? name : `${name} = ${harmless(shown(values.get(variable) ?? null))}`;
}
