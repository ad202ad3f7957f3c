/**
 * `retry` waits longer each time, and a `ready` that fails says what the last look saw, at the server's line.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { run } from '../../engine/index.ts';
import { findingsIn, planOf } from '../plan/planned.ts';

async function performed(text: string, mode: 'real' | 'virtual') {
  const lines: string[] = [];
  const plan = planOf(text);
  const { verdict, violation } = await run(plan, {
    mode,
    handle: (event) => {
      if (event.type === 'printed') lines.push(event.text);
    },
  });
  expect(violation).toBe(null);
  return { verdict, lines, plan };
}

describe('the waits of a task that is tried again', () => {
  const attempts = async (retry: string) => {
    const text = `
tasks: { t: { retry: ${retry}, steps: [{ print: '\${{ now }}' }, { fail: x }] } }
expect: { tasks: { t: failed } }
`;
    return (await performed(text, 'virtual')).lines.map(Number);
  };

  it('grow by `backoff`, up to `maxDelay`', async () => {
    expect(await attempts('{ attempts: 4, delay: 1s }')).toEqual([0, 1, 2, 3]);
    expect(await attempts('{ attempts: 4, delay: 1s, backoff: 2 }')).toEqual([0, 1, 3, 7]);
    expect(await attempts('{ attempts: 6, delay: 1s, backoff: 3, maxDelay: 5s }')).toEqual([
      0, 1, 4, 9, 14, 19,
    ]);
    expect(await attempts('{ attempts: 3, delay: 9s, maxDelay: 2s }')).toEqual([0, 2, 4]);
  });

  it('may be drawn from a range that grows', async () => {
    const [first = 0, second = 0, third = 0] = await attempts('{ attempts: 3, delay: 1s..2s, backoff: 10 }');
    expect(second - first).toBeGreaterThanOrEqual(1);
    expect(second - first).toBeLessThanOrEqual(2);
    expect(third - second).toBeGreaterThanOrEqual(10);
    expect(third - second).toBeLessThanOrEqual(20);
  });

  it('do not grow without a delay, which is a finding', () => {
    const text = 'tasks: { t: { retry: { attempts: 2, backoff: 2, maxDelay: 1s }, steps: { print: x } } }';
    expect(findingsIn(text)).toEqual([
      expect.stringContaining('no-effect: `backoff` has no effect without a `delay`'),
      expect.stringContaining('no-effect: `maxDelay` has no effect without a `delay`'),
    ]);
    const step = 'main: [{ run: ls, retry: { attempts: 2, maxDelay: 1s } }]';
    expect(findingsIn(step)).toEqual([expect.stringContaining('no-effect: `maxDelay`')]);
  });
});

it('a command that is tried again waits no longer than `maxDelay`', async () => {
  const text = `
timeout: 50s
main:
  - run: 'echo x >> "$CONCUR_WORKSPACE/tries"; test "$(wc -l < "$CONCUR_WORKSPACE/tries")" -ge 4'
    retry: { attempts: 4, delay: 1ms, backoff: 1000, maxDelay: 20ms }
`;
  const { verdict } = await performed(text, 'real');
  expect(verdict.outcome, verdict.summary).toBe('passed');
});

describe('a task that does not become ready', () => {
  const reasonOf = async (ready: string, steps = '[{ sleep: 10m }]') => {
    const text = `
tasks:
  server: { daemon: true, ready: ${ready}, steps: ${steps} }
  client: { needs: { server: ready }, steps: [{ print: never }] }
`;
    const { verdict, plan } = await performed(text, 'real');
    const [evidence] = verdict.judgements.find(({ name }) => name === 'tasks')?.evidence ?? [];
    const step = plan.steps.find(({ verb }) => verb === 'ready');
    expect(evidence?.span).toEqual(step?.span);
    return evidence?.text;
  };

  it('says that nobody listens', async () => {
    expect(await reasonOf('{ port: 1, timeout: 300ms }')).toMatch(
      /longer than 300ms; the last time concur looked: ECONNREFUSED/,
    );
  });

  it('says which status it had', async () => {
    const server = createServer((_request, response) => {
      response.statusCode = 503;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const reason = await reasonOf(`{ http: 'http://127.0.0.1:${port}', timeout: 500ms }`);
    server.close();
    expect(reason).toMatch(/longer than 500ms; the last time concur looked: status 503/);
  });

  it('says how its command ended, and its last lines', async () => {
    const reason = await reasonOf('{ run: "echo one; echo not yet >&2; exit 3", timeout: 2s }');
    expect(reason).toMatch(/the last time concur looked: exit code 3, `.*not yet.*`/);
  });

  it('says what it printed instead', async () => {
    const reason = await reasonOf('{ log: up }', '[{ print: down }]');
    expect(reason).toMatch(
      /it ended before a line matched \/up\/; the last time concur looked: the last line is `down`/,
    );
  });

  it('has the time of `startPeriod` before that of `timeout`', async () => {
    expect(await reasonOf('{ port: 1, timeout: 200ms, startPeriod: 100ms }')).toMatch(
      /longer than 100ms and 200ms/,
    );
  });
});

it('`startPeriod` counts before `timeout` in virtual time, too', async () => {
  const text = (limits: string) => `
tasks:
  server: { daemon: true, ready: { port: 80, ${limits}, model: { takes: 5s } }, steps: [{ sleep: 10m }] }
  client: { needs: { server: ready }, steps: [{ print: ready }] }
`;
  expect((await performed(text('timeout: 4s'), 'virtual')).lines).toEqual([]);
  expect((await performed(text('timeout: 4s, startPeriod: 2s'), 'virtual')).lines).toEqual(['ready']);
  expect(findingsIn(text('startPeriod: 2s'))).toEqual([
    expect.stringContaining('no-effect: `startPeriod` has no effect without a `timeout`'),
  ]);
});
