/**
 * What `eventually` and `leadsTo` came to in a search: a way on which what is awaited never comes breaks them, one that ends and
 * one that goes on for ever; and whether tasks can starve.
 *
 * A way that goes on for ever counts where it is fair: whoever can go on all the time does go on.
 */
import type { Avoided, LivenessSeen, Starving } from '../log/liveness-seen.ts';
import type { Plan } from '../plan/plan.ts';
import { beyond, type CheckedJudgement, NOT_ALL, type Replayed, timeless } from './checked-judgement.ts';
import { failed, notJudged, type Opened, passed } from './expectations/judgement.ts';
import { openConsequence, openEventually } from './expectations/liveness.ts';
import { listed, quoted } from './show.ts';
import type { Evidence } from './verdict.ts';

/** With the number of the way that shows it, where there is one. */
export type LivenessCoverage = Omit<LivenessSeen, 'avoided'> & {
  readonly avoided: readonly ((Avoided & { readonly way: number }) | null)[];
};

type Seen = { readonly liveness: LivenessCoverage | null; readonly within: string | null };

const TIME_COUNTS = 'where durations count, it is not judged who has a turn in the end';

export function isAwaited(name: string): boolean {
  return name === 'eventually' || name === 'leadsTo';
}

/** @param replays the shortest first */
export function judgeAwaited(
  plan: Plan,
  seen: Seen,
  replays: readonly Replayed[],
): readonly CheckedJudgement[] {
  const { eventually, leadsTo } = plan.expect;
  return [...eventually.map(openEventually), ...leadsTo.map(openConsequence)].map((opened, index) => {
    const number = index < eventually.length ? index : index - eventually.length;
    return broken(plan, seen, replays, { opened, number, index }) ?? open(plan, seen, opened);
  });
}

/** An expectation: which of its name, and which of all that wait for something. */
type Asked = { readonly opened: Opened; readonly number: number; readonly index: number };

function broken(
  plan: Plan,
  { liveness }: Seen,
  replays: readonly Replayed[],
  { opened, number, index }: Asked,
): CheckedJudgement | undefined {
  const avoided = liveness?.avoided[index] ?? null;
  for (const { way, verdict, isLoop } of replays) {
    // A way that goes around is one for the expectation that it was found for.
    if (isLoop && avoided?.way !== way) continue;
    const own = verdict.judgements.filter(({ name }) => name === opened.name)[number];
    if (own?.result !== 'failed') continue;
    if (!isLoop || avoided?.by !== 'loop') return timeless({ ...own, way });
    const seen = `${own.seen}: the tasks can go on for ever without it`;
    return timeless({ ...own, seen, evidence: [...own.evidence, ...whyForEver(plan, avoided)], way });
  }
  return undefined;
}

function open(plan: Plan, { liveness, within }: Seen, opened: Opened): CheckedJudgement {
  if (plan.check.time === 'ordered') return { ...notJudged(opened, TIME_COUNTS), way: null };
  if (liveness === null || liveness.end !== 'all') return { ...notJudged(opened, NOT_ALL), way: null };
  if (liveness.isBounded) return { ...notJudged(opened, beyond(within ?? '')), way: null };
  return { ...passed(opened, 'in every fair interleaving'), way: null };
}

type Loop = Extract<Avoided, { readonly by: 'loop' }>;

/** What would have to be otherwise. */
function whyForEver(
  plan: Plan,
  { isStrict, starving, needsChance, needsTimeouts }: Loop,
): readonly Evidence[] {
  const chance = '`choose` and `random` are not fair: they may give the same each time';
  const timeouts = 'each time a wait is over before what it waits for comes: a check ignores durations';
  return [
    ...(isStrict
      ? [{ text: 'everybody has turns: fair locks would not help' }]
      : starving.map((one) => whyStarving(plan, one))),
    ...(needsChance ? [{ text: chance }] : []),
    ...(needsTimeouts ? [{ text: timeouts }] : []),
  ];
}

function whyStarving(plan: Plan, starving: Starving): Evidence {
  const task = plan.tasks[starving.task]?.name ?? '';
  const span = plan.steps[starving.step]?.span;
  return {
    task,
    ...(span === undefined ? {} : { span }),
    text: `waits here for ever, ${reasonOf(plan, starving)}`,
  };
}

/** Why it has no turn though it could have one. */
function reasonOf({ resources }: Plan, { resource }: Starving): string {
  const { name, kind, fair } = resources[resource ?? -1] ?? {};
  if (name === undefined) return 'only because it need not look when it could go on';
  if (fair === true || kind === undefined || NEVER_FAIR.has(kind))
    return `only because ${quoted(name)} promises no order`;
  return `only because ${quoted(name)} promises no order: with \`fair: true\` it has its turn`;
}

const NEVER_FAIR: ReadonlySet<string> = new Set(['event', 'barrier', 'pipeEnd', 'pool', 'file']);

/** One judgement for all that can starve. */
export function judgeStarvation(plan: Plan, { liveness, within }: Seen): readonly CheckedJudgement[] {
  const starving = liveness?.starving ?? null;
  const first = starving?.[0];
  const span = plan.steps[first?.step ?? -1]?.span ?? null;
  const opened: Opened = { name: 'starvation', span, expected: 'none' };
  if (starving !== null && first !== undefined) {
    const names = starving.map(({ task }) => plan.tasks[task]?.name ?? '');
    const evidence = starving.map((one) => whyStarving(plan, one));
    return [{ ...failed(opened, `${listed(names)} may never have a turn`, evidence), way: null }];
  }
  if (liveness === null || liveness.end !== 'all' || starving === null)
    return [{ ...notJudged(opened, NOT_ALL), way: null }];
  if (liveness.isBounded) return [{ ...notJudged(opened, beyond(within ?? '')), way: null }];
  return [{ ...passed(opened, 'none'), way: null }];
}

/** `` `guest` waits for `counter` ``, for a note: those of a group that wait for the same are one. */
export function starvingTexts(
  plan: Plan,
  starving: readonly Starving[],
): readonly { text: string; step: number }[] {
  const notes = new Map<string, { readonly names: string[]; readonly one: Starving }>();
  for (const one of starving) {
    const { tasks } = plan;
    const key = `${tasks[one.task]?.group} ${one.step} ${one.resource}`;
    const note = notes.get(key) ?? { names: [], one };
    note.names.push(tasks[one.task]?.name ?? '');
    notes.set(key, note);
  }
  return [...notes.values()].map(({ names, one }) => ({
    text: `${listed(names)} may wait for ever, ${reasonOf(plan, one)}`,
    step: one.step,
  }));
}
