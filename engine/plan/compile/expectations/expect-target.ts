/**
 * Keys of `expect` that name a var, a task or a resource, or an element of one.
 */
import type { Path } from '../../../document/document.ts';
import { placeOf } from '../../../expression/place.ts';
import { suggestion } from '../../../expression/report.ts';
import { type Binding, nounOf } from '../../../expression/scope.ts';
import type { Planning } from '../planning.ts';
import { namedBy } from '../resources/named.ts';

export type ExpectTarget = { readonly binding: Binding; readonly index?: number };

/** A key that names something of one of the kinds, or an element of it. */
export function expectTarget(
  planning: Planning,
  target: string,
  path: Path,
  kinds: readonly Binding['kind'][],
): ExpectTarget | undefined {
  const { composer, document, names, report } = planning;
  const named = namedBy(planning, placeOf(document, path, target, 'key'));
  if (named === undefined) return undefined;
  const { name, index } = named;
  const { span } = named.place;
  const binding = names.lookup(name);
  if (binding?.kind === 'broken') return undefined;
  if (binding === undefined || !kinds.includes(binding.kind)) {
    const candidates = [...names.names()].filter((one) =>
      kinds.includes(names.lookup(one)?.kind ?? 'broken'),
    );
    const help = suggestion(name, candidates);
    if (binding === undefined) report('unknown-name', span, `nothing here is called \`${name}\``, { help });
    else report('wrong-kind', span, `\`${name}\` is ${nounOf(binding)}`, { help });
    return undefined;
  }
  if (index === undefined) return { binding };
  if (!('array' in binding) || !binding.array) {
    report('not-an-array', span, `\`${name}\` is ${nounOf(binding)}, not an array`);
    return undefined;
  }
  const position = composer.computeAt(index, names, 'int')?.constant;
  if (typeof position === 'bigint' && position >= 0n && position < BigInt(binding.count))
    return { binding, index: Number(position) };
  if (typeof position === 'bigint')
    report('index-out-of-range', index.span, `\`${name}\` has no element ${position}`);
  else if (position !== undefined) report('not-constant', index.span, 'this must be known before the run');
  return undefined;
}
