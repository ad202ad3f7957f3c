/**
 * Where there is no real time, a step's `model` stands for what it would do outside of the kernel: it takes that long, and
 * then gives that result. What a command's model says that it writes is printed, or goes into the queue that its lines go to,
 * at the end of its time, line by line. A command that is tried again sleeps in between.
 *
 *     ──▶ asleep ──▶ lines: put, wait for room, put … ──▶ its result, or its failure
 *         ▲                                                              │
 *         └──────────────────────── asleep until it is tried again ◀─────┘
 */

import { ScenarioError } from '../expression/values/scenario-error.ts';
import type { Value, ValueMap } from '../expression/values/value.ts';
import { recordStopping, setGrace } from '../kernel/end.ts';
import { DONE, MODEL, SLEEPING, TASK, WAIT } from '../kernel/memory/layout.ts';
import { readTime } from '../kernel/memory/word-time.ts';
import { errorOf, NO, YES } from '../kernel/outcome.ts';
import { park } from '../kernel/waiting/channel.ts';
import {
  giveUp,
  perform,
  type Request,
  stopWaiting,
  waitFor,
  waitingRequest,
} from '../kernel/waiting/perform.ts';
import { int } from '../log/int.ts';
import { OPERATION, RECORD } from '../log/record.ts';
import { commandFailure } from '../plan/command-failure.ts';
import { completeResult } from '../plan/command-result.ts';
import { mostAttempts, restAfter } from '../plan/command-retry.ts';
import type { Instruction } from '../plan/instruction.ts';
import type { Binder, BoundExpression } from './bound-expression.ts';
import { FLOW, type Flow } from './code.ts';
import type { Frame } from './frame.ts';
import { lineAt, lineEnd, printLines, writtenTo } from './model-lines.ts';
import { timeOut } from './time-out.ts';
import { type BoundDuration, bindDuration } from './wait.ts';

export type External = Extract<Instruction, { readonly op: 'external' }>;

/** Between being told to stop and being killed, where the scenario says nothing. */
export const STOP_GRACE_US = 5_000_000;
/** Of a step without a timeout. */
const NEVER = -1n;

type Pretence = {
  readonly instruction: External;
  readonly request: BoundExpression;
  readonly after: BoundDuration | undefined;
  readonly takes: BoundDuration;
  readonly stops: BoundDuration | undefined;
  readonly grace: BoundDuration | undefined;
  readonly modelled: BoundExpression;
};

/**
 * What the scratch slot holds: which attempt it is, when the step's time is over, and whether it rests after that attempt; once
 * the lines are on their way, the result and where in it the next line begins.
 */
type Attempt = {
  readonly attempt: bigint;
  readonly until: bigint;
  readonly rests: boolean;
  readonly result?: Value;
  readonly next?: bigint;
};
type Feeding = Attempt & Required<Pick<Attempt, 'next'>> & { readonly result: Value };

const FIRST: Attempt = { attempt: 1n, until: NEVER, rests: false };

/** The step by its model; undefined where it has none. */
export function linkPretence(instruction: External, bind: Binder): ((frame: Frame) => Flow) | undefined {
  const { model, request, timeout, grace } = instruction;
  if (model === undefined) return undefined;
  const pretence: Pretence = {
    instruction,
    request: bind(request),
    after: timeout === undefined ? undefined : bindDuration(timeout.after, bind),
    takes: bindDuration(model.takes, bind),
    stops: model.stops === undefined ? undefined : bindDuration(model.stops, bind),
    grace: grace === undefined ? undefined : bindDuration(grace, bind),
    modelled: bind(model.result),
  };
  return (frame) => {
    if (frame.k.words[frame.at + TASK.waiting] === SLEEPING) return stop(frame, pretence);
    const feeding = feeds(instruction) ? feedingOf(frame, instruction) : undefined;
    if (!feeds(instruction) || feeding === undefined) return begin(frame, pretence);
    const waits = frame.k.words[frame.at + TASK.waiting] !== 0;
    return waits
      ? putAgain(frame, pretence, instruction, feeding)
      : goOn(frame, pretence, instruction, feeding);
  };
}

/** Sleeps as long as the model says, or as long as the step has left where that is shorter. */
function begin(frame: Frame, pretence: Pretence, before?: Attempt): Flow {
  const { after, takes, instruction } = pretence;
  const { k, task } = frame;
  const { freeTime } = frame.identity;
  if (freeTime?.hasClock === false) {
    if (after !== undefined && freeTime.isLate) return runOut(frame, instruction);
    return give(frame, pretence, before ?? FIRST);
  }
  k.refreshClock();
  const whole = takes(frame);
  const most = before === undefined ? (after?.(frame) ?? Number.POSITIVE_INFINITY) : leftOf(frame, before);
  if (before === undefined && after !== undefined)
    note(frame, instruction, { ...FIRST, until: micros(k.now + most) });
  if (before !== undefined) note(frame, instruction, before);
  const tooLate = after !== undefined && (frame.identity.isLate?.() ?? whole > most);
  const until = k.now + (tooLate ? most : whole);
  const stopsUs = stopsOf(frame, pretence);
  frame.enter();
  setGrace(k, task, stopsUs);
  sleep(frame, until, (tooLate ? MODEL.tooLate : 0) | (stopsUs > 0 ? MODEL.stops : 0));
  k.leave();
  return FLOW.parked;
}

/** Of the step's time. */
function leftOf({ k }: Frame, { until }: Attempt): number {
  return until === NEVER ? Number.POSITIVE_INFINITY : Math.max(0, Number(until) - k.now);
}

/** A command that is tried once, and whose lines no queue gets, has nothing to remember. */
function note(frame: Frame, { service, scratch }: External, attempt: Attempt | null): void {
  if (service === 'run' && scratch !== undefined) frame.setLocal(scratch, attempt);
}

function attemptOf(frame: Frame, { service, scratch }: External): Attempt {
  const kept = service === 'run' && scratch !== undefined ? frame.local(scratch) : null;
  return typeof kept === 'object' && kept !== null ? (kept as Attempt) : FIRST;
}

/** How long it takes to be gone, once it is told to stop: by the model, but no longer than it has for it. */
function stopsOf(frame: Frame, { stops, grace }: Pretence): number {
  if (stops === undefined) return 0;
  return Math.min(stops(frame), grace?.(frame) ?? STOP_GRACE_US);
}

/** In the critical section. @param how bits of `MODEL` */
function sleep(frame: Frame, until: number, how: number): void {
  const { k, task } = frame;
  k.recordTime(RECORD.sleeping, task, frame.step, until);
  k.words[frame.at + TASK.waiting] = SLEEPING;
  k.words[frame.at + TASK.operandB] = how;
  frame.savePlace();
  park(k, task, -1, until, false);
}

function micros(us: number): bigint {
  return BigInt(Math.floor(us));
}

function stop(frame: Frame, pretence: Pretence): Flow {
  const { k, task } = frame;
  const { instruction } = pretence;
  frame.enter();
  const how = int(k.words[frame.at + TASK.operandB]);
  const isLate = (how & MODEL.tooLate) !== 0;
  stopWaiting(k, task);
  k.record(RECORD.woke, task, frame.step, 0);
  if (isLate && (how & MODEL.isStopping) === 0 && (how & MODEL.stops) !== 0) {
    const until = k.now + readTime(k.words, int(k.layout.waitAt[task]) + WAIT.grace);
    recordStopping(k, task, frame.step, task, null, until);
    sleep(frame, until, how | MODEL.isStopping);
    k.leave();
    return FLOW.parked;
  }
  k.leave();
  if (isLate) return runOut(frame, instruction);
  const attempt = attemptOf(frame, instruction);
  return attempt.rests
    ? begin(frame, pretence, { ...attempt, rests: false })
    : give(frame, pretence, attempt);
}

/** What the model says comes of it. */
function give(frame: Frame, pretence: Pretence, attempt: Attempt): Flow {
  const { instruction, modelled } = pretence;
  const given = modelled.evaluate();
  if (instruction.service !== 'run') return keep(frame, instruction, given);
  const result = completeResult(given);
  printLines(frame, writtenTo(result, 'stderr'));
  if (feeds(instruction)) {
    return goOn(frame, pretence, instruction, { ...attempt, result, next: 0n });
  }
  printLines(frame, writtenTo(result, 'stdout'));
  return finish(frame, pretence, attempt, result);
}

type Feeder = External & Required<Pick<External, 'feeds' | 'scratch'>>;

function feeds(instruction: External): instruction is Feeder {
  return instruction.feeds !== undefined && instruction.scratch !== undefined;
}

function feedingOf(frame: Frame, { scratch }: Feeder): Feeding | undefined {
  const kept = frame.local(scratch);
  return typeof kept === 'object' && kept !== null && 'next' in kept ? (kept as Feeding) : undefined;
}

/** The next line, or the end of the step: a moment each. */
function goOn(frame: Frame, pretence: Pretence, instruction: Feeder, feeding: Feeding): Flow {
  const { k, task, step } = frame;
  const text = writtenTo(feeding.result, 'stdout');
  const next = Number(feeding.next);
  if (next >= text.length) {
    const { result, next: _, ...attempt } = feeding;
    return finish(frame, pretence, attempt, result);
  }
  frame.setLocal(instruction.scratch, { ...feeding, next: BigInt(lineEnd(text, next) + 1) });
  const target = queueOf(frame, instruction);
  frame.enter();
  return put(frame, pretence, instruction, feeding, {
    ...{ task, step, operation: OPERATION['queue.put'], target },
    ...{ a: k.wordOf(lineAt(text, next)), b: 0 },
  });
}

function queueOf({ k, slots }: Frame, { feeds: target }: Feeder): number {
  return target.kind === 'fixed' ? target.id : int(k.words[slots + target.slot]) >> 1;
}

/** It waited for room. */
function putAgain(frame: Frame, pretence: Pretence, instruction: Feeder, feeding: Feeding): Flow {
  const { k, task, at } = frame;
  frame.enter();
  if (k.words[at + TASK.waiting] !== DONE)
    return put(frame, pretence, instruction, feeding, waitingRequest(k, task));
  stopWaiting(k, task);
  k.leave();
  return FLOW.jumped;
}

/**
 * In the critical section, which it leaves. A timeout is taken only after a last attempt that said no; after one that said
 * yes it is the same instruction again, once whoever else has something to do has done it.
 */
function put(
  frame: Frame,
  pretence: Pretence,
  instruction: Feeder,
  feeding: Feeding,
  request: Request,
): Flow {
  const { k, task } = frame;
  const { until } = feeding;
  const deadline = until === NEVER ? Number.POSITIVE_INFINITY : Number(until);
  const { freeTime } = frame.identity;
  const outcome = perform(k, request);
  const isOver =
    freeTime === undefined ? k.now >= deadline : freeTime.isLate && instruction.timeout !== undefined;
  if (outcome === NO && !isOver) {
    frame.savePlace();
    waitFor(k, request, deadline);
    k.leave();
    return FLOW.parked;
  }
  if (outcome === NO) giveUp(k, request);
  if (k.words[frame.at + TASK.waiting] !== 0) stopWaiting(k, task);
  if (outcome !== YES) k.freeWord(request.a);
  k.leave();
  if (outcome === YES) return FLOW.jumped;
  if (outcome === NO) return runOut(frame, instruction);
  const { name, message } = errorOf(outcome);
  const { result: _, next: _next, ...attempt } = feeding;
  return fail(frame, pretence, attempt, new ScenarioError(name, message));
}

/** A model's exit code fails the attempt as that of the command would. */
function finish(frame: Frame, pretence: Pretence, attempt: Attempt, result: Value): Flow {
  const { instruction, request } = pretence;
  const code = (result as ValueMap | null)?.['code'];
  const failure =
    typeof code === 'bigint' ? commandFailure(request.evaluate() as ValueMap, Number(code)) : undefined;
  if (failure !== undefined) return fail(frame, pretence, attempt, failure);
  note(frame, instruction, null);
  return keep(frame, instruction, result);
}

/** The step is tried again after a rest, unless this was its last attempt or its time is over before. */
function fail(frame: Frame, pretence: Pretence, failed: Attempt, error: ScenarioError): Flow {
  const { instruction } = pretence;
  const request = pretence.request.evaluate() as ValueMap;
  if (Number(failed.attempt) >= mostAttempts(request)) {
    note(frame, instruction, null);
    throw error;
  }
  const next = { ...failed, attempt: failed.attempt + 1n };
  const restUs = restAfter(request, Number(failed.attempt));
  if (frame.identity.freeTime !== undefined || restUs === 0) return begin(frame, pretence, next);
  const { k } = frame;
  k.refreshClock();
  const left = leftOf(frame, next);
  const tooLate = pretence.after !== undefined && (frame.identity.isLate?.() ?? restUs > left);
  note(frame, instruction, { ...next, rests: true });
  frame.enter();
  sleep(frame, k.now + (tooLate ? left : restUs), tooLate ? MODEL.tooLate : 0);
  k.leave();
  return FLOW.parked;
}

/** The step's result is there. */
export function keep(frame: Frame, { result }: External, value: Value): Flow {
  if (result !== undefined) frame.setLocal(result, value);
  return FLOW.next;
}

function runOut(frame: Frame, instruction: External): Flow {
  note(frame, instruction, null);
  return timeOutOf(frame, instruction);
}

/** The step's time is over. */
export function timeOutOf(frame: Frame, { timeout: rule, result }: External): Flow {
  return timeOut(frame, { name: 'TimeoutError', rule, result, boolean: false });
}
