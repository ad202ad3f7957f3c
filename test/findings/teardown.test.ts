/**
 * `teardown` is done after the run, whatever ended it, and its own failure hides nothing.
 */
import { describe, expect, it } from 'vitest';
import { type Event, parseLog, run } from '../../engine/index.ts';
import { createLogWriter } from '../../engine/log/json-lines.ts';
import { ConcurRun } from '../e2e/concur-run.ts';
import { findingsIn, planOf } from '../plan/planned.ts';

async function performed(text: string, mode: 'real' | 'virtual') {
  const events: Event[] = [];
  const plan = planOf(text);
  const { verdict, violation } = await run(plan, { mode, handle: (event) => events.push({ ...event }) });
  expect(violation).toBe(null);
  const after = events.filter(({ phase }) => phase === 'teardown');
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
  expect(events.every(({ at }, index) => index === 0 || at >= (events[index - 1]?.at ?? 0))).toBe(true);
  const lines = after.flatMap((event) => (event.type === 'printed' ? [event.text] : []));
  const failed = verdict.judgements.filter(({ result }) => result === 'failed').map(({ name }) => name);
  return { outcome: verdict.outcome, summary: verdict.summary, lines, failed, plan, events, verdict };
}

const told = "teardown: { print: '${{ run.passed }} ${{ run.stopped }}' }";

describe.each(['real', 'virtual'] as const)('after a %s run', (mode) => {
  it.each([
    ['that passed', 'main: { print: x }', 'passed', 'true null'],
    ['that failed', 'main: { fail: boom }', 'failed', 'false null'],
    ['in a deadlock', 'events: [never]\nmain: { wait: never }', 'failed', 'false deadlock'],
    [
      'in a deadlock that was expected',
      'events: [never]\nmain: { wait: never }\nexpect: { deadlock: certain, tasks: { main: terminated } }',
      'passed',
      'true deadlock',
    ],
    ['past its timeout', 'timeout: 100ms\nmain: { sleep: 1h }', 'failed', 'false timeout'],
    [
      'that failed fast',
      'failFast: true\ntasks: { a: { steps: { fail: boom } }, b: { steps: { sleep: 1h } } }',
      'failed',
      'false failFast',
    ],
  ])('%s', async (_when, text, outcome, line) => {
    const { outcome: seen, lines } = await performed(`${text}\n${told}`, mode);
    expect([seen, lines]).toEqual([outcome, [line]]);
  });

  it('sees params, env, files and vars as main had them', async () => {
    const text = `
params: { stalls: 3 }
files: { notes: { path: notes.json, content: { n: 1 } } }
vars: { n: 1, own: 1, s: { value: 1, shared: true }, cells: { count: 2, value: 0 } }
routines: { tell: [{ print: 'routine \${{ input }} \${{ n }}' }] }
main:
  - set: { n: 2, 'cells[1]': 7 }
  - start: child
  - join: child
  - save: notes
    value: { n: 2 }
tasks:
  child: { kind: process, steps: [{ set: { own: 9 } }, { update: { s: 5 } }] }
teardown:
  timeout: 20s
  steps:
    - print: \${{ params.stalls }} \${{ n }} \${{ own }} \${{ s }} \${{ cells }}
    - load: notes
      as: found
    - print: \${{ found.n }}
    - try: [{ fail: boom }]
      catch: { Exception: [{ print: caught }] }
    - use: tell
      input: \${{ run.passed }}
    - repeat: 2
      as: i
      do: [{ let: { j: i + n } }, { print: '\${{ j }}' }]
    - save: notes
      value: { n: 3 }
expect:
  files: { notes: { n: 2 } }
  vars: { n: 2, s: 5 }
  finally: [n == 2]
  takes: { atMost: 30s }
`;
    const { outcome, lines, verdict } = await performed(text, mode);
    expect([outcome, lines], JSON.stringify(verdict.judgements)).toEqual([
      'passed',
      ['3 2 1 5 [0,7]', '2', 'caught', 'routine true 2', '2', '3'],
    ]);
    expect(verdict.ends).toMatchObject({ finished: 2, notStarted: 0 });
    expect(verdict.judgements.map(({ seen }) => seen).join('\n')).not.toContain('notStarted');
  });

  it('fails a run that passed', async () => {
    const { outcome, summary, failed } = await performed(
      'main: { print: x }\nteardown: { fail: boom }',
      mode,
    );
    expect([outcome, failed]).toEqual(['failed', ['teardown']]);
    expect(summary).toMatch(/^`teardown` failed at \S+ m?s: Exception: boom/);
  });

  it('never hides why a run failed', async () => {
    const { outcome, summary, failed } = await performed(
      'main: { fail: first }\nteardown: { fail: second }',
      mode,
    );
    expect([outcome, failed]).toEqual(['failed', ['tasks', 'teardown']]);
    expect(summary).toContain('first');
    expect(summary).not.toContain('second');
  });

  it('has a time of its own', async () => {
    const text = 'main: { print: x }\nteardown: { timeout: 200ms, steps: { sleep: 1h } }';
    const { outcome, summary, failed } = await performed(text, mode);
    expect([outcome, failed]).toEqual(['failed', ['teardown']]);
    expect(summary).toContain('timed out after 0.2 s');
  });

  it('is told in the log under a phase of its own', async () => {
    const { plan, events } = await performed('main: { print: x }\nteardown: { print: cleaned }', mode);
    let text = '';
    const writer = createLogWriter(plan, { mode, write: (more) => (text += more) });
    for (const event of events) writer.handle(event);
    writer.end();
    expect(text).toMatch(/"text":"cleaned","phase":"teardown","taskName":"teardown"/);
    const parsed = parseLog(text);
    expect('events' in parsed && parsed.events.map(({ phase }) => phase)).toEqual(
      events.map(({ phase }) => phase),
    );
  });
});

describe('a command', () => {
  it('finds the workspace as the run left it', async () => {
    const text = `
main: { run: 'echo made > "$CONCUR_WORKSPACE/made"' }
teardown: { run: 'cat "$CONCUR_WORKSPACE/made"' }
`;
    expect(await performed(text, 'real')).toMatchObject({ outcome: 'passed', lines: ['made'] });
  });

  it('needs a model in virtual time', () => {
    const text = 'main: { print: x }\nteardown: { run: make clean }';
    expect(findingsIn(text, { mode: 'virtual' })).toEqual([expect.stringContaining('missing-model')]);
  });

  it('that fails fails the run, with its line', async () => {
    const { failed, verdict } = await performed('main: { print: x }\nteardown: [{ run: exit 3 }]', 'real');
    expect(failed).toEqual(['teardown']);
    expect(verdict.judgements.at(-1)?.evidence[0]).toMatchObject({ task: 'teardown' });
  });
});

describe('what is gone by then is a finding', () => {
  it.each([
    ['locks: [m]', '{ with: m, do: [] }', 'not-in-teardown'],
    ['events: [e]', '{ wait: e }', 'not-in-teardown'],
    ['tasks: { t: { steps: { print: x } } }', '{ start: t }', 'not-in-teardown'],
    ['vars: { n: 0 }', '{ set: { n: 1 } }', 'not-in-teardown'],
    ['locks: [m]', '{ assert: m.held }', 'not-known-here'],
    ['tasks: { t: { steps: { print: x } } }', '{ print: "${{ t.finished }}" }', 'not-known-here'],
    ['queues: [q]', '{ for: x, from: q, do: [] }', 'not-known-here'],
    ['queues: [q]', '{ run: ls, into: q }', 'not-known-here'],
    ['locks: [m]\nroutines: { r: [{ acquire: m }] }', '{ use: r }', 'not-in-teardown'],
  ])('%s %s', (declared, step, code) => {
    const main = declared.includes('tasks:') ? '' : 'main: { print: x }';
    expect(findingsIn(`${declared}\n${main}\nteardown: [${step}]`).join('\n')).toContain(code);
  });

  it('and `run` is a name only there', () => {
    expect(findingsIn('main: { assert: run.passed }').join('\n')).toContain('unknown-name');
    expect(
      findingsIn('vars: { run: 1 }\nmain: { assert: run == 1 }\nteardown: { assert: run.passed }'),
    ).toEqual([]);
  });
});

describe('after a signal', () => {
  it.each([
    ['SIGINT', 130, 'interrupt'],
    ['SIGTERM', 143, 'terminate'],
  ] as const)('%s it is done, and the exit code is %i', async (signal, code, stopped) => {
    const text = `
concur: 1
tasks: { test: { steps: [{ print: begun }, { run: sleep 600 }] } }
teardown: [{ print: 'stopped by \${{ run.stopped }}' }, { run: echo cleaned up }]
`;
    await using concur = new ConcurRun(['run', '-'], { input: text });
    await concur.output(/test \| begun/);
    concur.signal(signal);
    const ended = await concur.end();
    expect(ended.code, ended.stdout + ended.stderr).toBe(code);
    expect(ended.stdout).toContain(`teardown | stopped by ${stopped}`);
    expect(ended.stdout).toContain('teardown | cleaned up');
  });

  it('a second one ends all at once', async () => {
    const text = `
concur: 1
tasks: { test: { steps: [{ print: begun }, { sleep: 600s }] } }
teardown: [{ run: 'echo cleaning; sleep 600' }, { print: never }]
`;
    await using concur = new ConcurRun(['run', '-'], { input: text });
    await concur.output(/test \| begun/);
    concur.signal('SIGINT');
    await concur.output(/teardown \| cleaning/);
    concur.signal('SIGINT');
    const ended = await concur.end();
    expect(ended.code, ended.stdout + ended.stderr).toBe(130);
    expect(ended.stdout).not.toContain('never');
  });

  it('a first one while it is at work lets it finish', async () => {
    const text = `
concur: 1
main: { print: begun }
teardown: [{ run: 'echo cleaning; while ! test -e "$CONCUR_WORKSPACE/go"; do sleep 0.1; done' }, { print: finished }]
`;
    await using concur = new ConcurRun(['run', '-'], {
      input: text.replace('echo cleaning', 'echo cleaning in $CONCUR_WORKSPACE'),
    });
    const [, folder] = await concur.output(/teardown \| cleaning in (\S+)/);
    concur.signal('SIGINT');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${folder}/go`, '');
    const ended = await concur.end();
    expect(ended.code, ended.stdout + ended.stderr).toBe(130);
    expect(ended.stdout).toContain('teardown | finished');
  });
});
