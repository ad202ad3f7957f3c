/**
 * What a service is asked for: several expressions as one map.
 */
import type { Expression, Read } from '../../../expression/expression.ts';
import { mergeReads } from '../../../expression/read-set.ts';
import type { Value } from '../../../expression/values/value.ts';
import { literalFromText } from '../../../expression/values/value-text.ts';
import { constant, type StepContext } from '../steps/step-context.ts';

export type Field = readonly [key: string, expression: Expression];

/**
 * The fields as one expression. Two of them may mean different things by one name (a local of the task, a var in what
 * `defaults` say): the later one is then computed beforehand.
 */
export function mapOf(context: StepContext, fields: readonly Field[], span: Expression['span']): Expression {
  const known: Record<string, Value> = {};
  for (const [key, { constant: value }] of fields) if (value !== undefined) known[key] = value;
  if (fields.every(([key]) => key in known)) return constant(known, span);
  const taken = new Map<string, string>();
  const parts = fields.map(([key, expression]) => [key, distinct(context, expression, taken)] as const);
  const entries = parts.map(([key, { cel }]) => `${literalFromText(key)}: ${cel}`);
  return { cel: `{${entries.join(', ')}}`, span, reads: mergeReads(parts.map(([, { reads }]) => reads)) };
}

/** The expression, or a local of the planner's own that holds its value. */
function distinct(context: StepContext, expression: Expression, taken: Map<string, string>): Expression {
  const clashes = expression.reads.some(
    (read) => (taken.get(read.name) ?? meaningOf(read)) !== meaningOf(read),
  );
  const kept = clashes ? computedBefore(context, expression, taken) : expression;
  for (const read of kept.reads) taken.set(read.name, meaningOf(read));
  return kept;
}

function computedBefore(
  { builder }: StepContext,
  expression: Expression,
  taken: ReadonlyMap<string, string>,
): Expression {
  const slot = builder.hidden('computed');
  builder.emit({ op: 'evaluate', expressions: [expression], slots: [slot] });
  let name = 'computed';
  while (taken.has(name)) name += '_';
  return { cel: name, span: expression.span, reads: [{ from: 'local', name, slot }] };
}

/** What is read, whichever of its attributes. */
function meaningOf(read: Read): string {
  const { attributes: _, ...what } = { attributes: [], ...read };
  return JSON.stringify(what, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}
