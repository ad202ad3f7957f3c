/**
 * Whether a log is that of a scenario as it is: the numbers in a log mean what they mean in the plan, or nothing can be said.
 */
import { headerOf, jsonFromHeader, type LogHeader } from '../log/log-header.ts';
import type { Plan } from '../plan/plan.ts';

/** What is different, as the end of a sentence; undefined where nothing is. */
export function otherScenario(plan: Plan, was: LogHeader): string | undefined {
  const is = headerOf(plan, { mode: was.mode, lineOf: () => undefined });
  const task = is.tasks.findIndex(({ name }, index) => was.tasks[index]?.name !== name);
  if (task >= 0 || was.tasks.length !== is.tasks.length)
    return `its run had ${was.tasks.length} tasks, and \`${is.tasks[task]?.name ?? was.tasks.at(-1)?.name}\` is not as it was`;
  const step = is.steps.findIndex(({ text }, index) => was.steps[index]?.text !== text);
  if (step >= 0 || was.steps.length !== is.steps.length) {
    const before = was.steps[step] ?? was.steps.at(-1);
    const now = is.steps[step];
    return `the scenario was edited since: \`${before?.text ?? ''}\` is ${now === undefined ? 'gone' : `\`${now.text}\` now`}`;
  }
  return otherSubject(is, was);
}

const SUBJECTS = {
  tasks: 'its tasks',
  resources: 'its locks, queues and the like',
  variables: 'its vars',
  points: 'its named steps',
} as const satisfies Partial<Record<keyof LogHeader, string>>;

function otherSubject(is: LogHeader, was: LogHeader): string | undefined {
  const [now, then] = [jsonFromHeader(is), jsonFromHeader(was)];
  const subjects = Object.keys(SUBJECTS) as readonly (keyof typeof SUBJECTS)[];
  const other = subjects.find((subject) => JSON.stringify(now[subject]) !== JSON.stringify(then[subject]));
  return other === undefined
    ? undefined
    : `the scenario was edited since: ${SUBJECTS[other]} are not as they were`;
}
