/**
 * `npm run bench`: concur beside its peers, in pairs of runs, one after the other, on this machine now.
 *
 *     node bench/run.js [--runs 5] [--scale 0.1] [name …]
 *
 * A pair shares the machine's mood, so the ratio printed is the median of the pairs' ratios. Nothing here fails on a
 * slow figure; a run that fails or gives a wrong result does.
 */
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchmarks } from './benchmarks.js';
import { measure, median } from './measure.js';

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '5' }, scale: { type: 'string', default: '1' } },
});

const columns = [34, 12, 12, 10, 10, 8];

async function main() {
  if (!existsSync(fileURLToPath(new URL('../dist/concur.js', import.meta.url)))) {
    throw new Error('dist/concur.js is missing: npm run build');
  }
  const chosen = benchmarks.filter(({ name }) => names.length === 0 || names.includes(name));
  const unknown = names.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
  if (unknown.length > 0)
    throw new Error(
      `no such benchmark: ${unknown.join(', ')}; there are ${benchmarks.map(({ name }) => name).join(', ')}`,
    );
  console.log(
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}, medians of ${options.runs} pairs\n`,
  );
  printRow(['', 'concur', 'peer', 'ratio', 'goal', '']);
  let failed = 0;
  for (const benchmark of chosen) {
    try {
      report(benchmark, await pairsOf(benchmark));
    } catch (error) {
      failed += 1;
      console.log(`${benchmark.title}: ${error.message}`);
    }
  }
  process.exitCode = failed > 0 ? 1 : 0;
}

async function pairsOf(benchmark) {
  const times = Math.max(1, Math.round(benchmark.size * Number(options.scale)));
  const pairs = [];
  for (let i = 0; i < Number(options.runs); i += 1) {
    pairs.push({
      ours: await once(benchmark, benchmark.ours(times)),
      theirs: await once(benchmark, benchmark.theirs(times)),
    });
  }
  return pairs;
}

/** A command is run; a number of seconds stands for itself. */
async function once({ wall = false, memory = false }, work) {
  if (typeof work === 'number') return { seconds: work, wallSeconds: work, peakBytes: 0 };
  const { wallSeconds, loopSeconds, peakBytes } = await measure(work, { memory });
  if (!wall && loopSeconds === undefined) throw new Error(`${work.join(' ')} printed no "seconds"`);
  return { seconds: wall ? wallSeconds : loopSeconds, wallSeconds, peakBytes };
}

function report({ title, against, unit, goal, memory }, pairs) {
  const ours = median(pairs.map((pair) => pair.ours.seconds));
  const theirs = median(pairs.map((pair) => pair.theirs.seconds));
  const figure = median(pairs.map((pair) => figureOf[unit](pair.ours.seconds, pair.theirs.seconds)));
  const met = unit === 'rate' ? figure >= goal : figure <= goal;
  printRow([
    title,
    seconds(ours),
    seconds(theirs),
    shown[unit](figure),
    goalText[unit](goal),
    met ? 'met' : 'not met',
  ]);
  const peak = Math.max(...pairs.map((pair) => pair.ours.peakBytes));
  const whole = median(pairs.map((pair) => pair.ours.wallSeconds));
  const notes = [`beside ${against}`];
  if (whole !== ours) notes.push(`whole command ${seconds(whole)}`);
  if (memory)
    notes.push(
      `peak memory ${Math.round(peak / 1e6)} MB, peer ${Math.round(Math.max(...pairs.map((pair) => pair.theirs.peakBytes)) / 1e6)} MB`,
    );
  console.log(`  ${notes.join(', ')}`);
}

const figureOf = {
  time: (ours, theirs) => ours / theirs,
  rate: (ours, theirs) => theirs / ours,
  over: (ours, theirs) => ours - theirs,
};
const times = (figure) => `${figure.toFixed(2)} ×`;
const shown = { time: times, rate: times, over: (figure) => `+${figure.toFixed(2)} s` };
const goalText = {
  time: (goal) => `≤ ${goal} ×`,
  rate: (goal) => `≥ ${goal} ×`,
  over: (goal) => `≤ ${goal} s`,
};

function seconds(value) {
  return value < 1 ? `${(value * 1000).toFixed(0)} ms` : `${value.toFixed(2)} s`;
}

function printRow(cells) {
  console.log(
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(columns[i]) : cell.padStart(columns[i] ?? 0)))
      .join('')
      .trimEnd(),
  );
}

try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
