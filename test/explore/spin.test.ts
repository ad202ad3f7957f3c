/**
 * The same models searched by SPIN (Holzmann): as many states, where neither side reduces anything. It knows nothing of this
 * code, so an equal number says that steps and states are what they should be.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { check } from '../../engine/index.ts';
import { root } from '../scenarios/concur-command.ts';
import { planOfFile } from './checked.ts';

type Twin = readonly [promela: string, scenario: string, set: Readonly<Record<string, string>>];

const twins: readonly Twin[] = [
  ['phil7.pml', 'test/models/phil.yaml', { n: '7' }],
  ['locks.pml', 'test/models/locks.yaml', { k: '12' }],
  ['inc4x3.pml', 'test/models/inc4.yaml', { k: '3' }],
  ['toilet9.pml', 'bench/check-toilet.yaml', { visitors: '9', stalls: '3' }],
];

const missing = ['spin', 'gcc'].find((program) => spawnSync(program, ['--version']).error !== undefined);

describe('as many states as SPIN comes to', () => {
  it.for(twins)('%s', async ([promela, scenario, set], { expect, skip }) => {
    if (missing !== undefined) skip(`there is no ${missing} here to compare with`);
    const command = [join(root, 'bench/spin.js'), join(root, 'test/models', promela)];
    const said = execFileSync(process.execPath, command, { encoding: 'utf8' });
    const plan = await planOfFile(scenario, { set });
    const { verdict } = await check(plan, { symmetry: false, reduction: false });
    expect(verdict.coverage.end).toBe('all');
    expect(`states ${verdict.coverage.states}`).toBe(/states [0-9]+/.exec(said)?.[0]);
  });
});
