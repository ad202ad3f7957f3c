/**
 * Steps that write vars: `set`, whose reads are one moment and each write another, and `update`, all one moment.
 */
import type { Path } from '../../../document/document.ts';
import type { SetStep, UpdateStep } from '../../../document/scenario.generated.ts';
import type { Expression } from '../../../expression/expression.ts';
import { placeOf } from '../../../expression/place.ts';
import { suggestion } from '../../../expression/report.ts';
import { nounOf } from '../../../expression/scope.ts';
import { complete } from '../complete.ts';
import { namedBy } from '../resources/named.ts';
import { computed, resultSlot, type StepContext, used } from './step-context.ts';

export function compileSet(context: StepContext, step: SetStep, path: Path): void {
  const { builder } = context;
  const entries = Object.entries(step.set);
  const targets = complete(entries.map(([target]) => cellOf(context, target, [...path, 'set', target])));
  const values = complete(entries.map(([target, data]) => computed(context, data, [...path, 'set', target])));
  if (targets === undefined || values === undefined) return;
  const writes = targets.map((target) => ({ ...target, from: builder.hidden('value') }));
  const indices = targets.flatMap(({ index }) => (index === undefined ? [] : [index]));
  builder.emit({
    op: 'evaluate',
    expressions: [...values, ...indices.map(({ expression }) => expression)],
    slots: [...writes.map(({ from }) => from), ...indices.map(({ slot }) => slot)],
  });
  for (const { variable, index, from } of writes) {
    builder.emit({ op: 'write', variable, ...(index === undefined ? {} : { index: index.slot }), from });
  }
}

export function compileUpdate(context: StepContext, step: UpdateStep, path: Path): void {
  const { builder } = context;
  const entries = Object.entries(step.update);
  const targets = complete(entries.map(([target]) => cellOf(context, target, [...path, 'update', target])));
  const values = complete(
    entries.map(([target, data]) => computed(context, data, [...path, 'update', target])),
  );
  const old = step.as === undefined ? {} : { old: resultSlot(context, step.as) };
  if (targets === undefined || values === undefined) return;
  const indices = targets.flatMap(({ index }) => (index === undefined ? [] : [index]));
  if (indices.length > 0) {
    const expressions = indices.map(({ expression }) => expression);
    builder.emit({ op: 'evaluate', expressions, slots: indices.map(({ slot }) => slot) });
  }
  const writes = targets.map(({ variable, index }, position) => ({
    variable,
    ...(index === undefined ? {} : { index: index.slot }),
    value: values[position] as Expression,
  }));
  builder.emit({ op: 'update', writes, ...old });
}

type Cell = {
  readonly variable: number;
  readonly index?: { readonly expression: Expression; readonly slot: number };
};

/** A key of `set` or `update`: a var, or a cell of one that is an array. */
function cellOf(context: StepContext, target: string, path: Path): Cell | undefined {
  const { planning, scope, builder } = context;
  const { report } = planning;
  const named = namedBy(planning, placeOf(planning.document, path, target, 'key'));
  if (named === undefined) return undefined;
  const { name, index } = named;
  const { span } = named.place;
  const binding = scope.lookup(name);
  if (binding?.kind === 'broken') return undefined;
  if (binding === undefined) {
    const vars = Object.keys(planning.scenario.vars ?? {});
    report('unknown-name', span, `there is no var \`${name}\``, {
      help: suggestion(name, vars) ?? 'declare it under `vars`',
    });
    return undefined;
  }
  if (binding.kind !== 'variable') {
    const help = binding.kind === 'local' ? 'set a local variable with `let`' : undefined;
    report('wrong-kind', span, `\`${name}\` is ${nounOf(binding)}, and this writes vars`, { help });
    return undefined;
  }
  const { variable, array, count } = binding;
  if (!array && index === undefined) return { variable };
  if (index === undefined) {
    report('bad-reference', span, `\`${name}\` is an array of ${count}`, {
      help: `say which cell, as in \`${name}[0]\``,
    });
    return undefined;
  }
  if (!array) {
    report('not-an-array', span, `\`${name}\` is one value, not an array`, {
      help: 'an array is a var with a `count`',
    });
    return undefined;
  }
  const expression = used(context, planning.composer.computeAt(index, scope, 'int'));
  const known = expression?.constant;
  if (typeof known === 'bigint' && (known < 0n || known >= BigInt(count))) {
    report('index-out-of-range', index.span, `\`${name}\` has no element ${known}`, {
      help: `the last is \`${name}[${count - 1}]\``,
    });
    return undefined;
  }
  return expression === undefined
    ? undefined
    : { variable, index: { expression, slot: builder.hidden('index') } };
}
