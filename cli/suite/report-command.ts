/**
 * `concur report --merge`: what the parts of a suite came to, as if one machine had run all of it.
 */
import { dirname, relative, resolve } from 'node:path';
import type { CaseEnd, SuiteEvent, SuiteStop } from '../../engine/command.ts';
import { harmless, harmlessLines } from '../../engine/harmless.ts';
import { openSuiteReporters } from '../commands/suite-reporters.ts';
import { type Ending, worstEnding } from '../exit-code.ts';
import { fileProblem, machineFault, systemCode } from '../files/read-source.ts';
import { type Engine, type Host, sayMistake } from '../host.ts';
import { writeDurations } from './durations-file.ts';
import { openFailedCases } from './failed-cases.ts';
import { mismatches } from './merge-results.ts';
import { claimOutputFolder } from './output-folder.ts';
import { type Results, readResults, resultsIn } from './read-results.ts';
import type { ReportArguments } from './report-arguments.ts';
import { openResultsFile } from './results-file.ts';
import { type Revived, reviveCases } from './revive-cases.ts';

export async function reportCommand(args: ReportArguments, host: Host): Promise<Ending> {
  const engine = await import('../../engine/command.ts');
  const all = await readAll(engine, host, args);
  if (all === undefined) return 'invalid';
  const revived = await revivedOf(engine, all);
  if ('mistake' in revived) return sayMistake(host, revived.mistake);
  const suite = { ...revived, all, stop: stopOf(all) };
  for (const note of all.flatMap((one) => noteOf(engine, one)))
    host.stderr.write(`concur: ${harmless(note)}\n`);
  const kept = args.output === undefined ? [] : await keep(engine, host, suite, args.output);
  if ('mistake' in kept) return sayMistake(host, kept.mistake);
  const opened = await openSuiteReporters({ engine, host, args, files: [] });
  if ('mistake' in opened) return sayMistake(host, opened.mistake);
  for (const reporter of opened.reporters) await reporter.begin();
  for (const event of eventsOf(suite)) for (const reporter of opened.reporters) reporter.handle(event);
  for (const reporter of opened.reporters.toReversed()) await reporter.end();
  const problems = [...kept, ...(await opened.close())];
  for (const problem of problems) host.stderr.write(`concur: ${harmless(problem)}\n`);
  const isWhole = problems.length === 0 && suite.stop !== 'interrupted';
  return worstEnding([...suite.ends.map((end) => endingOf(end, args)), isWhole ? 'passed' : 'inconclusive']);
}

/** Says all that is wrong with them; undefined, if anything is. */
async function readAll(
  engine: Engine,
  host: Host,
  { folders, output }: ReportArguments,
): Promise<readonly Results[] | undefined> {
  const mistakes: string[] = [];
  const all: Results[] = [];
  const paths = new Set<string>();
  for (const folder of folders) {
    const found = resultsIn(folder);
    if (found.length === 0)
      mistakes.push(
        `${folder} has no results: it must be a folder that concur test --output wrote, or have such folders in it`,
      );
    for (const path of found) paths.add(relative('.', path));
  }
  for (const path of paths) {
    const read = await readResults(engine, path);
    if ('mistake' in read) mistakes.push(read.mistake);
    else all.push(read);
    if (output !== undefined && resolve(dirname(path)) === resolve(output))
      mistakes.push(`'--output ${output}' is the folder of a part, and would replace that: name another`);
  }
  if (mistakes.length === 0) mistakes.push(...mismatches(all, host.version));
  for (const mistake of mistakes) sayMistake(host, mistake);
  return mistakes.length === 0 ? all : undefined;
}

/** Whatever is in the files: only what all reports can be written on is reported on. */
async function revivedOf(
  engine: Engine,
  all: readonly Results[],
): Promise<Revived | { readonly mistake: string }> {
  try {
    const revived = await reviveCases(engine, all);
    const palette = engine.createPalette(false);
    let text = '';
    const write = (more: string) => {
      text += more;
    };
    const probes = [
      engine.createSuitePlain({ write, palette, columns: 100, detail: 'normal' }),
      engine.createSuiteJson({ write() {} }),
    ];
    for (const event of eventsOf({ ...revived, all, stop: null }))
      for (const probe of probes) probe.handle(event);
    // What concur wrote is harmless wherever it is shown.
    if (harmlessLines(text).join('\n') !== text.replace(/\n$/, ''))
      throw new Error('somebody else has written there');
    return revived;
  } catch (error) {
    if (machineFault(error) !== undefined || systemCode(error) !== undefined) throw error;
    return { mistake: `the results are damaged: get them again, or run the parts again` };
  }
}

type Suite = Revived & { readonly all: readonly Results[]; readonly stop: SuiteStop | null };

/** The time is that of all parts together: what one machine would have taken. */
function eventsOf({ cases, ends, all, stop }: Suite): readonly SuiteEvent[] {
  return [
    { type: 'suiteBegan', cases },
    ...ends.map((end) => ({ type: 'caseEnded', end }) as const),
    { type: 'suiteEnded', stop, durationUs: totalUs(all) },
  ];
}

function totalUs(all: readonly Results[]): number {
  return all.reduce((sum, { over }) => sum + (over?.durationUs ?? 0), 0);
}

/** The worst end of a part. One that was ended by force was interrupted. */
function stopOf(all: readonly Results[]): SuiteStop | null {
  const stops = all.map(({ over }) => (over === null ? 'interrupted' : over.stop));
  return (['bug', 'interrupted', 'bail'] as const).find((stop) => stops.includes(stop)) ?? null;
}

/** Of a part that did not come to its end. */
function noteOf(engine: Engine, { header, over, atWork }: Results): readonly string[] {
  if (over !== null && over.stop !== 'interrupted') return [];
  const { index, count } = header.shard;
  const names = atWork.flatMap((place) => {
    const one = header.cases[place];
    return one === undefined ? [] : [engine.caseTitle({ ...one, index: place })];
  });
  const part = count === 1 ? 'the suite' : `part ${index} of ${count}`;
  const how = over === null ? 'was ended by force' : 'was interrupted';
  return [
    `${part} ${how}: not all of its cases were run${names.length === 0 ? '' : `; at work: ${names.join(', ')}`}`,
  ];
}

/** The parts as one, so that it can be reported on again. What could not be written. */
async function keep(
  engine: Engine,
  host: Host,
  { cases, ends, all, stop }: Suite,
  folder: string,
): Promise<readonly string[] | { readonly mistake: string }> {
  const mistake = claimOutputFolder(folder);
  const [first] = all;
  if (mistake !== undefined || first === undefined) return { mistake: mistake ?? 'there is nothing to keep' };
  const header = { ...first.header, shard: { index: 1, count: 1 } };
  const file = openResultsFile({ engine, host, folder }, header);
  if ('mistake' in file) return file;
  const failedCases = openFailedCases(folder);
  const sets = new Map(
    all.flatMap(({ header: { cases: own }, ended }) =>
      ended.map((one) => [JSON.stringify(own[one.ended]), one.set] as const),
    ),
  );
  for (const end of ends) {
    const { index } = end.case;
    file.ended(index, end, sets.get(JSON.stringify(first.header.cases[index])) ?? []);
    failedCases.note(end);
  }
  if (all.every(({ over }) => over !== null) || cases.length === 0) file.over(stop, totalUs(all));
  try {
    writeDurations(folder, ends);
  } catch (error) {
    return [fileProblem('write', folder, error)];
  }
  const problem = await file.close();
  return problem === undefined ? [] : [problem];
}

function endingOf({ outcome }: CaseEnd, { failOnFlaky }: ReportArguments): Ending {
  if (outcome === 'flaky') return failOnFlaky ? 'failed' : 'passed';
  return outcome === 'interrupted' ? 'inconclusive' : outcome;
}
