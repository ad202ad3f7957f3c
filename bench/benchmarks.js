/**
 * The benchmarks: what concur does, what it stands beside, and the goal, from the table of budgets in
 * docs/architecture.md.
 *
 * `ours` and `theirs` are commands or functions that give seconds; `unit` says what the goal compares:
 * - `time`: our time over theirs, at most `goal`.
 * - `rate`: our rate over theirs, at least `goal`.
 * - `over`: our time minus theirs, at most `goal` seconds.
 * `size` is how often the loop goes round; `wall` measures whole commands, otherwise the loop alone, as the program
 * itself reports it.
 */
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const concur = here('../dist/concur.js');

const run = (scenario, ...options) => [process.execPath, concur, 'run', here(scenario), ...options];
const python = (program, ...args) => ['python3', here(program), ...args.map(String)];
const node = [process.execPath, '-e', '0'];

/** The same loop as a scenario and as a Python program of the same name. */
function loop(name, { title, param, size, unit, goal, against = 'Python' }) {
  return {
    name,
    title,
    unit,
    goal,
    size,
    against,
    ours: (times) => run(`${name}.yaml`, '--set', `${param}=${times}`),
    theirs: (times) => python(`${name}.py`, times),
  };
}

export const benchmarks = [
  loop('with-one-thread', {
    title: 'with a lock, one thread',
    param: 'pairs',
    size: 1_000_000,
    unit: 'time',
    goal: 1,
  }),
  loop('with-two-threads', {
    title: 'with a lock, two threads',
    param: 'pairs',
    size: 500_000,
    unit: 'time',
    goal: 0.7,
  }),
  loop('with-two-processes', {
    title: 'with a lock, two processes',
    param: 'pairs',
    size: 500_000,
    unit: 'time',
    goal: 0.7,
  }),
  loop('queue-threads', {
    title: 'queue of 100, threads',
    param: 'items',
    size: 500_000,
    unit: 'rate',
    goal: 3,
    against: 'queue.Queue',
  }),
  loop('queue-processes', {
    title: 'queue of 100, processes',
    param: 'items',
    size: 200_000,
    unit: 'rate',
    goal: 8,
    against: 'multiprocessing.Queue',
  }),
  {
    name: 'ten-thousand-threads',
    title: '10,000 threads, a lock once each',
    unit: 'time',
    goal: 0.1,
    size: 10_000,
    wall: true,
    memory: true,
    against: 'Python threads',
    ours: (times) => run('ten-thousand-threads.yaml', '--set', `threads=${times}`),
    theirs: (times) => python('ten-thousand-threads.py', times),
  },
  {
    name: 'hundred-processes',
    title: '100 processes',
    unit: 'time',
    goal: 1,
    size: 100,
    wall: true,
    against: 'Python spawn',
    ours: () => run('hundred-processes.yaml'),
    theirs: () => python('hundred-processes.py'),
  },
  {
    name: 'toilet',
    title: 'toilet, 13 processes',
    unit: 'over',
    goal: 0.6,
    size: 13,
    wall: true,
    against: 'five rounds of 0.3 s',
    ours: () => run('toilet.yaml'),
    theirs: () => 1.5,
  },
  {
    name: 'validate',
    title: 'concur validate toilet.yaml',
    unit: 'time',
    goal: 2,
    size: 1,
    wall: true,
    against: 'node -e 0',
    ours: () => [process.execPath, concur, 'validate', here('../scenarios/toilet.yaml')],
    theirs: () => node,
  },
  {
    name: 'visitors-virtual',
    title: '100,000 visitors in virtual time',
    unit: 'time',
    goal: 1,
    size: 100_000,
    wall: true,
    memory: true,
    against: 'asyncio',
    ours: (times) => run('visitors-virtual.yaml', '--virtual', '--set', `visitors=${times}`),
    theirs: (times) => python('visitors-virtual.py', times),
  },
];
