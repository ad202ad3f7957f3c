/**
 * Operations of the kernel, as an instruction does them: operands first, then attempts until it is done, fails, or its time
 * is over. A task that must wait keeps its operands in its frame; what it computed once is not computed again.
 */

import { ScenarioError } from '../expression/values/scenario-error.ts';
import type { Value } from '../expression/values/value.ts';
import { textFromValue } from '../expression/values/value-text.ts';
import { DONE, STATE, TASK, WAIT } from '../kernel/memory/layout.ts';
import { stateOf } from '../kernel/memory/task-block.ts';
import { readTime, writeTime } from '../kernel/memory/word-time.ts';
import { errorOf, NO, YES } from '../kernel/outcome.ts';
import {
  canWakeUp,
  expire,
  giveUp,
  isTimeRunning,
  perform,
  type Request,
  stopWaiting,
  waitFor,
  wakeUp,
} from '../kernel/waiting/perform.ts';
import { FALSE_WORD, isReference } from '../log/inline-value.ts';
import { int } from '../log/int.ts';
import { OPERATION } from '../log/record.ts';
import type { Instruction } from '../plan/instruction.ts';
import { OPERANDS, type OperationTraits, operations } from '../plan/operation.ts';
import { stateName } from './attribute.ts';
import { type Binder, type BoundExpression, slotOf } from './bound-expression.ts';
import { type Code, FLOW, type Flow } from './code.ts';
import type { Frame } from './frame.ts';
import { timeOut } from './time-out.ts';
import { type BoundDuration, bindDuration, deadlineKept, isOver } from './wait.ts';

type Operate = Extract<Instruction, { readonly op: 'operate' }>;

type Bound = {
  readonly instruction: Operate;
  readonly traits: OperationTraits;
  readonly operation: number;
  readonly first: BoundExpression | undefined;
  readonly second: BoundExpression | undefined;
  /** The first operand as a number, where it is always the same. */
  readonly firstWhole: number | undefined;
  readonly carries: boolean;
  /** Where the item lies that it carries, if that is a local as it stands: its word is taken as it is. */
  readonly itemSlot: number | undefined;
  readonly after: BoundDuration | undefined;
  /** Nothing is to be found out before it: its target is fixed, and there are neither operands nor a timeout. */
  readonly isBare: boolean;
  /** Nothing is left to do after it, where it gives no reference. */
  readonly givesNothing: boolean;
};

/** A deadline that never comes, and fits into memory. */
const FOREVER = 2 ** 59;

type MutableRequest = { -readonly [K in keyof Request]: Request[K] };

export function linkOperate(instruction: Operate, bind: Binder): Code {
  const [first, second] = instruction.operands.map(bind);
  const traits: OperationTraits = operations[instruction.operation];
  const bound: Bound = {
    instruction,
    traits,
    operation: OPERATION[instruction.operation],
    first,
    second,
    firstWhole: constantWhole(instruction),
    carries: traits.carries === true,
    itemSlot: traits.carries === true ? itemSlotOf(instruction) : undefined,
    after: instruction.timeout === undefined ? undefined : bindDuration(instruction.timeout.after, bind),
    isBare: isBare(instruction),
    givesNothing: instruction.result === undefined && !traits.boolean,
  };
  const target = instruction.target.kind === 'fixed' ? instruction.target.id : 0;
  const request: MutableRequest = { task: 0, step: 0, operation: bound.operation, target, a: 0, b: 0 };
  return (frame) => {
    const waiting = int(frame.k.words[frame.at + TASK.waiting]);
    if (waiting === DONE) return takeResult(frame, bound);
    request.task = frame.task;
    request.step = frame.step;
    if (waiting !== 0) return attemptAgain(frame, bound, request);
    if (!bound.isBare) return attemptFirst(frame, bound, request);
    frame.enter();
    return attempt(frame, bound, request, Number.POSITIVE_INFINITY);
  };
}

function constantWhole({ operands: [operand] }: Operate): number | undefined {
  const value = operand?.constant;
  return typeof value === 'bigint' && value === BigInt.asIntN(31, value) ? Number(value) : undefined;
}

function isBare({ target, operands, timeout }: Operate): boolean {
  return target.kind === 'fixed' && operands.length === 0 && timeout === undefined;
}

function itemSlotOf({ operands: [item] }: Operate): number | undefined {
  return item === undefined ? undefined : slotOf(item);
}

function attemptFirst(frame: Frame, bound: Bound, request: MutableRequest): Flow {
  const { k } = frame;
  request.target = targetOf(frame, bound.instruction.target);
  const { first, second, itemSlot } = bound;
  const item = bound.carries && itemSlot === undefined ? first?.evaluate() : undefined;
  request.a =
    first === undefined || bound.carries ? 0 : (bound.firstWhole ?? whole(first.evaluate(), bound.traits));
  request.b = second === undefined ? 0 : whole(second.evaluate(), bound.traits);
  const deadline = freshDeadline(frame, bound);
  frame.enter();
  if (itemSlot !== undefined) request.a = k.copyWord(frame.word(itemSlot));
  else if (item !== undefined) request.a = k.wordOf(item);
  return attempt(frame, bound, request, deadline);
}

/** Operands that are no items are whole numbers; true is 1. Each is another priority, but all amounts below one are alike. */
function whole(value: Value, { atMost, carries }: OperationTraits): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'bigint')
    throw new ScenarioError('TypeError', `${textFromValue(value)} is no whole number`);
  if (value === BigInt.asIntN(31, value)) return Number(value);
  const { least, most } = OPERANDS;
  if (value < 0n && carries !== true) return least;
  if (value > 0n && atMost === true) return most;
  throw new ScenarioError('OverflowError', `${value} is out of bounds: it must be from ${least} to ${most}`);
}

function freshDeadline(frame: Frame, { after, instruction }: Bound): number {
  if (after === undefined) return Number.POSITIVE_INFINITY;
  const deadline = keptDeadline(frame, after, instruction.timeout?.keep);
  const at = int(frame.k.layout.waitAt[frame.task]);
  writeTime(frame.k.words, at + WAIT.deadline, deadline);
  writeTime(frame.k.words, at + WAIT.span, Math.max(0, deadline - frame.k.now));
  return deadline;
}

/** In a loop of waits the first one sets the limit for all of them. */
function keptDeadline(frame: Frame, after: BoundDuration, keep: number | undefined): number {
  const kept = keep === undefined ? null : frame.local(keep);
  // A schedule of free time may have moved the clock past it: where it says that the wait begins in time, it does.
  const isInTime = frame.identity.isLate?.() === false;
  if (typeof kept === 'bigint') return isInTime ? Math.max(Number(kept), frame.k.now + 1) : Number(kept);
  frame.k.refreshClock();
  const deadline = Math.floor(frame.k.now + after(frame));
  if (keep !== undefined) frame.setLocal(keep, BigInt(deadline));
  return deadline;
}

function attemptAgain(frame: Frame, bound: Bound, request: MutableRequest): Flow {
  const { words } = frame.k;
  request.target = int(words[frame.at + TASK.target]);
  request.a = int(words[frame.at + TASK.operandA]);
  request.b = int(words[frame.at + TASK.operandB]);
  const kept = bound.after === undefined ? FOREVER : deadlineKept(frame);
  const deadline = kept < FOREVER ? kept : Number.POSITIVE_INFINITY;
  frame.enter();
  if (words[frame.at + TASK.waiting] === DONE) {
    frame.k.leave();
    return takeResult(frame, bound);
  }
  return attempt(frame, bound, request, deadline);
}

/** In the critical section, which it leaves. */
function attempt(frame: Frame, bound: Bound, request: Request, deadline: number): Flow {
  const { k } = frame;
  const outcome = perform(k, request);
  if (outcome === NO) return refused(frame, bound, request, deadline);
  const result = k.result;
  if (k.words[frame.at + TASK.waiting] !== 0) stopWaiting(k, frame.task);
  if (outcome !== YES) return failed(frame, bound, request, outcome);
  if (isReference(result)) return keepReference(frame, bound, result);
  k.leave();
  return bound.givesNothing ? FLOW.next : store(frame, bound, result);
}

/** A timeout is taken only after a last attempt that said no: this one. */
function refused(frame: Frame, bound: Bound, request: Request, given: number): Flow {
  const { k } = frame;
  frame.identity.freeTime?.exercise.refused(request.operation, request.target);
  const deadline = bound.after === undefined ? given : runningDeadline(frame, request, given);
  if (wakesUp(frame, request, deadline)) return waitOn(frame, bound, request);
  if (isOver(frame, deadline)) {
    if (expire(k, request)) return waitOn(frame, bound, request);
    giveUp(k, request);
    stopWaiting(k, frame.task);
    dropItem(frame, bound, request);
    k.leave();
    const { timeoutError: name, boolean } = bound.traits;
    return timeOut(frame, {
      name,
      rule: bound.instruction.timeout,
      result: bound.instruction.result,
      boolean,
    });
  }
  frame.savePlace();
  waitFor(k, request, deadline);
  k.leave();
  return FLOW.parked;
}

/**
 * Whether a wait that is not over goes on by itself: where scenarios allow for that, in a search and in what it replays, the
 * first of two choices.
 */
function wakesUp(frame: Frame, request: Request, deadline: number): boolean {
  const { k, identity, plan, at } = frame;
  const { freeTime, choose } = identity;
  if (!plan.check.spuriousWakeups || choose === undefined) return false;
  const isLate = freeTime === undefined ? identity.isLate?.() === true : isOver(frame, deadline);
  if (isLate || k.words[at + TASK.waiting] === 0 || !canWakeUp(k, request)) return false;
  if (choose(2) !== 0) return false;
  wakeUp(k, request);
  if (freeTime !== undefined) freeTime.hasWokenUp = true;
  return true;
}

/** While its time does not run a wait has no deadline; from when it does, it has all of its time. */
function runningDeadline({ k, task, identity }: Frame, request: Request, given: number): number {
  if (identity.freeTime !== undefined) return isTimeRunning(k, request) ? given : Number.POSITIVE_INFINITY;
  const at = int(k.layout.waitAt[task]);
  if (!isTimeRunning(k, request)) {
    writeTime(k.words, at + WAIT.deadline, FOREVER);
    return Number.POSITIVE_INFINITY;
  }
  const span = readTime(k.words, at + WAIT.span);
  if (given !== Number.POSITIVE_INFINITY || span >= FOREVER) return given;
  writeTime(k.words, at + WAIT.deadline, k.now + span);
  return k.now + span;
}

/** The time is over, but the operation must still end in good order (a condition takes its lock back first). */
function waitOn(frame: Frame, bound: Bound, request: Request): Flow {
  const at = int(frame.k.layout.waitAt[frame.task]);
  writeTime(frame.k.words, at + WAIT.deadline, FOREVER);
  writeTime(frame.k.words, at + WAIT.span, FOREVER);
  return attempt(frame, bound, request, Number.POSITIVE_INFINITY);
}

function failed(frame: Frame, bound: Bound, request: Request, outcome: number): Flow {
  dropItem(frame, bound, request);
  frame.k.leave();
  const { name, message } = errorOf(outcome);
  throw new ScenarioError(name, message);
}

function dropItem(frame: Frame, bound: Bound, request: Request): void {
  if (bound.carries) frame.k.freeWord(request.a);
}

/** The block goes from the resource's cell to the slot's. */
function keepReference(frame: Frame, bound: Bound, word: number): Flow {
  const { result } = bound.instruction;
  if (result === undefined) frame.k.freeWord(word);
  else frame.k.replace(frame.slots + result, word);
  frame.k.leave();
  return FLOW.next;
}

/** Somebody did it for this task while it waited. */
function takeResult(frame: Frame, bound: Bound): Flow {
  frame.enter();
  const word = int(frame.k.words[frame.at + TASK.operandA]);
  stopWaiting(frame.k, frame.task);
  if (isReference(word)) return keepReference(frame, bound, word);
  frame.k.leave();
  return store(frame, bound, word);
}

function store(frame: Frame, bound: Bound, word: number): Flow {
  const { result, timeout, operation, target } = bound.instruction;
  if (bound.traits.boolean && word === FALSE_WORD) {
    return timeOut(frame, { name: bound.traits.timeoutError, rule: timeout, result, boolean: true });
  }
  if (result === undefined) return FLOW.next;
  if (bound.traits.boolean && timeout !== undefined) frame.setLocal(result, true);
  else if (operation === 'task.join') frame.setLocal(result, endOf(frame, targetOf(frame, target)));
  else if (bound.traits.boolean) frame.setLocal(result, true);
  else frame.setWord(result, word);
  return FLOW.next;
}

function targetOf(frame: Frame, target: Operate['target']): number {
  return target.kind === 'fixed' ? target.id : int(frame.k.words[frame.slots + target.slot]) >> 1;
}

/** What `join` gives: the end of the task, with its result where its program has one. */
function endOf(frame: Frame, task: number): Value {
  const { k, plan } = frame;
  const gives = plan.programs[plan.tasks[task]?.program ?? -1]?.result !== undefined;
  const hasFinished = stateOf(k, task) === STATE.finished;
  const at = int(k.layout.taskAt[task]);
  const error = int(k.words[at + TASK.error]);
  // Whoever joins the first of its own process finds it alive: its steps are over.
  const isLive = stateOf(k, task) === STATE.live;
  return {
    state: isLive ? (error === 0 ? 'finished' : 'failed') : stateName(k, task),
    exitCode: isLive && error !== 0 ? 1n : BigInt(int(k.words[at + TASK.exitCode])),
    error: error === 0 ? null : k.value(error),
    ...(gives ? { result: hasFinished ? k.value(int(k.words[at + TASK.result])) : null } : {}),
  };
}
