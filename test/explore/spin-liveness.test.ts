/**
 * What is awaited, asked of SPIN (Holzmann) as well: with its weak fairness it comes to the same answers.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { root } from '../scenarios/concur-command.ts';
import { drawn, greedy, peterson, scene, spinLock, ticketLock, turnstile } from './awaited-scenarios.ts';
import { checked } from './checked.ts';

const twins: readonly (readonly [promela: string, scenario: string, comes: boolean])[] = [
  ['await-turnstile.pml', turnstile(false), false],
  ['await-peterson.pml', peterson('flag[other] && slate == other'), true],
  ['await-no-slate.pml', peterson('flag[other]'), false],
  ['await-spin-lock.pml', spinLock, false],
  ['await-ticket-lock.pml', ticketLock(drawn), true],
  ['await-greedy.pml', greedy("{ while: 'true', do: [ { set: { n: n } } ] }"), true],
];

const missing = ['spin', 'gcc'].find((program) => spawnSync(program, ['--version']).error !== undefined);

/** Whether SPIN finds no fair circle that breaks the formula of a model. */
function holdsInSpin(model: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'concur-spin-'));
  try {
    const options = { cwd: folder, encoding: 'utf8' as const, stdio: 'pipe' as const };
    execFileSync('spin', ['-a', join(root, 'test/models', model)], options);
    execFileSync('gcc', ['-O1', '-w', '-DNFAIR=3', '-o', 'pan', 'pan.c'], options);
    const [, errors] = /errors: (\d+)/.exec(execFileSync('./pan', ['-a', '-f'], options)) ?? [];
    return Number(errors) === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('what comes, and what need not', () => {
  it.for(twins)('%s', async ([model, scenario, comes], { expect, skip }) => {
    const { verdict, violation } = await checked(scene(scenario));
    const awaited = verdict.judgements.find(({ name }) => name === 'eventually' || name === 'leadsTo');
    expect({ violation, result: awaited?.result }).toEqual({
      violation: null,
      result: comes ? 'passed' : 'failed',
    });
    if (missing !== undefined) skip(`there is no ${missing} here to compare with`);
    expect(holdsInSpin(model)).toBe(comes);
  });
});
