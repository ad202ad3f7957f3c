/**
 * Where there is no real time, a step's `model` stands for what it would do outside of the kernel: it takes that long, and
 * then gives that result. What a command's model says that it writes is printed, or goes into the queue that its lines go to,
 * at the end of its time, line by line.
 *
 *     ──▶ asleep ──▶ lines: put, wait for room, put … ──▶ its result, or its failure
 */

import { ScenarioError } from '../expression/values/scenario-error.ts';
import type { Value, ValueMap } from '../expression/values/value.ts';
import { textFromValue } from '../expression/values/value-text.ts';
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
import type { Instruction } from '../plan/instruction.ts';
import type { Binder, BoundExpression } from './bound-expression.ts';
import { FLOW, type Flow } from './code.ts';
import type { Frame } from './frame.ts';
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

/** What the scratch slot holds once the lines are on their way: the result, where in it the next line begins, when the step's time is over. */
type Feeding = { readonly result: Value; readonly next: bigint; readonly until: bigint };

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
    return waits ? putAgain(frame, instruction, feeding) : goOn(frame, pretence, instruction, feeding);
  };
}

/** Sleeps as long as the model says, or for the step's timeout where that is shorter. */
function begin(frame: Frame, pretence: Pretence): Flow {
  const { after, takes, instruction } = pretence;
  const { k, task } = frame;
  const { freeTime } = frame.identity;
  if (freeTime !== undefined)
    return after !== undefined && freeTime.isLate
      ? timeOutOf(frame, instruction)
      : give(frame, pretence, NEVER);
  k.refreshClock();
  const whole = takes(frame);
  const most = after === undefined ? Number.POSITIVE_INFINITY : after(frame);
  if (feeds(instruction))
    frame.setLocal(instruction.scratch, after === undefined ? NEVER : micros(k.now + most));
  const tooLate = after !== undefined && (frame.identity.isLate?.() ?? whole > most);
  const until = k.now + (tooLate ? most : whole);
  const stopsUs = stopsOf(frame, pretence);
  frame.enter();
  setGrace(k, task, stopsUs);
  sleep(frame, until, (tooLate ? MODEL.tooLate : 0) | (stopsUs > 0 ? MODEL.stops : 0));
  k.leave();
  return FLOW.parked;
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
  if (isLate) return timeOutOf(frame, instruction);
  return give(frame, pretence, feeds(instruction) ? (frame.local(instruction.scratch) as bigint) : NEVER);
}

/** What the model says comes of it. @param until when the step's time is over, for lines that wait for room */
function give(frame: Frame, pretence: Pretence, until: bigint): Flow {
  const { instruction, modelled } = pretence;
  const given = modelled.evaluate();
  if (instruction.service !== 'run') return keep(frame, instruction, given);
  const result = completeResult(given);
  printLines(frame, writtenTo(result, 'stderr'));
  if (feeds(instruction)) {
    return goOn(frame, pretence, instruction, { result, next: 0n, until });
  }
  printLines(frame, writtenTo(result, 'stdout'));
  return finish(frame, pretence, result);
}

/** As of a real command: without line breaks, and what stands behind the last one too. */
function* linesOf(text: string): Iterable<string> {
  for (let at = 0; at < text.length; at = lineEnd(text, at) + 1) yield lineAt(text, at);
}

function lineAt(text: string, at: number): string {
  const line = text.slice(at, lineEnd(text, at));
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

function writtenTo(result: Value, stream: 'stdout' | 'stderr'): string {
  return textFromValue((result as ValueMap | null)?.[stream] ?? '');
}

function printLines(frame: Frame, text: string): void {
  for (const line of linesOf(text)) {
    frame.enter();
    frame.k.recordTexts(RECORD.printed, frame.task, frame.step, [], [line]);
    frame.k.leave();
  }
}

type Feeder = External & Required<Pick<External, 'feeds' | 'scratch'>>;

function feeds(instruction: External): instruction is Feeder {
  return instruction.feeds !== undefined && instruction.scratch !== undefined;
}

function feedingOf(frame: Frame, { scratch }: Feeder): Feeding | undefined {
  const kept = frame.local(scratch);
  return typeof kept === 'object' && kept !== null ? (kept as Feeding) : undefined;
}

/** The next line, or the end of the step: a moment each. */
function goOn(frame: Frame, pretence: Pretence, instruction: Feeder, feeding: Feeding): Flow {
  const { k, task, step } = frame;
  const text = writtenTo(feeding.result, 'stdout');
  const next = Number(feeding.next);
  if (next >= text.length) {
    frame.setLocal(instruction.scratch, null);
    return finish(frame, pretence, feeding.result);
  }
  frame.setLocal(instruction.scratch, { ...feeding, next: BigInt(lineEnd(text, next) + 1) });
  const target = queueOf(frame, instruction);
  frame.enter();
  return put(frame, instruction, feeding, {
    ...{ task, step, operation: OPERATION['queue.put'], target },
    ...{ a: k.wordOf(lineAt(text, next)), b: 0 },
  });
}

function queueOf({ k, slots }: Frame, { feeds: target }: Feeder): number {
  return target.kind === 'fixed' ? target.id : int(k.words[slots + target.slot]) >> 1;
}

/** It waited for room. */
function putAgain(frame: Frame, instruction: Feeder, feeding: Feeding): Flow {
  const { k, task, at } = frame;
  frame.enter();
  if (k.words[at + TASK.waiting] !== DONE) return put(frame, instruction, feeding, waitingRequest(k, task));
  stopWaiting(k, task);
  k.leave();
  return FLOW.jumped;
}

/**
 * In the critical section, which it leaves. A timeout is taken only after a last attempt that said no; after one that said
 * yes it is the same instruction again, once whoever else has something to do has done it.
 */
function put(frame: Frame, instruction: Feeder, feeding: Feeding, request: Request): Flow {
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
  frame.setLocal(instruction.scratch, null);
  if (outcome === NO) return timeOutOf(frame, instruction);
  const { name, message } = errorOf(outcome);
  throw new ScenarioError(name, message);
}

/** A model's exit code fails the step as that of the command would; what it gives is the end of the last attempt. */
function finish(frame: Frame, { instruction, request }: Pretence, result: Value): Flow {
  const code = (result as ValueMap | null)?.['code'];
  const failure =
    typeof code === 'bigint' ? commandFailure(request.evaluate() as ValueMap, Number(code)) : undefined;
  if (failure !== undefined) throw failure;
  return keep(frame, instruction, result);
}

/** The step's result is there. */
export function keep(frame: Frame, { result }: External, value: Value): Flow {
  if (result !== undefined) frame.setLocal(result, value);
  return FLOW.next;
}

/** The step's time is over. */
export function timeOutOf(frame: Frame, { timeout: rule, result }: External): Flow {
  return timeOut(frame, { name: 'TimeoutError', rule, result, boolean: false });
}
