/**
 * Scenarios checked, for tests: by file or by text.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CheckOptions, type CheckResult, check, loadScenario, type Plan } from '../../engine/index.ts';
import { root } from '../scenarios/concur-command.ts';

export type Loading = { readonly caseName?: string; readonly set?: Readonly<Record<string, string>> };

export async function planOf(text: string, file = 'test.yaml', loading: Loading = {}): Promise<Plan> {
  const { plan, diagnostics } = await loadScenario(
    { file, text },
    { seed: 1, mode: 'virtual', forCheck: true, ...loading },
  );
  if (plan === undefined) throw new Error(`${text}\n${diagnostics.map(({ message }) => message).join('\n')}`);
  return plan;
}

export async function planOfFile(file: string, loading: Loading = {}): Promise<Plan> {
  return planOf(readFileSync(join(root, file), 'utf8'), file, loading);
}

export async function checked(text: string, options: CheckOptions = {}): Promise<CheckResult> {
  return check(await planOf(text), options);
}

/** All results that are possible, in order, and whether nobody can go on somewhere. */
export function outcomesOf({ verdict }: CheckResult): {
  readonly results: readonly string[];
  readonly stuck: boolean;
} {
  const results = verdict.results.filter(({ way }) => way !== null).map(({ text }) => text);
  return { results: results.toSorted(), stuck: verdict.coverage.deadlocks > 0 };
}
