/**
 * A moment of a run as text: a screen that has everything as it stands then, and lines for a pipe that have only what changed.
 */
import { clockText } from '../../verdict/duration-text.ts';
import { counted } from '../../verdict/show.ts';
import { cellWidth, fitCells } from '../text/cell-width.ts';
import type { Palette } from '../text/palette.ts';
import type { Places } from '../text/places.ts';
import type { StateRow, StepState } from './step-state.ts';
import { keyOf, type StepFrame, type Steps } from './steps.ts';

export type Look = { readonly palette: Palette; readonly places: Places };

/** Every moment once, each with what it changed. */
export function* stepsText(steps: Steps, look: Look): Iterable<string> {
  for (let number = 0; number <= steps.count; number++) {
    const frame = steps.at(number);
    const lines = [heading(frame, look), ...frame.notes.map((note) => `  ${look.palette.dim(note)}`)];
    for (const { block } of BLOCKS)
      lines.push(...rowLines(frame, look, block, (row) => number === 0 || isChanged(frame, block, row)));
    yield `${lines.join('\n')}\n`;
  }
}

/** `step 3 of 8 · 0.1 s · `anna` took `left` (deadlock.yaml:6)` */
function heading({ number, count, atUs, did, step, isBehind }: StepFrame, { palette, places }: Look): string {
  if (did === null) return `${palette.bold('the beginning')} · ${counted(count, 'step')} follow`;
  const place = places.text(step?.span);
  const where = place === '' ? '' : ` (${place})`;
  const behind = isBehind ? ' · past the schedule' : '';
  const start = `${palette.bold(`step ${number} of ${count}`)} · ${clockText(atUs)}${behind}`;
  return `${start} · ${palette.task(did.task, did.name)} ${did.text}${where}`;
}

type Block = keyof StepState;

const BLOCKS = [
  { block: 'tasks', title: 'tasks' },
  { block: 'resources', title: 'what they share' },
  { block: 'vars', title: 'vars' },
] as const satisfies readonly { readonly block: Block; readonly title: string }[];

function isChanged({ changed }: StepFrame, block: Block, row: StateRow): boolean {
  return changed.has(keyOf(block, row));
}

const WIDEST_NAME = 24;

function rowLines(
  frame: StepFrame,
  { palette }: Look,
  block: Block,
  isWanted: (row: StateRow) => boolean,
): readonly string[] {
  const rows = frame.state[block];
  const width = Math.min(WIDEST_NAME, Math.max(0, ...rows.map(({ name }) => cellWidth(name))));
  return rows.filter(isWanted).map((row) => {
    const name = fitCells(row.name, width);
    const padding = ' '.repeat(Math.max(0, width - cellWidth(name)));
    const painted = row.task < 0 ? name : palette.task(row.task, name);
    return `  ${painted}${padding}  ${row.text}`;
  });
}

export type ScreenSize = { readonly columns: number; readonly rows: number };

const KEYS = '→ next · ← back · g beginning · G end · q quit · ? help';
const SHORT_KEYS = '→ ← g G q ?';

export const KEY_HELP = [
  ['→, Enter, Space, n', 'one step forward'],
  ['←, b, p', 'one step back'],
  ['g, Home', 'to the beginning'],
  ['G, End', 'to the end'],
  ['q, Escape', 'quit, and print the verdict'],
  ['Ctrl-C', 'stop'],
  ['?', 'this help; any key leaves it'],
] as const;

/** Lower screens have no room for the lines of the scenario. */
const LOW = 16;

/** As many lines as the terminal has, none wider than it is; each thing has the same place on all of them. */
export function screenLines(frame: StepFrame, look: Look, size: ScreenSize): readonly string[] {
  const { palette, places } = look;
  const { columns, rows } = size;
  const code = places.frame(frame.step?.span);
  const head = [
    ...headLines(frame, look, columns),
    palette.dim(fitCells(frame.notes.join(' · '), columns)),
    ...(rows < LOW ? [] : [code[0] ?? '', code[1] ?? '']),
  ];
  const keys = palette.dim(cellWidth(KEYS) <= columns ? KEYS : fitCells(SHORT_KEYS, columns));
  const room = Math.max(0, rows - head.length - 1);
  const body = bodyLines(frame, look, { columns, rows: room }).slice(0, room);
  return [...head, ...body, ...Array<string>(room - body.length).fill(''), keys].slice(-rows);
}

export function helpLines({ columns, rows }: ScreenSize, { palette }: Look): readonly string[] {
  const width = Math.max(...KEY_HELP.map(([key]) => cellWidth(key)));
  const lines = KEY_HELP.map(([key, does]) => fitCells(`  ${key.padEnd(width)}  ${does}`, columns));
  return [palette.bold('keys'), ...lines].slice(0, rows);
}

function headLines(frame: StepFrame, { palette }: Look, columns: number): readonly string[] {
  const { number, count, atUs, did, isBehind } = frame;
  const behind = isBehind ? ' · past the schedule' : '';
  const place = number === 0 ? 'the beginning' : number === count ? 'the end' : '';
  const start = `step ${number} of ${count}${place === '' ? '' : `, ${place}`} · ${clockText(atUs)}${behind}`;
  if (did === null) return [palette.bold(fitCells(start, columns)), ''];
  const name = fitCells(did.name, columns);
  const rest = fitCells(` ${did.text}`, columns - cellWidth(name));
  return [palette.bold(fitCells(start, columns)), `${palette.task(did.task, name)}${rest}`];
}

/** What changed has its place first; of the rest there is as much as there is room for. */
function bodyLines(frame: StepFrame, look: Look, { columns, rows }: ScreenSize): readonly string[] {
  const blocks = BLOCKS.filter(({ block }) => frame.state[block].length > 0);
  const lengths = shares(
    blocks.map(({ block }) => frame.state[block].length),
    rows - 2 * blocks.length,
  );
  return blocks.flatMap(({ block, title }, index) => {
    const lines = blockLines(frame, look, { block, most: lengths[index] ?? 0, columns });
    return lines.length === 0 ? [] : ['', look.palette.dim(title), ...lines];
  });
}

/** Each gets what it needs, or an equal part of what there is; what one leaves the others share. */
export function shares(needs: readonly number[], room: number): readonly number[] {
  const given = needs.map(() => 0);
  for (let left = Math.max(0, room); left > 0; ) {
    const open = needs.flatMap((need, index) => ((given[index] ?? 0) < need ? [index] : []));
    if (open.length === 0) break;
    for (const index of open.slice(0, left)) given[index] = (given[index] ?? 0) + 1;
    left -= Math.min(left, open.length);
  }
  return given;
}

type BlockRoom = { readonly block: Block; readonly most: number; readonly columns: number };

function blockLines(frame: StepFrame, look: Look, { block, most, columns }: BlockRoom): readonly string[] {
  const rows = frame.state[block];
  const isCut = rows.length > most;
  const kept = keptRows(frame, block, isCut ? most - 1 : most);
  const width = Math.min(WIDEST_NAME, Math.max(0, ...rows.map(({ name }) => cellWidth(name))));
  const lines = kept.map((row) =>
    screenRow(row, look, { width, columns, isChanged: isChanged(frame, block, row) }),
  );
  return isCut && most > 0
    ? [...lines, look.palette.dim(`  … and ${rows.length - kept.length} more`)]
    : lines;
}

/** The task that did something, then those that changed, then all others; shown in the order of the file. */
function keptRows(frame: StepFrame, block: Block, most: number): readonly StateRow[] {
  const rows = frame.state[block];
  if (rows.length <= most) return rows;
  const rank = (row: StateRow): number => {
    if (block === 'tasks' && row.task === frame.did?.task) return 0;
    return isChanged(frame, block, row) ? 1 : 2;
  };
  const kept = new Set(rows.toSorted((a, b) => rank(a) - rank(b)).slice(0, Math.max(0, most)));
  return rows.filter((row) => kept.has(row));
}

type RowLook = { readonly width: number; readonly columns: number; readonly isChanged: boolean };

function screenRow(row: StateRow, { palette }: Look, { width, columns, isChanged }: RowLook): string {
  const mark = isChanged ? '▸ ' : '  ';
  const name = fitCells(row.name, Math.min(width, columns - 2));
  const padding = ' '.repeat(Math.max(0, width - cellWidth(name)));
  const text = fitCells(`${padding}  ${row.text}`, columns - 2 - cellWidth(name));
  const painted = row.task < 0 ? name : palette.task(row.task, name);
  return `${mark}${painted}${isChanged ? palette.bold(text) : text}`;
}
