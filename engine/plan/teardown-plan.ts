/**
 * The plan of the run that comes after a run: that of its `teardown`.
 *
 * It is the same plan with only one task, so that steps, vars, files and points have the numbers that they have in the
 * first; its vars begin as main's ended.
 */

import type { Value } from '../expression/values/value.ts';
import { nothingExpected } from './expectations.ts';
import type { Plan, Teardown } from './plan.ts';

/** How the run before it ended, as `run.stopped` says it. */
export type StoppedBy = 'deadlock' | 'timeout' | 'failFast' | 'interrupt' | 'terminate';

export type Ended = {
  readonly passed: boolean;
  readonly stopped: StoppedBy | null;
  /** Main's vars, one list of cells for each. */
  readonly vars: readonly (readonly Value[])[];
};

/** After a signal there is little time: whoever sent it kills what does not go. */
export const mostAfterSignalUs = 10e6;

export function teardownPlan(plan: Plan, teardown: Teardown, { passed, stopped, vars }: Ended): Plan {
  const task = plan.tasks[teardown.task];
  const program = task === undefined ? undefined : plan.programs[task.program];
  if (task === undefined || program === undefined) throw new Error('bug in concur: no program for teardown');
  const { teardown: _, ...rest } = plan;
  const isSignalled = stopped === 'interrupt' || stopped === 'terminate';
  return {
    ...rest,
    timeoutUs: isSignalled ? Math.min(teardown.timeoutUs, mostAfterSignalUs) : teardown.timeoutUs,
    failFast: false,
    mainIsWritten: true,
    variables: plan.variables.map((variable, number) => ({
      ...variable,
      initial: number === teardown.outcome ? [{ passed, stopped }] : (vars[number] ?? variable.initial),
    })),
    programs: [program],
    tasks: [
      {
        name: task.name,
        group: 0,
        index: 0,
        item: null,
        kind: 'process',
        daemon: false,
        program: 0,
        process: 0,
      },
    ],
    groups: [{ name: task.name, span: teardown.span, first: 0, count: 1, kind: 'process' }],
    processes: 1,
    expect: nothingExpected,
  };
}
