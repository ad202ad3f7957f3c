/**
 * The keys of `expect`: what a scenario promises.
 */
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
} from './shape.ts';

const claims = some(leaf('condition'));
const lines = some(leaf('line'));
const names: Shape = list(leaf('reference'));

export const taskEnds = ['finished', 'failed', 'terminated', 'skipped', 'notStarted'] as const;

const leadsTo: ObjectShape = {
  is: 'object',
  type: 'LeadsTo',
  noun: '`leadsTo`',
  keys: {
    when: required(leaf('condition'), 'When', 'Whenever this is true …', 'when: asked'),
    // biome-ignore lint/suspicious/noThenProperty: a key of the language; this table is never awaited
    then: required(leaf('condition'), 'Then', '… this becomes true, then or later.', 'then: answered'),
  },
};

const outcome: ObjectShape = {
  is: 'object',
  type: 'Outcome',
  noun: 'an outcome',
  keys: {
    is: required(leaf('template'), 'Is', 'The result.', 'is: 2'),
    grade: key(
      choice('expected', 'allowed', 'forbidden'),
      'Grade',
      'Whether it has to, may, or must not come.',
      'grade: allowed',
      'expected',
    ),
    why: key(leaf('text'), 'Why', 'How it comes about, for the report.', 'why: a lost update'),
  },
};

const output: ObjectShape = {
  is: 'object',
  type: 'Output',
  noun: '`output`',
  keys: {
    equals: key(lines, 'Equals', 'All lines, in this order.', 'equals: [master, done]'),
    inOrder: key(
      lines,
      'In order',
      'These lines come in this order, others may stand between.',
      'inOrder: [begin, end]',
    ),
    contains: key(lines, 'Contains', 'These lines are there.', 'contains: [master]'),
    excludes: key(lines, 'Excludes', 'These lines are not there.', 'excludes: [done]'),
    count: key(
      map('text', leaf('bound')),
      'Count',
      'How many lines contain the text.',
      'count: { takes a stall: 13 }',
    ),
    matches: key(some(leaf('text')), 'Matches', 'A regular expression that a line matches.', 'matches: ^end'),
  },
};

const ends = (end: string) =>
  key(leaf('bound'), 'Count', `How many replicas are ${end} in the end.`, `${end}: 1`);

const taskExpectation: ObjectShape = {
  is: 'object',
  type: 'TaskExpectation',
  noun: "a task's expectation",
  shorthand: 'state',
  keys: {
    state: key(some(choice(...taskEnds)), 'State', 'How it ends, or one of several.', 'state: failed'),
    error: key(leaf('line'), 'Error', "The error's name.", 'error: ShutDown'),
    exitCode: key(leaf('integer'), 'Exit code', "Its process's exit code.", 'exitCode: 1'),
    ...Object.fromEntries(taskEnds.map((end) => [end, ends(end)])),
  },
};

const pair = key(names, 'Never', 'These are never inside at the same time.', 'never: [read, write]');

export const expectKeys = {
  always: key(claims, 'Always', 'True at every moment.', 'always: [ stall.holders <= 3 ]'),
  finally: key(claims, 'Finally', 'True at the end.', 'finally: [ n == 0 ]'),
  eventually: key(claims, 'Eventually', 'Becomes true.', 'eventually: [ done.set ]'),
  leadsTo: key(
    some(leadsTo),
    'Leads to',
    'Whenever one, later the other.',
    'leadsTo:\n  - when: asked\n    then: answered',
  ),
  sometimes: key(claims, 'Sometimes', 'Can be true.', 'sometimes: [ n == 99 ]'),
  deadlock: key(
    choice('never', 'possible', 'certain'),
    'Deadlock',
    'Whether tasks end up waiting for ever.',
    'deadlock: possible',
    'never',
  ),
  races: key(
    choice('allowed', 'never'),
    'Races',
    'Two tasks touch a var, one writes, nothing orders them.',
    'races: never',
    'allowed',
  ),
  outcome: key(
    leaf('computed'),
    'Outcome',
    'The expression whose values at the end are the outcomes.',
    'outcome: n',
  ),
  outcomes: key(
    list(outcome),
    'Outcomes',
    'The results there may be.',
    'outcomes:\n  - is: 0\n  - is: 1\n    grade: forbidden',
  ),
  others: key(
    choice('forbidden', 'allowed'),
    'Others',
    'What about results that `outcomes` does not list.',
    'others: allowed',
    'forbidden',
  ),
  output: key(output, 'Output', 'The printed lines.', 'output: { contains: [master] }'),
  vars: key(map('target', leaf('template')), 'Vars', 'The final values of vars.', 'vars: { n: 0 }'),
  files: key(
    map('use', leaf('template')),
    'Files',
    'The final content of files.',
    'files: { tickets: { count: 0 } }',
  ),
  tasks: key(
    map('target', taskExpectation),
    'Tasks',
    'How tasks end.',
    'tasks: { buyer: { finished: 1, failed: 12 } }',
  ),
  peak: key(
    map('target', leaf('bound')),
    'Peak',
    'Most holders of a lock at once, most permits taken, deepest queue, busiest pool.',
    'peak: { stall: 3 }',
  ),
  order: key(
    list(names),
    'Order',
    'Every end of the first comes before any begin of the next.',
    'order: [ [write, read] ]',
  ),
  overlap: key(
    { is: 'object', type: 'Overlap', noun: '`overlap`', keys: { never: pair } },
    'Overlap',
    'What never happens at once.',
    'overlap: { never: [read, write] }',
  ),
  takes: key(
    {
      is: 'object',
      type: 'Takes',
      noun: '`takes`',
      keys: {
        atLeast: key(leaf('duration'), 'At least', 'The shortest length of the run.', 'atLeast: 10s'),
        atMost: key(leaf('duration'), 'At most', 'The longest length of the run.', 'atMost: 11s'),
      },
    },
    'Takes',
    'How long the run takes.',
    'takes: { atLeast: 10s, atMost: 11s }',
  ),
} as const satisfies Keys;

export const expectShape: ObjectShape = {
  is: 'object',
  type: 'Expect',
  noun: '`expect`',
  keys: expectKeys,
  mayBeEmpty: true,
};

/** A case's `expect` merges over the file's by key; null removes one. */
export const caseExpectShape: ObjectShape = {
  ...expectShape,
  type: 'CaseExpect',
  keys: Object.fromEntries(
    Object.entries<(typeof expectKeys)[keyof typeof expectKeys]>(expectKeys).map(([name, entry]) => [
      name,
      { ...entry, shape: { is: 'nullable', of: entry.shape } },
    ]),
  ),
};
