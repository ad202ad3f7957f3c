/**
 * Conditions: each works with a lock, named in the scenario or an rlock of its own, which the planner adds.
 */
import type { Condition } from '../../../document/scenario.generated.ts';
import { suggestion } from '../../../expression/report.ts';
import { type ConditionLock, nounOf } from '../../../expression/scope.ts';
import type { Resource } from '../../plan.ts';
import { type Declared, elementNames, type Site } from './resource-site.ts';

/** What belongs to the lock and not to the condition. */
const lockKeys = ['fair', 'enabled', 'onHolderExit'] as const satisfies readonly (keyof Condition)[];

export function declareCondition(site: Site, condition: Condition): Declared | undefined {
  const { first, count, array, common } = site;
  const isOwn = condition.lock === undefined;
  const lock: ConditionLock | undefined =
    condition.lock === undefined
      ? { resource: 'rlock', first: first + count, each: true }
      : namedLock(site, condition, condition.lock);
  if (lock === undefined) return undefined;
  const plain = { span: common.span, fair: false, enabled: true, onHolderExit: 'keep' } as const;
  const conditions = elementNames(site).map((name, index): Resource => {
    return { name, ...plain, kind: 'condition', lock: lock.first + (lock.each ? index : 0) };
  });
  const locks = elementNames(site, '.lock').map((name): Resource => ({ name, ...common, kind: 'rlock' }));
  return {
    resources: isOwn ? [...conditions, ...locks] : conditions,
    binding: { kind: 'resource', resource: 'condition', first, count, array, lock },
  };
}

/** A lock for all of them; or an array of locks, one for each condition of an array as long. */
function namedLock(site: Site, condition: Condition, name: string): ConditionLock | undefined {
  const { planning, path } = site;
  const { document, names, report, scenario, uses } = planning;
  for (const key of lockKeys) {
    if (condition[key] === undefined) continue;
    report(
      'no-effect',
      document.spanAt([...path, key], 'key'),
      `\`${key}\` is for the condition's lock: say it of \`${name}\``,
    );
  }
  const binding = names.lookup(name);
  const span = document.spanAt([...path, 'lock']);
  if (binding === undefined || binding.kind === 'broken') {
    if (binding !== undefined) return undefined;
    const help = suggestion(name, Object.keys(scenario.locks ?? {}));
    report('unknown-name', span, `there is no lock \`${name}\``, { help });
    return undefined;
  }
  if (binding.kind === 'resource') uses.add(binding.first, 'condition');
  if (binding.kind !== 'resource' || (binding.resource !== 'lock' && binding.resource !== 'rlock')) {
    report(
      'wrong-kind',
      span,
      `a condition works with a lock or an rlock, and \`${name}\` is ${nounOf(binding)}`,
    );
    return undefined;
  }
  if (binding.array && !(site.array && site.count === binding.count)) {
    const help = `an array of ${binding.count} conditions would have one lock each`;
    report('bad-reference', span, `\`${name}\` is an array of ${binding.count} locks`, { help });
    return undefined;
  }
  return { resource: binding.resource, first: binding.first, each: binding.array };
}
