/**
 * What is done outside of the kernel (commands, files, user code): asked for, waited for, answered with a value or an error.
 * Where there is no real time, a step's `model` stands for it.
 */

import { ScenarioError } from '../expression/values/scenario-error.ts';
import type { ValueMap } from '../expression/values/value.ts';
import { ASKING, DONE, TASK } from '../kernel/memory/layout.ts';
import { ask, isLate, stopAsking, stopLate } from '../kernel/runtime/service.ts';
import { stopWaiting } from '../kernel/waiting/perform.ts';
import { encode } from '../log/codec.ts';
import { NULL_WORD } from '../log/inline-value.ts';
import { int } from '../log/int.ts';
import { takesTimeToStop } from '../log/record.ts';
import { services } from '../plan/instruction.ts';
import type { Binder, BoundExpression } from './bound-expression.ts';
import { type Code, FLOW, type Flow } from './code.ts';
import type { Frame } from './frame.ts';
import { type External, keep, linkPretence, STOP_GRACE_US, timeOutOf } from './pretend.ts';
import { type BoundDuration, bindDuration } from './wait.ts';

type Bound = {
  readonly instruction: External;
  readonly request: BoundExpression;
  readonly after: BoundDuration | undefined;
  readonly grace: BoundDuration | undefined;
};

export function linkExternal(instruction: External, bind: Binder): Code {
  const { request, timeout, grace } = instruction;
  const bound: Bound = {
    instruction,
    request: bind(request),
    // A probe keeps its own time, and says what it saw last.
    after:
      timeout === undefined || instruction.service === 'probe'
        ? undefined
        : bindDuration(timeout.after, bind),
    grace: grace === undefined ? undefined : bindDuration(grace, bind),
  };
  const pretend = linkPretence(instruction, bind);
  return (frame) => {
    if (frame.identity.isVirtual && pretend !== undefined) return pretend(frame);
    switch (frame.k.words[frame.at + TASK.waiting]) {
      case 0:
        return askFor(frame, bound);
      case DONE:
        return takeAnswer(frame, bound);
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
  const grace = bound.grace?.(frame) ?? STOP_GRACE_US;
  frame.enter();
  frame.savePlace();
  ask(k, task, step, numberOf(bound.instruction), k.wordOfText(encode(request)), deadline, grace);
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
  const word = int(k.words[frame.at + TASK.operandA]);
  const answer = k.value(word) as ValueMap;
  const error = answer['error'] as ValueMap | undefined;
  const late = isLate(k, frame.task);
  recordAnswer(frame, bound, error === undefined && !late, late ? NULL_WORD : word);
  k.freeWord(word);
  stopWaiting(k, frame.task);
  k.leave();
  if (late) return timeOutOf(frame, bound.instruction);
  if (error !== undefined) throw new ScenarioError(String(error['name']), String(error['message']));
  return keep(frame, bound.instruction, answer['value'] ?? null);
}

/** A real run is played again by what was answered; elsewhere that comes about again by itself. */
function recordAnswer({ k, task, step }: Frame, { instruction }: Bound, ok: boolean, word: number): void {
  const answer = k.host.isReal === true ? k.loggable(word) : NULL_WORD;
  k.recordAnswered(task, step, numberOf(instruction), ok, answer);
}

/** Woken without an answer: the time is over. What takes time to be gone is told to stop, and answers after that. */
function giveUp(frame: Frame, bound: Bound): Flow {
  const { k, task } = frame;
  frame.enter();
  // The answer may have come between the wake and now.
  if (k.words[frame.at + TASK.waiting] !== ASKING) {
    k.leave();
    return takeAnswer(frame, bound);
  }
  // A function that has begun is not asked for any more; one that has not, never begins.
  const isLeft = k.host.isReal === true && bound.instruction.service !== 'call';
  if (isLeft && takesTimeToStop(int(k.words[frame.at + TASK.target]))) {
    stopLate(k, task, frame.step);
    k.leave();
    return FLOW.parked;
  }
  stopAsking(k, task);
  stopWaiting(k, task);
  recordAnswer(frame, bound, false, NULL_WORD);
  k.leave();
  return timeOutOf(frame, bound.instruction);
}
