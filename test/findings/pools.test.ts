/** Pools that lose a worker or are closed with work in line, and threads that join main: each scenario must pass. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { concur } from '../scenarios/concur-command.ts';

const names = [
  'join-main',
  'pool-cancel',
  'pool-death-joined',
  'pool-killed-often',
  'pool-worker-exit',
  'pool-worker-vars',
];

/** A command of no model is for real runs alone. */
function modesOf(name: string): readonly (readonly string[])[] {
  const text = readFileSync(fileURLToPath(new URL(`${name}.yaml`, import.meta.url)), 'utf8');
  return text.includes('run: kill') ? [[]] : [[], ['--virtual']];
}

describe('a scenario that must pass', () => {
  test.each(names.flatMap((name) => modesOf(name).map((mode) => [name, mode] as const)))(
    '%s %s',
    async (name, mode) => {
      const { code, stdout, stderr } = await concur('run', `test/findings/${name}.yaml`, ...mode);
      expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    },
  );
});
