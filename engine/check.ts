/**
 * Checking a scenario: a search over every interleaving, each of its findings replayed in virtual time and judged by the
 * ordinary verdict.
 *
 * The search judges little itself, so that there is one opinion on what an expectation means. What it says leads somewhere,
 * and does not when replayed, is a bug in concur.
 */
import { type Counterexample, type JudgeFacts, loopOf, type Run, record, replay } from './check-replay.ts';
import { type Exploration, exploreInSlices } from './explore/explore.ts';
import type { Found } from './explore/found.ts';
import { unexplored } from './explore/refusals.ts';
import type { SearchProgress } from './explore/search.ts';
import { changesIn } from './explore/shorten.ts';
import type { SavedSchedule, ScheduleMove } from './log/schedule.ts';
import type { Plan } from './plan/plan.ts';
import type { Replayed } from './verdict/checked-judgement.ts';
import { type CheckVerdict, type Coverage, judgeExploration } from './verdict/exploration.ts';
import { needsLateness } from './verdict/lateness.ts';

export type CheckLimits = {
  /** Different states; by default what the plan says, or ten million. */
  readonly maxStates?: number;
  /** Bytes for the states that were seen; a gigabyte by default. */
  readonly maxBytes?: number;
  /** Steps from the beginning; by default what the plan says, or a hundred thousand. What is further away is not followed. */
  readonly maxSteps?: number;
};

export type CheckOptions = CheckLimits & {
  /** Replicas that nothing tells apart count as one another; true by default. */
  readonly symmetry?: boolean;
  /** Of steps that come to the same in whichever order, one order is enough; true by default. */
  readonly reduction?: boolean;
  /** What was never exercised in any order is a failure; false by default. */
  readonly strict?: boolean;
  /** Asked now and then: false ends the search. */
  readonly mayGoOn?: () => boolean;
  /** Ends the search; what it found until then counts. */
  readonly signal?: AbortSignal;
  /** Told now and then how far the search is. */
  readonly onProgress?: (progress: SearchProgress) => void;
  /** What `env` holds, and the lines that explanations name. */
  readonly judge?: JudgeFacts;
};

export type CheckResult = {
  readonly verdict: CheckVerdict;
  readonly exploration: Exploration;
  /** Of the first expectation that failed, if a way shows it. */
  readonly counterexample: Counterexample | null;
  /** What the search found and the replay did not: a bug in concur. */
  readonly violation: string | null;
  /**
   * Where somebody is late on the way of the counterexample: whether what it breaks is broken with `time: ordered` as well, or never.
   * Null: nobody is late, or it is not known.
   */
  readonly inTime: 'also' | 'never' | null;
  /** Each way that was found, by its number; those that were not replayed have none. */
  readonly ways: readonly Pick<SavedSchedule, 'moves' | 'loopFrom'>[];
  /** How it can end, deadlocks included, a text for each: of these, what a run comes to is one. */
  readonly ends: ReadonlySet<string>;
};

/** Takes as long as it takes; the limits bound it, and the event loop has its turn meanwhile. */
export async function checkPlan(plan: Plan, options: CheckOptions = {}): Promise<CheckResult> {
  const exploration = await exploreAll(plan, options);
  const replays: Replayed[] = [];
  const ways = exploration.found.map((one) => ({ moves: NO_MOVES, ...loopOf(one) }));
  const ends = new Set<string>();
  let violation: string | null = exploration.impossible;
  const { first, rest } = inOrder(exploration);
  const patience = new Patience(options);
  const { judge: facts, signal } = options;
  const replaying = { facts, signal, isOver: () => patience.isOver };
  for (const [count, [way, found]] of [...first, ...rest].entries()) {
    if (count >= first.length && !mayGoOn(options)) break;
    const run = await replay(plan, exploration, found, replaying);
    if (run === undefined) break;
    violation ??= run.violation ?? disagreement(found, run);
    ways[way] = { moves: run.moves, ...loopOf(found) };
    if (found.kind === 'endless') continue;
    if ((found.kind === 'end' || found.kind === 'stuck') && run.end !== null) ends.add(run.end);
    const breaks = brokenBy(plan, found);
    const { schedule, kind } = found;
    const size = { length: schedule.length, switches: changesIn(schedule) };
    replays.push({ way, ...size, verdict: run.verdict, breaks, isLoop: kind === 'loop' });
  }
  const verdict = judgeExploration(
    plan,
    coverageOf(plan, patience.isOver ? stopped(exploration, options) : exploration, replays.length),
    replays,
    options.strict,
  );
  const shown =
    verdict.judgements.find(({ result, way }) => result === 'failed' && way !== null)?.way ?? null;
  const found = shown === null ? undefined : exploration.found[shown];
  const counterexample = found === undefined ? null : await record(plan, exploration, found, replaying);
  const inTime = await isBrokenInTime(plan, options, verdict, counterexample);
  return { verdict, exploration, counterexample, violation, inTime, ways, ends };
}

/** So many states are looked at to tell that. */
const MOST_STATES_IN_TIME = 20_000;

async function isBrokenInTime(
  plan: Plan,
  options: CheckOptions,
  { judgements }: CheckVerdict,
  counterexample: Counterexample | null,
): Promise<CheckResult['inTime']> {
  const broken = judgements.find(({ result, way }) => result === 'failed' && way !== null);
  if (plan.check.time === 'ordered' || counterexample === null || broken === undefined) return null;
  if (!mayGoOn(options) || !needsLateness(plan, counterexample.events)) return null;
  const ordered = { ...plan, check: { ...plan.check, time: 'ordered' as const } };
  if (unexplored(ordered) !== undefined) return null;
  const { verdict, violation } = await checkPlan(ordered, { ...options, maxStates: MOST_STATES_IN_TIME });
  const same = verdict.judgements.find(
    ({ name, expected }) => name === broken.name && expected === broken.expected,
  );
  if (violation !== null || same === undefined || same.result === 'notJudged') return null;
  if (verdict.coverage.within !== null && same.result === 'passed') return null;
  return same.result === 'failed' ? 'also' : 'never';
}

const NO_MOVES: readonly ScheduleMove[] = [];

/** How long others wait for their turn. */
const SLICE_MS = 50;

/** In slices, between which the event loop has its turn: a signal is heard, and what is shown is drawn. */
async function exploreAll(plan: Plan, options: CheckOptions): Promise<Exploration> {
  const exploring = exploreInSlices(plan, {
    environment: options.judge?.environment ?? {},
    symmetry: options.symmetry ?? true,
    maxStates: options.maxStates ?? plan.check.maxStates ?? 10_000_000,
    reduction: options.reduction ?? true,
    strict: options.strict ?? false,
    maxBytes: options.maxBytes ?? 1 << 30,
    maxSteps: options.maxSteps ?? plan.check.maxSteps ?? 100_000,
    mayGoOn: () => mayGoOn(options),
  });
  let startMs = performance.now();
  for (;;) {
    const slice = exploring.next();
    if (slice.done === true) return stoppedIfSo(slice.value, options);
    if (performance.now() - startMs < SLICE_MS) continue;
    startMs = performance.now();
    options.onProgress?.(slice.value);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function mayGoOn({ signal, mayGoOn: goesOn }: CheckOptions): boolean {
  return signal?.aborted !== true && goesOn?.() !== false;
}

function stoppedIfSo(exploration: Exploration, options: CheckOptions): Exploration {
  return exploration.end === 'time' ? stopped(exploration, options) : exploration;
}

/** Not all was looked at: by whom that was wanted. */
function stopped(exploration: Exploration, { signal }: CheckOptions): Exploration {
  return { ...exploration, end: signal?.aborted === true ? 'stopped' : 'time' };
}

/** What is broken is replayed though time is up, for so long. */
const GRACE_MS = 1_000;

/** Whether replays still make sense: not once somebody wants an end, nor long after time was up. */
class Patience {
  readonly #options: CheckOptions;
  #lateMs: number | undefined;
  #isOver = false;

  constructor(options: CheckOptions) {
    this.#options = options;
  }

  get isOver(): boolean {
    if (!this.#isOver && !mayGoOn(this.#options)) {
      this.#lateMs ??= performance.now();
      this.#isOver = this.#options.signal?.aborted === true || performance.now() - this.#lateMs > GRACE_MS;
    }
    return this.#isOver;
  }
}

type Ways = readonly (readonly [number, Found])[];

/** What is broken is always replayed, and one deadlock; of the others, and of ends, as many as there is time for. */
function inOrder({ found }: Exploration): { readonly first: Ways; readonly rest: Ways } {
  const ways = [...found.entries()];
  const stuck = found.findIndex(({ kind }) => kind === 'stuck');
  const isFirst = ([way, { kind, awaits }]: Ways[number]): boolean =>
    awaits !== undefined || (kind !== 'end' && (kind !== 'stuck' || way === stuck));
  return { first: ways.filter(isFirst), rest: ways.filter((one) => !isFirst(one)) };
}

function coverageOf(plan: Plan, exploration: Exploration, replays: number): Coverage {
  const { end, states, transitions, depth, ends, deadlocks, peaks, sightings, found, unexercised, races } =
    exploration;
  const { isBounded, isEveryEndFound } = exploration;
  return {
    ...{ end, states, transitions, depth, ends, deadlocks, peaks },
    races,
    within: isBounded ? (plan.check.within?.text ?? null) : null,
    // What was not seen to the end may still come to it.
    unexercised: end === 'all' && !isBounded ? unexercised : null,
    isEveryEndJudged: isEveryEndFound && replays === found.filter(({ kind }) => kind !== 'endless').length,
    endless: endlessWay(found),
    liveness: livenessOf(plan, exploration),
    sightings: sightings.map((way) => way?.length ?? null),
  };
}

function endlessWay(found: readonly Found[]): Coverage['endless'] {
  const way = found.findIndex(({ kind }) => kind === 'endless');
  return way < 0 ? null : { way, length: found[way]?.schedule.length ?? 0 };
}

/** With the number of the way that shows it, of each expectation for which there is one. */
function livenessOf({ expect }: Plan, { liveness, found }: Exploration): Coverage['liveness'] {
  if (liveness === null) return null;
  const keys = [
    ...expect.eventually.map((_, index) => `eventually ${index}`),
    ...expect.leadsTo.map((_, index) => `leadsTo ${index}`),
  ];
  const wayOf = (key: string | undefined): number =>
    found.findIndex((one) => one.awaits === key || (one.kind === 'loop' && one.key === key));
  const avoided = liveness.avoided.map((one, index) =>
    one === null ? null : { ...one, way: wayOf(keys[index]) },
  );
  return { ...liveness, avoided };
}

/** The judgement that fails in the state a way leads to. */
function brokenBy({ expect, resources }: Plan, { kind, key }: Found): Replayed['breaks'] {
  if (kind !== 'broken') return null;
  const [what, number] = key.split(' ');
  const index = Number(number);
  switch (what) {
    case 'always':
      return { name: 'always', span: expect.always[index]?.expression.span ?? null };
    case 'peak': {
      const { resource = -1, span = null } = expect.peak[index] ?? {};
      return { name: `peak ${resources[resource]?.name ?? resource}`, span };
    }
    case 'overlap':
      return { name: 'overlap never', span: expect.neverTogether[index]?.span ?? null };
    case 'order':
      return { name: 'order', span: null };
    default:
      return { name: 'tasks', span: null };
  }
}

/** A search and the verdict on what it found must say the same. */
function disagreement(found: Found, { verdict, hasClosed }: Run): string | null {
  const { kind, key, awaits } = found;
  const { deadlock, judgements } = verdict;
  if (kind === 'stuck' && deadlock === null)
    return 'the search found a deadlock that a replay of it does not have';
  if (!hasClosed)
    return `the search found that ${key} never comes in a loop, and a replay of it does not close`;
  const awaited = kind === 'loop' ? key : awaits;
  if (awaited !== undefined) {
    const [name, index] = awaited.split(' ');
    const own = judgements.filter((one) => one.name === name)[Number(index)];
    return own?.result === 'failed'
      ? null
      : `the search found that ${awaited} never comes, and in a replay it does`;
  }
  if (kind !== 'broken') return null;
  const isBroken = judgements.some(
    ({ result, name }) => result === 'failed' && (key !== 'races' || name === 'races'),
  );
  return isBroken ? null : `the search found ${key} broken, and a replay of it does not`;
}
