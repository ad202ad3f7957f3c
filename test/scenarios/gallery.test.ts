/**
 * The cases of the gallery are right and wrong versions, and their expectations tell them apart: what is expected of one
 * version is not met by another of which something else is expected, as a check of every interleaving shows.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Case } from '../../engine/document/scenario.generated.ts';
import { check, loadScenario, type Source } from '../../engine/index.ts';
import { root } from './concur-command.ts';

const names = ['classics', 'bugs'].flatMap((folder) =>
  readdirSync(join(root, 'scenarios', folder))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join('scenarios', folder, name)),
);

describe('what is expected of one version is not met by another', () => {
  it.for(names)('%s', async (file, { expect }) => {
    const source = { file, text: readFileSync(join(root, file), 'utf8') };
    const { document } = await loadScenario(source);
    const { cases = [], params = {} } = document?.scenario ?? {};
    const swapped = pairsOf(cases);
    expect(swapped.length, 'a wrong version and a right one').toBeGreaterThan(0);
    for (const [expecting, behaving] of swapped) {
      const { name = '' } = expecting;
      const outcome = await outcomeOf(source, name, behaviourOf(params, expecting, behaving));
      expect(outcome, `what ${name} expects, of ${behaving.name}`).toBe('failed');
    }
  });
});

type Params = Readonly<Record<string, unknown>>;
type Pair = readonly [expecting: Case, behaving: Case];

function pairsOf(cases: readonly Case[]): readonly Pair[] {
  const pairs = cases.flatMap((one) => cases.map((other): Pair => [one, other]));
  return pairs.filter(([one, other]) => !isDeepStrictEqual(one.expect, other.expect));
}

/** The params in which the two differ, as the other has them. */
function behaviourOf(params: Params, { params: own = {} }: Case, { params: others = {} }: Case) {
  const names = Object.keys({ ...own, ...others });
  return Object.fromEntries(names.map((name) => [name, String(others[name] ?? params[name])]));
}

async function outcomeOf(
  source: Source,
  caseName: string,
  set: Readonly<Record<string, string>>,
): Promise<string> {
  const { plan } = await loadScenario(source, { caseName, set, seed: 1, mode: 'virtual', forCheck: true });
  if (plan === undefined) throw new Error(`no plan for ${caseName}`);
  const { verdict, violation } = await check(plan);
  expect(violation).toBeNull();
  return verdict.outcome;
}
