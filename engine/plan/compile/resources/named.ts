/**
 * The text of a reference, taken apart: `stall`, `fork[(task.index + 1) % 5]`, `p.left`, `p[0].left`.
 */
import type { SyntaxTree } from '../../../expression/cel.ts';
import { type Place, partOf } from '../../../expression/place.ts';
import { type Binding, traitsOf } from '../../../expression/scope.ts';
import { wholeExpression } from '../../../expression/template.ts';
import type { Planning } from '../planning.ts';

/** A name, an index where there is one, and the end of a pipe or the side of a lock, as written. */
export type Named = {
  readonly name: string;
  readonly place: Place;
  readonly index?: Place;
  readonly end?: Place;
  /** All of it, without `${{ }}`. */
  readonly whole: Place;
};

/** Takes a reference's text apart; reports what is no reference. */
export function namedBy(planning: Planning, place: Place): Named | undefined {
  const inside = wholeExpression(place.text);
  const whole = inside === undefined ? place : partOf(place, inside.start, inside.end);
  const tree = planning.composer.checker.parse(whole, planning.report);
  if (tree === undefined) return undefined;
  const named = tree.op === '.' ? endOf(planning, whole, tree) : elementOf(whole, tree);
  if (named === 'broken') return undefined;
  if (named !== undefined) return named;
  planning.report('bad-reference', whole.span, 'this is not the name of a resource or a task', {
    help: 'write its name, or an element of an array such as `fork[0]`',
  });
  return undefined;
}

function elementOf(whole: Place, tree: SyntaxTree): Named | undefined {
  if (tree.op === 'id') return { name: tree.args, place: partOf(whole, tree.start, tree.end), whole };
  if (tree.op !== '[]') return undefined;
  const [base] = tree.args;
  if (base.op !== 'id' || base.start !== tree.start) return undefined;
  const open = whole.text.indexOf('[', base.end);
  return {
    name: base.args,
    place: partOf(whole, base.start, base.end),
    index: partOf(whole, open + 1, tree.end - 1),
    whole,
  };
}

/** Only pipes have parts with names of their own; of what is unknown, that is said by whoever looks it up. */
function endOf(
  planning: Planning,
  whole: Place,
  tree: Extract<SyntaxTree, { readonly op: '.' }>,
): Named | 'broken' | undefined {
  const named = elementOf(whole, tree.args[0]);
  if (named === undefined) return undefined;
  const binding = planning.names.lookup(named.name);
  if (binding?.kind === 'broken') return 'broken';
  return binding === undefined || hasParts(binding)
    ? { ...named, end: partOf(whole, tree.pos, tree.end) }
    : undefined;
}

function hasParts(binding: Binding): boolean {
  return (
    binding.kind === 'pipe' || (binding.kind === 'resource' && traitsOf(binding.resource).sides !== undefined)
  );
}
