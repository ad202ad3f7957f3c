/**
 * Runs programs and measures them from outside: wall time, the time their loop took (they print it), peak memory, and how
 * many events concur counted.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * One run of a program.
 *
 * @param {readonly string[]} command program and arguments
 * @returns {Promise<{ wallSeconds: number, loopSeconds: number | undefined, events: number | undefined,
 *   states: number | undefined, stateBytes: number | undefined, peakBytes: number }>}
 *   `peakBytes` is that of the program itself without its children, looked at every 10 ms; 0 where there is no /proc
 * @throws Error if the program cannot be started or does not end with 0: a benchmark of a failure measures nothing
 */
export async function measure([program, ...args]) {
  const began = process.hrtime.bigint();
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  const output = [];
  const errors = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => errors.push(chunk));
  let peakBytes = 0;
  const look = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child.pid));
  }, 10);
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearInterval(look);
  const wallSeconds = Number(process.hrtime.bigint() - began) / 1e9;
  const text = Buffer.concat(output).toString();
  if (code !== 0)
    throw new Error(`${[program, ...args].join(' ')} ended with ${code}\n${text}${Buffer.concat(errors)}`);
  return {
    wallSeconds,
    loopSeconds: numberAfter(/seconds ([0-9.e-]+)/, text),
    events: numberAfter(/"events": ([0-9]+)/, text),
    states: numberAfter(/states ([0-9]+)/, text),
    stateBytes: numberAfter(/bytes ([0-9]+)/, text),
    peakBytes,
  };
}

function numberAfter(pattern, text) {
  const found = pattern.exec(text);
  return found === null ? undefined : Number(found[1]);
}

/** The most memory the process ever had, 0 if it is gone or the system has no /proc. */
function peakOf(pid) {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return kilobytes ? Number(kilobytes[1]) * 1024 : 0;
  } catch {
    return 0;
  }
}

/** The middle of the numbers, the mean of the two middle ones if their count is even. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}
