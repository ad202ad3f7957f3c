/**
 * Whether races are forbidden and there was one, and how a race is told.
 */
import type { Plan } from '../../plan/plan.ts';
import { durationText } from '../duration-text.ts';
import { counted, quoted } from '../show.ts';
import type { Evidence, Judgement, Race, RaceAccess } from '../verdict.ts';
import { failed, notJudged, passed, STOPPED } from './judgement.ts';

/** What makes two accesses a race. */
export const UNSYNCHRONIZED = 'without synchronization';

const MOST_EVIDENCE = 5;

/** One judgement where races are forbidden. @param complete whether the run came to its end: if not, some might still come */
export function judgeRaces(plan: Plan, races: readonly Race[], complete: boolean): readonly Judgement[] {
  if (plan.expect.races === 'allowed') return [];
  const opened = { name: 'races', span: null, expected: 'never' };
  const [first] = races;
  if (first === undefined) return [complete ? passed(opened, 'none') : notJudged(opened, STOPPED, 'none')];
  const evidence = races.slice(0, MOST_EVIDENCE).flatMap((race, index) => evidenceOf(race, index > 0));
  const others = races.length - MOST_EVIDENCE;
  const more = others > 0 ? [{ text: `and ${counted(others, 'other race')}` }] : [];
  return [failed(opened, raceText(first), [...evidence, ...more])];
}

/** `` `a` wrote `n` at 0.1 s and `b` read it at 0.2 s without synchronization `` */
function raceText({ variable, first, second }: Race): string {
  const accessText = ({ task, deed, at }: RaceAccess, what: string): string =>
    `${quoted(task)} ${deed} ${what} at ${durationText(at)}`;
  return `${accessText(first, quoted(variable))} and ${accessText(second, 'it')} ${UNSYNCHRONIZED}`;
}

function evidenceOf({ variable, first, second }: Race, isAnother: boolean): readonly Evidence[] {
  return [first, second].map(({ task, deed, at, span }, index) => {
    const text = `${deed} ${quoted(variable)}${isAnother && index === 0 ? ', another race' : ''}`;
    return { at, task, ...(span === null ? {} : { span }), text };
  });
}
