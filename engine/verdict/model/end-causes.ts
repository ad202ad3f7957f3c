/**
 * What ended the tasks that did not end by themselves, in words: whose failure, which limit, who said so.
 *
 * The log says of each end only of which kind its cause is. What stopped the run, and whose failure that was, comes from
 * the events before it.
 */
import type { Event, StopReason, TerminationCause } from '../../log/event.ts';
import type { Fold } from '../../log/fold.ts';
import type { Plan } from '../../plan/plan.ts';
import { durationText } from '../duration-text.ts';
import { quoted } from '../show.ts';

/** The part of an end that says why: who ended it, and at which step. */
export type CausedEnd = {
  readonly cause: TerminationCause | null;
  readonly by: number;
  readonly step: number;
};

export type EndCauses = Fold & {
  /** `` by `boss`, line 7 ``, `` failFast: `lint` failed ``, `its timeout of 5s`; empty for a task that ended by itself. */
  textOf(end: CausedEnd): string;
  /** Why the run was stopped, as the end of a sentence. */
  stopText(reason: StopReason): string;
};

/** @param placeOf the place of a step, such as `line 7`; empty where it has none */
export function createEndCauses(plan: Plan, placeOf: (step: number) => string): EndCauses {
  let stopped: StopReason | null = null;
  let failed = '';

  return {
    handle(event) {
      if (event.type === 'stopped') stopped ??= event.reason;
      else if (failed === '' && isFailure(event)) failed = nameOf(event.type === 'ended' ? event.target : 0);
    },
    textOf(end) {
      if (end.cause === null) return '';
      return stopped === null ? causeText(end.cause, end) : stopCauses[stopped](plan, failed);
    },
    stopText: (reason) => stopTexts[reason](plan, failed),
  };

  function nameOf(task: number): string {
    return plan.tasks[task]?.name ?? '';
  }

  function causeText(cause: TerminationCause, { by, step }: CausedEnd): string {
    const place = placeOf(step);
    const name = nameOf(by);
    const who = [name === '' ? '' : quoted(name), place].filter((part) => part !== '').join(', ');
    switch (cause) {
      case 'terminate':
        return who === '' ? 'by `terminate`' : `by ${who}`;
      case 'kill':
        return who === '' ? 'by `kill`' : `killed by ${who}`;
      case 'exit':
        // The log names the program's first task, whoever of them was at that step.
        return `its program was ended by \`exit\`${place === '' ? '' : `, ${place}`}`;
      case 'timeout': {
        const text = plan.steps[step]?.text ?? '';
        return text.startsWith('timeout ') ? `its timeout of ${text.slice('timeout '.length)}` : 'timeout';
      }
      case 'daemon':
        return 'a daemon ends with its program';
      case 'interrupt':
        return interrupted;
      case 'deadlock':
        return 'deadlock';
    }
  }
}

type Words = (plan: Plan, failed: string) => string;

const interrupted = 'Ctrl-C, or another signal';

const stopCauses = {
  timeout: () => 'the run timed out',
  interrupt: () => interrupted,
  deadlock: () => 'deadlock',
  failFast: (_plan, failed) => (failed === '' ? 'failFast' : `failFast: ${quoted(failed)} failed`),
  inconclusive: () => 'the run was broken off',
} as const satisfies Record<StopReason, Words>;

const stopTexts = {
  timeout: (plan) => `the run took longer than its timeout of ${durationText(plan.timeoutUs)}`,
  interrupt: () => interrupted,
  deadlock: ({ expect }) =>
    `deadlock${expect.deadlock === 'certain' ? ', as expected' : ''}: no task can go on`,
  failFast: (_plan, failed) => `${failed === '' ? 'a task' : quoted(failed)} failed, and failFast is set`,
  inconclusive: () => 'the run could not go on; why, is said at the end',
} as const satisfies Record<StopReason, Words>;

/** The end of a failed task; the error of main, whose end may come later. */
function isFailure(event: Event): boolean {
  if (event.type === 'ended') return event.state === 'failed';
  return event.type === 'raised' && event.task === 0 && !event.caught;
}
