/**
 * The reporters of a suite, as they were asked for: each writes to standard output or to its file.
 *
 * Somebody always tells people: where no reporter was asked to write to standard output, the plain one does. On GitHub's
 * runners annotations come with it unasked, and a table wherever there is a summary page.
 */
import { randomUUID } from 'node:crypto';
import { join, relative, resolve } from 'node:path';
import type { SuiteReporter } from '../../engine/command.ts';
import type { LogFile } from '../files/log-file.ts';
import { appendingFile, openReportFile } from '../files/report-files.ts';
import type { Engine, Host } from '../host.ts';
import { reportNames } from '../suite/output-folder.ts';
import type { ReporterChoice } from '../suite/reporter-options.ts';
import type { TestArguments } from './test-arguments.ts';

/** How; without a mode of runs that may be watched, there are none. */
export type ToReport = Pick<TestArguments, 'reporters' | 'output' | 'detail' | 'slowest'> &
  Partial<Pick<TestArguments, 'mode'>>;

export type SuiteReporters = {
  readonly reporters: readonly SuiteReporter[];
  /** What could not be written. */
  readonly close: () => Promise<readonly string[]>;
};

type Options = {
  readonly engine: Engine;
  readonly host: Host;
  readonly args: ToReport;
  /** The suite's scenarios, which no report may overwrite. */
  readonly files: readonly string[];
};

export async function openSuiteReporters(
  options: Options,
): Promise<SuiteReporters | { readonly mistake: string }> {
  const { host, args } = options;
  const opened: LogFile[] = [];
  const reporters: SuiteReporter[] = [];
  for (const choice of completed(args, host)) {
    const file =
      choice.file === undefined
        ? { write: host.stdout.write, close: async () => undefined }
        : openReportFile(choice.file, options.files);
    if ('mistake' in file) return file;
    opened.push(file);
    reporters.push(await createReporter(choice, file.write, options));
  }
  const page = host.env['GITHUB_STEP_SUMMARY'];
  if (page !== undefined && page !== '') {
    const file = appendingFile(page);
    opened.push(file);
    reporters.push(options.engine.createSuiteMarkdown(file));
  }
  return {
    reporters,
    async close() {
      const problems = await Promise.all(opened.map((file) => file.close(host.interruptible())));
      return problems.flatMap((problem) => problem ?? []);
    },
  };
}

/** GitHub's comes first: what the others write must not be taken for commands. */
function completed(
  { reporters: choices, output }: Pick<TestArguments, 'reporters' | 'output'>,
  { env }: Host,
): readonly Choice[] {
  const writesAlready = choices.some(({ name, file }) => file === undefined && name !== 'github');
  const isGithub = env['GITHUB_ACTIONS'] === 'true' && choices.length === 0;
  const all: readonly Choice[] = [
    ...(isGithub ? [{ name: 'github' } as const] : []),
    ...choices,
    ...(writesAlready ? [] : [{ name: 'plain' } as const]),
    ...(output === undefined ? [] : reportsIn(output)),
  ];
  return all.toSorted((a, b) => Number(b.name === 'github') - Number(a.name === 'github'));
}

/** A report in the folder of `--output` leaves nothing out, however short the one on standard output is. */
type Choice = ReporterChoice & { readonly isKept?: true };

/** What `--output` has, whatever else was asked for. */
function reportsIn(folder: string): readonly Choice[] {
  const names = ['plain', 'json', 'junit', 'tap'] as const;
  return names.map((name) => ({ name, file: join(folder, reportNames[name]), isKept: true }));
}

async function createReporter(
  { name, file, isKept }: Choice,
  write: (text: string) => void,
  options: Options,
): Promise<SuiteReporter> {
  const { engine, host } = options;
  switch (name) {
    case 'plain':
      return createPlain(write, { isStandardOutput: file === undefined, isKept: isKept === true }, options);
    case 'junit':
      return (await engine.loadSuiteJunit())({ write });
    case 'tap':
      return engine.createSuiteTap({ write });
    case 'json':
      return engine.createSuiteJson({ write });
    case 'github':
      return engine.createSuiteGithub({
        write,
        stopWord: randomUUID(),
        pathInRepository: (path) => relative(host.env['GITHUB_WORKSPACE'] || '.', resolve(path)),
      });
    default:
      return name satisfies never;
  }
}

const columnsWithoutTerminal = 100;

function createPlain(
  write: (text: string) => void,
  { isStandardOutput, isKept }: { readonly isStandardOutput: boolean; readonly isKept: boolean },
  { engine, host, args }: Options,
): SuiteReporter {
  const { live, colour } = engine.chooseUse({ ...host.stdout.facts, env: host.env });
  const palette = engine.createPalette(isStandardOutput && colour);
  const columns = (isStandardOutput && host.stdout.facts.columns) || columnsWithoutTerminal;
  const shown = {
    write,
    palette,
    columns,
    detail: isKept ? 'normal' : args.detail,
    slowest: args.slowest,
  } as const;
  if (!isStandardOutput || !live || args.mode === undefined) return engine.createSuitePlain(shown);
  const { size, now, every } = host;
  return engine.createSuiteView({ ...shown, size, now, every, mode: args.mode });
}
