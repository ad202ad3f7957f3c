/**
 * What a command runs in: `env`, `cwd` and `shell` of the step, over those of the task, over those of `defaults`.
 */
import type { Path } from '../../../document/document.ts';
import type { Data, RunStep } from '../../../document/scenario.generated.ts';
import type { Scope } from '../../../expression/scope.ts';
import { type Field, mapOf } from '../commands/request.ts';
import { complete } from '../complete.ts';
import { createTaskScope } from '../resources/name-table.ts';
import { constant, type StepContext, used } from '../steps/step-context.ts';

/** A part of the scenario, and the names it knows: what stands outside of the steps knows no locals. */
type Placed = { readonly data: Data; readonly path: Path; readonly scope: Scope };

/** Fields of the request; undefined where something was reported. */
export function surroundingFields(
  context: StepContext,
  step: RunStep,
  path: Path,
): readonly (Field | undefined)[] {
  return [...envOf(context, step, path), ...cwdOf(context, step, path), ...shellOf(context, step, path)];
}

function envOf(context: StepContext, step: RunStep, path: Path): readonly (Field | undefined)[] {
  const scope = createTaskScope(context.planning.names);
  const variables = new Map<string, Placed>();
  for (const { written, path: outside } of context.surroundings) {
    for (const [name, data] of Object.entries(written.env ?? {}))
      variables.set(name, { data, path: [...outside, 'env', name], scope });
  }
  for (const [name, data] of Object.entries(step.env ?? {}))
    variables.set(name, { data, path: [...path, 'env', name], scope: context.scope });
  if (variables.size === 0) return [];
  const fields = complete([...variables].map(([name, placed]) => textField(context, name, placed)));
  const span = context.planning.document.spanAt(path);
  return [fields === undefined ? undefined : ['env', mapOf(context, fields, span)]];
}

function cwdOf(context: StepContext, step: RunStep, path: Path): readonly (Field | undefined)[] {
  if (step.cwd !== undefined)
    return [textField(context, 'cwd', { data: step.cwd, path: [...path, 'cwd'], scope: context.scope })];
  const outside = context.surroundings.findLast(({ written }) => written.cwd !== undefined);
  if (outside?.written.cwd === undefined) return [];
  const scope = createTaskScope(context.planning.names);
  return [textField(context, 'cwd', { data: outside.written.cwd, path: [...outside.path, 'cwd'], scope })];
}

/** A program with its arguments needs no shell. */
function shellOf(context: StepContext, step: RunStep, path: Path): readonly (Field | undefined)[] {
  const { document, report } = context.planning;
  const span = document.spanAt(path);
  if (typeof step.run !== 'string') {
    if (step.shell === undefined) return [];
    report(
      'no-effect',
      document.spanAt([...path, 'shell'], 'key'),
      'a list of words is run without a shell',
      {
        help: 'write the command as one text',
      },
    );
    return [undefined];
  }
  const shell =
    step.shell ?? context.surroundings.findLast(({ written }) => written.shell !== undefined)?.written.shell;
  return shell === undefined ? [] : [['shell', constant(shell, span)]];
}

function textField(context: StepContext, key: string, { scope, ...part }: Placed): Field | undefined {
  const text = used(context, context.planning.composer.carryText(part, scope));
  return text === undefined ? undefined : [key, text];
}
