/**
 * `concur check` of every scenario that ships: it holds in all interleavings, or says what it cannot judge.
 *
 * Those that state facts about time have `check: { time: ordered }` in the file, which cannot be explored yet.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { check, loadCases } from '../../engine/index.ts';
import { root } from '../scenarios/concur-command.ts';

const names = readdirSync(join(root, 'scenarios'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.yaml'),
);

/** Said of no run at all: time is free. */
const NEVER_JUDGED = /^takes /;

describe('every scenario that ships', () => {
  it.each(names)('%s', async (name) => {
    const file = join('scenarios', name);
    const text = readFileSync(join(root, file), 'utf8');
    const cases = await loadCases({ file, text }, { seed: 1, mode: 'virtual', forCheck: true });
    for (const { plan } of cases) {
      if (plan === undefined) throw new Error(`${file} has no plan`);
      if (plan.check.time === 'ordered') continue;
      const { verdict, violation } = await check(plan);
      const open = verdict.judgements.filter(({ result }) => result !== 'passed').map((one) => one.name);
      expect({ violation, outcome: verdict.outcome }, plan.caseName).toEqual({
        violation: null,
        outcome: 'passed',
      });
      expect(
        open.filter((one) => !NEVER_JUDGED.test(one)),
        plan.caseName,
      ).toEqual([]);
    }
  });
});
