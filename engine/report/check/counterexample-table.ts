/**
 * A way through a scenario as a table: a row a moment, a column a task where there are few, and beside them what the vars
 * are, the line, and why it goes on like that; under the row, where that has no room behind it.
 *
 *          p1          p2            n
 *       1  read n = 0                0   line 7
 *       2              read n = 0    0   line 7  p1 has not written n yet
 *       3              wrote n = 1   1   line 7
 *       4  wrote n = 1               1   line 7  ✘ n == 2 at the end
 */
import type { Event } from '../../log/event.ts';
import type { Plan } from '../../plan/plan.ts';
import { harmless } from '../../source/harmless.ts';
import { shown } from '../../verdict/show.ts';
import { cellWidth, fitCells } from '../text/cell-width.ts';
import type { Palette } from '../text/palette.ts';
import type { Places } from '../text/places.ts';
import { type Moment, momentsOf, momentText, taskName } from './way-moments.ts';
import { notesOn } from './way-notes.ts';

export type TableOptions = {
  readonly plan: Plan;
  readonly events: readonly Event[];
  /** What the last moment breaks; null where it breaks nothing. */
  readonly broken: { readonly name: string; readonly text: string } | null;
  readonly places: Places;
  readonly palette: Palette;
  readonly columns: number;
  /** Behind so many events begins what goes on again and again; null where nothing does. */
  readonly loopFrom?: number | null;
  /** Rows at most; the first and the last are shown. */
  readonly rows: number;
};

type Row = Moment & {
  readonly number: number;
  readonly notes: readonly string[];
  /** It is the first of those that come again and again. */
  readonly beginsLoop: boolean;
};

/** Vars that change, a column each, are as many as these; of more only what is written is told. */
const MOST_VARS = 3;
const MOST_TASK_COLUMNS = 5;
/** A text is cut to this where there is no room for all of it. */
const NARROW = 28;
const VAR_WIDTH = 8;
/** Expectations of what vars hold, or how much of something is taken. */
const OF_VALUES = /^(always|vars|peak|outcome)\b/;
/** Less than that is no text any more. */
const LEAST = 12;
/** Row numbers before the cells, and the line behind them. */
const NUMBER_WIDTH = 6;
const LINE_WIDTH = 11;

/** Whole lines; empty where nobody did anything that is told. */
export function tableLines(options: TableOptions): readonly string[] {
  const { rows: most } = options;
  const rows = rowsOf(options);
  if (rows.length === 0) return [];
  const left = rows.length - most;
  const head = left > 0 ? rows.slice(0, Math.ceil(most / 2)) : rows;
  const tail = left > 0 ? rows.slice(rows.length - Math.floor(most / 2)) : [];
  const vars = shownVars(options);
  const drawer = drawerFor(options, rows, vars.length);
  const format = (row: Row): readonly string[] => rowLines(options, drawer, row, vars);
  const heading = header(options, drawer.header, vars);
  return [
    ...(heading === '' ? [] : [heading]),
    ...head.flatMap(format),
    ...(left > 0 ? [omittedText(rows.slice(head.length, head.length + left))] : []),
    ...tail.flatMap(format),
  ];
}

function omittedText(rows: readonly Row[]): string {
  const loop = rows.find(({ beginsLoop }) => beginsLoop);
  const again = loop === undefined ? '' : `, from ${loop.number} on again and again`;
  return `    … ${rows.length} more steps${again} (--full shows them all)`;
}

function rowsOf({ plan, events, broken, loopFrom }: TableOptions): readonly Row[] {
  const moments = momentsOf(plan, events);
  const notes = notesOn(plan, events, moments);
  const from = loopFrom ?? Number.POSITIVE_INFINITY;
  const loop = moments.findIndex((moment) => moment.events > from);
  const breaks = broken === null ? -1 : breakingMoment(broken.name, moments);
  return moments.map((moment, index) => {
    const own = notes[index] ?? [];
    const all = index === breaks ? [...own, `✘ ${harmless(broken?.text ?? '')}`] : own;
    return { ...moment, number: index + 1, notes: all, beginsLoop: index === loop };
  });
}

/** The last one; what values break is broken before tasks end that have nothing else to do. */
function breakingMoment(name: string, moments: readonly Moment[]): number {
  if (!OF_VALUES.test(name)) return moments.length - 1;
  return moments.findLastIndex(({ deeds }) => deeds.some(({ event }) => event.type !== 'ended'));
}

/** Those that are written, if they are few. */
function shownVars({ plan, events }: TableOptions): readonly number[] {
  const written = new Set(events.flatMap((event) => (event.type === 'wrote' ? [event.variable] : [])));
  const few = [...written]
    .filter((variable) => plan.variables[variable]?.array !== true)
    .sort((a, b) => a - b);
  return few.length <= MOST_VARS ? few : [];
}

type Drawer = { readonly header: string; readonly cells: (row: Row) => string };

/** Columns, where all of them have room; else the name of the task in each row. */
function drawerFor({ plan, columns }: TableOptions, rows: readonly Row[], vars: number): Drawer {
  const tasks = [...new Set(rows.map(({ task }) => task))].sort((a, b) => a - b);
  const room = columns - NUMBER_WIDTH - LINE_WIDTH - VAR_WIDTH * vars;
  for (const most of [Number.POSITIVE_INFINITY, NARROW]) {
    const widths = tasks.map((task) => widthOf(plan, rows, task, most));
    const width = widths.reduce((total, one) => total + one + 2, 0);
    if (tasks.length <= MOST_TASK_COLUMNS && width <= room) return columnDrawer(plan, tasks, widths);
  }
  return listDrawer(plan, tasks, rows, room);
}

function widthOf(plan: Plan, rows: readonly Row[], task: number, most: number): number {
  const texts = rows.filter((row) => row.task === task).map(momentText);
  return Math.min(most, Math.max(cellWidth(taskName(plan, task)), ...texts.map(cellWidth)));
}

function columnDrawer(plan: Plan, tasks: readonly number[], widths: readonly number[]): Drawer {
  const pad = (text: string, index: number): string => padded(text, widths[index] ?? 0);
  return {
    header: tasks.map((task, index) => pad(taskName(plan, task), index)).join('  '),
    cells: (row) => tasks.map((own, index) => pad(own === row.task ? momentText(row) : '', index)).join('  '),
  };
}

function listDrawer(plan: Plan, tasks: readonly number[], rows: readonly Row[], room: number): Drawer {
  const width = Math.max(...tasks.map((task) => cellWidth(taskName(plan, task))));
  const widest = Math.max(...rows.map((row) => cellWidth(momentText(row))));
  const rest = Math.min(widest, Math.max(LEAST, room - width - 2));
  return {
    header: `${padded('', width)}  ${padded('', rest)}`,
    cells: (row) => `${padded(taskName(plan, row.task), width)}  ${padded(momentText(row), rest)}`,
  };
}

function header({ palette, plan }: TableOptions, cells: string, vars: readonly number[]): string {
  const names = vars.map((variable) => cell(harmless(plan.variables[variable]?.name ?? '')));
  const text = `${' '.repeat(NUMBER_WIDTH)}${cells}  ${names.join('')}`.trimEnd();
  return text === '' ? '' : palette.dim(text);
}

function rowLines(
  { palette, plan, places, columns }: TableOptions,
  { cells }: Drawer,
  row: Row,
  vars: readonly number[],
): readonly string[] {
  const values = vars.map((variable) => cell(harmless(shown(row.values.get(variable) ?? null)))).join('');
  const number = places.position(plan.steps[row.step]?.span)?.line;
  const place = padded(number === undefined ? '' : `line ${number}`, LINE_WIDTH - 2);
  const start = `  ${String(row.number).padStart(3)} ${cells(row)}  ${values}`;
  const [note = ''] = row.notes;
  const isInline = note !== '' && cellWidth(start) + LINE_WIDTH + cellWidth(note) <= columns;
  const first = isInline ? `  ${noted(palette, note)}` : '';
  const others = row.notes.slice(isInline ? 1 : 0);
  return [
    ...(row.beginsLoop ? [`${' '.repeat(NUMBER_WIDTH)}${palette.bold('from here again and again:')}`] : []),
    `${start}${palette.dim(place)}${first}`.trimEnd(),
    ...others.map((other) => `${' '.repeat(NUMBER_WIDTH)}${noted(palette, other)}`),
  ];
}

function noted(palette: Palette, note: string): string {
  return note.startsWith('✘') ? palette.bad(note) : palette.dim(note);
}

function cell(text: string): string {
  return padded(fitCells(text, VAR_WIDTH - 1), VAR_WIDTH);
}

/** To exactly that many cells. */
function padded(text: string, width: number): string {
  const fitted = fitCells(text, width);
  return fitted + ' '.repeat(Math.max(0, width - cellWidth(fitted)));
}
