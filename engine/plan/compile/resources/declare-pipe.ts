/**
 * Pipes: two ends each, which are resources of their own; all left ends of an array come before all right ones.
 */
import type { Pipe } from '../../../document/scenario.generated.ts';
import type { ResourceBinding } from '../../../expression/scope.ts';
import type { Resource } from '../../plan.ts';
import { type Declared, elementNames, type Site } from './resource-site.ts';

export function declarePipe(site: Site, _pipe: Pipe): Declared {
  const { first, count, array, common } = site;
  const ends = (part: string, peers: number): readonly Resource[] =>
    elementNames(site, part).map((name, index) => ({
      name,
      ...common,
      kind: 'pipeEnd',
      peer: peers + index,
    }));
  const binding = (from: number): ResourceBinding => {
    return { kind: 'resource', resource: 'pipeEnd', first: from, count, array };
  };
  return {
    resources: [...ends('.left', first + count), ...ends('.right', first)],
    binding: { kind: 'pipe', left: binding(first), right: binding(first + count), count, array },
  };
}
