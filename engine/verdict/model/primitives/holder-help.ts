/**
 * Who could end a wait for what others hold.
 */
import type { OperationName } from '../../../plan/operation.ts';
import type { Abilities } from '../../waits/abilities.ts';
import type { ModelState } from '../model-state.ts';
import { findTally } from '../tally.ts';
import type { Helps } from './primitive-model.ts';
import type { ResourceRecord } from './resource-record.ts';

/** One who holds it helps if it may give it back: by a release, a wait at one of its conditions, or its end. */
export function helpOfHolders(
  state: ModelState,
  abilities: Abilities,
  { id, plan }: ResourceRecord,
  takes: OperationName,
  gives: OperationName,
): Helps {
  const conditions = state.resources.filter(({ plan }) => plan.kind === 'condition' && plan.lock === id);
  const giving = { id, takes, gives, conditions: conditions.map((each) => each.id) };
  return (other) => {
    if (findTally(plan.kind === 'semaphore' ? other.taken : other.held, id) === null)
      return abilities.mayGive(other, giving);
    if (abilities.may(other, [gives], id) || plan.onHolderExit !== 'keep') return true;
    return conditions.some((condition) => abilities.may(other, ['condition.wait'], condition.id));
  };
}
