/**
 * Without a written `main`, what some step starts is left to that step, whatever it is that needs it, starts it or does not.
 */
import { describe, expect, it } from 'vitest';
import { run } from '../../engine/index.ts';
import { findingsIn, planOf } from '../plan/planned.ts';
import { concur } from '../scenarios/concur-command.ts';

async function performed(text: string, kind: 'thread' | 'process') {
  const lines: string[] = [];
  const plan = planOf(`defaults: { kind: ${kind} }\n${text}`);
  const { verdict, violation } = await run(plan, {
    mode: 'virtual',
    handle: (event) => {
      if (event.type === 'printed') lines.push(event.text);
    },
  });
  expect(violation).toBe(null);
  const failed = verdict.judgements.filter(({ result }) => result === 'failed');
  return { outcome: verdict.outcome, ends: verdict.ends, lines, failed: failed.map(({ seen }) => seen) };
}

it.each([['real'], ['virtual']])('leaves a task to the step that starts it, in %s time', async (time) => {
  const mode = time === 'virtual' ? ['--virtual'] : [];
  const ended = await concur('run', 'test/findings/start-without-main.yaml', ...mode);
  expect(ended.code, ended.stdout + ended.stderr).toBe(0);
});

describe.each(['thread', 'process'] as const)('tasks that are a %s', (kind) => {
  it('are started by steps of a routine, too', async () => {
    const text = `
routines: { begin: [{ start: child }] }
tasks:
  parent: { steps: [{ use: begin }, { join: child }] }
  child: { steps: [{ print: hi }] }
`;
    expect(await performed(text, kind)).toMatchObject({ outcome: 'passed', lines: ['hi'] });
  });

  it('that nobody starts are not started, which is no failure', async () => {
    const text = `
params: { wanted: false }
tasks:
  parent: { steps: [{ start: child, if: params.wanted }, { print: over }] }
  child: { steps: [{ print: hi }] }
  after: { needs: { parent: ended }, steps: [{ print: after }] }
`;
    const told = await performed(text, kind);
    expect(told).toMatchObject({
      outcome: 'passed',
      lines: ['over', 'after'],
      ends: { finished: 2, notStarted: 1 },
    });
  });

  it('are left one by one where the number is known', async () => {
    const text = `
tasks:
  parent: { steps: [{ start: 'child[1]' }, { join: 'child[1]' }] }
  child: { count: 3, steps: [{ sleep: '\${{ string(task.index) + "ms" }}' }, { print: '\${{ task.index }}' }] }
expect: { tasks: { child: { finished: 3 } } }
`;
    expect(await performed(text, kind)).toMatchObject({ outcome: 'passed', lines: ['0', '1', '2'] });
  });

  it('are all left where the number is computed', async () => {
    const text = `
tasks:
  parent: { steps: [{ let: { i: 'random(1, 1)' } }, { start: 'child[i]' }, { join: 'child[i]' }] }
  child: { count: 3, steps: [{ print: '\${{ task.index }}' }] }
`;
    const told = await performed(text, kind);
    expect(told).toMatchObject({ outcome: 'passed', lines: ['1'], ends: { finished: 2, notStarted: 2 } });
  });

  it.each(['finished', 'ended', 'started', 'ready'])(
    'are waited for by what needs them %s',
    async (state) => {
      const text = `
events: [warm]
tasks:
  parent: { steps: [{ sleep: 10ms }, { start: child }, { sleep: 10ms }] }
  child: { ready: { event: warm, timeout: 5ms }, steps: [{ print: hi }, { signal: warm }, { sleep: 1ms }] }
  last: { needs: { child: ${state} }, steps: [{ print: last }] }
`;
      const told = await performed(text, kind);
      // What only has to be started may come to its line later.
      expect({ ...told, lines: told.lines.toSorted() }).toMatchObject({
        outcome: 'passed',
        lines: ['hi', 'last'],
      });
    },
  );

  it.each(['finished', 'failed', 'ended', 'started', 'ready'])(
    'skip what needs them %s when all have ended that could start them',
    async (state) => {
      const text = `
params: { wanted: false }
tasks:
  first: { steps: [{ start: parent }, { join: parent }] }
  parent: { steps: [{ sleep: 10ms }, { start: child, if: params.wanted }] }
  child: { steps: [{ print: hi }] }
  last: { needs: { child: ${state} }, steps: [{ print: last }] }
expect: { tasks: { last: skipped } }
`;
      const told = await performed(text, kind);
      expect(told).toMatchObject({ outcome: 'passed', lines: [], ends: { notStarted: 1, skipped: 1 } });
    },
  );

  it('may be started by work of a pool, which may come late', async () => {
    const text = `
pools: { crew: 1 }
params: { wanted: true }
tasks:
  parent:
    steps:
      - submit: crew
        do: [{ sleep: 10ms }, { start: child, if: params.wanted }, { join: child, if: params.wanted }]
        as: work
      - join: work
  child: { kind: thread, steps: [{ print: hi }] }
  last: { needs: { child: finished }, steps: [{ print: last }] }
expect: { tasks: { last: [finished, skipped] } }
`;
    expect(await performed(text, 'thread')).toMatchObject({ outcome: 'passed', lines: ['hi', 'last'] });
    const none = await performed(text.replace('wanted: true', 'wanted: false'), 'thread');
    expect(none).toMatchObject({ outcome: 'passed', lines: [], ends: { skipped: 1 } });
  });

  it('with needs of others wait for those that are left to steps, in a ring that main enters', async () => {
    const text = `
vars: { rounds: { value: 0, shared: true } }
tasks:
  first: { steps: [{ start: ping }, { join: ping }] }
  ping: { steps: [{ update: { rounds: rounds + 1 } }, { start: pong }, { join: pong }] }
  pong: { steps: [{ if: rounds > 5, then: [{ start: ping }] }, { print: pong }] }
`;
    expect(await performed(text, kind)).toMatchObject({ outcome: 'passed', lines: ['pong'] });
  });
});

it('finds tasks that nobody but themselves starts', () => {
  const self = 'tasks: { a: { steps: [{ start: a }] } }';
  expect(findingsIn(self)).toEqual([expect.stringContaining('never-started: only `a` itself starts `a`')]);
  const computed = 'tasks: { a: { count: 3, steps: [{ start: "a[task.index + 1]" }] } }';
  expect(findingsIn(computed)).toEqual([expect.stringContaining('never-started')]);
  const ring =
    'tasks: { a: { steps: [{ start: b }] }, b: { steps: [{ start: a }] }, c: { steps: [{ print: x }] } }';
  expect(findingsIn(ring).map((one) => one.slice(0, 40))).toEqual([
    expect.stringContaining('never-started'),
    expect.stringContaining('never-started'),
  ]);
  expect(findingsIn(`main: { start: a }\n${ring}`)).toEqual([]);
});

it('finds needs that can do nothing', () => {
  const own =
    'tasks: { a: { steps: [{ start: b }] }, b: { needs: [c], steps: [{ print: b }] }, c: { steps: [{ print: c }] } }';
  expect(findingsIn(own)).toEqual([expect.stringContaining('no-effect: `needs` goes without a `start`')]);
  const circle = 'tasks: { a: { needs: [b], steps: [{ start: b }] }, b: { steps: [{ print: b }] } }';
  expect(findingsIn(circle)).toEqual([
    expect.stringContaining('circular-needs: `b` is not started without `a`'),
  ]);
});

it('asks the process of a task that is left to a step whether it is ready', async () => {
  const text = `
tasks:
  parent: { steps: [{ sleep: 2s }, { start: server }, { sleep: 2s }] }
  server:
    daemon: true
    ready: { http: 'http://localhost:1', timeout: 1s, model: { takes: 500ms } }
    steps: [{ sleep: 1h }]
  client: { needs: { server: ready }, steps: [{ print: '\${{ now }}' }] }
`;
  expect(await performed(text, 'process')).toMatchObject({ outcome: 'passed', lines: ['2.5'] });
});
