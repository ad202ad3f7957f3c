/**
 * `concur test`: every case of many scenarios, reported as a whole.
 */
import type { CaseEnd, SuiteEvent, SuiteReporter, SuiteStop } from '../../engine/command.ts';
import { harmless, withoutCommands } from '../../engine/harmless.ts';
import { type Ending, worstEnding } from '../exit-code.ts';
import { findScenarios } from '../files/find-scenarios.ts';
import { timeoutMistake, timeoutOf } from '../files/load.ts';
import { type Engine, type Host, sayMistake } from '../host.ts';
import { type AtWork, watchWork } from '../suite/at-work.ts';
import { type ChosenCases, chooseCases } from '../suite/choose-cases.ts';
import { openFailedCases } from '../suite/failed-cases.ts';
import { evidenceIn } from '../suite/output-folder.ts';
import { openRecording, type Recording } from '../suite/recording.ts';
import { listingOf, type ResultsHeader, settingsOf } from '../suite/results-file.ts';
import { type Entry, loadSuite } from './suite.ts';
import { openSuiteReporters } from './suite-reporters.ts';
import type { TestArguments } from './test-arguments.ts';
import { testCase } from './test-case.ts';

export async function testCommand(args: TestArguments, host: Host): Promise<Ending> {
  const found = await findScenarios(
    args.paths,
    args.output === undefined ? undefined : evidenceIn(args.output),
  );
  if ('mistake' in found) return sayMistake(host, found.mistake);
  const engine = await import('../../engine/command.ts');
  const timeoutUs = args.timeout === undefined ? undefined : timeoutOf(engine, args.timeout);
  if (timeoutUs === 'none') return sayMistake(host, timeoutMistake(args.timeout ?? ''));
  const { files } = found;
  const options = { ...args, ...(timeoutUs === undefined ? {} : { timeoutUs }) };
  const suite = await loadSuite(engine, files, options);
  if ('mistake' in suite) return sayMistake(host, suite.mistake);
  if (suite.entries.length === 0) return sayMistake(host, emptyText(args, files.length));
  const failedCases = openFailedCases(args.output);
  const chosen = await chooseCases(suite.entries, args, failedCases);
  if ('mistake' in chosen) return sayMistake(host, chosen.mistake);
  for (const note of chosen.notes) host.stderr.write(`concur: ${harmless(note)}\n`);
  if (args.list) return listCases(engine, host, args, chosen.entries);
  const whole = args.failed ? chosen.entries : suite.entries;
  const header = headerOf(host, args, whole, chosen);
  const { output, keep } = args;
  const recording = openRecording({ engine, host, output, keep, header, failedCases });
  if ('mistake' in recording) return sayMistake(host, recording.mistake);
  const opened = await openSuiteReporters({ engine, host, args, files });
  if ('mistake' in opened) return sayMistake(host, opened.mistake);
  const { entries } = chosen;
  const ending = await runSuite({ engine, host, args, entries, reporters: opened.reporters, recording });
  const problems = [...(await opened.close()), ...(await recording.close())];
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

/** `--list`: a line a case, and none is run. */
function listCases(engine: Engine, host: Host, args: TestArguments, entries: readonly Entry[]): Ending {
  const isJson = args.reporters.some(({ name, file }) => name === 'json' && file === undefined);
  const cases = entries.map(({ case: { file, name, caseName, judge } }) => ({
    file,
    name,
    case: caseName,
    judge,
  }));
  host.stdout.write(
    isJson
      ? engine.jsonText({ concurCases: 1, cases })
      : withoutCommands(entries.map((entry) => `${harmless(engine.caseTitle(entry.case))}\n`).join('')),
  );
  return 'passed';
}

function headerOf(
  { version }: Host,
  args: TestArguments,
  all: readonly Entry[],
  { durations }: ChosenCases,
): ResultsHeader {
  return {
    ...{ concurResults: 1, version, shard: args.shard ?? { index: 1, count: 1 } },
    ...listingOf(all),
    ...{ settings: settingsOf(args), durations },
  };
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
  readonly recording: Recording;
};

type Working = Run & { readonly atWork: AtWork };

async function runSuite(run: Run): Promise<Ending> {
  const { engine, host, args, entries, reporters, recording } = run;
  const startMs = host.now();
  const tell = (event: SuiteEvent) => {
    for (const reporter of reporters) {
      if (event.type !== 'happened' || reporter.followsRuns) reporter.handle(event);
    }
  };
  for (const reporter of reporters) await reporter.begin();
  tell({ type: 'suiteBegan', cases: entries.map((entry) => entry.case) });
  const atWork = watchWork(engine, host);
  const ends = await runEntries({ ...run, atWork }, tell);
  atWork.close();
  const stop = stopOf(ends, run);
  const durationUs = (host.now() - startMs) * 1000;
  recording.over(stop, durationUs);
  tell({ type: 'suiteEnded', stop, durationUs });
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
async function runEntries(run: Working, tell: (event: SuiteEvent) => void): Promise<readonly CaseEnd[]> {
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

async function runEntry(run: Working, entry: Entry, tell: (event: SuiteEvent) => void): Promise<CaseEnd> {
  const { recording, atWork } = run;
  const { case: one } = entry;
  recording.began(entry);
  const end = await testCase({
    ...run,
    entry,
    evidence: recording.evidenceOf(entry),
    onRun(plan, number) {
      atWork.began(one);
      tell({ type: 'caseBegan', case: one, plan, run: number, runs: run.args.repeat });
    },
    onEvent: (event) => tell({ type: 'happened', case: one, event }),
  });
  atWork.ended(one);
  return recording.ended(entry, end);
}
