/**
 * Runs one behaviour on one host, in this process, and looks at it.
 */
import { expect } from 'vitest';
import { loadScenario, type RunOptions, renderDiagnostics, run } from '../../engine/index.ts';
import { type Case, comparable, expectedLines, type Kind, scenarioText } from './behaviour.ts';

type Host = { readonly kind: Kind; readonly mode: RunOptions['mode']; readonly seed: number };

/** It must print what it is said to print, and the scenario must pass, or fail for the one reason that it is said to. */
export async function perform(one: Case, { kind, mode, seed }: Host): Promise<void> {
  const source = { file: `${one.primitive}.yaml`, text: scenarioText(one, kind) };
  const { plan, diagnostics } = await loadScenario(source, { seed });
  if (plan === undefined) throw new Error(`${renderDiagnostics(diagnostics, source)}\n${source.text}`);
  const lines: string[] = [];
  const { verdict, violation } = await run(plan, {
    mode,
    source,
    handle(event) {
      if (event.type === 'printed') lines.push(event.text);
    },
  });
  const wrong = verdict.judgements.filter(({ result, name }) => result === 'failed' && name !== one.fails);
  const seen = { lines: comparable(one, lines), outcome: verdict.outcome, wrong, violation };
  expect(seen, source.text).toEqual({
    lines: expectedLines(one),
    outcome: one.fails === undefined ? 'passed' : 'failed',
    wrong: [],
    violation: null,
  });
}
