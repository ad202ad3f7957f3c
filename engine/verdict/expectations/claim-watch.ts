/**
 * Expressions that are followed through a run: evaluated at the start, and then after each moment in which something they
 * read changed.
 */

import type { Context, Evaluator } from '../../expression/evaluator.ts';
import type { Read } from '../../expression/expression.ts';
import type { Value } from '../../expression/values/value.ts';
import { isList } from '../../expression/values/value-text.ts';
import type { Event } from '../../log/event.ts';
import type { Claim } from '../../plan/expectations.ts';
import type { ModelState } from '../model/model-state.ts';
import { NOBODY } from '../model/primitives/resource-record.ts';
import { type Moment, shown } from '../show.ts';
import { contextOf, type Environment, subjectsRead } from './context.ts';

export type ClaimTools = { readonly evaluator: () => Evaluator; readonly environment: Environment };

/** What came of a claim when it was evaluated last. The same object each time: take what is to be kept. */
export type Reading = {
  readonly isTrue: boolean;
  /** Null if it failed. */
  readonly value: Value;
  /** An error by its name and message; null if there was none. */
  readonly error: string | null;
  /** Value or error, as text. */
  text(): string;
  /** What it read: `n = 3, stall.holders = 4`. */
  values(): string;
};

/** Told of the claims' readings at the start and after each moment that may have changed one. False: it has seen enough. */
export type Look = (readings: readonly Reading[], moment: Moment) => boolean;

export type ClaimWatch = {
  follow(claims: readonly Claim[], look: Look): void;
  /** Call it after the last event of each moment. What is then to be looked at, `work` looks at. */
  afterMoment(event: Event): void;
  /** Looks at one claim; false: there was none. All must be looked at before the next event. */
  work(): boolean;
  /** Nothing is followed any more: there is no time for it. @returns whether something was */
  giveUp(): boolean;
  /** These will be read: `work` does it, one at a time. */
  prepare(claims: readonly Claim[]): void;
  /** As it is now. */
  read(claim: Claim): Reading;
};

/** Before the first event, for what is so from the start. */
export const BEFORE_ALL: Moment = { at: 0, task: NOBODY, step: -1 };

type Reader = { readonly reading: Reading; readonly evaluate: () => void };
type Follower = {
  readonly readers: readonly Reader[];
  readonly look: () => void;
  done: boolean;
  due: boolean;
};

/** Nothing is compiled, and no evaluator made, where nothing is claimed. */
export function createClaimWatch(state: ModelState, tools: ClaimTools): ClaimWatch {
  const followers = new Map<number, Follower[]>();
  const readNow: Follower[] = [];
  const due: Follower[] = [];
  const moment = { ...BEFORE_ALL };
  const read = new Map<Claim, Reading>();
  /** The next in `due`. */
  let next = 0;

  return {
    follow(claims, look) {
      const readers = claims.map((claim) => createReader(state, claim, tools));
      const readings = readers.map((reader) => reader.reading);
      const follower = createFollower(readers, () => {
        follower.done = !look(readings, moment);
      });
      const reads = claims.flatMap((claim) => claim.expression.reads);
      register(follower, reads);
      mark(follower);
    },
    afterMoment({ at, task, step }) {
      if (followers.size === 0 && readNow.length === 0) return;
      state.watch.drain(markDue);
      for (const follower of readNow) mark(follower);
      moment.at = at;
      moment.task = task;
      moment.step = step;
    },
    work() {
      const follower = due[next];
      if (follower === undefined) return false;
      next += 1;
      evaluate(follower);
      if (next === due.length) due.length = next = 0;
      return true;
    },
    giveUp() {
      const isFollowed = followers.size > 0 || readNow.length > 0 || due.length > 0;
      followers.clear();
      due.length = readNow.length = next = 0;
      return isFollowed;
    },
    prepare(claims) {
      for (const claim of claims) {
        const reader = createReader(state, claim, tools);
        mark(createFollower([reader], () => read.set(claim, reader.reading)));
      }
    },
    read(claim) {
      const known = read.get(claim);
      if (known !== undefined) return known;
      const { reading, evaluate } = createReader(state, claim, tools);
      evaluate();
      return reading;
    },
  };

  function register(follower: Follower, reads: readonly Read[]): void {
    if (reads.some((read) => read.from === 'now')) readNow.push(follower);
    for (const subject of new Set(reads.flatMap((read) => subjectsRead(state, read)))) {
      state.watch.watch(subject);
      const others = followers.get(subject);
      if (others === undefined) followers.set(subject, [follower]);
      else others.push(follower);
    }
  }

  function markDue(subject: number): void {
    for (const follower of followers.get(subject) ?? []) mark(follower);
  }

  function mark(follower: Follower): void {
    if (follower.due || follower.done) return;
    follower.due = true;
    due.push(follower);
  }

  function evaluate(follower: Follower): void {
    follower.due = false;
    for (const reader of follower.readers) reader.evaluate();
    follower.look();
  }
}

function createFollower(readers: readonly Reader[], look: () => void): Follower {
  return { readers, look, done: false, due: false };
}

function createReader(state: ModelState, claim: Claim, tools: ClaimTools): Reader {
  const { reads } = claim.expression;
  const run = tools.evaluator().compile(claim.expression);
  let context: Context = {};
  const reading = {
    isTrue: false,
    value: null as Value,
    error: null as string | null,
    text: () => reading.error ?? shown(reading.value),
    values: () => valuesRead(state, reads, context),
  };
  return {
    reading,
    evaluate() {
      context = contextOf(state, reads, tools.environment);
      try {
        reading.value = run(context);
        reading.error = null;
      } catch (error) {
        reading.value = null;
        reading.error = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      }
      reading.isTrue = reading.value === true;
    },
  };
}

function valuesRead(state: ModelState, reads: readonly Read[], context: Context): string {
  const values = reads.flatMap((read) => {
    return valuesOfRead(nameRead(state, read), read, context[read.name] as Value);
  });
  return values.join(', ');
}

/** As the user calls it: what the planner calls a task's replicas is not that. */
function nameRead(state: ModelState, read: Read): string {
  return read.from === 'group' ? (state.plan.groups[read.group]?.name ?? read.name) : read.name;
}

/** `n = 3`, `stall.holders = 4`, `fork.held = [true, false]` */
function valuesOfRead(name: string, read: Read, value: Value): readonly string[] {
  if (!('attributes' in read)) return [`${name} = ${shown(value)}`];
  return read.attributes.map((attribute) => {
    const part = isList(value)
      ? value.map((element) => partOf(element, attribute))
      : partOf(value, attribute);
    return `${name}.${attribute} = ${shown(part)}`;
  });
}

function partOf(value: Value, attribute: string): Value {
  if (typeof value !== 'object' || value === null || isList(value)) return null;
  return value[attribute] ?? null;
}
