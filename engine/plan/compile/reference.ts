/**
 * References: `stall`, `fork[(task.index + 1) % 5]`, `visitor`. A name, and an index where it is an array.
 */
import type { Path } from '../../document/document.ts';
import type { Verb } from '../../document/scenario.generated.ts';
import type { Expression } from '../expression.ts';
import type { Target } from '../instruction.ts';
import type { OperationName } from '../operation.ts';
import { type Place, partOf, placeOf } from '../place.ts';
import { suggestion } from '../report.ts';
import { type Binding, type GroupBinding, nounOf, type ResourceBinding, type Scope } from '../scope.ts';
import { wholeExpression } from '../template.ts';
import { kindsWith, operationFor, verbsOf } from './operation-of.ts';
import type { Planning } from './planning.ts';
import { type StepContext, used } from './step-context.ts';

/** A name and an index, as written. */
export type Named = { readonly name: string; readonly place: Place; readonly index?: Place };

/** What a verb works on: one thing, or (`all`) each of a task's replicas. */
export type Reference = {
  readonly name: string;
  readonly binding: ResourceBinding | GroupBinding;
  readonly operation: OperationName;
  readonly which: { readonly at: number } | { readonly index: Expression } | 'all';
};

/** Takes a reference's text apart; reports what is no reference. */
export function namedBy(planning: Planning, place: Place): Named | undefined {
  const inside = wholeExpression(place.text);
  const whole = inside === undefined ? place : partOf(place, inside.start, inside.end);
  const tree = planning.composer.checker.parse(whole, planning.report);
  if (tree === undefined) return undefined;
  if (tree.op === 'id') return { name: tree.args, place: whole };
  const [base] = Array.isArray(tree.args) ? tree.args : [];
  if (
    tree.op === '[]' &&
    typeof base === 'object' &&
    'op' in base &&
    base.op === 'id' &&
    base.start === tree.start
  ) {
    const open = whole.text.indexOf('[', base.end);
    return {
      name: base.args,
      place: partOf(whole, base.start, base.end),
      index: partOf(whole, open + 1, tree.end - 1),
    };
  }
  if (tree.op === '.' && typeof base === 'object' && 'op' in base && base.op === 'id') {
    if (planning.names.lookup(String(base.args))?.kind === 'broken') return undefined;
  }
  planning.report('bad-reference', whole.span, 'this is not the name of a resource or a task', {
    help: 'write its name, or an element of an array such as `fork[0]`',
  });
  return undefined;
}

/** The reference of a verb; undefined if it was reported, because it is unknown or has no such verb. */
export function referenceOf(
  context: StepContext,
  text: string,
  path: Path,
  verb: Verb,
): Reference | undefined {
  const { planning, scope } = context;
  const { report } = planning;
  const named = namedBy(planning, placeOf(planning.document, path, text));
  if (named === undefined) return undefined;
  const binding = scope.lookup(named.name);
  const { span } = named.place;
  if (binding === undefined) {
    const help = suggestion(named.name, namesWith(scope, verb)) ?? suggestion(named.name, scope.names());
    report('unknown-name', span, `nothing here is called \`${named.name}\``, {
      help: help ?? `\`${verb}\` takes ${kindsWith(verb)}`,
    });
    return undefined;
  }
  if (binding.kind === 'broken') return undefined;
  const operation = operationOf(binding, verb);
  if (operation === undefined || (binding.kind !== 'resource' && binding.kind !== 'group')) {
    reportWrongKind(context, named, binding, verb);
    return undefined;
  }
  if (binding.kind === 'resource') planning.uses.add(binding.first, operation);
  const which = whichOf(context, named, binding);
  return which === undefined ? undefined : { name: named.name, binding, operation, which };
}

function operationOf(binding: Binding, verb: Verb): OperationName | undefined {
  if (binding.kind === 'resource') return operationFor(binding.resource, verb);
  return binding.kind === 'group' ? operationFor('task', verb) : undefined;
}

function* namesWith(scope: Scope, verb: Verb): Generator<string> {
  for (const name of scope.names()) {
    const binding = scope.lookup(name);
    if (binding !== undefined && operationOf(binding, verb) !== undefined) yield name;
  }
}

function reportWrongKind({ planning }: StepContext, named: Named, binding: Binding, verb: Verb): void {
  if (binding.kind === 'resource') planning.uses.add(binding.first, 'mistaken');
  const kind = binding.kind === 'resource' ? binding.resource : binding.kind === 'group' ? 'task' : undefined;
  const help = kind === undefined ? undefined : verbsOf(kind);
  const message = `\`${verb}\` takes ${kindsWith(verb)}, and \`${named.name}\` is ${nounOf(binding)}`;
  planning.report('wrong-kind', named.place.span, message, { help });
}

function whichOf(
  { planning, scope }: StepContext,
  { name, place, index }: Named,
  binding: ResourceBinding | GroupBinding,
): Reference['which'] | undefined {
  const { report, composer } = planning;
  const { first, count, array } = binding;
  if (index === undefined) {
    if (!array) return { at: first };
    if (binding.kind === 'group') return 'all';
    report('bad-reference', place.span, `\`${name}\` is an array of ${count}`, {
      help: `say which, as in \`${name}[0]\``,
    });
    return undefined;
  }
  if (!array) {
    report('not-an-array', place.span, `\`${name}\` is ${nounOf(binding)}, not an array`, {
      help: `write \`${name}\``,
    });
    return undefined;
  }
  const expression = used({ planning }, composer.computeAt(index, scope, 'int'));
  if (typeof expression?.constant !== 'bigint')
    return expression === undefined ? undefined : { index: expression };
  if (expression.constant >= 0n && expression.constant < BigInt(count))
    return { at: first + Number(expression.constant) };
  const help = count === 0 ? `\`${name}\` is empty` : `the last is \`${name}[${count - 1}]\``;
  report('index-out-of-range', index.span, `\`${name}\` has no element ${expression.constant}`, { help });
  return undefined;
}

/** The reference's target, for one thing; an index is computed into a slot here, once. */
export function targetOf({ builder }: StepContext, { name, binding, which }: Reference): Target {
  if (which === 'all') throw new Error(`bug in concur: ${name} stands for several`);
  if ('at' in which) return { kind: 'fixed', id: which.at };
  const slot = builder.hidden('target');
  builder.emit({ op: 'resolve', name, first: binding.first, count: binding.count, index: which.index, slot });
  return { kind: 'slot', slot };
}
