/**
 * What every task is doing right now, and how many of each group do it: what the verdict's model knows, for the live view.
 *
 * Every event costs the same however many tasks there are; whoever draws goes through those that are asked about. Whether a
 * log is legal is judged elsewhere: after an impossible event nothing changes here any more.
 */

import type { EndState, Event, TaskError } from '../../log/event.ts';
import type { Fold } from '../../log/fold.ts';
import { createOwnTeardownEvents } from '../../log/teardown-events.ts';
import { isShown } from '../../plan/is-shown.ts';
import type { Plan } from '../../plan/plan.ts';
import { teardownPlan } from '../../plan/teardown-plan.ts';
import { createEndCauses } from '../../verdict/model/end-causes.ts';
import { createModel, type Model } from '../../verdict/model/model.ts';
import type { ModelState, TaskRecord } from '../../verdict/model/model-state.ts';
import type { ResourceRecord } from '../../verdict/model/primitives/resource-record.ts';
import { awaitedBy } from '../../verdict/model/wait-rules.ts';
import { heldBy, heldText } from './held.ts';

export type ActivityState = 'notStarted' | 'running' | 'waiting' | 'sleeping' | 'stopping' | EndState;

/** One task, as the events so far leave it. Times are microseconds since the run began. */
export type TaskActivity = {
  readonly state: ActivityState;
  /** When it came into this state, where it waits or is stopping. */
  readonly sinceUs: number;
  /** Until when it sleeps, or what it has outside may take to be gone. */
  readonly untilUs: number;
  /** What it waits for, and where somebody has called it, what it waits for before it can go on. */
  readonly wait: TaskRecord['wait'];
  readonly awaited: ResourceRecord | null;
  /** How many others wait for the same resource. */
  readonly company: number;
  /** Why it ended, where it did not end by itself; not yet harmless. */
  readonly cause: string;
  readonly error: TaskError | null;
};

export type Tally = Readonly<Record<ActivityState, number>>;

export type Activity = Fold & {
  task(task: number): TaskActivity;
  /** What a task holds, in the order it took it. */
  heldBy(task: number): readonly ResourceRecord[];
  /** How many tasks, of a group or of all, are in each state. */
  tally(group: number | 'all'): Tally;
  /** Of a group: how many tasks hold each resource, as it stands in a sentence (the elements of an array together). */
  holdersIn(group: number): ReadonlyMap<string, number>;
  /** When the last event was. */
  atUs(): number;
};

const emptyTally: Tally = {
  notStarted: 0,
  running: 0,
  waiting: 0,
  sleeping: 0,
  stopping: 0,
  finished: 0,
  failed: 0,
  terminated: 0,
  skipped: 0,
};

type Span = { readonly sinceUs: number; readonly untilUs: number };

export function isEnded(state: ActivityState): state is EndState {
  return state === 'finished' || state === 'failed' || state === 'terminated' || state === 'skipped';
}

export function createActivity(plan: Plan): Activity {
  return new ModelActivity(plan);
}

class ModelActivity implements Activity {
  readonly #plan: Plan;
  readonly #models: Models;
  readonly #causes;
  /** By task, where it did not end by itself. */
  readonly #causeTexts = new Map<number, string>();
  /** By task: what it has outside is told to be gone, whether the task ends or only its step. */
  readonly #stopping = new Map<number, Span>();
  #atUs = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#models = new Models(plan);
    this.#causes = createEndCauses(plan, () => '');
  }

  handle(event: Event): void {
    this.#atUs = event.at;
    this.#causes.handle(event);
    this.#models.handle(event);
    if (event.type === 'stopping')
      this.#stopping.set(event.target, { sinceUs: event.at, untilUs: event.untilUs });
    else if (event.type === 'answered') this.#stopping.delete(event.task);
    else if (event.type === 'ended') {
      this.#stopping.delete(event.target);
      const cause = this.#causes.textOf({ ...event, by: event.task });
      if (cause !== '') this.#causeTexts.set(event.target, cause);
    }
  }

  task(task: number): TaskActivity {
    const { state, record } = this.#models.find(task);
    const stopping = this.#stopping.get(task);
    const isWaiting = record.state === 'waiting';
    const awaited = isWaiting ? awaitedBy(state, record) : undefined;
    return {
      state: this.#stateOf(task),
      sinceUs: stopping?.sinceUs ?? record.wait.sinceUs,
      untilUs: stopping?.untilUs ?? record.wakeUs,
      wait: record.wait,
      awaited: awaited === undefined || awaited.id === record.wait.target ? null : awaited,
      company: awaited === undefined ? 0 : awaited.waiting - 1,
      cause: this.#causeTexts.get(task) ?? '',
      error: record.ending?.error ?? null,
    };
  }

  heldBy(task: number): readonly ResourceRecord[] {
    const { state, record } = this.#models.find(task);
    return heldBy(state, record);
  }

  tally(group: number | 'all'): Tally {
    const tally = { ...emptyTally };
    for (const task of group === 'all' ? this.#shown() : this.#membersOf(group))
      tally[this.#stateOf(task)] += 1;
    return tally;
  }

  holdersIn(group: number): ReadonlyMap<string, number> {
    const holders = new Map<string, number>();
    for (const task of this.#membersOf(group)) {
      const names = this.heldBy(task).map(({ name, kind, enabled }) =>
        heldText({ name: name.replace(/\[\d+\]$/, ''), kind, enabled }),
      );
      for (const name of new Set(names)) holders.set(name, (holders.get(name) ?? 0) + 1);
    }
    return holders;
  }

  atUs(): number {
    return this.#atUs;
  }

  #stateOf(task: number): ActivityState {
    const { state } = this.#models.find(task).record;
    if (this.#stopping.has(task)) return 'stopping';
    return state === 'started' ? 'running' : state;
  }

  *#shown(): Iterable<number> {
    for (let task = 0; task < this.#plan.tasks.length; task++) if (isShown(this.#plan, task)) yield task;
  }

  *#membersOf(group: number): Iterable<number> {
    const { first = 0, count = 0 } = this.#plan.groups[group] ?? {};
    for (let task = first; task < first + count; task++) yield task;
  }
}

/** The model of the run, and once there is a teardown, that of its run. */
class Models {
  readonly #plan: Plan;
  readonly #run: Model;
  readonly #own;
  #teardown: Model | undefined;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#run = createModel(plan);
    this.#own = createOwnTeardownEvents(plan);
  }

  handle(event: Event): void {
    const { teardown } = this.#plan;
    if (event.phase !== 'teardown' || teardown === undefined) {
      this.#run.handle(event);
      return;
    }
    // What vars hold is not looked at here.
    this.#teardown ??= createModel(
      teardownPlan(this.#plan, teardown, { passed: true, stopped: null, vars: [] }),
    );
    this.#teardown.handle(this.#own(event));
  }

  find(task: number): { readonly state: ModelState; readonly record: TaskRecord } {
    const teardown = task === this.#plan.teardown?.task ? this.#teardown : undefined;
    const { state } = teardown ?? this.#run;
    return { state, record: state.tasks[teardown === undefined ? task : 0] as TaskRecord };
  }
}
