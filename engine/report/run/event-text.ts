/**
 * Events in words, a line each: what tasks print, tagged with the task, and as much of the rest as is asked for.
 */

import { errorText } from '../../expression/values/scenario-error.ts';
import type { EndState, Event, EventOf, TaskError } from '../../log/event.ts';
import { isShown } from '../../plan/is-shown.ts';
import type { Plan } from '../../plan/plan.ts';
import { harmless, harmlessLines } from '../../source/harmless.ts';
import { durationText } from '../../verdict/duration-text.ts';
import { createEndCauses } from '../../verdict/model/end-causes.ts';
import { createErrorOrigins } from '../../verdict/model/error-origins.ts';
import { quoted } from '../../verdict/show.ts';
import { askedWords } from '../../verdict/waits/doing.ts';
import type { Palette } from '../text/palette.ts';
import type { Places } from '../text/places.ts';
import { answeredText, didText, endWords, waitingText, wroteText } from '../text/wording.ts';

/** Output and failures · every task's end as well · starts, waits, operations and writes as well, each with its time. */
export type Detail = 'output' | 'ends' | 'everything';

export type EventTextOptions = {
  readonly plan: Plan;
  readonly palette: Palette;
  readonly places: Places;
  readonly detail: Detail;
};

/** Turns events, in their order, into whole lines; empty for one that is not shown. */
export type EventText = (event: Event) => string;

export function createEventText({ plan, palette, places, detail }: EventTextOptions): EventText {
  /** By task: when it was started, and what it did not catch and where, which its end does not name. */
  const startedUs = new Map<number, number>();
  const failures = new Map<number, { readonly step: number; readonly text: string }>();
  const everything = detail === 'everything';

  const taskName = (task: number) => palette.task(task, plan.tasks[task]?.name ?? 'concur');
  const place = (step: number | undefined) => {
    const text = places.text(step === undefined ? undefined : plan.steps[step]?.span);
    return text === '' ? '' : ` (${text})`;
  };
  const origins = createErrorOrigins(plan);
  const causes = createEndCauses(plan, (step) => places.text(plan.steps[step]?.span));
  const told = (task: number, text: string) => `${taskName(task)} ${text}\n`;

  const printed = ({ task, text }: EventOf<'printed'>) => {
    const tag = `${taskName(task)} | `;
    return harmlessLines(text)
      .map((line) => `${tag}${line}\n`)
      .join('');
  };

  const ended = (event: EventOf<'ended'>) => {
    const { target, state, error, cause, at } = event;
    if (!isEndShown(plan, detail, event)) return '';
    const started = startedUs.get(target);
    const after = started === undefined ? '' : ` after ${durationText(at - started)}`;
    const why = error === null ? '' : `: ${harmless(reasonText(state, error))}`;
    const caused = harmless(causes.textOf({ cause, by: event.task, step: event.step }));
    const by = caused === '' ? '' : ` (${caused})`;
    const where = state === 'failed' ? place(failures.get(target)?.step) : '';
    const words = `${endWords[state]}${after}${by}${why}`;
    return told(target, `${state === 'failed' ? palette.bad(words) : words}${where}`);
  };

  /** Where nobody wrote who starts it, it is its own doing. */
  const startedText = ({ task, target }: EventOf<'started'>) => {
    if (!isShown(plan, target) || target === task) return '';
    if (!isShown(plan, task)) return told(target, 'started');
    return told(task, `started ${quoted(harmless(plan.tasks[target]?.name ?? ''))}`);
  };

  const raised = (event: EventOf<'raised'>) => {
    const { task, error, caught } = event;
    const origin = origins(event);
    if (!caught) failures.set(task, { step: origin, text: harmless(errorText(error)) });
    const how = caught ? 'caught' : 'raised';
    return everything ? told(task, `${how} ${harmless(errorText(error))}${place(origin)}`) : '';
  };

  const stopped = ({ reason }: EventOf<'stopped'>) => {
    const text = harmless(`stopped: ${causes.stopText(reason)}`);
    const isExpected = reason === 'deadlock' && plan.expect.deadlock !== 'never';
    return `${isExpected ? text : palette.bad(text)}\n`;
  };

  /** A program whose main code has failed may wait long for its end: the error is told now. */
  const waiting = (event: EventOf<'waiting'>) => {
    const failure = event.operation === 'end' ? failures.get(event.task) : undefined;
    if (failure !== undefined) {
      const words = palette.bad(`failed: ${failure.text}`);
      return told(event.task, `${words}${place(failure.step)}, ${waitingText(plan, event)}`);
    }
    return everything ? told(event.task, `${waitingText(plan, event)}${place(event.step)}`) : '';
  };

  const textOf = (event: Event): string => {
    causes.handle(event);
    const text = wordsOf(event);
    return isHelpers(plan, event) ? '' : text;
  };

  const wordsOf = (event: Event): string => {
    switch (event.type) {
      case 'printed':
        return printed(event);
      case 'ended':
        return ended(event);
      case 'raised':
        return raised(event);
      case 'stopped':
        return stopped(event);
      case 'started':
        startedUs.set(event.target, event.at);
        return everything ? startedText(event) : '';
      case 'waiting':
        return waiting(event);
      case 'timedOut':
        return everything ? told(event.task, `no longer ${waitingText(plan, event)}: timeout`) : '';
      case 'spurious':
        return everything ? told(event.task, 'wakes up without a notify') : '';
      case 'operated':
        return everything && event.operation !== 'task.start'
          ? told(event.task, didText(plan, event.operation, event.target))
          : '';
      case 'asked':
        return everything ? told(event.task, `${askedWords[event.service]}${place(event.step)}`) : '';
      case 'answered':
        return everything ? told(event.task, answeredText(event)) : '';
      case 'sleeping':
        return everything ? told(event.task, `sleeps ${durationText(event.untilUs - event.at)}`) : '';
      case 'stopping': {
        const { target, cause, task: by, step, untilUs, at } = event;
        const caused = harmless(causes.textOf({ cause, by, step }));
        const own = step < 0 ? 'it has failed' : 'the time of its step is over';
        const why = caused === '' ? own : caused;
        return everything ? told(target, `is stopping (${why}), within ${durationText(untilUs - at)}`) : '';
      }
      case 'wrote':
        return everything ? told(event.task, wroteText(plan, event)) : '';
      case 'refused':
      case 'began':
      case 'woke':
      case 'read':
      case 'passed':
      case 'entered':
      case 'left':
        return '';
      default:
        return event satisfies never;
    }
  };
  return everything ? (event) => stamped(textOf(event), event.at) : textOf;
}

/** `   1.204  visitor[3] took stall` */
function stamped(lines: string, atUs: number): string {
  const stamp = (atUs / 1e6).toFixed(3).padStart(8);
  return lines.replace(/^(?=.)/gm, `${stamp}  `);
}

/** What a task does that nobody wrote, but for the starts of others and its failure. */
function isHelpers(plan: Plan, event: Event): boolean {
  if (event.phase === 'teardown' || event.type === 'started' || event.type === 'stopped') return false;
  if (event.type !== 'ended') return event.task >= 0 && !isShown(plan, event.task);
  return event.state !== 'failed' && !isShown(plan, event.target);
}

/** What nobody wrote is not shown; that main is finished goes without saying: the verdict follows. */
function isEndShown(plan: Plan, detail: Detail, { target, state }: EventOf<'ended'>): boolean {
  if (state === 'failed') return true;
  if (!isShown(plan, target)) return false;
  return detail === 'everything' || (detail === 'ends' && !(target === 0 && state === 'finished'));
}

/** Why a task was skipped is a sentence of its own, where there is one. */
function reasonText(state: EndState, error: TaskError): string {
  return state === 'skipped' && error.message !== '' ? error.message : errorText(error);
}
