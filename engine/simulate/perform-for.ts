/**
 * What a function or a command did in the name of its task, done again by its log: nobody runs the function.
 */
import type { Kernel } from '../kernel/kernel.ts';
import { processOf } from '../kernel/memory/task-block.ts';
import { YES } from '../kernel/outcome.ts';
import { logRead, writeCell } from '../kernel/primitives/variable.ts';
import { perform } from '../kernel/waiting/perform.ts';
import type { Event, EventOf } from '../log/event.ts';
import { carriesItem, OPERATION, RECORD } from '../log/record.ts';

/** False: what that is, only its function could do. */
export function performFor(k: Kernel, event: Event): boolean {
  k.enter();
  const isDone = doIt(k, event);
  k.leave();
  return isDone;
}

function doIt(k: Kernel, event: Event): boolean {
  const { task, step } = event;
  switch (event.type) {
    case 'printed':
      k.recordTexts(RECORD.printed, task, step, [], [event.text]);
      return true;
    case 'read':
      logRead(k, task, step, event.process, event.variable);
      return true;
    case 'wrote':
      writeCell(k, task, step, processOf(k, task), event.variable, event.cell, k.wordOf(event.value));
      return true;
    case 'operated':
      return operate(k, event);
    default:
      return false;
  }
}

/** It was possible at this place, so it is now, unless it has several parts. */
function operate(k: Kernel, event: EventOf<'operated'>): boolean {
  const { task, step, target, amount } = event;
  const operation = OPERATION[event.operation];
  const carries = carriesItem(operation);
  const a = carries ? k.wordOf(event.value) : event.operation.startsWith('semaphore.') ? amount : 0;
  const outcome = perform(k, { task, step, operation, target, a, b: 0 });
  if (outcome === YES && !carries) k.freeWord(k.result);
  else if (outcome !== YES && carries) k.freeWord(a);
  return outcome === YES;
}
