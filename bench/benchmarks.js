/**
 * The benchmarks: what concur does, what it stands beside, and the goals, from the table of budgets in
 * docs/architecture.md.
 *
 * `ours` and a peer's `run` make a command from the benchmark's `size`. A peer without `run` is a bound by itself; one with
 * `ideal` stands for so many seconds. `unit` says what the goal compares:
 * - `time`: our time over the peer's, at most `goal`.
 * - `rate`: our rate over the peer's, at least `goal`.
 * - `over`: our time minus the peer's, at most `goal` seconds.
 * - `events`: events of ours a second, at least `goal`.
 * - `memory`: the most memory ours had, at most `goal` bytes.
 * - `states`: states of ours a second over the peer's, at least `goal`; the peer must come to as many.
 * - `bytes`: bytes for each state of ours, at most `goal`.
 * `needs`: programs without which the benchmark is skipped.
 * `wall` measures whole commands; otherwise the loop alone, as the program itself reports it.
 */
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const concur = here('../dist/concur.js');

const run = (scenario, ...options) => [process.execPath, concur, 'run', here(scenario), ...options];
/** Its output is the verdict alone, with the number of events. */
const runJson = (scenario, ...options) => run(scenario, '--json', ...options);
const python = (program, ...args) => ['python3', here(program), ...args.map(String)];
const node = (...args) => [process.execPath, ...args.map(String)];

/** The same loop as a scenario and as a Python program of the same name. */
function loop(name, { title, param, size, unit, goal, against = 'Python' }) {
  return {
    name,
    title,
    size,
    ours: (times) => run(`${name}.yaml`, '--set', `${param}=${times}`),
    peers: [{ against, unit, goal, run: (times) => python(`${name}.py`, times) }],
  };
}

const model = (name) => here(`../test/models/${name}`);

/** The same search beside SPIN's: every state in turn on both sides, then each with all that reduces it. */
function searches(name, { scenario, set, promela }) {
  const search = (...options) => node(here('check.js'), ...options, scenario, ...set);
  const spin = (...options) => node(here('spin.js'), ...options, model(promela));
  const shared = { size: 1, needs: ['spin', 'gcc'] };
  return [
    {
      ...shared,
      name: `check-${name}`,
      title: `check ${name}, unreduced`,
      ours: () => search('--plain'),
      peers: [
        { against: 'SPIN, -DNOREDUCE', unit: 'states', goal: 0.5, run: () => spin() },
        { against: 'bytes a state', unit: 'bytes', goal: 30 },
      ],
    },
    {
      ...shared,
      name: `check-${name}-reduced`,
      title: `check ${name}, reduced`,
      ours: () => search(),
      peers: [{ against: 'SPIN, reduced', unit: 'time', goal: 1, run: () => spin('--reduced') }],
    },
  ];
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
    size: 10_000,
    wall: true,
    ours: (times) => runJson('ten-thousand-threads.yaml', '--set', `threads=${times}`),
    peers: [
      {
        against: 'Python threads',
        unit: 'time',
        goal: 0.1,
        run: (times) => python('ten-thousand-threads.py', times),
      },
      { against: 'peak memory', unit: 'memory', goal: 200e6 },
    ],
  },
  {
    name: 'hundred-processes',
    title: '100 processes',
    size: 100,
    wall: true,
    ours: (times) => runJson('hundred-processes.yaml', '--set', `processes=${times}`),
    peers: [
      {
        against: 'node -e 0, two at a time',
        unit: 'time',
        goal: 1.3,
        run: (times) => node(here('hundred-nodes.js'), times),
      },
      {
        against: 'Python spawn',
        unit: 'time',
        goal: 1,
        run: (times) => python('hundred-processes.py', times),
      },
    ],
  },
  {
    name: 'hundred-commands',
    title: '100 commands, two at a time',
    size: 100,
    wall: true,
    ours: (times) => runJson('hundred-commands.yaml', '--set', `commands=${times}`),
    peers: [
      {
        against: 'GNU parallel -j2',
        unit: 'time',
        goal: 0.8,
        run: (times) => ['parallel', '-j2', '-n0', 'true', ':::', ...Array.from({ length: times }, String)],
      },
    ],
  },
  {
    name: 'toilet',
    title: 'toilet, 13 processes',
    size: 13,
    wall: true,
    ours: () => runJson('toilet.yaml'),
    peers: [{ against: 'five rounds of 0.3 s', unit: 'over', goal: 0.6, ideal: 1.5 }],
  },
  {
    name: 'validate',
    title: 'concur validate toilet.yaml',
    size: 1,
    wall: true,
    ours: () => node(concur, 'validate', here('../scenarios/toilet.yaml')),
    peers: [{ against: 'node -e 0', unit: 'time', goal: 2, run: () => node('-e', '0') }],
  },
  {
    name: 'visitors-virtual',
    title: '100,000 visitors in virtual time',
    size: 100_000,
    wall: true,
    ours: (times) => runJson('visitors-virtual.yaml', '--virtual', '--set', `visitors=${times}`),
    peers: [
      { against: 'asyncio', unit: 'time', goal: 1, run: (times) => python('visitors-virtual.py', times) },
      { against: 'events a second', unit: 'events', goal: 500_000 },
    ],
  },
  {
    name: 'million-events',
    title: '1,000 threads, a million events',
    size: 500,
    wall: true,
    ours: (times) => runJson('million-events.yaml', '--set', `rounds=${times}`),
    peers: [{ against: 'peak memory', unit: 'memory', goal: 150e6 }],
  },
  ...searches('toilet', {
    scenario: here('check-toilet.yaml'),
    set: ['visitors=10', 'stalls=3'],
    promela: 'toilet10.pml',
  }),
  ...searches('sems', { scenario: model('sems.yaml'), set: ['k=16'], promela: 'sems16.pml' }),
  ...searches('locks', { scenario: model('locks.yaml'), set: ['k=24'], promela: 'locks24.pml' }),
  ...searches('phil', { scenario: model('phil.yaml'), set: ['n=9'], promela: 'phil9.pml' }),
  ...searches('inc', { scenario: model('inc4.yaml'), set: ['k=3'], promela: 'inc4x3.pml' }),
  {
    name: 'check-proved',
    title: 'concur check, toilet 13/5',
    size: 1,
    wall: true,
    ours: () => node(concur, 'check', model('toilet.yaml'), '--set', 'visitors=13', '--set', 'stalls=5'),
    peers: [
      {
        against: 'over a check of 12 states',
        unit: 'over',
        goal: 0.2,
        run: () => node(concur, 'check', model('inc.yaml'), '--set', 'k=1'),
      },
    ],
  },
  {
    name: 'check-hundred',
    title: 'check 101 tasks, reduced',
    size: 1,
    ours: () => node(here('check.js'), model('reorder_100.yaml')),
    peers: [
      {
        against: 'without reduction',
        unit: 'time',
        goal: 1,
        run: () => node(here('check.js'), '--no-reduction', model('reorder_100.yaml')),
      },
    ],
  },
];
