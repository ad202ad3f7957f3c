/**
 * `check`: how a search over all interleavings is to go about the scenario; the case's settings stand over the file's.
 */
import type { Path } from '../../../document/document.ts';
import type { Check } from '../../../document/scenario.generated.ts';
import type { CheckSettings } from '../../plan.ts';
import type { MaybePart } from '../constants.ts';
import type { Planning } from '../planning.ts';
import { claimOf } from './expect-claims.ts';

const SIZES = { min: 1, max: 2 ** 30 };

export function checkSettings(planning: Planning, caseIndex: number | undefined): CheckSettings {
  const { scenario, constants } = planning;
  const own = caseIndex === undefined ? undefined : scenario.cases?.[caseIndex]?.check;
  const part = (name: Exclude<keyof Check, 'params'>): MaybePart => {
    const isOwn = own?.[name] !== undefined;
    const path: Path = [...(isOwn ? ['cases', caseIndex ?? 0] : []), 'check', name];
    return { data: isOwn ? own[name] : scenario.check?.[name], path };
  };
  const size = (name: 'maxStates' | 'maxSteps'): number | undefined => {
    const { data, path } = part(name);
    return data === undefined ? undefined : constants.integer({ data, path }, 0, SIZES);
  };
  const bound = part('within');
  const within = bound.data === undefined ? undefined : claimOf(planning, bound.data, bound.path);
  const [maxStates, maxSteps] = [size('maxStates'), size('maxSteps')];
  return {
    time: (own?.time ?? scenario.check?.time) === 'ordered' ? 'ordered' : 'free',
    ...(within === undefined ? {} : { within }),
    ...(maxStates === undefined ? {} : { maxStates }),
    ...(maxSteps === undefined ? {} : { maxSteps }),
    spuriousWakeups: constants.flag(part('spuriousWakeups'), false),
  };
}
