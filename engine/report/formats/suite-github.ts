/**
 * A suite for GitHub Actions: annotations at the lines of what failed, and warnings at those of what was flaky.
 *
 * A step may have ten of either, so the tenth says how many there would be more. Whatever is written meanwhile cannot forge
 * a command: a word that nobody can guess stops the runner from listening to any until the annotations come.
 *
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */

import { harmless } from '../../source/harmless.ts';
import { againLine, type Problem, problemsOf } from '../suite/case-problems.ts';
import { type CaseEnd, caseTitle, flakyText, type SuiteReporter } from '../suite/suite.ts';
import { cutText } from '../text/cut-text.ts';

export type SuiteGithubOptions = {
  readonly write: (text: string) => void;
  /** A file as the repository knows it: annotations are put at paths from its top. */
  readonly pathInRepository: (file: string) => string;
  /** A word that cannot be guessed. */
  readonly stopWord: string;
};

const mostAnnotations = 10;
const mostInMessage = 4000;
const mostInProperty = 500;

export function createSuiteGithub({ write, pathInRepository, stopWord }: SuiteGithubOptions): SuiteReporter {
  const annotations = { error: [] as string[], warning: [] as string[] };
  return {
    async begin() {
      write(`::stop-commands::${stopWord}\n`);
    },
    handle(event) {
      if (event.type !== 'caseEnded') return;
      const { end } = event;
      const level = end.outcome === 'flaky' ? 'warning' : 'error';
      const lines = problemsOf(end).map(
        (problem) => `::${level} ${annotation(end, problem, pathInRepository)}`,
      );
      annotations[level].push(...lines);
    },
    async end() {
      const { error, warning } = annotations;
      write(`::${stopWord}::\n${[...limited('error', error), ...limited('warning', warning)].join('')}`);
    },
  };
}

function limited(level: 'error' | 'warning', annotations: readonly string[]): readonly string[] {
  if (annotations.length <= mostAnnotations) return annotations;
  const shown = annotations.slice(0, mostAnnotations - 1);
  const others = annotations.length - shown.length;
  return [...shown, `::${level} title=concur::… and ${others} more problems: the log has them all\n`];
}

function annotation(
  end: CaseEnd,
  { name, message, position, details }: Problem,
  pathInRepository: (file: string) => string,
): string {
  const title = `${caseTitle(end.case)}: ${name}`;
  const evidence = details.length === 0 ? '' : `\n\n${details.join('\n')}`;
  const flaky = end.outcome === 'flaky' ? `${flakyText(end)}; before: ` : '';
  const text = `${flaky}${harmless(cutText(message, mostInMessage))}${evidence}\n\n${againLine(end)}`;
  const properties = {
    ...(end.case.file === '-' ? {} : { file: pathInRepository(end.case.file) }),
    ...(position === null ? {} : { line: `${position.line}`, col: `${position.column}` }),
    title,
  };
  const written = Object.entries(properties).map(
    ([key, value]) => `${key}=${escapedProperty(harmless(cutText(value, mostInProperty)))}`,
  );
  return `${written.join(',')}::${escapedData(cutText(text, mostInMessage))}\n`;
}

function escapedData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
