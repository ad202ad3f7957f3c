/**
 * `concur test`: every case of many scenarios, reported as a whole.
 */
import type { CaseEnd, SuiteEvent, SuiteReporter, SuiteStop } from '../../engine/command.ts';
import { harmless } from '../../engine/harmless.ts';
import { type Ending, worstEnding } from '../exit-code.ts';
import { findScenarios } from '../files/find-scenarios.ts';
import { timeoutMistake, timeoutOf } from '../files/load.ts';
import { type Engine, type Host, sayMistake } from '../host.ts';
import { type Entry, loadSuite } from './suite.ts';
import { openSuiteReporters } from './suite-reporters.ts';
import type { TestArguments } from './test-arguments.ts';
import { testCase } from './test-case.ts';

export async function testCommand(args: TestArguments, host: Host): Promise<Ending> {
  const found = await findScenarios(args.paths);
  if ('mistake' in found) return sayMistake(host, found.mistake);
  const engine = await import('../../engine/command.ts');
  const timeoutUs = args.timeout === undefined ? undefined : timeoutOf(engine, args.timeout);
  if (timeoutUs === 'none') return sayMistake(host, timeoutMistake(args.timeout ?? ''));
  const { files } = found;
  const options = { ...args, ...(timeoutUs === undefined ? {} : { timeoutUs }) };
  const suite = await loadSuite(engine, files, options);
  if ('mistake' in suite) return sayMistake(host, suite.mistake);
  if (suite.entries.length === 0) return sayMistake(host, emptyText(args, files.length));
  const opened = await openSuiteReporters({ engine, host, args, files });
  if ('mistake' in opened) return sayMistake(host, opened.mistake);
  const ending = await runSuite({ engine, host, args, ...suite, reporters: opened.reporters });
  const problems = await opened.close();
  for (const problem of problems) host.stderr.write(`concur: ${harmless(problem)}\n`);
  return problems.length === 0 ? ending : worstEnding([ending, 'inconclusive']);
}

/** The options that pick cases, as far as they were given. */
function selectionOf({ filters, tags, skipTags }: TestArguments): readonly string[] {
  return [
    ...(filters.length > 0 ? ['`--filter`'] : []),
    ...(tags.length > 0 ? ['`--tag`'] : []),
    ...(skipTags.length > 0 ? ['`--skip-tag`'] : []),
  ];
}

/** A suite of nothing must not look like one that passed. */
function emptyText(args: TestArguments, files: number): string {
  const { paths } = args;
  if (files > 0) {
    const looked = `${files} ${files === 1 ? 'file' : 'files'}`;
    return `no case of the ${looked} matches ${selectionOf(args).join(' and ')}`;
  }
  return `no scenario in ${paths.join(', ')}: a YAML or JSON file with 'concur: 1' at its top`;
}

type Run = {
  readonly engine: Engine;
  readonly host: Host;
  readonly args: TestArguments;
  readonly entries: readonly Entry[];
  readonly reporters: readonly SuiteReporter[];
};

async function runSuite(run: Run): Promise<Ending> {
  const { host, args, entries, reporters } = run;
  const startMs = host.now();
  const tell = (event: SuiteEvent) => {
    for (const reporter of reporters) {
      if (event.type !== 'happened' || reporter.followsRuns) reporter.handle(event);
    }
  };
  for (const reporter of reporters) await reporter.begin();
  tell({ type: 'suiteBegan', cases: entries.map((entry) => entry.case) });
  const ends = await runEntries(run, tell);
  const stop = stopOf(ends, run);
  tell({ type: 'suiteEnded', stop, durationUs: (host.now() - startMs) * 1000 });
  for (const reporter of reporters.toReversed()) await reporter.end();
  const stopped = host.interruptible().ending();
  return worstEnding([...ends.map((end) => endingOf(end, args)), stopped ?? 'passed']);

  function stopOf(some: readonly CaseEnd[], { entries: all }: Run): SuiteStop | null {
    if (host.interruptible().ending() !== undefined) return 'interrupted';
    if (some.some(({ outcome }) => outcome === 'bug')) return 'bug';
    return args.bail && some.length < all.length ? 'bail' : null;
  }
}

/** That a case was flaky is told, and is no failure unless that was asked for; why the suite was interrupted is known elsewhere. */
function endingOf({ outcome }: CaseEnd, { failOnFlaky }: TestArguments): Ending {
  if (outcome === 'flaky') return failOnFlaky ? 'failed' : 'passed';
  return outcome === 'interrupted' ? 'passed' : outcome;
}

/** Whether `--bail` goes on after it. */
function isAccepted({ outcome }: CaseEnd, { failOnFlaky }: TestArguments): boolean {
  return outcome === 'passed' || (outcome === 'flaky' && !failOnFlaky);
}

/** So many at once as `--jobs` says; told in the order of the suite. Those begun are brought to their end. */
async function runEntries(run: Run, tell: (event: SuiteEvent) => void): Promise<readonly CaseEnd[]> {
  const { host, args, entries } = run;
  const done: CaseEnd[] = [];
  const told: CaseEnd[] = [];
  let next = 0;
  const isOver = () =>
    next >= entries.length ||
    host.interruptible().ending() !== undefined ||
    done.some((end) => end.outcome === 'bug' || (args.bail && !isAccepted(end, args)));
  const work = async () => {
    for (; !isOver(); ) {
      const entry = entries[next];
      next += 1;
      if (entry === undefined) return;
      done.push(await runEntry(run, entry, tell));
      for (let end = endOf(done, told.length); end !== undefined; end = endOf(done, told.length)) {
        told.push(end);
        tell({ type: 'caseEnded', end });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(args.jobs, entries.length) }, work));
  return told;
}

function endOf(done: readonly CaseEnd[], index: number): CaseEnd | undefined {
  return done.find((end) => end.case.index === index);
}

function runEntry(run: Run, entry: Entry, tell: (event: SuiteEvent) => void): Promise<CaseEnd> {
  const { case: one } = entry;
  return testCase({
    ...run,
    entry,
    onRun: (plan, number) => tell({ type: 'caseBegan', case: one, plan, run: number, runs: run.args.repeat }),
    onEvent: (event) => tell({ type: 'happened', case: one, event }),
  });
}
