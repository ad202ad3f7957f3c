/**
 * What a run has not exercised: steps that were never reached, locks nobody waited for, timeouts that were never taken; and
 * whether any two tasks were at work at once. A run that passes because nothing happened in it says so.
 *
 * Of steps that leave no event where they are done, such as `if` and `let`, nothing is said.
 */
import { Exercise } from '../kernel/exercise.ts';
import type { Fold } from '../log/fold.ts';
import type { Unexercised } from '../log/unexercised.ts';
import type { Instruction } from '../plan/instruction.ts';
import { isShown } from '../plan/is-shown.ts';
import type { Plan } from '../plan/plan.ts';
import { failureText } from './failure-text.ts';
import { counted } from './show.ts';
import type { Judgement, Verdict } from './verdict.ts';

export type Exercised = Fold & { readonly missing: () => readonly Unexercised[] };

/** Instructions that leave an event, whatever comes of them. */
const TOLD: ReadonlySet<Instruction['op']> = new Set([
  'operate',
  'write',
  'update',
  'print',
  'await',
  'external',
  'enter',
  'leave',
  'raise',
]);

export function createExercised(plan: Plan): Exercised {
  const exercise = new Exercise(plan);
  const seen = new Uint8Array(plan.steps.length);
  const shown = Uint8Array.from(plan.tasks, (_, task) => (task > 0 && isShown(plan, task) ? 1 : 0));
  const begun = new Uint8Array(plan.tasks.length);
  let atWork = 0;
  let mostAtWork = 0;
  return {
    handle(event) {
      if (event.step >= 0) seen[event.step] = 1;
      if (event.type === 'waiting') exercise.refusedBy(event.operation, event.target);
      else if (event.type === 'timedOut') exercise.timedOut(event.step);
      else if (event.type === 'began' && shown[event.task] === 1 && begun[event.task] === 0) {
        begun[event.task] = 1;
        mostAtWork = Math.max(mostAtWork, ++atWork);
      } else if (event.type === 'ended' && begun[event.target] === 1) {
        begun[event.target] = 0;
        atWork--;
      }
    },
    missing() {
      mark(plan, exercise, seen);
      const alone = mostAtWork === 1 ? worksAlone(plan, shown) : [];
      return [...alone, ...exercise.missing()];
    },
  };
}

/** Several tasks of which none has to wait for another's end. */
function worksAlone(plan: Plan, shown: Uint8Array): readonly Unexercised[] {
  const tasks = plan.tasks.filter((_, task) => shown[task] === 1);
  const [first] = plan.groups.filter(({ made }) => made === undefined);
  if (tasks.length < 2 || first === undefined || plan.groups.some(({ needs }) => needs !== undefined))
    return [];
  return [{ kind: 'overlap', name: '', span: first.span }];
}

/** By step what was seen; an instruction of which nobody could see it counts as the one before it. */
function mark(plan: Plan, exercise: Exercise, seen: Uint8Array): void {
  plan.programs.forEach(({ instructions }, program) => {
    const went = exercise.went[program] as Uint8Array;
    const told = new Set(instructions.filter((one) => isTold(plan, one)).map(({ step }) => step));
    instructions.forEach(({ step, op }, place) => {
      const isKnown = step >= 0 && (seen[step] === 1 || told.has(step));
      const before = place === 0 || instructions[place - 1]?.op === 'jump' || went[place - 1] !== 0;
      went[place] = (isKnown ? seen[step] === 1 : before) && op !== undefined ? BOTH : 0;
    });
  });
}

/** It went on as it could, each way: of conditions nothing is known. */
const BOTH = 3;

/** What is switched off leaves nothing. */
function isTold({ resources }: Plan, instruction: Instruction): boolean {
  if (!TOLD.has(instruction.op)) return false;
  if (instruction.op !== 'operate' || instruction.operation.startsWith('task.')) return true;
  return instruction.target.kind !== 'fixed' || resources[instruction.target.id]?.enabled !== false;
}

/** Where everything else holds, what was not exercised fails the run. */
export function withStrictness(verdict: Verdict): Verdict {
  const judgement = judgeExercised(verdict.unexercised);
  const judgements = [...verdict.judgements, judgement];
  if (verdict.outcome !== 'passed' || judgement.result === 'passed') return { ...verdict, judgements };
  return { ...verdict, judgements, outcome: 'failed', summary: failureText(judgement) };
}

export function judgeExercised(missing: readonly Unexercised[]): Judgement {
  const opened = { name: 'exercised', span: missing[0]?.span ?? null, expected: 'everything', evidence: [] };
  if (missing.length === 0) return { ...opened, result: 'passed', seen: 'everything' };
  return {
    ...opened,
    result: 'failed',
    seen: `${counted(missing.length, 'thing')} never happened, listed below`,
  };
}

/** What neither of two runs has exercised. */
export function inNeither(
  one: readonly Unexercised[],
  other: readonly Unexercised[],
): readonly Unexercised[] {
  const keys = new Set(other.map(keyOf));
  return one.filter((missing) => keys.has(keyOf(missing)));
}

function keyOf({ kind, name, span }: Unexercised): string {
  return `${kind} ${name} ${span.start}`;
}
