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
import type { ModelState } from '../model/model-state.ts';
import { NOBODY } from '../model/primitives/resource-record.ts';
import { spanOf } from '../show.ts';
import type { Race, RaceAccess } from '../verdict.ts';
import { createHappensBefore, type HappensBefore } from './happens-before.ts';
import type { Clock } from './vector-clock.ts';

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

/** Follows one run. */
export class Races {
  readonly #plan: Plan;
  readonly #state: ModelState;
  readonly #order: HappensBefore;
  readonly #clocks: HappensBefore['clocks'];
  readonly #kindOf: ReturnType<typeof createAccessKinds>;
  /** The steps that call functions. */
  readonly #called: ReadonlySet<number>;
  readonly #cells = new Map<number, Cell>();
  /** By var and copy: what those knew who touched it as part of a moment. */
  readonly #moments = new Map<number, Clock>();
  readonly #found = new Map<number, Found>();
  /** Whether the event before this one, and this one, is the last of its moment. */
  #wasLast = true;
  #isLast = true;

  constructor(plan: Plan, state: ModelState) {
    this.#plan = plan;
    this.#state = state;
    this.#order = createHappensBefore(plan, state);
    this.#clocks = this.#order.clocks;
    this.#kindOf = createAccessKinds(plan);
    this.#called = new Set(
      plan.steps.flatMap(({ verb }, step) => (verb === 'call' || verb === 'submit' ? [step] : [])),
    );
  }

  /** Call it for every event, before the model has seen it. */
  handle(event: Event): void {
    this.#wasLast = this.#isLast;
    this.#isLast = event.last;
    if (event.type === 'read') this.#read(event);
    else if (event.type === 'wrote') this.#wrote(event);
    this.#order.handle(event);
  }

  /** Each pair of steps that raced for a var, once, in the order in which they were found. */
  found(): readonly Race[] {
    return [...this.#found.values()].map(({ race, times }) => ({ ...race, times }));
  }

  /** A function's accesses are one moment where the log says so. */
  #accessKind({ step, variable }: EventOf<'read' | 'wrote'>): AccessKind {
    if (this.#called.has(step) && !(this.#wasLast && this.#isLast)) return 'atomic';
    return this.#kindOf(step, variable);
  }

  #read(event: EventOf<'read'>): void {
    const kind = this.#accessKind(event);
    if (kind === 'awaiting') return;
    const variable = this.#plan.variables[event.variable];
    if (kind === 'atomic') this.#enterMoment(event);
    if (variable === undefined || variable.array) return;
    const cell = this.#cellOf(event, 0);
    const time = this.#clocks.tick(event.task);
    this.#check(cell, cell.write, 'wrote', event, 'read');
    if (kind === 'atomic') note(cell.atomic, event, time);
    else {
      this.#check(cell, cell.atomicWrite, 'wrote', event, 'read');
      this.#noteRead(cell, event, time);
    }
    if (kind === 'atomic') this.#leaveMoment(event);
  }

  #wrote(event: EventOf<'wrote'>): void {
    const isAtomic = this.#accessKind(event) === 'atomic';
    if (isAtomic) this.#enterMoment(event);
    const cell = this.#cellOf(event, event.cell);
    const time = this.#clocks.tick(event.task);
    this.#check(cell, cell.write, 'wrote', event, 'wrote');
    this.#checkReads(cell, event);
    if (isAtomic) {
      note(cell.atomic, event, time);
      note(cell.atomicWrite, event, time);
      this.#leaveMoment(event);
      return;
    }
    this.#check(cell, cell.atomicWrite, 'wrote', event, 'wrote');
    const { atomic, atomicWrite } = cell;
    const isOther = atomic.task !== atomicWrite.task || atomic.time !== atomicWrite.time;
    if (isOther) this.#check(cell, atomic, 'read', event, 'wrote');
    note(cell.write, event, time);
    cell.read.task = NOBODY;
    cell.readers = null;
  }

  #checkReads(cell: Cell, event: EventOf<'wrote'>): void {
    if (cell.readers === null) this.#check(cell, cell.read, 'read', event, 'wrote');
    else for (const reader of cell.readers.values()) this.#check(cell, reader, 'read', event, 'wrote');
  }

  /** One reader is kept as long as all reads are ordered; then the last of each task. */
  #noteRead(cell: Cell, event: EventOf<'read'>, time: number): void {
    const { task } = event;
    if (cell.readers === null && this.#clocks.knows(task, cell.read.task, cell.read.time)) {
      note(cell.read, event, time);
      return;
    }
    cell.readers ??= new Map([[cell.read.task, { ...cell.read }]]);
    const own = cell.readers.get(task);
    if (own === undefined) cell.readers.set(task, { task, time, at: event.at, step: event.step });
    else note(own, event, time);
  }

  #copyOf({ variable, process }: EventOf<'read' | 'wrote'>): number {
    const copy = this.#plan.variables[variable]?.shared === true ? 0 : process + 1;
    return copy * this.#plan.variables.length + variable;
  }

  #enterMoment(event: EventOf<'read' | 'wrote'>): void {
    this.#clocks.learn(event.task, this.#moments.get(this.#copyOf(event)) ?? null);
  }

  #leaveMoment(event: EventOf<'read' | 'wrote'>): void {
    const copy = this.#copyOf(event);
    this.#moments.set(
      copy,
      this.#clocks.join(this.#moments.get(copy) ?? null, this.#clocks.publish(event.task)),
    );
  }

  #cellOf(event: EventOf<'read' | 'wrote'>, index: number): Cell {
    const { variable } = event;
    const width = this.#state.shared.length;
    const { first } = this.#state.variables[variable] ?? { first: 0 };
    const copy = this.#plan.variables[variable]?.shared === true ? 0 : event.process + 1;
    const key = copy * width + first + index;
    const known = this.#cells.get(key);
    if (known !== undefined) return known;
    const cell = createCell(variable, index);
    this.#cells.set(key, cell);
    return cell;
  }

  #check(cell: Cell, before: Access, did: RaceAccess['deed'], event: Event, does: RaceAccess['deed']): void {
    if (before.task === NOBODY || this.#clocks.knows(event.task, before.task, before.time)) return;
    const steps = [before.step + 1, event.step + 1].toSorted((left, right) => left - right);
    const key =
      (cell.variable * (this.#plan.steps.length + 1) + (steps[0] ?? 0)) * (this.#plan.steps.length + 1);
    const same = this.#found.get(key + (steps[1] ?? 0));
    if (same !== undefined) same.times += 1;
    else if (this.#found.size < MOST_RACES) {
      const variable = this.#nameOf(cell);
      const race = { variable, first: this.#accessOf(before, did), second: this.#accessOf(event, does) };
      this.#found.set(key + (steps[1] ?? 0), { race, times: 1 });
    }
  }

  #nameOf({ variable, index }: Cell): string {
    const { name, array } = this.#plan.variables[variable] ?? { name: `var ${variable}`, array: false };
    return array ? `${name}[${index}]` : name;
  }

  #accessOf({ task, at, step }: Pick<Access, 'task' | 'at' | 'step'>, deed: RaceAccess['deed']): RaceAccess {
    return { task: this.#plan.tasks[task]?.name ?? `task ${task}`, deed, at, span: spanOf(this.#plan, step) };
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
