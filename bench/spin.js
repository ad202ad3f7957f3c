/**
 * The same search by SPIN: translates a Promela model, compiles it, runs it, and says how many states it came to and how many
 * seconds of the processor that took.
 *
 *     node bench/spin.js [--reduced] MODEL
 *
 * `--reduced`: with its own partial order reduction.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const isReduced = process.argv.includes('--reduced');
const [model = ''] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const folder = mkdtempSync(join(tmpdir(), 'concur-spin-'));
try {
  const options = { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] };
  execFileSync('spin', ['-a', resolve(model)], options);
  const flags = ['-O2', '-DSAFETY', ...(isReduced ? [] : ['-DNOREDUCE'])];
  execFileSync('gcc', [...flags, '-o', 'pan', 'pan.c'], options);
  // A table of 4 million places; on after the first error, as a search for all outcomes goes.
  const timed = `TIMEFORMAT='seconds %U %S'; time ./pan -w22 -m1000000 -c0 2>&1`;
  const output = execFileSync('bash', ['-c', `{ ${timed}; } 2>&1`], options);
  const states = Number(/([0-9]+) states, stored/.exec(output)?.[1]);
  const [, user = '', system = ''] = /seconds ([0-9.]+) ([0-9.]+)/.exec(output) ?? [];
  if (!(states > 0)) throw new Error(`spin says nothing of states:\n${output}`);
  console.log(`seconds ${Number(user) + Number(system)}, states ${states}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
