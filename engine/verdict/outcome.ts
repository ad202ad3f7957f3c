/**
 * The outcome of a run and the sentence that says it: what decides, or what is covered.
 */
import type { RunEnd } from '../log/event.ts';
import type { Plan } from '../plan/plan.ts';
import { durationText } from './duration-text.ts';
import { expectationTitle } from './expectation-title.ts';
import { deadlockText } from './expectations/deadlock-judgement.ts';
import { LOST_LINES } from './expectations/judgement.ts';
import { failuresText, failureText } from './failure-text.ts';
import type { ModelViolation } from './model/model.ts';
import { type LineOf, lineText, quoted } from './show.ts';
import type { DeadlockReport, Judgement, Outcome } from './verdict.ts';

/** What made the run say nothing, and at whose step: `` … (`main`, line 8) ``. */
export function placedCause(
  plan: Plan,
  { cause, place }: Pick<RunEnd, 'cause' | 'place'>,
  lineOf: LineOf | undefined,
): string | null {
  const task = plan.tasks[place?.task ?? -1];
  if (cause === null || place === undefined || task === undefined) return cause;
  const line = lineText(plan, place.step, lineOf);
  return `${cause} (${quoted(task.name)}${line === '' ? '' : `, ${line}`})`;
}

type Decision = { readonly outcome: Outcome; readonly summary: string };

export type Findings = {
  readonly judgements: readonly Judgement[];
  readonly deadlock: DeadlockReport | null;
  readonly partialDeadlock: DeadlockReport | null;
  readonly violation: ModelViolation | null;
  /** The programs whose main code failed, by the names of their tasks. */
  readonly failedPrograms: readonly string[];
  /** What the live tasks did when the run was stopped. */
  readonly standing: string;
};

/** Failed before inconclusive before passed; but a log that cannot be true proves nothing at all. */
export function decide(plan: Plan, end: RunEnd, findings: Findings): Decision {
  const { judgements, violation } = findings;
  if (violation !== null) {
    return {
      outcome: 'inconclusive',
      summary: `bug in concur: at event ${violation.seq}, ${violation.text}`,
    };
  }
  const wrong = judgements.filter((judgement) => judgement.result === 'failed');
  const first = wrong.find((judgement) => isOfProgram(judgement, findings.failedPrograms));
  if (end.stopped === 'timeout' && end.cause === null) {
    const text = timeoutText(plan, findings);
    return { outcome: 'failed', summary: first === undefined ? text : `${failureText(first)}; then ${text}` };
  }
  if (wrong.length > 0) return { outcome: 'failed', summary: firstFailureText(wrong, first) };
  if (end.cause !== null || end.stopped === 'inconclusive') {
    return { outcome: 'inconclusive', summary: end.cause ?? 'the run could not be carried out' };
  }
  if (end.stopped === 'interrupt') return { outcome: 'inconclusive', summary: 'interrupted' };
  const open = judgements.find(({ reason }) => reason === LOST_LINES);
  if (open !== undefined)
    return { outcome: 'inconclusive', summary: `${expectationTitle(open)}: ${LOST_LINES}` };
  return { outcome: 'passed', summary: passedText(judgements) };
}

function timeoutText(plan: Plan, { deadlock, partialDeadlock, standing }: Findings): string {
  const text = `timed out after ${durationText(plan.timeoutUs)}`;
  const report = deadlock ?? partialDeadlock;
  if (report !== null) return `${text}: ${deadlockText(report)}`;
  return standing === '' ? text : `${text}: ${standing}`;
}

/** Whether it is the judgement on a program's end that was not to fail, and did by its main code. */
function isOfProgram({ name, evidence }: Judgement, programs: readonly string[]): boolean {
  if (name !== 'tasks' && !name.startsWith('tasks ')) return false;
  return evidence.some(({ task }) => task !== undefined && programs.includes(task));
}

/**
 * What most likely brought about the rest is told first: an error of a program's main code, whose consequence a deadlock may
 * be, then a deadlock, then a task that did not end as it should.
 */
function firstFailureText(wrong: readonly Judgement[], failedProgram: Judgement | undefined): string {
  const named = (name: string) => wrong.find((judgement) => judgement.name === name);
  const first = failedProgram ?? named('deadlock') ?? named('tasks') ?? wrong[0];
  return first === undefined ? '' : failuresText(first, wrong.length);
}

function passedText(judgements: readonly Judgement[]): string {
  const count = judgements.filter((judgement) => judgement.result === 'passed').length;
  const open = judgements.length - count;
  if (open === 0) return 'every expectation was met in this run';
  if (count === 0) return 'no expectation could be judged in this run';
  return `every expectation that was judged was met in this run; ${open} could not be judged`;
}
