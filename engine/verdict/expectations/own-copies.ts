/**
 * Writes that an expectation does not see: a process that writes a var which is not shared writes its own copy, and
 * expectations see that of main.
 */
import type { Read } from '../../expression/expression.ts';
import type { ModelState, OwnWrite, VariableRecord } from '../model/model-state.ts';
import { evidenceAt, MOST_NAMES, shown } from '../show.ts';
import type { Evidence } from '../verdict.ts';

/** Keeps it, in place of an earlier one by that process. */
export function noteOwnWrite(
  { ownWrites }: VariableRecord,
  process: number,
  { at, task, step, value }: Readonly<OwnWrite>,
): void {
  const known = ownWrites.get(process);
  if (known === undefined) {
    ownWrites.set(process, { at, task, step, value });
    return;
  }
  known.at = at;
  known.task = task;
  known.step = step;
  known.value = value;
}

/** A line for each process that wrote its own copy of that var, the first few. */
export function ownWriteEvidence({ plan, variables }: ModelState, variable: number): readonly Evidence[] {
  const writes = [...(variables[variable]?.ownWrites.values() ?? [])];
  return writes
    .slice(0, MOST_NAMES)
    .map((write) =>
      evidenceAt(plan, write, `wrote ${shown(write.value)} in its own copy; \`shared: true\` makes it one`),
    );
}

/** Of all vars that an expression reads. */
export function ownWritesRead(state: ModelState, reads: readonly Read[]): readonly Evidence[] {
  return reads.flatMap((read) => (read.from === 'variable' ? ownWriteEvidence(state, read.variable) : []));
}
