/**
 * `teardown`: a small second run after the first. Its steps are a program of the plan that the first run never starts.
 *
 * It sees params, env, files and a copy of main's vars; not what was between the tasks, for they are gone.
 */

import type { Binding, Scope } from '../../../expression/scope.ts';
import type { Teardown } from '../../plan.ts';
import type { Planning } from '../planning.ts';
import type { StepContext } from '../steps/step-context.ts';

const defaultTimeoutUs = 30e6;

/** The task of `teardown`, and the var that holds `run`. */
export function declareTeardown({ document, scenario, tasks, variables }: Planning): void {
  if (scenario.teardown === undefined) return;
  const span = document.spanAt(['teardown'], 'key');
  const initial = [{ passed: false, stopped: null }];
  const outcome = variables.add({ name: 'run', span, shared: true, array: false, initial });
  const body = { is: 'teardown', outcome } as const;
  tasks.add({ name: 'teardown', body, span, daemon: false, kind: 'thread', array: false }, [null]);
}

export function compileTeardown(context: StepContext): void {
  context.steps(context, context.planning.scenario.teardown?.steps ?? [], ['teardown', 'steps']);
}

/** What the plan says of it; nothing without one. */
export function teardownOf({ constants, scenario, tasks }: Planning): { readonly teardown?: Teardown } {
  const declaration = tasks.declarations().find(({ body }) => body.is === 'teardown');
  if (declaration?.body.is !== 'teardown' || scenario.teardown === undefined) return {};
  const part = { data: scenario.teardown.timeout, path: ['teardown', 'timeout'] };
  const timeoutUs = constants.microseconds(part, defaultTimeoutUs) ?? defaultTimeoutUs;
  const { first: task, span, body } = declaration;
  return { teardown: { task, outcome: body.outcome, timeoutUs, span } };
}

/** Names that mean something after the run; `run` is its outcome there. */
export function teardownScope(names: Scope, outcome: number): Scope {
  return {
    names: () => ['run', ...names.names()],
    lookup(name) {
      if (name === 'run') return { kind: 'variable', variable: outcome, array: false, count: 1 };
      const binding = names.lookup(name);
      return binding === undefined || isLeft(binding) ? binding : gone(name);
    },
  };
}

function isLeft(binding: Binding): boolean {
  if (binding.kind === 'resource') return binding.resource === 'file';
  return !['pipe', 'group', 'point'].includes(binding.kind);
}

function gone(name: string): Binding {
  return {
    kind: 'absent',
    why: `\`${name}\` is gone in \`teardown\`: the run is over`,
    help: 'there are params, vars, files, `env`, `run.passed` and `run.stopped`',
  };
}
