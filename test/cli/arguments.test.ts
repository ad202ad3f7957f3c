import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../cli/commands/arguments.ts';
import { exitCodes } from '../../cli/exit-code.ts';

const parse = (...argv: readonly string[]) => parseArguments(argv, '1.2.3');

const plainRun = {
  command: 'run',
  file: 'a.yaml',
  set: [],
  repeat: 1,
  mode: 'real',
  detail: 'normal',
  strict: false,
  logValues: false,
  json: false,
};

const plainTest = {
  command: 'test',
  paths: ['.'],
  set: [],
  repeat: 1,
  mode: 'real',
  filters: [],
  tags: [],
  skipTags: [],
  retries: 0,
  failOnFlaky: false,
  keep: 'failed',
  failed: false,
  failedFirst: false,
  list: false,
  slowest: 0,
  bail: false,
  jobs: 1,
  reporters: [],
  detail: 'normal',
};

describe('concur test', () => {
  it.each([
    [[], {}],
    [['a.yaml', 'b'], { paths: ['a.yaml', 'b'] }],
    [['--filter', 'a b', '--filter', '/^x+$/gi'], { filters: ['a b', /^x+$/i] }],
    [['--filter', '/'], { filters: ['/'] }],
    [['--tag', 'a', '--tag', 'b', '--skip-tag', 'c'], { tags: ['a', 'b'], skipTags: ['c'] }],
    [
      ['--bail', '--jobs', '4', '--virtual', '-q'],
      { bail: true, jobs: 4, mode: 'virtual', judges: ['virtual'], detail: 'quiet' },
    ],
    [['--check'], { judges: ['check'] }],
    [['--check', '--virtual'], { mode: 'virtual', judges: ['virtual', 'check'] }],
    [['--seed', '7', '--repeat', '3', '--timeout', '5s'], { seed: 7, repeat: 3, timeout: '5s' }],
    [['--set', 'a=1'], { set: [['a', '1']] }],
    [['--retries', '2', '--fail-on-flaky'], { retries: 2, failOnFlaky: true }],
    [['--output', 'out', '--keep', 'all'], { output: 'out', keep: 'all' }],
    [['--shard', '2/3', '--durations', 'd.json'], { shard: { index: 2, count: 3 }, durations: 'd.json' }],
    [['--failed', '--list', '--slowest', '5'], { failed: true, list: true, slowest: 5 }],
    [['--failed-first', '--shard', '1/1'], { failedFirst: true, shard: { index: 1, count: 1 } }],
    [['--json'], { reporters: [{ name: 'json' }] }],
    [
      ['--reporter', 'junit=a=b.xml', '--reporter', 'github', '--reporter', 'tap'],
      { reporters: [{ name: 'junit', file: 'a=b.xml' }, { name: 'github' }, { name: 'tap' }] },
    ],
  ])('%j', (options, expected) => {
    expect(parse('test', ...options)).toEqual({ ...plainTest, ...expected });
  });

  it.each([
    [['--reporter', 'html'], 'must be one of plain, junit, tap, json, github'],
    [['--reporter', 'junit='], 'The name of the file is missing'],
    [['--reporter', 'junit', '--json'], 'only one reporter can write to standard output'],
    [['--filter', '/(/'], 'Invalid regular expression'],
    [['--jobs', '0'], 'whole number from 1 to 1000'],
    [['--log', 'x'], "unknown option '--log'"],
    [['--shard', '0/3'], 'must be i/n, from 1/n to n/n'],
    [['--shard', '4/3'], 'must be i/n, from 1/n to n/n'],
    [['--shard', '1'], 'must be i/n, from 1/n to n/n'],
    [['--shard', '1/10001'], 'with at most 10000 parts'],
    [['--keep', 'some', '--output', 'out'], 'Allowed choices are failed, all'],
    [['--keep', 'all'], "option '--keep' needs '--output'"],
    [['--output', ''], "option '--output' needs the name of a folder"],
    [['--durations', 'x'], "option '--durations' needs '--shard'"],
    [['--failed', '--shard', '1/2'], "options '--failed' and '--shard' exclude each other"],
    [['--failed', '--failed-first'], "options '--failed' and '--failed-first' exclude each other"],
  ])('%j is a mistake', (options, message) => {
    expect(parse('test', ...options)).toEqual({
      command: 'mistake',
      message: expect.stringContaining(message),
    });
  });
});

describe('concur report', () => {
  const plainReport = {
    ...{ command: 'report', folders: ['a', 'b'] },
    ...{ failOnFlaky: false, slowest: 0, reporters: [], detail: 'normal' },
  };

  it.each([
    [['--merge', 'a', 'b'], {}],
    [
      ['--merge', 'a', 'b', '--output', 'out', '--fail-on-flaky', '--slowest', '3', '-q', '--json'],
      { output: 'out', failOnFlaky: true, slowest: 3, detail: 'quiet', reporters: [{ name: 'json' }] },
    ],
  ])('%j', (options, expected) => {
    expect(parse('report', ...options)).toEqual({ ...plainReport, ...expected });
  });

  it.each([
    [[], "'concur report' needs '--merge'"],
    [['--merge'], "'--merge <folders...>' argument missing"],
    [['--merge', 'a', '--output', ''], "option '--output' needs the name of a folder"],
    [['--merge', 'a', '--json', '--reporter', 'tap'], 'only one reporter can write to standard output'],
  ])('%j is a mistake', (options, message) => {
    expect(parse('report', ...options)).toEqual({
      command: 'mistake',
      message: expect.stringContaining(message),
    });
  });
});

describe('concur run', () => {
  it('has defaults', () => {
    expect(parse('run', 'a.yaml')).toEqual(plainRun);
  });

  it.each([
    [['--case', 'five'], { caseName: 'five' }],
    [['--seed', '0'], { seed: 0 }],
    [['--seed', '4294967295'], { seed: 2 ** 32 - 1 }],
    [['--repeat', '10'], { repeat: 10 }],
    [['--timeout', '1m30s'], { timeout: '1m30s' }],
    [['--virtual'], { mode: 'virtual' }],
    [['--log', 'run.jsonl'], { log: 'run.jsonl' }],
    [['--keep-workspace'], { keepWorkspace: true }],
    [['--log', 'run.jsonl', '--log-values'], { log: 'run.jsonl', logValues: true }],
    [['--quiet'], { detail: 'quiet' }],
    [['-q'], { detail: 'quiet' }],
    [['-v'], { detail: 'verbose' }],
    [['--json'], { json: true }],
    [['--quiet', '--json'], { detail: 'quiet', json: true }],
    [
      ['--set', 'a=1', '--set', 'b=x=y', '--set=c='],
      {
        set: [
          ['a', '1'],
          ['b', 'x=y'],
          ['c', ''],
        ],
      },
    ],
    [['--set', 'a=-1'], { set: [['a', '-1']] }],
    [['--set', 'a=one\ntwo'], { set: [['a', 'one\ntwo']] }],
  ])('%j', (options, expected) => {
    expect(parse('run', 'a.yaml', ...options)).toEqual({ ...plainRun, ...expected });
    expect(parse('run', ...options, 'a.yaml')).toEqual({ ...plainRun, ...expected });
  });

  it('reads standard input, and files with odd names', () => {
    expect(parse('run', '-')).toMatchObject({ file: '-' });
    expect(parse('run', '--', '-odd.yaml')).toMatchObject({ file: '-odd.yaml' });
  });
});

describe('concur validate', () => {
  it('takes files', () => {
    expect(parse('validate', 'a.yaml', '-', 'b.yaml')).toEqual({
      command: 'validate',
      files: ['a.yaml', '-', 'b.yaml'],
      json: false,
    });
    expect(parse('validate', '--json', 'a.yaml')).toEqual({
      command: 'validate',
      files: ['a.yaml'],
      json: true,
    });
  });
});

describe('help', () => {
  it.each([['--help'], ['-h']])('%s has every command, examples and every exit code', (option) => {
    const said = parse(option);
    if (said.command !== 'say') throw new Error(`it is ${said.command}`);
    for (const word of ['concur run toilet.yaml', 'validate', 'Examples:', 'Exit codes:'])
      expect(said.text).toContain(word);
    for (const { code, meaning } of Object.values(exitCodes))
      expect(said.text).toContain(`${code}  ${meaning}`);
    for (const line of said.text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('of a command has its options', () => {
    const said = parse('run', '--help');
    if (said.command !== 'say') throw new Error(`it is ${said.command}`);
    for (const option of [
      '--case',
      '--set',
      '--seed',
      '--repeat',
      '--timeout',
      '--virtual',
      '--log',
      '--quiet',
      '--json',
    ])
      expect(said.text).toContain(option);
  });

  it('says the version', () => {
    expect(parse('--version')).toEqual({ command: 'say', text: '1.2.3\n' });
  });
});

describe('a mistake is one line', () => {
  it.each([
    [[], 'no command given (see concur --help)'],
    [['rnu', 'a.yaml'], "unknown command 'rnu' (did you mean run?)"],
    [['a.yaml'], "unknown command 'a.yaml' (to run a scenario: concur run a.yaml)"],
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['--seed'], "unknown option '--seed'"],
    [['run'], "missing required argument 'file'"],
    [['validate'], "missing required argument 'files'"],
    [['run', 'a.yaml', '--sed', '1'], "unknown option '--sed' (did you mean one of --seed, --set?)"],
    [['run', 'a.yaml', '--virtuel'], "unknown option '--virtuel' (did you mean --virtual?)"],
    [['run', 'a.yaml', 'b.yaml'], "too many arguments for 'run'. Expected 1 argument but got 2"],
    [['run', 'a.yaml', '--seed'], "option '--seed <number>' argument missing"],
    [
      ['run', 'a.yaml', '--seed', 'x'],
      "option '--seed <number>' argument 'x' is invalid. It must be a whole number from 0 to 4294967295",
    ],
    [
      ['run', 'a.yaml', '--seed', '4294967296'],
      "option '--seed <number>' argument '4294967296' is invalid. It must be a whole number from 0 to 4294967295",
    ],
    [
      ['run', 'a.yaml', '--repeat', '0'],
      "option '--repeat <times>' argument '0' is invalid. It must be a whole number from 1 to 1000000",
    ],
    [
      ['run', 'a.yaml', '--repeat', '1.5'],
      "option '--repeat <times>' argument '1.5' is invalid. It must be a whole number from 1 to 1000000",
    ],
    [
      ['run', 'a.yaml', '--set', 'visitors'],
      "option '--set <name=value>' argument 'visitors' is invalid. It must be name=value, such as visitors=20",
    ],
    [
      ['run', 'a.yaml', '--set', '=1'],
      "option '--set <name=value>' argument '=1' is invalid. It must be name=value, such as visitors=20",
    ],
    [['run', 'a.yaml', '-q', '-v'], "options '--quiet' and '--verbose' exclude each other"],
    [['run', 'a.yaml', '--json', '-v'], "options '--json' and '--verbose' exclude each other"],
    [['run', 'a.yaml', '--log-values'], "option '--log-values' needs '--log', the file that is to have them"],
    [['run', 'a.yaml', '--log', '-'], "option '--log' needs the name of a file"],
    [
      ['run', 'a.yaml', '--log', 'x', '--repeat', '2'],
      "option '--log' takes one run: leave out '--repeat', and give the run's '--seed'",
    ],
  ])('%j', (argv, message) => {
    expect(parse(...argv)).toEqual({ command: 'mistake', message });
  });
});
