/**
 * What is allowed, and is most likely a mistake.
 */

import type { PipeBinding } from '../../expression/scope.ts';
import type { Resource } from '../plan.ts';
import { ANYTHING, type Planning } from './planning.ts';

/** Looks at what the compiled steps do with each resource. */
export function warnOfResources(planning: Planning): void {
  const { report, uses, names } = planning;
  if (uses.of(ANYTHING).size > 0) return;
  const resources = planning.resources.list();
  for (const name of names.names()) {
    const binding = names.lookup(name);
    if (binding?.kind === 'pipe') warnOfPipe(planning, name, binding);
    const resource = binding?.kind === 'resource' ? resources[binding.first] : undefined;
    if (binding?.kind !== 'resource' || resource === undefined) continue;
    const found = uses.of(binding.first);
    const { span } = resource;
    if (found.size === 0) report('unused-resource', span, `no step uses \`${name}\``);
    if (isReleasedOnly(resource, found)) {
      report('never-acquired', span, `\`${name}\` is released, but no step acquires it`);
    }
    if (
      resource.kind === 'queue' &&
      resource.capacity > 0 &&
      found.has('queue.put') &&
      !found.has('queue.get')
    ) {
      const help = 'when it is full, every `put` waits for ever';
      report('never-read', span, `no step takes anything from \`${name}\``, { help });
    }
  }
}

function warnOfPipe({ report, resources, uses }: Planning, name: string, { left, right }: PipeBinding): void {
  const resource = resources.list()[left.first];
  if (resource === undefined || uses.of(left.first).size + uses.of(right.first).size > 0) return;
  report('unused-resource', resource.span, `no step uses \`${name}\``);
}

function isReleasedOnly({ kind }: Resource, found: ReadonlySet<string>): boolean {
  if (kind !== 'lock' && kind !== 'rlock') return false;
  return found.has(`${kind}.release`) && !found.has(`${kind}.acquire`);
}

export function warnOfRoutines({ document, report, scenario, uses }: Planning): void {
  for (const name of Object.keys(scenario.routines ?? {})) {
    if (uses.hasRoutine(name)) continue;
    const span = document.spanAt(['routines', name], 'key');
    report('unused-routine', span, `no step uses the routine \`${name}\``, {
      help: 'its steps were not checked',
    });
  }
}
