/**
 * How the command ends: the one table that the code, `--help` and the documentation share.
 */

export const exitCodes = {
  passed: {
    code: 0,
    meaning: 'passed: every expectation that could be judged was met (validate: every file is valid)',
  },
  failed: { code: 1, meaning: 'failed: an expectation was not met, a task failed, or there was a deadlock' },
  invalid: { code: 2, meaning: 'the scenario has mistakes, or the command was used wrongly' },
  inconclusive: {
    code: 3,
    meaning: 'inconclusive: a limit was reached, or the machine refused something',
  },
  bug: { code: 70, meaning: 'a bug in concur' },
  hungUp: { code: 129, meaning: 'the terminal was closed (SIGHUP)' },
  interrupted: { code: 130, meaning: 'interrupted (SIGINT, Ctrl-C)' },
  outputClosed: { code: 141, meaning: 'the reader of the output has closed it (SIGPIPE)' },
  terminated: { code: 143, meaning: 'terminated (SIGTERM)' },
} as const satisfies Record<string, { readonly code: number; readonly meaning: string }>;

export type Ending = keyof typeof exitCodes;

/** The table as `--help` prints it. */
export function exitCodeHelp(): string {
  const rows = Object.values(exitCodes).map(
    ({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`,
  );
  return ['Exit codes:', ...rows].join('\n');
}

/** Of several endings, the one that decides the exit code: what was not judged must not look like what was. */
export function worstEnding(endings: readonly Ending[]): Ending {
  return gravity.find((ending) => endings.includes(ending)) ?? 'passed';
}

const gravity = [
  'bug',
  'interrupted',
  'terminated',
  'hungUp',
  'outputClosed',
  'invalid',
  'failed',
  'inconclusive',
] as const satisfies readonly Ending[];
