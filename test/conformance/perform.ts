/**
 * Runs one behaviour on one host, in this process, and looks at it.
 */
import { expect } from 'vitest';
import {
  loadScenario,
  type Plan,
  type RunOptions,
  renderDiagnostics,
  run,
  type Source,
} from '../../engine/index.ts';
import { type Case, comparable, expectedLines, type Kind, scenarioText } from './behaviour.ts';

type Host = { readonly kind: Kind; readonly mode: RunOptions['mode'] };

/**
 * It must print what it is said to print, and the scenario must pass, or fail for the one reason that it is said to; once
 * for each seed.
 */
export async function perform(one: Case, host: Host, seeds: readonly number[]): Promise<void> {
  const source = { file: `${one.primitive}.yaml`, text: scenarioText(one, host.kind) };
  const { plan, diagnostics } = await loadScenario(source);
  if (plan === undefined) throw new Error(`${renderDiagnostics(diagnostics, source)}\n${source.text}`);
  for (const seed of seeds) await performOnce(one, { ...plan, seed }, host, source);
}

async function performOnce(one: Case, plan: Plan, { mode }: Host, source: Source): Promise<void> {
  const lines: string[] = [];
  const { verdict, violation } = await run(plan, {
    mode,
    source,
    handle(event) {
      if (event.type === 'printed') lines.push(event.text);
    },
  });
  const wrong = verdict.judgements.filter(({ result, name }) => result === 'failed' && name !== one.fails);
  const seen = { lines: comparable(one, lines), outcome: verdict.outcome, wrong, violation, seed: plan.seed };
  expect(seen, source.text).toEqual({
    lines: expectedLines(one),
    outcome: one.fails === undefined ? 'passed' : 'failed',
    wrong: [],
    violation: null,
    seed: plan.seed,
  });
}
