/**
 * What is kept of a case that did not pass: the log of the run that shows it, the run's folder as it was at its end, the case's own
 * reports, and the command that repeats it.
 *
 * The log is written while the run goes on, so that it is there whatever ends the command. What was recorded of a run that passed
 * goes again, unless all is to be kept.
 */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { cp, readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaseEnd, Event, Plan, SavedSchedule, Source } from '../../engine/command.ts';
import { harmless } from '../../engine/harmless.ts';
import { type LogFile, openLogFile } from '../files/log-file.ts';
import { fileProblem, systemCode } from '../files/read-source.ts';
import type { Engine, Host } from '../host.ts';

/** Of one case. */
export type Evidence = {
  /** A run begins, in a try of the case. */
  readonly beginRun: (run: RunToRecord) => RunEvidence;
  /** A search has found a way that breaks an expectation. */
  readonly keepSchedule: (saved: SavedSchedule) => void;
  /** The case is over. Whether anything of it is kept. */
  readonly finish: (end: CaseEnd) => boolean;
};

export type RunToRecord = {
  readonly plan: Plan;
  readonly source: Source;
  readonly mode: 'real' | 'virtual';
  /** Counted from 1. */
  readonly attempt: number;
};

export type RunEvidence = {
  readonly handle: (event: Event) => void;
  readonly keepWorkspace: (folder: string) => void;
  readonly end: (hasPassed: boolean) => Promise<void>;
};

type Options = {
  readonly engine: Engine;
  readonly host: Host;
  /** The case's own. */
  readonly folder: string;
  readonly keep: 'failed' | 'all';
  /** Is told what could not be kept. */
  readonly onProblem: (problem: string) => void;
};

/** How long the log may keep to itself what happened: the command can be killed at any time. */
const flushMs = 100;

const nothing: RunEvidence = { handle: () => {}, keepWorkspace: () => {}, end: async () => {} };

export function createEvidence(options: Options): Evidence {
  const { folder, keep, onProblem } = options;
  /** Of each try, whether a run that did not pass is kept: it is the one that reports show. */
  const kept = new Set<number>();
  let hasAny = false;
  return {
    beginRun(run) {
      const { attempt } = run;
      if (kept.has(attempt)) return nothing;
      const place = attempt === 1 ? folder : join(folder, `try-${attempt}`);
      rmSync(place, { recursive: true, force: true });
      const record = recordRun(run, place, options);
      return {
        ...record,
        async end(hasPassed) {
          await record.end(hasPassed);
          if (!hasPassed) kept.add(attempt);
          if (hasPassed && keep === 'failed') rmSync(place, { recursive: true, force: true });
          else hasAny = true;
        },
      };
    },
    keepSchedule(saved) {
      try {
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, 'schedule.json'), options.engine.scheduleDocument(saved));
      } catch (error) {
        onProblem(fileProblem('write', folder, error));
      }
    },
    finish(end) {
      if (keep === 'failed' && end.outcome === 'passed' && !hasAny) return false;
      try {
        writeReports(end, options);
      } catch (error) {
        onProblem(fileProblem('write', folder, error));
      }
      return true;
    },
  };
}

function recordRun(
  { plan, source, mode }: RunToRecord,
  place: string,
  { engine, host, keep, onProblem }: Options,
): RunEvidence {
  const log = openLog(join(place, 'log.jsonl'), place, onProblem);
  let workspace: string | undefined;
  const places = engine.createPlaces(source, { palette: engine.createPalette(false), columns: 100 });
  const logger = engine.createLogWriter(plan, {
    mode,
    concur: host.version,
    lineOf: ({ span }) => places.position(span)?.line,
    write: (text) => log?.write(text),
  });
  const stopClock = host.every(flushMs, logger.end);
  return {
    handle: (event) => logger.handle(event),
    keepWorkspace: (path) => {
      workspace = path;
    },
    async end(hasPassed) {
      stopClock();
      logger.end();
      const problem = await log?.close(host.interruptible());
      if (problem !== undefined) onProblem(problem);
      if (workspace === undefined) return;
      const problems =
        hasPassed && keep === 'failed'
          ? await removed(workspace)
          : await moved(workspace, join(place, 'workspace'));
      if (problems !== undefined) onProblem(problems);
    },
  };
}

function openLog(path: string, folder: string, onProblem: Options['onProblem']): LogFile | undefined {
  try {
    mkdirSync(folder, { recursive: true });
    const log = openLogFile(path, []);
    if (!('mistake' in log)) return log;
    onProblem(log.mistake);
  } catch (error) {
    onProblem(fileProblem('write', folder, error));
  }
  return undefined;
}

async function removed(folder: string): Promise<string | undefined> {
  try {
    await rm(folder, { recursive: true, force: true });
    return undefined;
  } catch (error) {
    return fileProblem('write', folder, error);
  }
}

/** Renamed, or copied where it is on another disk. */
async function moved(folder: string, to: string): Promise<string | undefined> {
  try {
    renameSync(folder, to);
    await leaveOut(to);
    return undefined;
  } catch (error) {
    if (systemCode(error) !== 'EXDEV') return fileProblem('write', to, error);
  }
  try {
    await leaveOut(folder);
    await cp(folder, to, { recursive: true, verbatimSymlinks: true });
  } catch (error) {
    const reason = systemCode(error) === undefined ? String(error) : fileProblem('write', to, error);
    return `the workspace is not complete: ${reason}`;
  } finally {
    await removed(folder);
  }
  return undefined;
}

/**
 * Whoever uploads the folder reads all of it, and follows links: pipes would make that wait for ever, and a link to elsewhere take what
 * is none of its business. Both go.
 */
async function leaveOut(workspace: string): Promise<void> {
  const root = await realpath(workspace);
  for (const entry of await readdir(workspace, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() || entry.isDirectory()) continue;
    if (!entry.isSymbolicLink() || !(await leadsInto(root, path))) await rm(path, { force: true });
  }
}

async function leadsInto(root: string, link: string): Promise<boolean> {
  try {
    return `${await realpath(link)}/`.startsWith(`${root}/`);
  } catch {
    return false;
  }
}

/** As a suite of that case alone; and a script that repeats it. */
function writeReports(end: CaseEnd, { engine, folder }: Options): void {
  mkdirSync(folder, { recursive: true });
  const alone = { ...end, case: { ...end.case, index: 0 } };
  const write = (name: string) => (text: string) => writeFileSync(join(folder, name), text, { flag: 'a' });
  rmSync(join(folder, 'report.txt'), { force: true });
  rmSync(join(folder, 'report.json'), { force: true });
  const palette = engine.createPalette(false);
  for (const reporter of [
    engine.createSuitePlain({ write: write('report.txt'), palette, columns: 100, detail: 'normal' }),
    engine.createSuiteJson({ write: write('report.json') }),
  ]) {
    reporter.handle({ type: 'suiteBegan', cases: [alone.case] });
    reporter.handle({ type: 'caseEnded', end: alone });
    reporter.handle({ type: 'suiteEnded', stop: null, durationUs: end.durationUs });
  }
  const title = harmless(engine.caseTitle(end.case));
  const script = `#!/bin/sh\n# ${title}: ${end.outcome}\n# From the folder in which concur test was started:\n${end.command}\n`;
  writeFileSync(join(folder, 'repeat.sh'), script, { mode: 0o755 });
}
