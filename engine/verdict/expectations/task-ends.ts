/**
 * How the tasks ended, against what is expected of them: by `tasks`, and where that says nothing, that every task
 * finishes.
 *
 * Nobody has to expect what the scenario itself brings about: the end of daemons with their program, of tasks that
 * another step terminates or kills, or that end because their program exits. A deadlock is judged as such, not task by
 * task.
 */

import { errorText } from '../../expression/values/scenario-error.ts';
import { endStates, type TaskError } from '../../log/event.ts';
import type { TaskCheck, TaskEnd } from '../../plan/expectations.ts';
import type { Plan } from '../../plan/plan.ts';
import { durationText } from '../duration-text.ts';
import type { EndCauses } from '../model/end-causes.ts';
import type { ModelState, TaskRecord } from '../model/model-state.ts';
import { counted, evidenceAt, quoted } from '../show.ts';
import type { Evidence, Judgement } from '../verdict.ts';
import { boundText, canChange, isWithin } from './bound.ts';
import { failed, notJudged, type Opened, passed, STOPPED } from './judgement.ts';

const MOST_EVIDENCE = 10;

/** All ends, in the order in which they are told. */
const taskEnds: readonly TaskEnd[] = [...endStates, 'notStarted'];

/**
 * How the task ended; one that was still live when the run was stopped counts as terminated, but where it had failed before
 * and waited for the rest of its program.
 */
function endOf(task: TaskRecord): TaskEnd {
  switch (task.state) {
    case 'finished':
    case 'failed':
    case 'skipped':
    case 'notStarted':
      return task.state;
    case 'terminated':
    case 'started':
    case 'running':
    case 'waiting':
    case 'sleeping':
    case 'stopping':
      return task.raised === null ? 'terminated' : 'failed';
  }
}

function exitCodeOf({ ending, raised }: TaskRecord): number | null {
  return ending?.exitCode ?? (raised === null ? null : 1);
}

function errorOf(task: TaskRecord): TaskError | null {
  return task.ending?.error ?? task.raised?.error ?? null;
}

/** The programs whose main code failed, by the names of their tasks. */
export function failedPrograms({ tasks }: ModelState): readonly string[] {
  return tasks
    .filter(({ plan, raised }) => plan.process !== undefined && raised !== null)
    .map(({ name }) => name);
}

/** How many tasks ended how. */
export function countEnds(tasks: readonly TaskRecord[]): Record<TaskEnd, number> {
  const counts = { finished: 0, failed: 0, terminated: 0, skipped: 0, notStarted: 0 };
  for (const task of tasks) counts[endOf(task)] += 1;
  return counts;
}

/**
 * One judgement for each of `tasks`, and one for all tasks that these leave open.
 *
 * @param complete whether the run came to its end; if not, how a task was ended says nothing, but a failure does, also
 *   where another end is expected
 * @param failFast whether the first failure was its end: then it is no wonder that others did not finish
 */
export function judgeEnds(
  state: ModelState,
  causes: EndCauses,
  { complete, failFast }: { readonly complete: boolean; readonly failFast: boolean },
): readonly Judgement[] {
  const checks = state.plan.expect.tasks;
  const judged = checks.map((check) => judgeCheck(state, causes, { check, complete }));
  return [...judged, ...judgeRest(state, causes, complete && !failFast)];
}

function judgeCheck(
  state: ModelState,
  causes: EndCauses,
  { check, complete }: { readonly check: TaskCheck; readonly complete: boolean },
): Judgement {
  const tasks = check.tasks.flatMap((id) => state.tasks[id] ?? []);
  const opened = { name: `tasks ${check.name}`, span: check.span, expected: expectedText(check) };
  const seen = seenText(tasks, causes);
  const counts = countEnds(tasks);
  const failures = tasks.filter((task) => endOf(task) === 'failed');
  const judged = complete ? tasks : failures;
  const wrong = judged.filter((task) => !isAsExpected(task, check));
  const wrongCount = (complete ? taskEnds : failures.map(endOf)).some((end) => {
    const bound = check.counts?.[end];
    return (
      bound !== undefined && !isWithin(counts[end], bound) && (complete || !canChange(counts[end], bound))
    );
  });
  if (wrong.length > 0 || wrongCount)
    return failed(opened, seen, endEvidence(state.plan, causes, wrong.length > 0 ? wrong : judged));
  return complete ? passed(opened, seen) : notJudged(opened, STOPPED, seen);
}

function isAsExpected(task: TaskRecord, { ends, error, exitCode }: TaskCheck): boolean {
  if (ends !== undefined && !ends.includes(endOf(task))) return false;
  if (exitCode !== undefined && exitCodeOf(task) !== exitCode) return false;
  return error === undefined || isError(task, error);
}

/** An error is expected by its name, its message, or both as they are printed. */
function isError(task: TaskRecord, wanted: string): boolean {
  const error = errorOf(task);
  if (error === null) return false;
  return [error.name, error.message, errorText(error)].includes(wanted);
}

function expectedText({ ends, counts, error, exitCode }: TaskCheck): string {
  const parts: string[] = [];
  if (ends !== undefined) parts.push(ends.join(' or '));
  if (counts !== undefined) parts.push(boundsText(counts));
  if (error !== undefined) parts.push(`error ${quoted(error)}`);
  if (exitCode !== undefined) parts.push(`exit code ${exitCode}`);
  return parts.join(', ');
}

function seenText(tasks: readonly TaskRecord[], causes: EndCauses): string {
  const [only, ...others] = tasks;
  return only !== undefined && others.length === 0 ? endText(only, causes) : countsText(countEnds(tasks));
}

function countsText(counts: Readonly<Partial<Record<TaskEnd, number>>>): string {
  const parts = taskEnds.filter((end) => (counts[end] ?? 0) > 0).map((end) => `${counts[end]} ${end}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function boundsText(bounds: NonNullable<TaskCheck['counts']>): string {
  const parts = taskEnds.flatMap((end) => {
    const bound = bounds[end];
    return bound === undefined || (bound.comparison === '==' && bound.value === 0)
      ? []
      : `${boundText(bound)} ${end}`;
  });
  return parts.length === 0 ? 'none' : parts.join(', ');
}

/** `failed: ValueError: no`, `failed at 0.2 s: ValueError: no`, `terminated (killed by boss, line 7), exit code -9` */
function endText(task: TaskRecord, causes: EndCauses, when = ''): string {
  const end = endOf(task);
  const { ending } = task;
  if (ending === null && task.raised !== null) return `${end}${when}: ${errorText(task.raised.error)}`;
  if (ending === null) return end === 'notStarted' ? end : 'still live when the run was stopped';
  const cause = ending.cause === null ? '' : ` (${causes.textOf(ending)})`;
  const error = ending.error === null ? '' : `: ${reasonText(end, ending.error)}`;
  const code = ending.exitCode === 0 || ending.error !== null ? '' : `, exit code ${ending.exitCode}`;
  return `${end}${when}${cause}${error}${code}`;
}

/** Why a task was skipped is a sentence of its own. */
function reasonText(end: TaskEnd, error: TaskError): string {
  return end === 'skipped' && error.message !== '' ? error.message : errorText(error);
}

function endEvidence(plan: Plan, causes: EndCauses, tasks: readonly TaskRecord[]): readonly Evidence[] {
  const shown = tasks.slice(0, MOST_EVIDENCE).map((task) => {
    const moment = task.raised ?? task.ending;
    if (moment === null) return { task: task.name, text: endText(task, causes) };
    return evidenceAt(plan, { ...moment, task: task.id }, endText(task, causes));
  });
  const others = tasks.length - shown.length;
  return others === 0 ? shown : [...shown, { text: `and ${counted(others, 'other task')}` }];
}

function judgeRest(state: ModelState, causes: EndCauses, complete: boolean): readonly Judgement[] {
  const listed = new Set(state.plan.expect.tasks.flatMap((check) => check.tasks));
  // The task of `teardown` is not of this run.
  const others = state.tasks.filter(({ id }) => !listed.has(id) && id !== state.plan.teardown?.task);
  const wrong = state.tasks
    .filter((task) => !isFine(state, task, complete) && !isCovered(state.plan, task))
    .sort((a, b) => momentOf(a) - momentOf(b) || Number(a.raised === null) - Number(b.raised === null));
  if (others.length === 0 && wrong.length === 0) return [];
  const expected = listed.size === 0 ? 'every task finishes' : 'every other task finishes';
  const opened: Opened = { name: 'tasks', span: null, expected };
  if (wrong.length > 0)
    return [failed(opened, restText(wrong, causes), endEvidence(state.plan, causes, wrong))];
  const seen = countsText(countEnds(others));
  return [complete ? passed(opened, seen) : notJudged(opened, STOPPED, seen)];
}

/** When it went wrong. */
function momentOf({ raised, ending }: TaskRecord): number {
  return raised?.at ?? ending?.at ?? Number.MAX_SAFE_INTEGER;
}

function restText(wrong: readonly TaskRecord[], causes: EndCauses): string {
  const [first, ...others] = wrong;
  if (first === undefined) return '';
  const moment = first.raised ?? first.ending;
  const when = moment === null ? '' : ` at ${durationText(moment.at)}`;
  const more = others.length === 0 ? '' : ` (${counted(others.length, 'other task')} did not finish)`;
  return `${quoted(first.name)} ${endText(first, causes, when)}${more}`;
}

/**
 * Under a written main, a task that no step started was not asked to do anything, nor was one that is left to steps without
 * one, nor work that no step handed to a pool. An error of work is the affair of the task that joined it, and got the error.
 */
function isFine(state: ModelState, task: TaskRecord, complete: boolean): boolean {
  const { plan } = state;
  const made = plan.groups[task.plan.group]?.made;
  switch (endOf(task)) {
    case 'finished':
      return true;
    case 'failed':
      return made === 'work' && task.isHandedOver;
    case 'skipped':
      return !complete || task.ending?.error?.name === 'CancelledError';
    case 'notStarted':
      return !complete || plan.mainIsWritten || made !== undefined || task.plan.byStep === true;
    case 'terminated':
      return !complete || made === 'helper' || isFineTermination(state, task);
  }
}

function isFineTermination({ tasks, processes }: ModelState, task: TaskRecord): boolean {
  const cause = task.ending?.cause;
  if (cause !== 'timeout') return cause != null && cause !== 'interrupt';
  const first = tasks[processes[task.process]?.first ?? task.id];
  return first !== undefined && first !== task && first.ending?.cause === 'timeout';
}

/** Whether one of `tasks` has said what it expects of this task's end. */
function isCovered(plan: Plan, task: TaskRecord): boolean {
  return plan.expect.tasks.some((check) => {
    if (!check.tasks.includes(task.id)) return false;
    return check.counts === undefined || check.counts[endOf(task)] !== undefined;
  });
}
