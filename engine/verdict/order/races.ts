/**
 * Races: two tasks touch a var, at least one writes, and nothing in the run orders the two. Found in whichever order they
 * happened to come.
 *
 * Of each cell the last write and the last reads are kept; a write replaces the reads before it, and a read another one
 * that comes before it. An expression's read of an array says not which of its cells it used: arrays race by their writes.
 *
 * @see Flanagan, Freund, FastTrack: efficient and precise dynamic race detection (2009)
 */
import type { Event, EventOf } from '../../log/event.ts';
import { type AccessKind, createAccessKinds } from '../../plan/access-kinds.ts';
import type { Plan } from '../../plan/plan.ts';
import { durationText } from '../duration-text.ts';
import { failed, notJudged, passed, STOPPED } from '../expectations/judgement.ts';
import type { ModelState } from '../model/model-state.ts';
import { NOBODY } from '../model/primitives/resource-record.ts';
import { counted, quoted, spanOf } from '../show.ts';
import type { Evidence, Judgement, Race, RaceAccess } from '../verdict.ts';
import { createHappensBefore } from './happens-before.ts';
import type { Clock } from './vector-clock.ts';

export type Races = {
  /** Call it for every event, before the model has seen it. */
  handle(event: Event): void;
  /** Each pair of steps that raced for a var, once, in the order in which they were found. */
  found(): readonly Race[];
};

/** Who touched a cell, at which of its times; NOBODY before anybody did. */
type Access = { task: number; time: number; at: number; step: number };

type Cell = {
  readonly variable: number;
  readonly index: number;
  readonly write: Access;
  readonly read: Access;
  /** Where several reads are not ordered: the last one of each task. */
  readers: Map<number, Access> | null;
  /** The last one that was part of a moment, and the last of them that wrote. */
  readonly atomic: Access;
  readonly atomicWrite: Access;
};

type Found = { race: Omit<Race, 'times'>; times: number };

/** Pairs of steps beyond these are not told apart any more. */
const MOST_RACES = 1000;

/** @returns null where there are no vars: then no event needs to be looked at */
export function createRaces(plan: Plan, state: ModelState): Races | null {
  if (plan.variables.length === 0) return null;
  const { clocks, handle: follow } = createHappensBefore(plan, state);
  const kindOf = createAccessKinds(plan);
  const cells = new Map<number, Cell>();
  /** By var and copy: what those knew who touched it as part of a moment. */
  const moments = new Map<number, Clock>();
  const found = new Map<number, Found>();
  const called = new Set(
    plan.steps.flatMap(({ verb }, step) => (verb === 'call' || verb === 'submit' ? [step] : [])),
  );
  /** Whether the event before this one, and this one, is the last of its moment. */
  let [wasLast, isLast] = [true, true];

  /** A function's accesses are one moment where the log says so. */
  function accessKind({ step, variable }: EventOf<'read' | 'wrote'>): AccessKind {
    if (called.has(step) && !(wasLast && isLast)) return 'atomic';
    return kindOf(step, variable);
  }

  return {
    handle(event) {
      wasLast = isLast;
      isLast = event.last;
      if (event.type === 'read') read(event);
      else if (event.type === 'wrote') wrote(event);
      follow(event);
    },
    found: () => [...found.values()].map(({ race, times }) => ({ ...race, times })),
  };

  function read(event: EventOf<'read'>): void {
    const kind = accessKind(event);
    if (kind === 'awaiting') return;
    const variable = plan.variables[event.variable];
    if (kind === 'atomic') enterMoment(event);
    if (variable === undefined || variable.array) return;
    const cell = cellOf(event, 0);
    const time = clocks.tick(event.task);
    check(cell, cell.write, 'wrote', event, 'read');
    if (kind === 'atomic') note(cell.atomic, event, time);
    else {
      check(cell, cell.atomicWrite, 'wrote', event, 'read');
      noteRead(cell, event, time);
    }
    if (kind === 'atomic') leaveMoment(event);
  }

  function wrote(event: EventOf<'wrote'>): void {
    const isAtomic = accessKind(event) === 'atomic';
    if (isAtomic) enterMoment(event);
    const cell = cellOf(event, event.cell);
    const time = clocks.tick(event.task);
    check(cell, cell.write, 'wrote', event, 'wrote');
    checkReads(cell, event);
    if (isAtomic) {
      note(cell.atomic, event, time);
      note(cell.atomicWrite, event, time);
      leaveMoment(event);
      return;
    }
    check(cell, cell.atomicWrite, 'wrote', event, 'wrote');
    const { atomic, atomicWrite } = cell;
    const isOther = atomic.task !== atomicWrite.task || atomic.time !== atomicWrite.time;
    if (isOther) check(cell, atomic, 'read', event, 'wrote');
    note(cell.write, event, time);
    cell.read.task = NOBODY;
    cell.readers = null;
  }

  function checkReads(cell: Cell, event: EventOf<'wrote'>): void {
    if (cell.readers === null) check(cell, cell.read, 'read', event, 'wrote');
    else for (const reader of cell.readers.values()) check(cell, reader, 'read', event, 'wrote');
  }

  /** One reader is kept as long as all reads are ordered; then the last of each task. */
  function noteRead(cell: Cell, event: EventOf<'read'>, time: number): void {
    const { task } = event;
    if (cell.readers === null && clocks.knows(task, cell.read.task, cell.read.time)) {
      note(cell.read, event, time);
      return;
    }
    cell.readers ??= new Map([[cell.read.task, { ...cell.read }]]);
    const own = cell.readers.get(task);
    if (own === undefined) cell.readers.set(task, { task, time, at: event.at, step: event.step });
    else note(own, event, time);
  }

  function copyOf({ variable, process }: EventOf<'read' | 'wrote'>): number {
    const copy = plan.variables[variable]?.shared === true ? 0 : process + 1;
    return copy * plan.variables.length + variable;
  }

  function enterMoment(event: EventOf<'read' | 'wrote'>): void {
    clocks.learn(event.task, moments.get(copyOf(event)) ?? null);
  }

  function leaveMoment(event: EventOf<'read' | 'wrote'>): void {
    const copy = copyOf(event);
    moments.set(copy, clocks.join(moments.get(copy) ?? null, clocks.publish(event.task)));
  }

  function cellOf(event: EventOf<'read' | 'wrote'>, index: number): Cell {
    const { variable } = event;
    const width = state.shared.length;
    const { first } = state.variables[variable] ?? { first: 0 };
    const copy = plan.variables[variable]?.shared === true ? 0 : event.process + 1;
    const key = copy * width + first + index;
    const known = cells.get(key);
    if (known !== undefined) return known;
    const cell = createCell(variable, index);
    cells.set(key, cell);
    return cell;
  }

  function check(
    cell: Cell,
    before: Access,
    did: RaceAccess['deed'],
    event: Event,
    does: RaceAccess['deed'],
  ): void {
    if (before.task === NOBODY || clocks.knows(event.task, before.task, before.time)) return;
    const steps = [before.step + 1, event.step + 1].toSorted((left, right) => left - right);
    const key = (cell.variable * (plan.steps.length + 1) + (steps[0] ?? 0)) * (plan.steps.length + 1);
    const same = found.get(key + (steps[1] ?? 0));
    if (same !== undefined) same.times += 1;
    else if (found.size < MOST_RACES) {
      const variable = nameOf(cell);
      const race = { variable, first: accessOf(before, did), second: accessOf(event, does) };
      found.set(key + (steps[1] ?? 0), { race, times: 1 });
    }
  }

  function nameOf({ variable, index }: Cell): string {
    const { name, array } = plan.variables[variable] ?? { name: `var ${variable}`, array: false };
    return array ? `${name}[${index}]` : name;
  }

  function accessOf(
    { task, at, step }: Pick<Access, 'task' | 'at' | 'step'>,
    deed: RaceAccess['deed'],
  ): RaceAccess {
    return { task: plan.tasks[task]?.name ?? `task ${task}`, deed, at, span: spanOf(plan, step) };
  }
}

function createCell(variable: number, index: number): Cell {
  const nobody = (): Access => ({ task: NOBODY, time: 0, at: 0, step: -1 });
  return {
    variable,
    index,
    write: nobody(),
    read: nobody(),
    readers: null,
    atomic: nobody(),
    atomicWrite: nobody(),
  };
}

function note(access: Access, { task, at, step }: Event, time: number): void {
  access.task = task;
  access.time = time;
  access.at = at;
  access.step = step;
}

/** What makes two accesses a race. */
export const UNSYNCHRONIZED = 'without synchronization';

const MOST_EVIDENCE = 5;

/** One judgement where races are forbidden. @param complete whether the run came to its end: if not, some might still come */
export function judgeRaces(plan: Plan, races: readonly Race[], complete: boolean): readonly Judgement[] {
  if (plan.expect.races === 'allowed') return [];
  const opened = { name: 'races', span: null, expected: 'never' };
  const [first] = races;
  if (first === undefined) return [complete ? passed(opened, 'none') : notJudged(opened, STOPPED, 'none')];
  const evidence = races.slice(0, MOST_EVIDENCE).flatMap((race, index) => evidenceOf(race, index > 0));
  const others = races.length - MOST_EVIDENCE;
  const more = others > 0 ? [{ text: `and ${counted(others, 'other race')}` }] : [];
  return [failed(opened, raceText(first), [...evidence, ...more])];
}

/** `` `a` wrote `n` at 0.1 s and `b` read it at 0.2 s without synchronization `` */
function raceText({ variable, first, second }: Race): string {
  const accessText = ({ task, deed, at }: RaceAccess, what: string): string =>
    `${quoted(task)} ${deed} ${what} at ${durationText(at)}`;
  return `${accessText(first, quoted(variable))} and ${accessText(second, 'it')} ${UNSYNCHRONIZED}`;
}

function evidenceOf({ variable, first, second }: Race, isAnother: boolean): readonly Evidence[] {
  return [first, second].map(({ task, deed, at, span }, index) => {
    const text = `${deed} ${quoted(variable)}${isAnother && index === 0 ? ', another race' : ''}`;
    return { at, task, ...(span === null ? {} : { span }), text };
  });
}
