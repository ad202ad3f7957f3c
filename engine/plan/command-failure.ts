/**
 * Whether the end of a command is a failure of its step: the same for a real command and for its model.
 */
import { ScenarioError } from '../expression/values/scenario-error.ts';
import type { Value, ValueMap } from '../expression/values/value.ts';

/**
 * The error of a command that ended with a code that its step does not allow, as Python's `subprocess` names it; without
 * `codes` only 0 is allowed.
 *
 * @param request what the service `run` was asked for
 */
export function commandFailure(request: ValueMap, code: number): ScenarioError | undefined {
  const codes = (request['codes'] ?? [0n]) as readonly Value[];
  if (codes.some((allowed) => Number(allowed) === code)) return undefined;
  const command = request['command'] ?? '';
  const shown = Array.isArray(command) ? command.join(' ') : String(command);
  return new ScenarioError('CalledProcessError', `Command '${shown}' returned non-zero exit status ${code}.`);
}
