/**
 * What `run` promises: its keys, its results, lines into a queue, ends by every timeout, and nobody left behind.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runPlan } from '../../engine/hosts/run.ts';
import { loadScenario } from '../../engine/index.ts';
import { ConcurRun, concur, entry, isAlive, until } from './concur-run.ts';
import { scratch } from './scratch.ts';

describe('a command', () => {
  it('has its keys, and gives its result', async () => {
    const input = `
concur: 1
defaults: { env: { A: general, B: general } }
tasks:
  t:
    env: { B: of the task }
    cwd: /
    steps:
      - run: 'echo "$A, $B, $C in $PWD"; printf partial'
        env: { C: "\${{ 1 + 1 }}" }
      - run: [printf, '%s|', one word, '$A']
      - run: cat
        stdin: |
          typed
          in
      - run: 'echo "\${BASH_VERSION:+bash}"'
        shell: bash
      - run: 'echo out; echo err >&2; exit 3'
        codes: [0, 3]
        as: result
      - print: \${{ result.code }} \${{ result.stdout }} \${{ result.stderr }} \${{ result.seconds >= 0.0 }}
      - run: 'printf "carriage\\r\\nreturns\\r\\n"'
expect:
  output:
    equals:
      - general, of the task, 2 in /
      - partial
      - one word|$A|
      - typed
      - in
      - bash
      - out
      - err
      - 3 out
      - " err"
      - " true"
      - carriage
      - returns
`;
    const { code, stdout } = await concur(['run', '-'], { input });
    expect(code, stdout).toBe(0);
  });

  it('leads a session of its own, with all signals as a fresh program has them', async () => {
    const input = `
concur: 1
tasks:
  t:
    steps:
      - run: 'test "$(ps -o sid= -p $$)" -eq $$ && grep -E "Sig(Blk|Ign)" /proc/self/status'
      - run: 'kill -PIPE $$; echo not here'
        codes: [141]
      - run: 'echo to > /dev/stderr'
      - run: ['true']
        env: { PATH: "/no/where:/bin" }
expect:
  output: { equals: ["SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000", to] }
`;
    const { code, stdout } = await concur(['run', '-'], { input });
    expect(code, stdout).toBe(0);
  });

  it('raises what Python raises where it cannot run', async () => {
    const input = `
concur: 1
main:
  - { run: [no-such-program], raises: FileNotFoundError }
  - { run: ['true'], env: { PATH: /no/where }, raises: FileNotFoundError }
  - { run: [./no-such-program], raises: FileNotFoundError }
  - { run: [/etc/passwd], raises: PermissionError }
  - { run: ['true'], cwd: /no/where, raises: FileNotFoundError }
  - { run: [echo, "a\\0b"], raises: ValueError }
  - { run: 'true', env: { A: "a\\0b" }, raises: ValueError }
`;
    const { code, stdout } = await concur(['run', '-'], { input });
    expect(code, stdout).toBe(0);
  });

  it('finds programs as execvp does: folders are none, and what names no interpreter is run by a shell', async () => {
    const folder = scratch('found');
    for (const one of ['first/tool', 'second']) mkdirSync(join(folder, one), { recursive: true });
    writeFileSync(join(folder, 'second/tool'), 'echo "${0##*/} $1"\n', { mode: 0o755 });
    const input = `
concur: 1
main:
  - run: [tool, given]
    cwd: ${folder}
    env: { PATH: "first:second:/usr/bin:/bin" }
  - run: [second/tool, again]
    cwd: ${folder}
  - run: [first/tool]
    cwd: ${folder}
    raises: PermissionError
  - run: ['true']
    cwd: ${folder}/second/tool
    raises: NotADirectoryError
expect:
  output: { equals: [tool given, tool again] }
`;
    const { code, stdout } = await concur(['run', '-'], { input });
    expect(code, stdout).toBe(0);
  });

  it.each([44, 45])('says why the system refuses it: %i descriptors', async (most) => {
    const input = `
concur: 1
failFast: true
main:
  # The runner's own threads need descriptors while they begin.
  - sleep: 2s
  - start: many
tasks:
  many: { count: 30, steps: { run: [sleep, '60'] } }
`;
    const limited = ['/bin/sh', '-c', `ulimit -n ${most}; exec "$@"`, 'sh', process.execPath, entry] as const;
    const { code, stdout } = await concur(['run', '-'], { input, program: limited });
    expect(code, stdout).toBe(3);
    expect(stdout).toContain('the system refused the command `sleep 60`: too many open files (EMFILE)');
  });

  it.each([22, 26, 30, 34, 38])('has a verdict where there are hardly any: %i descriptors', async (most) => {
    const input = `
concur: 1
failFast: true
tasks:
  many: { count: 30, steps: { run: [sleep, '3'] } }
`;
    const limited = ['/bin/sh', '-c', `ulimit -n ${most}; exec "$@"`, 'sh', process.execPath, entry] as const;
    const { code, stdout, stderr } = await concur(['run', '-'], { input, program: limited });
    expect([1, 3], stdout + stderr).toContain(code);
    expect(stdout).toContain('EMFILE');
  });

  it('that cannot run leaves no descriptors behind', async () => {
    const input = `
concur: 1
main:
  - repeat: 50
    do: [ { run: [no-such-program], raises: FileNotFoundError }, { run: ['true'], stdin: text } ]
  - { run: 'printf %s $(ls /proc/$PPID/fd | wc -l)', as: after }
  - assert: int(after.stdout) < 60
`;
    const { code, stdout } = await concur(['run', '-'], { input });
    expect(code, stdout).toBe(0);
  });

  it('is one of hundreds that start and end at once', async () => {
    const input = `
concur: 1
tasks:
  t:
    count: 300
    steps:
      - run: 'read number; echo "$number"'
        stdin: "\${{ task.index }}"
        as: it
      - assert: it.stdout == string(task.index) + "\\n"
`;
    const { code, stdout } = await concur(['run', '-'], { input });
    expect(code, stdout).toBe(0);
  });

  it('finds what lies beside its scenario, wherever it is run from', async () => {
    const file = scratch(
      'beside.yaml',
      'concur: 1\nmain: [ { run: cat "$CONCUR_SCENARIO_FOLDER/beside.txt" } ]\n',
    );
    scratch('beside.txt', 'found\n');
    const { code, stdout } = await concur(['run', file], { cwd: '/' });
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/^main \| found$/m);
  });

  it('that fails is an error by its Python name', async () => {
    const input = `
concur: 1
main:
  - try: [ { run: exit 3 } ]
    catch: { CalledProcessError: [ { print: "\${{ e.message }}" } ] }
    as: e
  - try: [ { run: [no-such-program, x] } ]
    catch: { FileNotFoundError: [ { print: "\${{ e.message }}" } ] }
    as: e
  - try: [ { run: echo, cwd: /no/such/folder } ]
    catch: { FileNotFoundError: [ { print: "\${{ e.message }}" } ] }
    as: e
  - try: [ { run: [/etc/passwd] } ]
    catch: { PermissionError: [ { print: "\${{ e.message }}" } ] }
    as: e
expect:
  output:
    equals:
      - Command 'exit 3' returned non-zero exit status 3.
      - "[Errno 2] No such file or directory: 'no-such-program'"
      - "[Errno 2] No such file or directory: '/no/such/folder'"
      - "[Errno 13] Permission denied: '/etc/passwd'"
`;
    const { code, stdout } = await concur(['run', '-'], { input });
    expect(code, stdout).toBe(0);
  });

  it('is tried again, by the step and by the task', async () => {
    const count =
      'n=$(cat "$CONCUR_WORKSPACE/FILE" 2>/dev/null); echo x$n > "$CONCUR_WORKSPACE/FILE"; echo "FILE: $n"; [ "$n" = xx ]';
    const input = `
concur: 1
tasks:
  inner: { steps: [ { run: '${count.replaceAll('FILE', 'inner')}', retry: { attempts: 3, delay: 1ms } } ] }
  outer: { retry: { attempts: 3, delay: 1ms }, run: '${count.replaceAll('FILE', 'outer')}' }
  never: { retry: { attempts: 2 }, run: echo once; exit 1 }
expect:
  tasks: { never: { state: failed, error: CalledProcessError } }
  output: { count: { "inner: ": 3, "outer: ": 3, once: 2 } }
`;
    const { code, stdout } = await concur(['run', '-'], { input });
    expect(code, stdout).toBe(0);
  });
});

describe('lines into a queue', () => {
  it('arrive in order, however slow they are taken; standard error is printed', async () => {
    const input = `
concur: 1
queues: { lines: 2 }
vars: { next: 1 }
tasks:
  writer:
    kind: process
    steps: [ { run: 'seq 1 500; echo to the screen >&2', into: lines }, { close: lines } ]
  reader:
    steps: [ { for: line, from: lines, do: [ { assert: int(line) == next }, { set: { next: next + 1 } } ] } ]
expect:
  finally: [ next == 501 ]
  peak: { lines: 2 }
  output: { equals: [ to the screen ] }
`;
    const { code, stdout } = await concur(['run', '-'], { input });
    expect(code, stdout).toBe(0);
  });

  it('wait for room: the command does not run ahead', async () => {
    await using run = new ConcurRun(['run', '-'], {
      input: `
concur: 1
queues: { lines: 1 }
main:
  - start: writer
  - get: lines
    as: line
  - print: "took \${{ line }}"
  - sleep: 1h
tasks:
  writer: { steps: [ { run: 'yes', into: lines } ] }
`,
    });
    await run.output(/took y/);
    run.signal('SIGINT');
    expect((await run.end()).code).toBe(130);
    expect(run.family()).toEqual([]);
  });

  it.each(['thread', 'process'])(
    'that nobody gets are a deadlock of their %s, found at once',
    async (kind) => {
      const input = `
concur: 1
timeout: 1h
queues: { lines: 2, done: 1 }
tasks:
  writer:
    kind: ${kind}
    steps:
      - run: 'seq 1 500; echo on the screen >&2'
        into: lines
      - put: done
        item: x
  reader:
    steps:
      - get: done
      - get: lines
  bystander: { daemon: true, steps: [ { sleep: 1h } ] }
`;
      await using run = new ConcurRun(['run', '-'], { input });
      const { code, stdout } = await run.end();
      expect(code, stdout).toBe(1);
      expect(stdout).toMatch(
        /\ndeadlock: 2 tasks .*\n {2}.*(`writer` → `reader` → `writer`|`reader` → `writer` → `reader`)\n/,
      );
      expect(stdout).toMatch(
        / `writer` .* room in `lines` .*:9\)\n(.*\n)*? {4}`lines` is full with 2 items, and `reader`.*`done`/,
      );
      expect(stdout).toMatch(/`writer`.* waits to put a line of its command into `lines`/);
      expect(run.family()).toEqual([]);
    },
  );

  it('end their wait with the step, its task, or the queue', async () => {
    const input = `
concur: 1
queues: { lines: 2, more: 1, others: { capacity: 1, fair: true } }
main:
  - start: late
  - join: late
  - start: [killed, shut]
  - await: more.waiting == 1 && others.waiting == 1
  - print: \${{ killed.state }}
  - kill: killed
  - close: others
  - join: [killed, shut]
  - print: \${{ more.waiting }} \${{ lines.size }}
tasks:
  late:
    let: { isLate: false }
    steps:
      - while: lines.size < 2
        do: [ { run: seq 1 500, into: lines, timeout: 50ms, onTimeout: [ { let: { isLate: true } } ] } ]
      - print: late \${{ isLate }}
  killed: { kind: process, steps: [ { run: yes, into: more } ] }
  shut: { kind: process, steps: [ { run: 'echo 1; echo 2; sleep 1000', into: others, raises: ShutDown } ] }
expect:
  output: { inOrder: [ late true, waiting, 0 2 ] }
  tasks: { killed: terminated }
`;
    await using run = new ConcurRun(['run', '-'], { input });
    const { code, stdout } = await run.end();
    expect(code, stdout).toBe(0);
    expect(run.family()).toEqual([]);
  });

  it('come in turn where the queue is fair, and all of them come', async () => {
    const input = `
concur: 1
queues: { lines: { capacity: 2, fair: true } }
tasks:
  process: { count: 2, kind: process, steps: [ { run: seq 1 100, into: lines } ] }
  thread: { steps: [ { repeat: 100, do: [ { put: lines, item: x } ] } ] }
  reader: { steps: [ { repeat: 300, do: [ { get: lines } ] } ] }
expect: { peak: { lines: 2 } }
`;
    const { code, stdout } = await concur(['run', '-'], { input });
    expect(code, stdout).toBe(0);
  });

  it('fail where the queue is closed, and the command ends', async () => {
    const input = `
concur: 1
queues: [ lines ]
main:
  - close: lines
  - run: 'echo one; exec sleep 1000'
    into: lines
    raises: ShutDown
`;
    await using run = new ConcurRun(['run', '-'], { input });
    const { code, stdout } = await run.end();
    expect(code, stdout).toBe(0);
    expect(run.family()).toEqual([]);
  });
});

describe('a timeout reaches the command', () => {
  const stubborn = `trap "" TERM INT HUP; echo begins; while :; do sleep 1004; done`;

  it.each([
    [
      'of the step',
      `tasks: { t: { steps: [ { run: '${stubborn}', timeout: 300ms, raises: TimeoutError } ] } }`,
      0,
    ],
    ['of the task', `tasks: { t: { timeout: 300ms, run: '${stubborn}' } }`, 1],
    ['of the run', `timeout: 300ms\ntasks: { t: { run: '${stubborn}' } }`, 1],
    [
      'of the step of a process',
      `tasks: { t: { kind: process, steps: [ { run: '${stubborn}', timeout: 300ms, raises: TimeoutError } ] } }`,
      0,
    ],
  ])('%s, though it does not care for SIGTERM', async (_whose, text, wanted) => {
    await using run = new ConcurRun(['run', '-'], { input: `concur: 1\n${text}\n` });
    const { code, stdout, stderr } = await run.end();
    expect(code, stdout + stderr).toBe(wanted);
    expect(run.family()).toEqual([]);
  });
});

describe('nobody is left behind', () => {
  it('in a session of its own', async () => {
    await using run = new ConcurRun(['run', '-'], {
      input: `concur: 1\nmain: [ { run: 'setsid sleep 1005 > /dev/null 2>&1 & echo started' } ]\n`,
    });
    const { code, stdout } = await run.end();
    expect(code, stdout).toBe(0);
    expect(stdout).toContain('main | started');
    expect(run.family()).toEqual([]);
  });

  it('in a session of its own, where concur is killed', async () => {
    await using run = new ConcurRun(['run', '-'], {
      input: `concur: 1\nmain: [ { run: 'setsid sleep 1006 & echo started; wait' } ]\n`,
    });
    await run.output(/started/);
    await until(
      () => run.sleeps().length === 1,
      () => 'it should sleep',
    );
    run.signal('SIGKILL');
    await run.gone();
  });

  it('with the pipe in its hands: the command has ended all the same', async () => {
    const pidFile = scratch('holder.pid');
    await using run = new ConcurRun(['run', '-'], {
      input: `
concur: 1
main:
  - run: 'setsid sh -c "echo \\$\\$ > ${pidFile}; exec sleep 1007" & while [ ! -s ${pidFile} ]; do :; done; echo done'
  - print: goes on
`,
    });
    await run.output(/goes on/);
    expect((await run.end()).code).toBe(0);
    expect(isAlive(Number(readFileSync(pidFile, 'utf8')))).toBe(false);
  });
});

describe('more output than is kept', () => {
  it('is cut in the result, which the report says', async () => {
    const input = `concur: 1\nmain:\n  - run: "seq 1 100000"\n    as: out\n    into: lines\n  - print: \${{ size(out.stdout) }}\nqueues: [lines]\n`;
    const { code, stdout } = await concur(['run', '-'], { input });
    expect(code, stdout).toBe(0);
    expect(stdout).toContain('main | 131072\n');
    expect(stdout).toContain(
      '`seq 1 100000` wrote more than a result can hold (131072 characters): it has the beginning',
    );
  });

  it('of characters that need room is cut shorter', async () => {
    const input = `concur: 1\nmain:\n  - run: 'yes "\u4e2d\u6587 \\"" | head -c 2000000'\n    as: out\n    into: lines\n  - print: \${{ size(out.stdout) > 10000 }}\nqueues: [lines]\nexpect: { output: { equals: [ "true" ] } }\n`;
    const { code, stdout } = await concur(['run', '-'], { input });
    expect(code, stdout).toBe(0);
    expect(stdout).toContain('wrote more than a result can hold');
  });

  it('is no part of the log past a number of lines, which the report says', async () => {
    const text =
      'concur: 1\nmain:\n  - run: seq 1 100\n    as: out\n  - print: ${{ out.stdout.endsWith("100\\n") }}\n';
    const { plan } = await loadScenario({ file: 'lines.yaml', text });
    if (plan === undefined) throw new Error('no plan');
    const printed: string[] = [];
    const handle = (event: { readonly type: string }) => {
      if (event.type === 'printed' && 'text' in event) printed.push(String(event.text));
    };
    const end = await runPlan(plan, { mode: 'real', handle, mostLines: 10 });
    expect(printed).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', 'true']);
    expect(end.notes).toEqual(['commands wrote more than 10 lines: those after them are not in the log']);
    expect(end.hasLostLines).toBe(true);
  });
});
