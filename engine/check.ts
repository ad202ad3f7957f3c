/**
 * Checking a scenario: a search over every interleaving, each of its findings replayed in virtual time and judged by the
 * ordinary verdict.
 *
 * The search judges little itself, so that there is one opinion on what an expectation means. What it says leads somewhere,
 * and does not when replayed, is a bug in concur.
 */
import { type Exploration, exploreInSlices } from './explore/explore.ts';
import type { Found } from './explore/found.ts';
import type { SearchProgress } from './explore/search.ts';
import { changesIn } from './explore/shorten.ts';
import { runVirtual } from './hosts/virtual.ts';
import type { Event } from './log/event.ts';
import type { SavedSchedule, ScheduleMove } from './log/schedule.ts';
import type { Plan } from './plan/plan.ts';
import type { Schedule } from './simulate/follow-schedule.ts';
import type { Place } from './simulate/follower.ts';
import { type CheckVerdict, type Coverage, judgeExploration, type Replayed } from './verdict/exploration.ts';
import { createJudge } from './verdict/judge.ts';
import type { LineOf } from './verdict/show.ts';
import type { Verdict } from './verdict/verdict.ts';

export type CheckLimits = {
  /** Different states; by default what the plan says, or ten million. */
  readonly maxStates?: number;
  /** Bytes for the states that were seen; a gigabyte by default. */
  readonly maxBytes?: number;
  /** Steps from the beginning; by default what the plan says, or a hundred thousand. What is further away is not followed. */
  readonly maxSteps?: number;
};

/** Without the evaluator, whose types are those of a package that is not installed with the library. */
export type JudgeFacts = {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly lineOf?: LineOf;
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

/** A way that breaks an expectation, as it went when it was replayed. */
export type Counterexample = {
  readonly schedule: Schedule;
  /** The same as it is kept. */
  readonly saved: SavedSchedule;
  readonly verdict: Verdict;
  readonly events: readonly Event[];
};

export type CheckResult = {
  readonly verdict: CheckVerdict;
  readonly exploration: Exploration;
  /** Of the first expectation that failed, if a way shows it. */
  readonly counterexample: Counterexample | null;
  /** What the search found and the replay did not: a bug in concur. */
  readonly violation: string | null;
  /** Each way that was found, by its number; those that were not replayed have none. */
  readonly ways: readonly (readonly ScheduleMove[])[];
};

/** Takes as long as it takes; the limits bound it, and the event loop has its turn meanwhile. */
export async function checkPlan(plan: Plan, options: CheckOptions = {}): Promise<CheckResult> {
  const exploration = await exploreAll(plan, options);
  const replays: Replayed[] = [];
  const ways: (readonly ScheduleMove[])[] = exploration.found.map(() => []);
  let violation: string | null = exploration.impossible;
  const { first, rest } = inOrder(exploration);
  for (const [count, [way, found]] of [...first, ...rest].entries()) {
    if (count >= first.length && !mayGoOn(options)) break;
    const run = await replay(plan, exploration, found, options.judge);
    violation ??= run.violation ?? disagreement(found, run.verdict);
    ways[way] = run.moves;
    if (found.kind === 'endless') continue;
    const breaks = brokenBy(plan, found);
    const { length } = found.schedule;
    replays.push({ way, length, switches: changesIn(found.schedule), verdict: run.verdict, breaks });
  }
  const verdict = judgeExploration(
    plan,
    coverageOf(plan, exploration, replays.length),
    replays,
    options.strict,
  );
  const shown =
    verdict.judgements.find(({ result, way }) => result === 'failed' && way !== null)?.way ?? null;
  const found = shown === null ? undefined : exploration.found[shown];
  const counterexample = found === undefined ? null : await record(plan, exploration, found, options.judge);
  return { verdict, exploration, counterexample, violation, ways };
}

/** How long others wait for their turn. */
const SLICE_MS = 50;

/** In slices, between which the event loop has its turn: a signal is heard, and what is shown is drawn. */
async function exploreAll(plan: Plan, options: CheckOptions): Promise<Exploration> {
  const exploring = exploreInSlices(plan, {
    environment: options.judge?.environment ?? {},
    symmetry: options.symmetry ?? true,
    maxStates: options.maxStates ?? plan.check.maxStates ?? 10_000_000,
    reduction: options.reduction ?? true,
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

function stoppedIfSo(exploration: Exploration, { signal }: CheckOptions): Exploration {
  return exploration.end === 'time' && signal?.aborted === true
    ? { ...exploration, end: 'stopped' }
    : exploration;
}

type Ways = readonly (readonly [number, Found])[];

/** What is broken is always replayed, and one deadlock; of the others, and of ends, as many as there is time for. */
function inOrder({ found }: Exploration): { readonly first: Ways; readonly rest: Ways } {
  const ways = [...found.entries()];
  const stuck = found.findIndex(({ kind }) => kind === 'stuck');
  const isFirst = ([way, { kind }]: Ways[number]): boolean =>
    kind !== 'end' && (kind !== 'stuck' || way === stuck);
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
    sightings: sightings.map((way) => way?.length ?? null),
  };
}

function endlessWay(found: readonly Found[]): Coverage['endless'] {
  const way = found.findIndex(({ kind }) => kind === 'endless');
  return way < 0 ? null : { way, length: found[way]?.schedule.length ?? 0 };
}

type Run = {
  readonly verdict: Verdict;
  readonly violation: string | null;
  readonly moves: readonly ScheduleMove[];
};

/** Later than anything in virtual time: a schedule may make waits as long as it needs. */
const NO_TIMEOUT_US = 2 ** 50;
/** Behind its schedule a replay goes on by itself, as long as it needs to show what comes of it; it may never end. */
const MOST_EVENTS_BEHIND = 20_000;

async function replay(
  plan: Plan,
  { kinds }: Exploration,
  { kind, schedule: steps }: Found,
  options: JudgeFacts | undefined,
  hear: (event: Event, isBehind: boolean) => void = () => {},
): Promise<Run & { readonly schedule: Schedule }> {
  const judge = createJudge(plan, { ...options, isTimeless: true });
  const stop = new AbortController();
  let left = Number.POSITIVE_INFINITY;
  const onDone = (): void => {
    left = MOST_EVENTS_BEHIND;
    if (kind === 'endless') stop.abort();
  };
  const moves: ScheduleMove[] = [];
  const onStep = (place: Place): void => {
    const { task = 0, late = false, choices = [] } = steps[moves.length] ?? {};
    moves.push({ task: plan.tasks[task]?.name ?? '', ...place, late, choices });
  };
  const end = await runVirtual(
    { ...plan, timeoutUs: NO_TIMEOUT_US },
    {
      schedule: { steps, kinds, onDone, onStep },
      signal: stop.signal,
      canNeverEnd: () => judge.canNeverEnd(),
      handle(event) {
        const isBehind = left !== Number.POSITIVE_INFINITY;
        if (--left === 0) stop.abort();
        judge.handle(event);
        hear(event, isBehind);
      },
    },
  );
  const verdict = judge.verdict(end);
  return { schedule: { steps, kinds }, verdict, violation: judge.violation()?.text ?? null, moves };
}

/** What breaks in a state is broken by the last step to it; a deadlock shows when everybody has tried to go on. */
async function record(
  plan: Plan,
  exploration: Exploration,
  found: Found,
  options: JudgeFacts | undefined,
): Promise<Counterexample> {
  const events: Event[] = [];
  let isOver = false;
  const isCut = found.kind === 'broken' || found.kind === 'endless';
  const { schedule, verdict, moves } = await replay(plan, exploration, found, options, (event, isBehind) => {
    isOver ||= event.type === 'stopped' || (isCut && isBehind);
    if (!isOver) events.push({ ...event });
  });
  const { name, caseName, seed } = plan;
  const saved = { scenario: name, caseName: caseName ?? null, set: {}, seed, breaks: '', moves };
  return { schedule, saved, verdict, events };
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
function disagreement({ kind, key }: Found, { deadlock, judgements }: Verdict): string | null {
  if (kind === 'stuck' && deadlock === null)
    return 'the search found a deadlock that a replay of it does not have';
  if (kind !== 'broken') return null;
  const isBroken = judgements.some(
    ({ result, name }) => result === 'failed' && (key !== 'races' || name === 'races'),
  );
  return isBroken ? null : `the search found ${key} broken, and a replay of it does not`;
}
