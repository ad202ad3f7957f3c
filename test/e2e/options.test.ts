/**
 * The command's options and exit codes, as users give and get them.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadScenario, parseLog } from '../../engine/index.ts';
import { createJudge } from '../../engine/verdict/judge.ts';
import { ConcurRun, concur } from './concur-run.ts';
import { allThere, busy, holderAndWaiters, kinds } from './scenarios-of-kind.ts';
import { scratch } from './scratch.ts';

const toilet = 'scenarios/toilet.yaml';
const virtualToilet = ['run', '--virtual', '--case', 'five-stalls', toilet];

describe('concur run', () => {
  it('runs every case, or the one that is named', async () => {
    const all = await concur(['run', '--virtual', toilet]);
    expect(all.stdout.match(/^case .*$/gm)).toEqual(['case three-stalls', 'case five-stalls']);
    const one = await concur(virtualToilet);
    expect(one.stdout).not.toMatch(/^case /m);
    expect(one.stdout).toMatch(/\n {2}`stall` .*\b5 of 5 .*(?:.*\n)*?.*\ntoilet \(five-stalls\): passed/);
    expect([all.code, one.code]).toEqual([0, 0]);
  });

  it('--set gives parameters, the last one counts', async () => {
    const { code, stdout } = await concur([
      ...virtualToilet,
      '--set',
      'visitors=6',
      '--set',
      'visitors=7',
      '--set',
      'stay=1ms..2ms',
    ]);
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\n {2}tasks +7 finished\n/),
    });
  });

  it('--repeat runs with seeds of its own, and counts', async () => {
    const { code, stdout } = await concur([...virtualToilet, '--repeat', '3', '--seed', '5']);
    expect(code).toBe(0);
    const seeds = [...stdout.matchAll(/seed (\d+)/g)].map(([, seed]) => seed);
    expect(seeds[0]).toBe('5');
    expect(new Set(seeds).size).toBeGreaterThanOrEqual(3);
    expect(stdout).toMatch(/3 .*passed/);
  });

  it.each([[['--virtual']], [[]]])(
    '--timeout is over the file’s, and fails the run: %j',
    async (mode: readonly string[]) => {
      const { code, stdout } = await concur(['run', ...mode, '--timeout', '1s', '-'], {
        input: holderAndWaiters('thread'),
      });
      expect(code).toBe(1);
      expect(stdout).toMatch(/\n {2}timed out after 1.0 s: (?:`holder` (?:runs|sleeps)|each of )/);
      if (mode.length > 0) expect(stdout).toMatch(/each of `waiter\[0\]`.* waits for `mutex`/);
    },
  );

  it('--timeout may be longer than timers of the system can wait', async () => {
    const { code, stdout } = await concur(['run', '--timeout', '40d', 'scenarios/queue-fifo.yaml']);
    expect(code, stdout).toBe(0);
  });

  it('--quiet says one line for a run that passed, all that matters for one that did not', async () => {
    const passed = await concur(['run', '--quiet', '--virtual', '--case', 'five-stalls', toilet]);
    expect(passed.stdout).toMatch(/^toilet \(five-stalls\): passed in .*, seed \d+\n$/);
    const failed = await concur([
      'run',
      '-q',
      '--virtual',
      '--case',
      'five-stalls',
      '--set',
      'visitors=4',
      toilet,
    ]);
    expect(failed.stdout).toMatch(/^.*: the peak of `stall` is 5\n {2}seen {6}4$/m);
    expect(failed.stdout).not.toMatch(/takes a stall$/m);
    expect([passed.code, failed.code]).toEqual([0, 1]);
  });

  it('--json writes one document and nothing else', async () => {
    const { code, stdout, stderr } = await concur([...virtualToilet, '--json', '--seed', '7']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'toilet',
      case: 'five-stalls',
      seed: 7,
      outcome: 'passed',
    });
  });

  it('--json has every case in its one document', async () => {
    const { stdout } = await concur(['run', '--virtual', '--json', toilet]);
    const { outcome, runs } = JSON.parse(stdout) as { outcome: string; runs: readonly { case: string }[] };
    expect({ outcome, cases: runs.map((run) => run.case) }).toEqual({
      outcome: 'passed',
      cases: ['three-stalls', 'five-stalls'],
    });
  });

  it('- is standard input', async () => {
    const { code, stdout } = await concur(['run', '-'], {
      input: 'concur: 1\nname: piped\nmain: [print: here]\n',
    });
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^main \| here\n(?:.*\n)*?.*\npiped: passed/),
    });
  });

  it('is interrupted with a document, too', async () => {
    await using run = new ConcurRun(['run', '--json', '--log', scratch('json.jsonl'), '-'], {
      input: holderAndWaiters('process'),
    });
    await run.started();
    run.signal('SIGINT');
    const { code, stdout, stderr } = await run.end();
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'inconclusive', run: { stopped: 'interrupt' } });
  });
});

describe('the log of a run', () => {
  it.each([
    ['real threads', ['--set', 'x=1'], busy('thread', 300)],
    ['real processes', ['--set', 'x=1'], busy('process', 300)],
    ['virtual time', ['--set', 'x=1', '--virtual'], busy('process', 300)],
  ] as const)('of %s reads back, follows the rules, and gives the same verdict', async (host, args, text) => {
    const source = { file: scratch('busy.yaml', `params: { x: 0 }${text}`), text: `params: { x: 0 }${text}` };
    const log = scratch(`${host.replace(' ', '-')}.jsonl`);
    const { code, stdout } = await concur(['run', ...args, '--json', '--log', log, source.file]);
    expect(code, stdout).toBe(0);
    expectLegal(await refold(log, source), 'passed');
  });

  it.each(kinds)('of an interrupted run of tasks of kind %s does, too', async (kind) => {
    const text = holderAndWaiters(kind);
    const log = scratch(`interrupted-${kind}.jsonl`);
    await using run = new ConcurRun(['run', '--log', log, '-'], { input: text });
    await run.output(allThere);
    run.signal('SIGTERM');
    expect((await run.end()).code).toBe(143);
    expectLegal(await refold(log, { file: '-', text }), 'inconclusive');
  });

  it('is the same byte for byte for the same seed in virtual time, and another for another', async () => {
    const logs = await Promise.all(
      ['3', '3', '4'].map(async (seed, index) => {
        const log = scratch(`seed-${index}.jsonl`);
        expect((await concur([...virtualToilet, '--seed', seed, '--log', log])).code).toBe(0);
        return readFileSync(log, 'utf8');
      }),
    );
    expect(logs[0]).toBe(logs[1]);
    expect(logs[0]).not.toBe(logs[2]);
    expect(logs[0]?.split('\n').length).toBeGreaterThan(100);
  });
});

type Refolded = { readonly outcome: string; readonly violation: unknown; readonly run: unknown };

/** What the independent model makes of a log alone. */
async function refold(
  log: string,
  source: { readonly file: string; readonly text: string },
): Promise<Refolded> {
  const parsed = parseLog(readFileSync(log, 'utf8'));
  if ('problem' in parsed) throw new Error(`line ${parsed.line}: ${parsed.problem}`);
  const { header, events } = parsed;
  const { plan } = await loadScenario(source, { seed: header.seed });
  const judge = createJudge(plan!);
  for (const event of events) judge.handle(event);
  const stop = events.find((event) => event.type === 'stopped');
  const { outcome, run } = judge.verdict({
    mode: header.mode,
    stopped: stop?.reason ?? null,
    cause: null,
    events: events.length,
    durationUs: events.at(-1)?.at ?? 0,
  });
  return { outcome, run, violation: judge.violation() };
}

function expectLegal({ outcome, violation }: Refolded, expected: string): void {
  expect({ outcome, violation }).toEqual({ outcome: expected, violation: null });
}

describe('help and mistakes', () => {
  it('--help names the commands, examples and every exit code', async () => {
    const { code, stdout, stderr } = await concur(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const text of ['run [options] <file>', 'validate [options] <files...>', 'Examples:', 'Exit codes:'])
      expect(stdout).toContain(text);
    for (const number of [0, 1, 2, 3, 70, 130, 143])
      expect(stdout).toMatch(new RegExp(`^ +${number} {2}\\w`, 'm'));
  });

  it('run --help names every option', async () => {
    const { code, stdout } = await concur(['run', '--help']);
    expect(code).toBe(0);
    for (const option of [
      'case',
      'set',
      'seed',
      'repeat',
      'timeout',
      'virtual',
      'log',
      'quiet',
      'verbose',
      'json',
    ])
      expect(stdout).toMatch(new RegExp(`^ .*--${option}\\b`, 'm'));
  });

  it.each([
    [[], 'no command given'],
    [['runn'], "unknown command 'runn' (did you mean run?)"],
    [[toilet], `(to run a scenario: concur run ${toilet})`],
    [['run'], "missing required argument 'file'"],
    [['run', 'nowhere.yaml'], 'cannot read nowhere.yaml: there is no such file'],
    [['run', 'scenarios'], 'cannot read scenarios: it is a directory'],
    [['run', '--sed', '1', toilet], 'did you mean one of --seed, --set?'],
    [['run', '--seed', '-1', toilet], 'whole number'],
    [['run', '--repeat', '0', toilet], 'whole number'],
    [['run', '--set', 'visitors', toilet], 'name=value'],
    [['run', '--set', 'nobody=1', toilet], 'there is no parameter `nobody`'],
    [['run', '--set', 'stalls=many', toilet], '`stalls` cannot be "many"'],
    [['run', '--case', 'none', toilet], 'there is no case `none`'],
    [['run', '--timeout', 'soon', toilet], '--timeout soon'],
    [
      ['run', '--log', '/nowhere/run.jsonl', '--case', 'five-stalls', toilet],
      'cannot write /nowhere/run.jsonl',
    ],
    [['run', '--log', 'run.jsonl', toilet], "name one of the 2 cases with '--case'"],
  ])('%j is a mistake: exit code 2, said on standard error alone', async (args, text) => {
    const { code, stdout, stderr } = await concur(args);
    expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(text);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('a scenario that is none is exit code 2, with all that is wrong, and nothing runs', async () => {
    const input = 'concur: 1\nmain:\n  - print: here\n  - aquire: mutex\n  - sleep: 5\n';
    const { code, stdout, stderr } = await concur(['run', '-'], { input });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/4:5: error(?:.*\n)*?.*acquire(?:.*\n)*?.*5:12: error/);
  });

  it('a run that the machine or a limit cut short is exit code 3, with the cause', async () => {
    const input = 'concur: 1\nmain:\n  - while: true\n    do: [{ let: { x: 1 } }, { print: x }]\n';
    const { code, stdout } = await concur(['run', '--virtual', '--quiet', '-'], { input });
    expect(code, stdout).toBe(3);
    expect(stdout).toMatch(/: inconclusive in .*\n {2}.*`main` loops for ever/);
    expect(stdout.match(/loops for ever/g)).toHaveLength(1);
  });

  it('a log that would overwrite the scenario is not written', async () => {
    const text = 'concur: 1\nmain: [print: here]\n';
    const path = scratch('precious.yaml', text);
    expect((await concur(['run', '--log', path, path])).code).toBe(2);
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(existsSync('run.jsonl')).toBe(false);
  });
});
