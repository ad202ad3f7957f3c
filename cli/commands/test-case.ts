/**
 * One case of a suite: run once or several times, and told as it came out.
 */
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import type {
  CaseEnd,
  CaseOutcome,
  CaseTry,
  Event,
  Plan,
  RunResult,
  Source,
  Verdict,
} from '../../engine/command.ts';
import { type Engine, type Host, sayBroken, sayBug } from '../host.ts';
import type { Evidence } from '../suite/evidence.ts';
import { seedOfRun } from './seeds.ts';
import type { Entry } from './suite.ts';
import type { TestArguments } from './test-arguments.ts';
import { checkForSuite } from './test-check.ts';

export type CaseToRun = {
  readonly engine: Engine;
  readonly host: Host;
  readonly args: TestArguments;
  readonly entry: Entry;
  /** What keeps evidence of it, if anything does. */
  readonly evidence: Evidence | undefined;
  /** Before each run. */
  readonly onRun: (plan: Plan, run: number) => void;
  readonly onEvent: (event: Event) => void;
};

/** How many of the lines that tasks printed are kept for one that does not pass. */
const outputLines = 20;

export async function testCase(todo: CaseToRun): Promise<CaseEnd> {
  const { engine, entry, args, host } = todo;
  const { plan, source } = entry;
  const startMs = host.now();
  const nothing = {
    ...entry,
    durationUs: 0,
    runs: 0,
    seed: null,
    command: engine.runAgainCommand({
      ...args,
      ...settingsOf(entry),
      mode: modeOf(entry),
      startedAs: host.startedAs,
      caseName: entry.case.caseName ?? undefined,
      seed: undefined,
    }),
    run: null,
    check: null,
    repetition: null,
    tries: [],
    inexcusable: null,
    evidence: null,
    output: [],
  };
  if (plan === null || source === null) return { ...nothing, outcome: 'invalid' };
  if (entry.judge === 'check') {
    todo.onRun(plan, 1);
    await eventLoopTurn();
    const { saved, ...done } = await checkForSuite({ engine, host, plan, source });
    if (saved !== null) todo.evidence?.keepSchedule(saved);
    return { ...nothing, ...done, runs: 1, seed: plan.seed, durationUs: (host.now() - startMs) * 1000 };
  }
  const { outcome, ...done } = await tryRuns({ ...todo, plan, source });
  return { ...nothing, ...done, outcome, seed: plan.seed, durationUs: (host.now() - startMs) * 1000 };
}

type Runs = CaseToRun & { readonly plan: Plan; readonly source: Source };
type Tried = Pick<CaseEnd, 'outcome' | 'runs' | 'run' | 'repetition' | 'output' | 'command' | 'problem'>;
/** One try of a case: all of its runs. */
type Done = Tried & Pick<CaseEnd, 'inexcusable'>;

/**
 * Again, where that may excuse what went wrong: for real. In virtual time the same seed gives the same run.
 *
 * What is told is the first try, unless a later one shows what nothing excuses.
 */
async function tryRuns(todo: Runs): Promise<Tried & Pick<CaseEnd, 'tries' | 'inexcusable'>> {
  const { args, entry, host } = todo;
  const first = await runAll(todo, 1);
  const tries = [first];
  const most = entry.judge === 'run' ? args.retries : 0;
  let last = first;
  while (tries.length <= most && mayExcuse(last) && host.interruptible().ending() === undefined) {
    last = await runAll(todo, tries.length + 1);
    tries.push(last);
  }
  const decides = last.outcome === 'bug' || last.inexcusable !== null ? last : first;
  return {
    ...decides,
    outcome: last.outcome === 'passed' && tries.length > 1 ? 'flaky' : decides.outcome,
    tries: tries.length === 1 ? [] : tries.map(tryOf),
    inexcusable: most === 0 ? null : decides.inexcusable,
  };
}

function mayExcuse({ outcome, inexcusable }: Done): boolean {
  return (outcome === 'failed' || outcome === 'inconclusive') && inexcusable === null;
}

function tryOf({ outcome, problem, run, repetition }: Done): CaseTry {
  if (outcome === 'passed') return { outcome, summary: '' };
  const hasPassed = run === null || run.verdict.outcome === 'passed';
  const unseen = repetition?.judgements.find(({ result }) => result === 'failed');
  const summary = hasPassed ? (unseen?.seen ?? outcome) : run.verdict.summary;
  return { outcome, summary: problem ?? summary };
}

/** The first run that does not pass is kept, or else the last. */
async function runAll(todo: Runs, attempt: number): Promise<Done> {
  const { engine, host, args, plan } = todo;
  const repetition = engine.createRepetition(plan);
  let kept: Ran | undefined;
  let inexcusable: string | null = null;
  let runs = 0;
  while (runs < args.repeat && host.interruptible().ending() === undefined) {
    const seeded = { ...plan, seed: seedOfRun(plan.seed, runs) };
    runs += 1;
    const ran = await runOne(todo, seeded, { number: runs, attempt });
    if (ran.verdict !== null) repetition.add(seeded.seed, ran.verdict);
    if (kept === undefined || kept.outcome === 'passed') kept = ran;
    if (ran.verdict !== null) inexcusable ??= engine.inexcusableIn(ran.verdict);
    if (ran.problem !== null) break;
  }
  if (kept === undefined) throw new Error('a case was begun after the end of the suite');
  const together = repetition.verdict(args.repeat);
  // Where every run passed, it takes all of them to see that something was never there.
  const needsAll = kept.outcome === 'passed' && args.repeat > 1;
  const { seed } = needsAll ? plan : kept.plan;
  const { startedAs } = host;
  const { caseName } = plan;
  const mode = modeOf(todo.entry);
  const command = engine.runAgainCommand({
    ...args,
    ...settingsOf(todo.entry),
    mode,
    startedAs,
    seed,
    caseName,
  });
  return {
    outcome: kept.outcome === 'passed' ? together.outcome : kept.outcome,
    runs,
    run: kept.verdict === null ? null : { plan: kept.plan, verdict: kept.verdict },
    repetition: args.repeat > 1 ? together : null,
    output: kept.output,
    command: needsAll ? `${command} --repeat ${args.repeat}` : command,
    problem: kept.problem,
    inexcusable,
  };
}

function settingsOf({ case: { file }, set }: Entry) {
  return { file, set };
}

function modeOf({ judge }: Entry): 'real' | 'virtual' | 'check' {
  return judge === 'run' ? 'real' : judge;
}

type Ran = Pick<CaseEnd, 'outcome' | 'output' | 'problem'> & {
  readonly plan: Plan;
  readonly verdict: Verdict | null;
};

async function runOne(
  { engine, host, entry, source, evidence, onRun, onEvent }: Runs,
  plan: Plan,
  { number, attempt }: { readonly number: number; readonly attempt: number },
): Promise<Ran> {
  const mode = entry.judge === 'virtual' ? 'virtual' : 'real';
  const kept = evidence?.beginRun({ plan, source, mode, attempt });
  const { signal, kill } = host.interruptible();
  const tail = engine.createTail(plan, outputLines);
  const handle = (event: Event) => {
    tail.handle(event);
    kept?.handle(event);
    onEvent(event);
  };
  onRun(plan, number);
  // A short virtual run never waits for anything: in a long suite of them no signal would ever be heard.
  await eventLoopTurn();
  try {
    const keep = kept === undefined ? {} : { keepWorkspace: kept.keepWorkspace };
    const result = await engine.run(plan, { mode, source, signal, kill, handle, ...keep });
    const ran = { plan, ...ranTo(result, host, plan.seed), output: tail.lines() };
    await kept?.end(ran.outcome === 'passed');
    return ran;
  } catch (error) {
    await kept?.end(false);
    const outcome = sayBroken(host, error, plan.seed);
    const message = error instanceof Error ? error.message : String(error);
    const problem = outcome === 'bug' ? `bug in concur: ${message}` : message;
    return { plan, outcome, verdict: null, problem, output: tail.lines() };
  }
}

function ranTo(
  { verdict, violation }: RunResult,
  host: Host,
  seed: number,
): Pick<Ran, 'outcome' | 'verdict' | 'problem'> {
  if (violation === null) return { outcome: outcomeOf(verdict), verdict, problem: null };
  const text = `event ${violation.seq} cannot have happened: ${violation.text}`;
  sayBug(host, text, seed);
  return { outcome: 'bug', verdict, problem: `bug in concur: ${text}` };
}

function outcomeOf({ outcome, run }: Verdict): CaseOutcome {
  return outcome === 'inconclusive' && run.stopped === 'interrupt' ? 'interrupted' : outcome;
}
