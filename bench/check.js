/**
 * One search over every interleaving, in this process: says how many states it came to, how many seconds of the processor that
 * took, and how many bytes the states that were seen took.
 *
 *     node bench/check.js [--plain] FILE [name=value …]
 *
 * `--plain`: without symmetry and without reduction, as `pan` compiled with `-DNOREDUCE`.
 */
import { readFileSync } from 'node:fs';
import { check, loadScenario } from '../dist/index.mjs';

const isPlain = process.argv.includes('--plain');
const isUnreduced = isPlain || process.argv.includes('--no-reduction');
const [file = '', ...settings] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const set = Object.fromEntries(settings.map((setting) => setting.split('=')));
const source = { file, text: readFileSync(file, 'utf8') };
const { plan, diagnostics } = await loadScenario(source, { seed: 1, mode: 'virtual', forCheck: true, set });
if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));

let bytes = 0;
const before = process.cpuUsage();
const { verdict, violation } = await check(plan, {
  symmetry: !isPlain,
  reduction: !isUnreduced,
  onProgress: (progress) => {
    bytes = progress.bytes;
  },
});
const { user, system } = process.cpuUsage(before);
const { end, states } = verdict.coverage;
if (end !== 'all' || violation !== null) throw new Error(violation ?? `the search ended by ${end}`);
console.log(`seconds ${(user + system) / 1e6}, states ${states}, bytes ${bytes}`);
