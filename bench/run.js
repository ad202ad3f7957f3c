/**
 * `npm run bench`: concur beside its peers, one after the other, on this machine now.
 *
 *     node bench/run.js [--runs 3] [--scale 0.1] [name …]
 *
 * Ours and its peers in turn share the machine's mood, so what is printed is the median over the turns of the ratios, not
 * the ratio of the medians. Nothing here fails on a slow figure; a run that fails does.
 */
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchmarks } from './benchmarks.js';
import { measure, median } from './measure.js';

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '3' }, scale: { type: 'string', default: '1' } },
});

const columns = [34, 26, 12, 12, 14, 14, 10];

/** What a goal compares: the figure of one turn, whether it is met, and how it is shown. */
const units = {
  time: { figure: (our, peer) => our.seconds / peer.seconds, most: true, show: times },
  rate: { figure: (our, peer) => peer.seconds / our.seconds, most: false, show: times },
  over: {
    figure: (our, peer) => our.seconds - peer.seconds,
    most: true,
    show: (value) => `${value.toFixed(2)} s`,
  },
  events: {
    figure: (our) => our.events / our.seconds,
    most: false,
    show: (value) => `${Math.round(value / 1000)} k/s`,
  },
  states: {
    figure: (our, peer) => our.states / our.seconds / (sameStates(our, peer) / peer.seconds),
    most: false,
    show: times,
  },
  bytes: { figure: (our) => our.stateBytes / our.states, most: true, show: (value) => `${value.toFixed(0)}` },
  memory: { figure: (our) => our.peakBytes, most: true, show: (value) => `${Math.round(value / 1e6)} MB` },
};

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
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}, medians of ${options.runs} turns${options.scale === '1' ? '' : `, sizes × ${options.scale}`}\n`,
  );
  printRow(['', 'beside', 'concur', 'peer', 'figure', 'goal', '']);
  let failed = 0;
  for (const benchmark of chosen) {
    const missing = (benchmark.needs ?? []).find((program) => !isThere(program));
    if (missing !== undefined) {
      console.log(`${benchmark.title}: skipped, there is no ${missing} here`);
      continue;
    }
    try {
      report(benchmark, await turnsOf(benchmark));
    } catch (error) {
      failed += 1;
      console.log(`${benchmark.title}: ${error.message}`);
    }
  }
  process.exitCode = failed > 0 ? 1 : 0;
}

function isThere(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** Searches of different things are not compared. */
function sameStates(our, peer) {
  if (our.states !== peer.states) throw new Error(`${our.states} states beside ${peer.states}`);
  return peer.states;
}

async function turnsOf(benchmark) {
  const size = Math.max(1, Math.round(benchmark.size * Number(options.scale)));
  const turns = [];
  for (let i = 0; i < Number(options.runs); i += 1) {
    const our = await once(benchmark, benchmark.ours(size));
    const peers = [];
    for (const { run, ideal } of benchmark.peers) {
      peers.push(run === undefined ? { seconds: ideal } : await once(benchmark, run(size)));
    }
    turns.push({ our, peers });
  }
  return turns;
}

async function once({ wall = false }, command) {
  const { wallSeconds, loopSeconds, ...rest } = await measure(command);
  if (!wall && loopSeconds === undefined) throw new Error(`${command.join(' ')} printed no "seconds"`);
  return { seconds: wall ? wallSeconds : loopSeconds, wallSeconds, ...rest };
}

function report({ title, peers, wall = false }, turns) {
  const ours = median(turns.map(({ our }) => our.seconds));
  for (const [i, { against, unit, goal }] of peers.entries()) {
    const { figure, most, show } = units[unit];
    const value = median(turns.map((turn) => figure(turn.our, turn.peers[i])));
    const peer =
      turns[0]?.peers[i]?.seconds === undefined
        ? undefined
        : median(turns.map((turn) => turn.peers[i].seconds));
    printRow([
      i === 0 ? title : '',
      against,
      seconds(ours),
      peer === undefined ? '' : seconds(peer),
      show(value),
      `${most ? '≤' : '≥'} ${show(goal)}`,
      (most ? value <= goal : value >= goal) ? 'met' : 'not met',
    ]);
  }
  if (!wall) console.log(`  the whole command ${seconds(median(turns.map(({ our }) => our.wallSeconds)))}`);
}

function times(value) {
  return `${value.toFixed(2)} ×`;
}

function seconds(value) {
  return value < 1 ? `${(value * 1000).toFixed(0)} ms` : `${value.toFixed(2)} s`;
}

function printRow(cells) {
  console.log(
    cells
      .map((cell, i) => (i < 2 ? cell.padEnd(columns[i] ?? 0) : cell.padStart(columns[i] ?? 0)))
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
