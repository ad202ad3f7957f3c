/**
 * How a command or a function is stopped: `stop` of the step, over that of the task, over that of `defaults`, key by key.
 */
import type { Path } from '../../../document/document.ts';
import type { Stop } from '../../../document/scenario.generated.ts';
import type { Duration } from '../../../expression/expression.ts';
import { createTaskScope } from '../resources/name-table.ts';
import { constant, durationOf, type StepContext } from '../steps/step-context.ts';
import { commandOf } from './command-text.ts';
import type { Field } from './request.ts';

type Placed = { readonly stop: Stop; readonly path: Path; readonly context: StepContext };

/** Fields of the request of a command; undefined where something was reported. */
export function stopFields(
  context: StepContext,
  step: { readonly stop?: Stop },
  path: Path,
): readonly (Field | undefined)[] {
  const found = placesOf(context, step, path).findLast(
    ({ stop }) => stop.signal !== undefined || stop.run !== undefined,
  );
  if (found === undefined) return [];
  const { run, signal } = found.stop;
  if (run === undefined) {
    const span = context.planning.document.spanAt([...found.path, 'signal']);
    return [['signal', constant(signal ?? 'SIGTERM', span)]];
  }
  const command = commandOf(found.context, run, found.path);
  return [command === undefined ? undefined : ['stopWith', command[1]]];
}

/** How long it has for that; undefined where something was reported. */
export function graceOf(
  context: StepContext,
  step: { readonly stop?: Stop },
  path: Path,
): { readonly grace?: Duration } | undefined {
  const found = placesOf(context, step, path).findLast(({ stop }) => stop.grace !== undefined);
  if (found?.stop.grace === undefined) return {};
  const grace = durationOf(found.context, found.stop.grace, [...found.path, 'grace']);
  return grace === undefined ? undefined : { grace };
}

/** What stands outside of the steps knows no locals. */
function placesOf(context: StepContext, step: { readonly stop?: Stop }, path: Path): readonly Placed[] {
  const scope = createTaskScope(context.planning.names);
  const outside = context.surroundings.flatMap(({ written, path: at }) =>
    written.stop === undefined
      ? []
      : [{ stop: written.stop, path: [...at, 'stop'], context: { ...context, scope } }],
  );
  return step.stop === undefined
    ? outside
    : [...outside, { stop: step.stop, path: [...path, 'stop'], context }];
}
