/**
 * The keys of a scenario and of a task: with the verbs, the resources and `expect`, this is the whole language.
 */

import { model, retry, surroundings } from './commands.ts';
import { caseExpectShape, expectShape } from './expect-keys.ts';
import { sectionKeys } from './resources.ts';
import {
  choice,
  type Keys,
  key,
  leaf,
  list,
  map,
  type ObjectShape,
  required,
  type Shape,
  some,
  steps,
} from './shape.ts';

const taskKinds = choice('thread', 'process');

const taskTimeout = key(
  leaf('duration'),
  'Timeout',
  'How long one attempt may take; past it the task is terminated.',
  'timeout: 30s',
  'none',
);

const ready: ObjectShape = {
  is: 'object',
  type: 'Ready',
  noun: '`ready`',
  keys: {
    port: key(leaf('size'), 'Port', 'Ready when something listens on this port.', 'port: 8080'),
    http: key(leaf('line'), 'HTTP', 'Ready when this address answers.', 'http: http://localhost:8080/health'),
    log: key(
      leaf('text'),
      'Log',
      'Ready when a line of its output matches this regular expression.',
      'log: listening',
    ),
    run: key(
      { is: 'oneOrMany', place: 'command' },
      'Run',
      'Ready when this command succeeds.',
      'run: curl -fs http://localhost:8080',
    ),
    event: key(leaf('reference'), 'Event', 'Ready when this event is set.', 'event: opened'),
    timeout: key(
      leaf('duration'),
      'Timeout',
      'How long it may take to become ready.',
      'timeout: 30s',
      'for ever',
    ),
    startPeriod: key(
      leaf('duration'),
      'Start period',
      'How long it may take to come up: the time of `timeout` begins after it.',
      'startPeriod: 5s',
      '0s',
    ),
    interval: key(leaf('duration'), 'Interval', 'How often to look.', 'interval: 200ms', '200ms'),
    model,
  },
  rules: [{ rule: 'exactlyOne', of: ['port', 'http', 'log', 'run', 'event'] }],
};

const needStates = ['finished', 'failed', 'ended', 'ready', 'started'] as const;

export const taskShape: ObjectShape = {
  is: 'object',
  type: 'Task',
  noun: 'a task',
  alone: ['run', 'call'],
  keys: {
    kind: key(
      taskKinds,
      'Kind',
      '`thread`: runs in the process that started it and shares its vars. `process`: an OS process of its own, with its own copy of them.',
      'kind: process',
      '`defaults.kind`',
    ),
    daemon: key(
      leaf('flag'),
      'Daemon',
      'A daemon does not keep its program alive.',
      'daemon: true',
      'that of the task that starts it',
    ),
    count: key(leaf('size'), 'Count', 'How many replicas there are: `visitor[0]` …', 'count: 13', '1'),
    each: key(
      leaf('elements'),
      'Each',
      'A replica for each element, which it reads as `task.item`.',
      'each: [red, green]',
    ),
    pool: key(leaf('name'), 'Pool', "The replicas run on this pool's workers.", 'pool: workers'),
    needs: key(
      { is: 'map', key: 'use', of: choice(...needStates), names: { value: 'finished' } },
      'Needs',
      'What must have happened before it starts: a list of tasks, or task → `finished | failed | ended | ready | started`.',
      'needs: { server: ready }',
    ),
    ready: key(
      ready,
      'Ready',
      'When it counts as ready.',
      'ready: { port: 8080 }',
      'as soon as it is started',
    ),
    let: key(map('name', leaf('computed')), 'Let', 'Task-local variables.', 'let: { left: task.index }'),
    ...surroundings,
    timeout: taskTimeout,
    retry: key(retry, 'Retry', 'Try again when it fails.', 'retry: { attempts: 3, delay: 1s }'),
    steps: key(steps, 'Steps', 'What it does.', 'steps:\n  - print: hello'),
    run: key(
      { is: 'oneOrMany', place: 'command' },
      'Run',
      'A command, if that is all it does.',
      'run: node server.js',
    ),
    call: key(leaf('text'), 'Call', 'A function of yours, if that is all it does.', 'call: ./work.mjs#run'),
  },
  rules: [
    { rule: 'exactlyOne', of: ['steps', 'run', 'call'] },
    { rule: 'atMostOne', of: ['count', 'each'] },
  ],
};

const params: Shape = map('use', leaf('parameter'));

const check: ObjectShape = {
  is: 'object',
  type: 'Check',
  noun: '`check`',
  keys: {
    params: key(params, 'Params', 'Parameters for `check`, often smaller ones.', 'params: { visitors: 4 }'),
    time: key(
      choice('free', 'ordered'),
      'Time',
      '`free`: a sleep or a timeout may take any time. `ordered`: only orders that the durations allow.',
      'time: ordered',
      'free',
    ),
    within: key(
      leaf('condition'),
      'Within',
      'States in which this is false are not followed: what is said holds within it.',
      'within: n < 5',
    ),
    maxStates: key(
      leaf('size'),
      'Most states',
      'Stop after so many states: the answer is inconclusive then.',
      'maxStates: 1000000',
    ),
    maxSteps: key(leaf('size'), 'Most steps', 'Stop paths after so many steps.', 'maxSteps: 1000'),
    spuriousWakeups: key(
      leaf('flag'),
      'Spurious wake-ups',
      'A wait for a condition may return without a notify.',
      'spuriousWakeups: true',
      'false',
    ),
  },
  mayBeEmpty: true,
};

const aCase: ObjectShape = {
  is: 'object',
  type: 'Case',
  noun: 'a case',
  keys: {
    name: key(leaf('text'), 'Name', 'What it is called in reports.', 'name: without the lock'),
    params: key(params, 'Params', 'Parameters of this case.', 'params: { locked: false }'),
    expect: key(
      caseExpectShape,
      'Expect',
      "Merges over the file's `expect` by key; null removes one.",
      'expect: { deadlock: possible }',
    ),
    check: key(check, 'Check', "Merges over the file's `check` by key.", 'check: { time: ordered }'),
  },
};

const defaults: ObjectShape = {
  is: 'object',
  type: 'Defaults',
  noun: '`defaults`',
  keys: {
    kind: key(taskKinds, 'Kind', 'The kind of tasks that do not say.', 'kind: process', 'thread'),
    timeout: taskTimeout,
    ...surroundings,
  },
  mayBeEmpty: true,
};

const teardown: ObjectShape = {
  is: 'object',
  type: 'Teardown',
  noun: '`teardown`',
  shorthand: 'steps',
  keys: {
    timeout: key(
      leaf('duration'),
      'Timeout',
      'How long it may take; after a signal 10 s at most.',
      'timeout: 1m',
      '30s',
    ),
    steps: required(steps, 'Steps', 'What it does.', 'steps:\n  - run: docker stop db'),
  },
};

const scenarioKeys: Keys = {
  concur: required(
    leaf('version'),
    'Version',
    'The version of the language; it marks the file.',
    'concur: 1',
  ),
  name: key(leaf('text'), 'Name', 'What the scenario is called.', 'name: toilet', "the file's name"),
  description: key(
    leaf('text'),
    'Description',
    'What it shows.',
    'description: Thirteen visitors, three stalls.',
  ),
  secrets: key(
    { is: 'list', of: leaf('text'), single: true },
    'Secrets',
    'Environment variables whose values are shown as `***` in output, logs and reports.',
    'secrets: [API_TOKEN]',
    'none',
  ),
  tags: key(
    { is: 'list', of: leaf('text'), single: true },
    'Tags',
    'Words to select scenarios by.',
    'tags: [semaphore]',
  ),
  params: key(
    map('name', leaf('parameter')),
    'Params',
    'Parameters and their defaults; `--set name=value` overrides them.',
    'params: { visitors: 13 }',
  ),
  timeout: key(
    leaf('duration'),
    'Timeout',
    'Past it the whole run is stopped and reported.',
    'timeout: 30s',
    '10m',
  ),
  seed: key(
    leaf('seed'),
    'Seed',
    'Everything random in the run comes from it.',
    'seed: 42',
    'drawn, and always printed',
  ),
  failFast: key(
    leaf('flag'),
    'Fail fast',
    'The first failed task ends the run; an error of main counts when it happens.',
    'failFast: true',
    'false',
  ),
  defaults: key(
    defaults,
    'Defaults',
    'What holds for every task that does not say otherwise.',
    'defaults: { kind: process }',
  ),
  ...sectionKeys,
  routines: key(
    map('name', steps),
    'Routines',
    'Named steps, put in place by `use`.',
    'routines:\n  greet:\n    - print: hello ${{ input.name }}',
  ),
  tasks: key(
    map('name', taskShape),
    'Tasks',
    'What runs at the same time.',
    'tasks:\n  visitor:\n    count: 3\n    steps:\n      - print: hello',
  ),
  main: key(
    steps,
    'Main',
    'The main program; with it, nothing starts unless a step starts it.',
    'main:\n  - start: [p1, p2]',
  ),
  teardown: key(
    teardown,
    'Teardown',
    'What is done after the run, however it ended: a small run of its own in the same workspace.',
    'teardown:\n  - run: docker stop db',
  ),
  expect: key(
    expectShape,
    'Expect',
    'What has to hold.',
    'expect:\n  peak: { stall: 3 }',
    'every task finishes, no deadlock',
  ),
  cases: key(
    list(aCase),
    'Cases',
    'Several variants in one file.',
    'cases:\n  - name: without the lock\n    params: { locked: false }',
    'one unnamed case',
  ),
  check: key(check, 'Check', 'How `check` explores this scenario.', 'check: { params: { visitors: 4 } }'),
  judge: key(
    some(choice('run', 'virtual', 'check')),
    'Judge',
    'How `concur test` judges it: by a real run, by one in virtual time, by looking at every interleaving.',
    'judge: [run, check]',
    'run',
  ),
};

export const scenarioShape: ObjectShape = {
  is: 'object',
  type: 'Scenario',
  noun: 'a scenario',
  keys: scenarioKeys,
  rules: [{ rule: 'atLeastOne', of: ['tasks', 'main'] }],
};
