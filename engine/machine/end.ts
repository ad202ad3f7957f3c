/**
 * The end of a task: of a thread at once, of a process by the stages of its end.
 */

import { ScenarioError } from '../expression/values/scenario-error.ts';
import { textFromValue } from '../expression/values/value-text.ts';
import { type End, endTask } from '../kernel/end.ts';
import { TASK } from '../kernel/memory/layout.ts';
import { isFirst } from '../kernel/memory/task-block.ts';
import { isProcessWorker, leaveProcess, loseProcess } from '../kernel/primitives/lost-worker.ts';
import { endProcess, tryEndProcess } from '../kernel/primitives/process.ts';
import { ALL, park, wake, wakeAwaiting } from '../kernel/waiting/channel.ts';
import { NULL_WORD } from '../log/inline-value.ts';
import { int } from '../log/int.ts';
import { OPERATION, RECORD } from '../log/record.ts';
import type { Instruction } from '../plan/instruction.ts';
import type { Binder } from './bound-expression.ts';
import { type Code, FLOW, type Flow } from './code.ts';
import type { Frame } from './frame.ts';

const finished: End = { state: 'finished', cause: null, error: null, exitCode: 0 };

export function linkEnd(): Code {
  return (frame) => (isFirst(frame.k, frame.task) ? endFirst(frame) : endThread(frame));
}

function endThread(frame: Frame): Flow {
  frame.enter();
  keepResult(frame);
  endTask(frame.k, frame.task, -1, frame.task, finished);
  frame.k.leave();
  return FLOW.ended;
}

/** From its slot, which is cleared with the frame, to where it stays. */
function keepResult({ k, plan, task, at, slots }: Frame): void {
  const result = plan.programs[plan.tasks[task]?.program ?? -1]?.result;
  if (result === undefined) return;
  k.replace(at + TASK.result, int(k.words[slots + result]));
  k.words[slots + result] = NULL_WORD;
}

function endFirst(frame: Frame): Flow {
  const { k, task } = frame;
  frame.enter();
  if (!tryEndProcess(k, task, -1)) return waitForOthers(frame);
  endProcess(k, task, -1, finished);
  k.leave();
  return FLOW.ended;
}

function waitForOthers(frame: Frame): Flow {
  const { k, task } = frame;
  const again = k.words[frame.at + TASK.waiting] !== 0;
  if (!again) k.record(RECORD.waiting, task, -1, 4, OPERATION.end, frame.process, 0, 0);
  k.words[frame.at + TASK.waiting] = OPERATION.end + 1;
  if (!again) {
    wake(k, k.layout.taskChannel + task, ALL);
    wakeAwaiting(k);
  }
  frame.savePlace();
  park(k, task, k.layout.processChannel + frame.process, Number.POSITIVE_INFINITY, again);
  k.leave();
  return FLOW.parked;
}

/** Ends the task's process at once, as `os._exit`: nothing is joined. */
export function linkExit({ code }: Extract<Instruction, { readonly op: 'exit' }>, bind: Binder): Code {
  const bound = bind(code);
  return (frame) => {
    const value = bound.evaluate();
    if (typeof value !== 'bigint')
      throw new ScenarioError('TypeError', `an exit code is a whole number, not ${textFromValue(value)}`);
    const exitCode = Number(BigInt.asUintN(8, value));
    const error = exitCode === 0 ? null : { name: 'SystemExit', message: String(exitCode) };
    const first = firstOf(frame);
    frame.enter();
    if (isProcessWorker(frame.k, first)) return exitWorker(frame, first, exitCode);
    endProcess(
      frame.k,
      first,
      frame.step,
      { state: error === null ? 'finished' : 'failed', cause: 'exit', error, exitCode },
      'exit',
    );
    frame.k.leave();
    return FLOW.ended;
  };
}

/** The work is lost, as the pool's process is; the worker goes on in another one. */
function exitWorker({ k, task, step, identity }: Frame, worker: number, exitCode: number): Flow {
  const others: End = { state: 'terminated', cause: 'exit', error: null, exitCode };
  loseProcess(k, worker, { by: task, step }, `its process ended with code ${exitCode}`, others);
  if (!identity.isVirtual) leaveProcess(k, worker);
  k.leave();
  return FLOW.ended;
}

function firstOf(frame: Frame): number {
  return frame.plan.tasks.findIndex((task) => task.process === frame.process);
}
