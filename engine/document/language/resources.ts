/**
 * The sections that declare resources, vars among them: every kind takes a list of names, name → scalar, or name → object.
 */
import {
  choice,
  type Keys,
  key,
  leaf,
  type ObjectShape,
  type Rule,
  required,
  type Shape,
  steps,
} from './shape.ts';

type ResourceTraits = {
  readonly type: string;
  readonly noun: string;
  /** What a scalar in place of the object means; without it there is no scalar form. */
  readonly shorthand?: string;
  readonly keys: Keys;
  readonly title: string;
  readonly description: string;
  readonly example: string;
  readonly rules?: readonly Rule[];
};

const count = key(leaf('size'), 'Count', 'Makes it an array of so many: `fork[0]` …', 'count: 5');
const fair = key(
  leaf('flag'),
  'Fair',
  'Waiters are served in order of arrival, by direct hand-off.',
  'fair: true',
  'false',
);
const array = { count } as const satisfies Keys;
const served = { count, fair } as const satisfies Keys;
const held = {
  ...served,
  enabled: key(
    leaf('condition'),
    'Enabled',
    'False: it never makes anyone wait, which shows what goes wrong without it.',
    'enabled: ${{ params.locked }}',
    'true',
  ),
  onHolderExit: key(
    choice('keep', 'release', 'fail'),
    'On holder exit',
    'What becomes of it when a task ends that holds it: `keep` leaves it taken, as in Python; `release` gives it back; `fail`: who would wait for it fails with `OSError: [Errno 130] Owner died`.',
    'onHolderExit: release',
    'keep',
  ),
} as const satisfies Keys;

const resources = {
  vars: {
    type: 'Var',
    noun: 'a var',
    shorthand: 'value',
    keys: {
      value: key(
        leaf('template'),
        'Value',
        'What it holds at first; a map has to stand here.',
        'value: { count: 1 }',
        'null',
      ),
      shared: key(
        leaf('flag'),
        'Shared',
        'One for all processes; otherwise each process has a copy of its own.',
        'shared: true',
        'false',
      ),
      ...array,
    },
    title: 'Vars',
    description: 'Variables that tasks share: name → value, or `{ value, shared, count }`.',
    example: 'vars:\n  n: 100',
  },
  locks: {
    type: 'Lock',
    noun: 'a lock',
    shorthand: 'kind',
    keys: {
      kind: key(
        choice('lock', 'rlock'),
        'Kind',
        'An rlock may be taken again by its owner.',
        'kind: rlock',
        'lock',
      ),
      ...held,
    },
    title: 'Locks',
    description: 'Locks: a list of names, or name → `{ kind: lock | rlock }`.',
    example: 'locks: [mutex]',
  },
  rwlocks: {
    type: 'Rwlock',
    noun: 'a readers-writer lock',
    shorthand: 'prefer',
    keys: {
      prefer: key(
        choice('none', 'readers', 'writers'),
        'Prefer',
        'Who goes first where both wait: `readers` come in as long as others read, `writers` hold new readers back.',
        'prefer: writers',
        'none',
      ),
      ...held,
    },
    title: 'Readers-writer locks',
    description:
      'Readers-writer locks: a list of names, or name → who is preferred. Steps name a side: `with: catalogue.read`.',
    example: 'rwlocks:\n  catalogue: writers',
  },
  semaphores: {
    type: 'Semaphore',
    noun: 'a semaphore',
    shorthand: 'permits',
    keys: {
      permits: key(leaf('size'), 'Permits', 'How many may hold it at once.', 'permits: 3', '1'),
      bounded: key(
        leaf('flag'),
        'Bounded',
        'Releasing more than was acquired is a `ValueError`.',
        'bounded: true',
        'false',
      ),
      ...held,
    },
    title: 'Semaphores',
    description: 'Semaphores: name → permits, or `{ permits, bounded }`.',
    example: 'semaphores:\n  stall: 3',
  },
  conditions: {
    type: 'Condition',
    noun: 'a condition',
    shorthand: 'lock',
    keys: {
      lock: key(leaf('name'), 'Lock', 'The lock it belongs to.', 'lock: mutex', 'an rlock of its own'),
      ...held,
    },
    title: 'Conditions',
    description: "Condition variables: name → its lock's name.",
    example: 'conditions:\n  changed: mutex',
  },
  events: {
    type: 'Event',
    noun: 'an event',
    shorthand: 'set',
    keys: { set: key(leaf('flag'), 'Set', 'Whether it is set at first.', 'set: true', 'false'), ...served },
    title: 'Events',
    description: 'Events: a list of names, or name → `{ set: true }`.',
    example: 'events: [opened]',
  },
  barriers: {
    type: 'Barrier',
    noun: 'a barrier',
    shorthand: 'parties',
    keys: {
      parties: required(leaf('size'), 'Parties', 'How many must come.', 'parties: 3'),
      action: key(
        steps,
        'Action',
        'What one of them does when all have come.',
        'action:\n  - print: all here',
      ),
      timeout: key(
        leaf('duration'),
        'Timeout',
        'How long a wait lasts at most, unless the step says otherwise.',
        'timeout: 5s',
        'for ever',
      ),
      ...served,
    },
    title: 'Barriers',
    description: 'Barriers: name → parties, or `{ parties, action, timeout }`.',
    example: 'barriers:\n  gate: 3',
  },
  queues: {
    type: 'Queue',
    noun: 'a queue',
    shorthand: 'capacity',
    keys: {
      kind: key(
        choice('fifo', 'lifo', 'priority'),
        'Kind',
        'The order in which items come out.',
        'kind: priority',
        'fifo',
      ),
      capacity: key(leaf('size'), 'Capacity', 'How many items it holds; 0 is unbounded.', 'capacity: 3', '0'),
      ...served,
    },
    title: 'Queues',
    description: 'Queues: name → capacity, or `{ kind: fifo | lifo | priority, capacity }`.',
    example: 'queues:\n  orders: 3',
  },
  pipes: {
    type: 'Pipe',
    noun: 'a pipe',
    keys: served,
    title: 'Pipes',
    description: 'Pipes with two ends, `left` and `right`; each sends and receives.',
    example: 'pipes: [p]',
  },
  files: {
    type: 'File',
    noun: 'a file',
    shorthand: 'path',
    keys: {
      path: key(
        leaf('line'),
        'Path',
        "Where it is, in the run's workspace.",
        'path: tickets.json',
        'its name',
      ),
      content: key(
        leaf('template'),
        'Content',
        'What is in it at first.',
        'content: { count: 1 }',
        'it does not exist',
      ),
      format: key(
        choice('json', 'yaml', 'text'),
        'Format',
        'How it is read and written.',
        'format: json',
        'by its ending',
      ),
      ...array,
    },
    title: 'Files',
    description: "Real files in the run's workspace: name → `{ path, content, format }`.",
    example: 'files:\n  tickets: { path: tickets.json, content: { count: 1 } }',
  },
  pools: {
    type: 'Pool',
    noun: 'a pool',
    shorthand: 'size',
    keys: {
      kind: key(choice('thread', 'process'), 'Kind', 'What its workers are.', 'kind: process', 'thread'),
      size: key(leaf('size'), 'Size', 'How many workers it has.', 'size: 4', '1'),
      ...served,
    },
    title: 'Pools',
    description: 'Pools of workers: name → size, or `{ kind, size }`.',
    example: 'pools:\n  workers: 4',
  },
} as const satisfies Record<string, ResourceTraits>;

export type ResourceSection = keyof typeof resources;

/** Every section's traits under one type. */
export const resourceTable: { readonly [Section in ResourceSection]: ResourceTraits } = resources;

export const resourceSections = Object.keys(resources) as readonly ResourceSection[];

/** The shape of one resource's object form. */
function resourceShape(section: ResourceSection): ObjectShape {
  const { type, noun, keys, shorthand } = resourceTable[section];
  const base = { is: 'object', type, noun, keys, mayBeEmpty: true } as const;
  return shorthand === undefined ? base : { ...base, shorthand };
}

/** The sections as keys of the scenario. */
export const sectionKeys: Keys = Object.fromEntries(
  resourceSections.map((section) => {
    const { title, description, example } = resourceTable[section];
    const shape: Shape = { is: 'map', key: 'name', of: resourceShape(section), names: { value: null } };
    return [section, key(shape, title, description, example)];
  }),
);
