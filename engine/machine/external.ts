/**
 * What is done outside of the kernel (commands, files, user code): asked for, waited for, answered with a value or an error.
 * Where there is no real time, a step's `model` stands for it: it takes that long and gives that result.
 */
import { park } from '../kernel/channel.ts';
import { ASKING, DONE, SLEEPING, TASK } from '../kernel/layout.ts';
import { stopWaiting } from '../kernel/perform.ts';
import { ask, stopAsking } from '../kernel/service.ts';
import { RECORD, services } from '../log/record.ts';
import { commandFailure } from '../plan/command-failure.ts';
import type { Instruction } from '../plan/instruction.ts';
import { ScenarioError } from '../plan/scenario-error.ts';
import type { Value, ValueMap } from '../plan/value.ts';
import type { Binder, BoundExpression } from './bound-expression.ts';
import { type Code, FLOW, type Flow } from './code.ts';
import type { Frame } from './frame.ts';
import { timeOut } from './time-out.ts';
import { type BoundDuration, bindDuration } from './wait.ts';

/** In the task's second operand while it pretends: the step's time is over before the model's. */
const TOO_LATE = 1;

type External = Extract<Instruction, { readonly op: 'external' }>;

type Bound = {
  readonly instruction: External;
  readonly request: BoundExpression;
  readonly after: BoundDuration | undefined;
  readonly takes: BoundDuration | undefined;
  readonly modelled: BoundExpression | undefined;
};

export function linkExternal(instruction: External, bind: Binder): Code {
  const { request, timeout, model } = instruction;
  const bound: Bound = {
    instruction,
    request: bind(request),
    after: timeout === undefined ? undefined : bindDuration(timeout.after, bind),
    takes: model === undefined ? undefined : bindDuration(model.takes, bind),
    modelled: model === undefined ? undefined : bind(model.result),
  };
  return (frame) => {
    switch (frame.k.words[frame.at + TASK.waiting]) {
      case 0:
        return frame.identity.isVirtual && bound.takes !== undefined
          ? pretend(frame, bound, bound.takes)
          : askFor(frame, bound);
      case DONE:
        return takeAnswer(frame, bound);
      case SLEEPING:
        return stopPretending(frame, bound);
      default:
        return giveUp(frame, bound);
    }
  };
}

function numberOf({ service }: External): number {
  return services.indexOf(service);
}

function askFor(frame: Frame, bound: Bound): Flow {
  const { k, task, step } = frame;
  const request = bound.request.evaluate();
  const deadline = bound.after === undefined ? Number.POSITIVE_INFINITY : deadlineOf(frame, bound.after);
  frame.enter();
  frame.savePlace();
  ask(k, task, step, numberOf(bound.instruction), k.wordOf(request), deadline);
  k.leave();
  if (bound.instruction.service === 'call') frame.identity.call?.(task);
  return FLOW.parked;
}

function deadlineOf(frame: Frame, after: BoundDuration): number {
  frame.k.refreshClock();
  return frame.k.now + after(frame);
}

/** The answer is `{value}` or `{error: {name, message}}`. */
function takeAnswer(frame: Frame, bound: Bound): Flow {
  const { k } = frame;
  frame.enter();
  const word = k.words[frame.at + TASK.operandA] as number;
  const answer = k.value(word) as ValueMap;
  k.freeWord(word);
  stopWaiting(k, frame.task);
  const error = answer['error'] as ValueMap | undefined;
  recordAnswer(frame, bound, error === undefined);
  k.leave();
  if (error !== undefined) throw new ScenarioError(String(error['name']), String(error['message']));
  return keep(frame, bound, answer['value'] ?? null);
}

function recordAnswer(frame: Frame, { instruction }: Bound, ok: boolean): void {
  frame.k.record(RECORD.answered, frame.task, frame.step, 2, numberOf(instruction), ok ? 1 : 0);
}

function keep(frame: Frame, { instruction }: Bound, value: Value): Flow {
  if (instruction.result !== undefined) frame.setLocal(instruction.result, value);
  return FLOW.next;
}

/** Woken without an answer: the time is over. */
function giveUp(frame: Frame, bound: Bound): Flow {
  const { k, task } = frame;
  frame.enter();
  // The answer may have come between the wake and now.
  if (k.words[frame.at + TASK.waiting] !== ASKING) {
    k.leave();
    return takeAnswer(frame, bound);
  }
  stopAsking(k, task);
  stopWaiting(k, task);
  recordAnswer(frame, bound, false);
  k.leave();
  return timeOutOf(frame, bound);
}

function timeOutOf(frame: Frame, { instruction: { timeout: rule, result } }: Bound): Flow {
  return timeOut(frame, { name: 'TimeoutError', rule, result, boolean: false });
}

/** Sleeps as long as the model says, or for the step's timeout where that is shorter. */
function pretend(frame: Frame, bound: Bound, takes: BoundDuration): Flow {
  const { k, task } = frame;
  k.refreshClock();
  const whole = takes(frame);
  const most = bound.after === undefined ? Number.POSITIVE_INFINITY : bound.after(frame);
  const until = k.now + Math.min(whole, most);
  frame.enter();
  k.recordTime(RECORD.sleeping, task, frame.step, until);
  k.words[frame.at + TASK.waiting] = SLEEPING;
  k.words[frame.at + TASK.operandB] = whole > most ? TOO_LATE : 0;
  frame.savePlace();
  park(k, task, -1, until, false);
  k.leave();
  return FLOW.parked;
}

function stopPretending(frame: Frame, bound: Bound): Flow {
  const { k, task } = frame;
  frame.enter();
  const isLate = k.words[frame.at + TASK.operandB] === TOO_LATE;
  stopWaiting(k, task);
  k.record(RECORD.woke, task, frame.step, 0);
  k.leave();
  if (isLate) return timeOutOf(frame, bound);
  const result = bound.modelled?.evaluate() ?? null;
  const failure = modelledFailure(bound, result);
  if (failure !== undefined) throw failure;
  return keep(frame, bound, result);
}

/** A model's exit code fails the step as that of the command would; what it gives is the end of the last attempt. */
function modelledFailure({ instruction, request }: Bound, result: Value): ScenarioError | undefined {
  if (instruction.service !== 'run') return undefined;
  const code = (result as ValueMap | null)?.['code'];
  return typeof code === 'bigint' ? commandFailure(request.evaluate() as ValueMap, Number(code)) : undefined;
}
