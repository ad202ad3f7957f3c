/**
 * References: what the name and the index in a step stand for, and whether the verb can be used with it.
 */
import type { Path } from '../../../document/document.ts';
import type { Verb } from '../../../document/scenario.generated.ts';
import { codeEnumeration, enumeration } from '../../../expression/enumeration.ts';
import type { Expression } from '../../../expression/expression.ts';
import { placeOf } from '../../../expression/place.ts';
import { suggestion } from '../../../expression/report.ts';
import {
  type Binding,
  type GroupBinding,
  nounOf,
  type ResourceBinding,
  type Scope,
  traitsOf,
} from '../../../expression/scope.ts';
import type { Target } from '../../instruction.ts';
import type { OperationName } from '../../operation.ts';
import { type StepContext, used } from '../steps/step-context.ts';
import { type Named, namedBy } from './named.ts';
import { type Deed, deedFor, kindOf, kindsWith, verbsOf } from './operation-of.ts';

/** What a verb works on. */
export type Reference = {
  readonly name: string;
  readonly binding: ResourceBinding | GroupBinding | { readonly kind: 'handle' };
  readonly deed: Deed;
  readonly which: Which;
};

type Which =
  | { readonly at: number }
  /** `shared`: whatever the index is, this one is meant; the index must exist all the same. */
  | { readonly index: Expression; readonly shared?: number }
  /** The number of a task that `submit` gave. */
  | { readonly handle: Expression }
  /** Each of a task's replicas. */
  | 'all';

/** The reference of a verb; undefined if it was reported, because it is unknown or has no such verb. */
export function referenceOf(
  context: StepContext,
  text: string,
  path: Path,
  verb: Verb,
): Reference | undefined {
  const { planning, scope } = context;
  const named = namedBy(planning, placeOf(planning.document, path, text));
  if (named === undefined) return undefined;
  const written = scope.lookup(named.name);
  if (written?.kind === 'absent') {
    const { why, help } = written;
    planning.report('not-known-here', named.place.span, why, { help });
    return undefined;
  }
  if (written === undefined) return reportUnknown(context, named, verb);
  const binding = partOf(context, named, written);
  if (binding === undefined || binding.kind === 'broken') return undefined;
  if (mayBeHandle(binding) && handleVerbs.has(verb) && planning.scenario.pools !== undefined)
    return handleOf(context, named, verb);
  const deed = deedOf(binding, verb);
  if (deed === undefined || (binding.kind !== 'resource' && binding.kind !== 'group'))
    return reportWrongKind(context, named, binding, verb);
  if (binding.kind === 'resource') planning.uses.add(binding.first, deed === 'planned' ? verb : deed);
  const which = whichOf(context, named, binding);
  if (which === undefined) return undefined;
  const name = named.end === undefined ? named.name : `${named.name}.${named.end.text}`;
  return lockInstead({ name, binding, deed, which }, context, verb) ?? { name, binding, deed, which };
}

function mayBeHandle({ kind }: Binding): boolean {
  return kind === 'local' || kind === 'variable';
}

const handleVerbs: ReadonlySet<Verb> = new Set(['join', 'terminate', 'kill']);

function reportUnknown({ planning, scope }: StepContext, { name, place }: Named, verb: Verb): undefined {
  const help = suggestion(name, namesWith(scope, verb)) ?? suggestion(name, scope.names());
  planning.report('unknown-name', place.span, `nothing here is called \`${name}\``, {
    help: help ?? `\`${verb}\` takes ${kindsWith(verb)}`,
  });
}

/** The end of a pipe, the side of what is taken by its sides; anything else as it is. */
function partOf(context: StepContext, named: Named, written: Binding): Binding | undefined {
  if (written.kind === 'pipe') return endOf(context, named, written);
  return written.kind === 'resource' ? sideOf(context, named, written) : written;
}

function sideOf(
  { planning }: StepContext,
  { name, place, index, end }: Named,
  binding: ResourceBinding,
): ResourceBinding | undefined {
  const { sides, noun } = traitsOf(binding.resource);
  if (sides === undefined) return binding;
  if (end !== undefined && sides.includes(end.text)) return { ...binding, side: end.text };
  const { report, uses } = planning;
  uses.add(binding.first, 'mistaken');
  if (end === undefined) {
    const which = index === undefined ? (binding.array ? '[0]' : '') : `[${index.text}]`;
    const help = `say which one: ${enumeration(
      sides.map((side) => `\`${name}${which}.${side}\``),
      'or',
    )}`;
    report('bad-reference', place.span, `\`${name}\` is ${noun}, which has ${sides.length} sides`, { help });
  } else {
    const help = `its sides are ${codeEnumeration(sides)}`;
    report('unknown-attribute', end.span, `${noun} has no side \`${end.text}\``, { help });
  }
  return undefined;
}

/** A pipe's end: all that can be done with a pipe is done with one of its ends. */
function endOf(
  { planning }: StepContext,
  { name, place, index, end }: Named,
  pipe: Extract<Binding, { readonly kind: 'pipe' }>,
): ResourceBinding | undefined {
  const { report, uses } = planning;
  if (end?.text === 'left' || end?.text === 'right') return pipe[end.text];
  for (const { first } of [pipe.left, pipe.right]) uses.add(first, 'mistaken');
  if (end === undefined) {
    const which = index === undefined ? (pipe.array ? '[0]' : '') : `[${index.text}]`;
    const help = `say which one: \`${name}${which}.left\` or \`${name}${which}.right\``;
    report('bad-reference', place.span, `\`${name}\` is a pipe, which has two ends`, { help });
  } else {
    report('unknown-attribute', end.span, `a pipe has no end \`${end.text}\``, {
      help: 'its ends are `left` and `right`',
    });
  }
  return undefined;
}

function deedOf(binding: Binding, verb: Verb): Deed | undefined {
  if (binding.kind === 'resource') return deedFor(kindOf(binding), verb);
  if (binding.kind === 'pipe') return deedFor('pipeEnd', verb);
  return binding.kind === 'group' ? deedFor('task', verb) : undefined;
}

function* namesWith(scope: Scope, verb: Verb): Generator<string> {
  for (const name of scope.names()) {
    const binding = scope.lookup(name);
    if (binding !== undefined && deedOf(binding, verb) !== undefined) yield name;
  }
}

function reportWrongKind({ planning }: StepContext, named: Named, binding: Binding, verb: Verb): undefined {
  if (binding.kind === 'resource') planning.uses.add(binding.first, 'mistaken');
  const kind = binding.kind === 'resource' ? kindOf(binding) : binding.kind === 'group' ? 'task' : undefined;
  const help = kind === undefined ? undefined : verbsOf(kind);
  const { name, span } =
    named.end === undefined
      ? { name: named.name, ...named.place }
      : { name: named.whole.text, ...named.whole };
  const message = `\`${verb}\` takes ${kindsWith(verb)}, and \`${name}\` is ${nounOf(binding)}`;
  planning.report('wrong-kind', span, message, { help });
}

function whichOf(
  { planning, scope }: StepContext,
  { name, place, index, end }: Named,
  binding: ResourceBinding | GroupBinding,
): Which | undefined {
  const { report, composer } = planning;
  const { first, count, array } = binding;
  const part = end === undefined ? '' : `.${end.text}`;
  if (index === undefined) {
    if (!array) return { at: first };
    if (binding.kind === 'group') return 'all';
    report('bad-reference', place.span, `\`${name}\` is an array of ${count}`, {
      help: `say which, as in \`${name}[0]${part}\``,
    });
    return undefined;
  }
  if (!array) {
    const isEnd = binding.kind === 'resource' && binding.resource === 'pipeEnd';
    const noun = isEnd ? 'a pipe' : nounOf(binding);
    report('not-an-array', place.span, `\`${name}\` is ${noun}, not an array`, {
      help: `write \`${name}${part}\``,
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

/** Who acquires or releases a condition means its lock. */
function lockInstead(
  { name, binding, deed, which }: Reference,
  { planning }: StepContext,
  verb: Verb,
): Reference | undefined {
  if (deed !== 'planned' || binding.kind !== 'resource' || binding.lock === undefined) return undefined;
  const { resource, first, each } = binding.lock;
  const lockDeed = deedFor(resource, verb);
  if (lockDeed === undefined || which === 'all' || 'handle' in which) return undefined;
  planning.uses.add(first, lockDeed);
  const lock: ResourceBinding = { ...binding, resource, first };
  if (each && 'at' in which)
    return { name, binding: lock, deed: lockDeed, which: { at: which.at - binding.first + first } };
  if (each) return { name, binding: lock, deed: lockDeed, which };
  return {
    name,
    binding: lock,
    deed: lockDeed,
    which: 'at' in which ? { at: first } : { ...which, shared: first },
  };
}

/** What `submit` gave is a map with the task's number; whether a local variable holds one is known when it is due. */
function handleOf({ planning, scope }: StepContext, { whole }: Named, verb: Verb): Reference | undefined {
  const handle = used({ planning }, planning.composer.computeAt(whole, scope));
  const deed = deedFor('task', verb);
  if (handle === undefined || deed === undefined) return undefined;
  const number: Expression = { cel: `(${handle.cel}).number`, span: handle.span, reads: handle.reads };
  return { name: 'handle', binding: { kind: 'handle' }, deed, which: { handle: number } };
}

/** The kernel's operation that the verb is. */
export function operationOf({ name, deed }: Reference): OperationName {
  if (deed !== 'planned') return deed;
  throw new Error(`bug in concur: what is done with ${name} is no operation of the kernel`);
}

/** The reference's target, for one thing; an index is computed into a slot here, once. */
export function targetOf({ builder, planning }: StepContext, { name, binding, which }: Reference): Target {
  if (which === 'all') throw new Error(`bug in concur: ${name} stands for several`);
  if ('at' in which) return { kind: 'fixed', id: which.at };
  const slot = builder.hidden('target');
  if ('handle' in which) {
    const { handle: index } = which;
    // How many tasks there are is known once all programs are compiled.
    const count = (): number => planning.tasks.tasks().length;
    builder.emitLater(() => ({ op: 'resolve', name, first: 0, count: count(), index, slot }));
    return { kind: 'slot', slot };
  }
  if (binding.kind === 'handle') throw new Error('bug in concur: a handle has no index');
  const { first, count } = binding;
  builder.emit({ op: 'resolve', name, first, count, index: which.index, slot });
  return which.shared === undefined ? { kind: 'slot', slot } : { kind: 'fixed', id: which.shared };
}
