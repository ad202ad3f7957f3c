/**
 * Where a resource is declared, and what its declaration comes to.
 */
import type { Path } from '../../../document/document.ts';
import type { Binding } from '../../../expression/scope.ts';
import type { Resource } from '../../plan.ts';
import type { Planning } from '../planning.ts';

export type Site = {
  readonly planning: Planning;
  readonly name: string;
  readonly path: Path;
  /** The number that its first element gets. */
  readonly first: number;
  readonly count: number;
  readonly array: boolean;
  /** What all its elements have in common. */
  readonly common: Omit<Resource, 'kind' | 'name'>;
};

/** Its elements, and whatever else goes with it, in the order of their numbers. */
export type Declared = { readonly resources: readonly Resource[]; readonly binding: Binding };

/** `stall`, or `fork[0]` …; `part` is put behind each. */
export function elementNames({ name, count, array }: Site, part = ''): readonly string[] {
  return Array.from({ length: count }, (_, index) => (array ? `${name}[${index}]${part}` : `${name}${part}`));
}
