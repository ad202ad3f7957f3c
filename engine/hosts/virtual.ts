/**
 * The virtual host: the whole scenario in one loop, on a plain array and a virtual clock. A seeded chooser picks who takes
 * the next visible moment; time passes only when nobody is ready, or all that are do nothing but look, in vain.
 *
 * It goes on in slices of work, whoever does it: between two of them the event loop has its turn, and Ctrl-C is heard.
 */

import { exhaustionOf } from '../kernel/exhaustion.ts';
import { CONTROL, STATE } from '../kernel/memory/layout.ts';
import { initializeMemory } from '../kernel/memory/memory.ts';
import { isThere, stateOf } from '../kernel/memory/task-block.ts';
import { startMain } from '../kernel/primitives/task.ts';
import { takeReady } from '../kernel/waiting/channel.ts';
import type { Event, RunEnd } from '../log/event.ts';
import { createStream } from '../machine/random.ts';
import type { Plan } from '../plan/plan.ts';
import { ChangeWatch } from '../simulate/change-watch.ts';
import { followSchedule, type Schedule } from '../simulate/follow-schedule.ts';
import { SLICE } from './event-flow.ts';
import { createMainVars, type MainVarsFold } from './main-vars.ts';
import type { RunOptions } from './run-options.ts';
import { createVirtualState, type VirtualState } from './virtual-state.ts';
import { endless, passTime, type Stop, stopInTime } from './virtual-time.ts';

/** Moments in one instant of virtual time before an endless loop is suspected. */
const MOST_MOMENTS = 5_000_000;
/** Instructions without a visible moment before others get their turn, and as how many moments they count. */
const LOCAL_SLICE = 10_000;
const LOCAL_WEIGHT = 2_500;
/** How much of the log is kept before it is handed over: what a cache holds; less where to judge it costs much. */
const DRAIN_AT_WORDS = 1 << 15;
const FIRST_DRAIN_WORDS = 1 << 6;
const LEAST_DRAIN_WORDS = 1 << 3;
/** What it costs to have a task do a moment, beside what is spent by others. */
const MOMENT = 10;

/** Runs a plan in virtual time. The same plan and seed give the same events, byte for byte. */
export async function runVirtual(plan: Plan, options: RunOptions): Promise<RunEnd> {
  const vars = createMainVars(plan);
  const heard = options.followUp === undefined ? options : { ...options, handle: both(vars, options) };
  const state = createVirtualState(plan, heard, FIRST_DRAIN_WORDS);
  const { k } = state;
  k.enter();
  initializeMemory(k);
  startMain(k);
  k.leave();
  if (options.schedule !== undefined) beginAsScheduled(state, options.schedule);
  const stopped = await runToEnd(state);
  if (stopped.reason !== null) stopInTime(state, stopped.reason);
  await handOver(state);
  const end: RunEnd = {
    mode: 'virtual',
    stopped: state.flow.hasGivenUp ? 'interrupt' : stopped.reason,
    cause: stopped.cause,
    ...(stopped.place === undefined ? {} : { place: stopped.place }),
    events: state.reader.count,
    durationUs: state.now,
    ...(hasFiles(plan) ? { files: state.services.contents() } : {}),
  };
  const next = await options.followUp?.(end, vars.cells);
  if (next !== undefined)
    next.done(await runVirtual(next.plan, { ...next.options, files: state.services.files }));
  return end;
}

function both(vars: MainVarsFold, { handle }: RunOptions): (event: Event) => void {
  return (event) => {
    vars.handle(event);
    handle(event);
  };
}

function beginAsScheduled(state: VirtualState, schedule: Schedule): void {
  const stuck = followSchedule(
    {
      k: state.k,
      machine: state.machine,
      now: () => state.now,
      setTime: (us) => {
        state.now = us;
      },
      serve: () => state.services.serve(),
      setStep: (step) => {
        state.step = step;
        state.chosen = 0;
      },
      drain: () => state.flow.flush(),
    },
    schedule,
  );
  if (stuck !== undefined) throw new Error(`bug in concur: step ${stuck} of a schedule cannot be done`);
}

function hasFiles(plan: Plan): boolean {
  return plan.resources.some((resource) => resource.kind === 'file');
}

const ENDED: Stop = { reason: null, cause: null };

async function runToEnd(state: VirtualState): Promise<Stop> {
  const { k, options, meter, reader, ready, waits } = state;
  const choose = createStream(state.plan.seed);
  for (;;) {
    const exhaustion = exhaustionOf(k);
    if (exhaustion !== undefined) return { reason: 'inconclusive', ...exhaustion };
    if (!isThere(k, 0)) return ENDED;
    if (options.signal?.aborted === true) return { reason: 'interrupt', cause: null };
    if (state.isFailed && state.plan.failFast) return { reason: 'failFast', cause: null };
    if (meter.spent > SLICE) await breathe(state);
    collectReady(state);
    if (ready.length === 0 || waits.isAllInVain(ready.length)) {
      if (!handOverSlice(state)) await handOver(state);
      const stop = passTime(state);
      if (stop !== undefined) return stop;
      continue;
    }
    const task = take(state, choose());
    step(state, task);
    const isDue = state.plan.failFast || reader.pending() > state.drainAt;
    if (isDue && !handOverSlice(state)) await handOver(state);
    if (state.isFailed) return { reason: 'failFast', cause: null };
    const stop = follow(state, task);
    if (stop !== undefined) return stop;
  }
}

/** One of those that are ready, which then is not any more. */
function take({ ready, waits }: VirtualState, choice: number): number {
  const index = Math.floor(choice * ready.length);
  const task = ready[index] as number;
  ready[index] = ready[ready.length - 1] as number;
  ready.pop();
  waits.taken(task);
  return task;
}

/** One visible moment of a task. */
function step(state: VirtualState, task: number): void {
  const { k } = state;
  const isOver = stateOf(k, task) !== STATE.live;
  const exit = isOver ? 'ended' : state.machine.run(task, LOCAL_SLICE, 1);
  state.moments += exit === 'preempted' ? LOCAL_WEIGHT : 1;
  state.meter.spent += MOMENT;
  watch(state, task);
}

/** What is asked for outside of the kernel is answered at once. @returns why the run cannot go on, if so */
function follow(state: VirtualState, task: number): Stop | undefined {
  const { k, options } = state;
  if (k.words[CONTROL.externalHead] !== 0) {
    const cause = state.services.serve();
    if (cause !== undefined) return { reason: 'inconclusive', cause };
  }
  return state.moments > (options.mostMoments ?? MOST_MOMENTS) ? endless(state, task) : undefined;
}

/** What the task has done may be a change for those that do nothing but look. */
function watch(state: VirtualState, task: number): void {
  const { k, machine, waits } = state;
  const due = machine.takeDue();
  if (due !== Number.POSITIVE_INFINITY) waits.note(task, due);
  if (!waits.isNeeded) return;
  state.changes ??= new ChangeWatch(k);
  if (state.changes.hasChanged()) waits.change();
}

function collectReady({ k, ready, touched, waits }: VirtualState): void {
  while (touched.length > 0) {
    const process = touched.pop() as number;
    for (let task = takeReady(k, process); task >= 0; task = takeReady(k, process)) {
      ready.push(task);
      waits.ready(task);
    }
  }
}

async function breathe({ meter }: VirtualState): Promise<void> {
  meter.spent = 0;
  await new Promise((resolve) => setImmediate(resolve));
}

/** All that is in the log, in slices; where somebody wants the run to end meanwhile, in short. */
async function handOver(state: VirtualState): Promise<void> {
  while (!handOverSlice(state)) {
    await breathe(state);
    if (state.options.signal?.aborted === true) state.flow.giveUp();
  }
}

/**
 * Hands over what is in the log, until this slice's work is done. Where that costs much the log is kept short, so that little
 * is left to judge when the run is stopped.
 *
 * @returns whether that was all
 */
function handOverSlice(state: VirtualState): boolean {
  const { flow, meter } = state;
  const before = meter.spent;
  const isAll = flow.slice();
  if (meter.spent > SLICE) state.drainAt = Math.max(LEAST_DRAIN_WORDS, state.drainAt >> 1);
  else if (meter.spent - before < SLICE / 4) state.drainAt = Math.min(DRAIN_AT_WORDS, state.drainAt << 1);
  return isAll;
}
