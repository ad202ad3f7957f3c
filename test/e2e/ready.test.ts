/**
 * `needs` and `ready` with real servers: on ports of their own choice, announced late, never, or not at all.
 */
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ConcurRun, concur } from './concur-run.ts';

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Answers on the port from its second request on; before, it says that it is not there. */
function server(port: number): string {
  const body = `let asked = 0; require("http").createServer((q, s) => { s.statusCode = asked++ ? 200 : 503; s.end() }).listen(${port}, () => console.log("listening on ${port}"))`;
  return `exec node -e '${body}'`;
}

describe('a task that is needed ready', () => {
  it('is waited for at its port, its address, its output, and by a command', async () => {
    const port = await freePort();
    const input = `
concur: 1
events: [opened]
tasks:
  port: { daemon: true, ready: { port: ${port} }, run: ${JSON.stringify(server(port))} }
  http: { daemon: true, needs: { port: ready }, ready: { http: "http://localhost:${port}/", interval: 10ms }, steps: [ { await: false } ] }
  log:
    daemon: true
    count: 2
    ready: { log: "^worker .* is up$" }
    steps: [ { print: not yet }, { print: "worker \${{ task.index }} is up" }, { await: false } ]
  command:
    daemon: true
    ready: { run: 'test -f "$CONCUR_WORKSPACE/ready"', interval: 10ms }
    run: 'touch "$CONCUR_WORKSPACE/ready"; exec sleep 1000'
  event: { daemon: true, ready: { event: opened, timeout: 30s }, steps: [ { signal: opened }, { await: false } ] }
  client:
    needs: { port: ready, http: ready, log: ready, command: ready, event: ready }
    steps: [ { print: all are ready } ]
`;
    await using run = new ConcurRun(['run', '-'], { input });
    const { code, stdout } = await run.end();
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/port \| listening[\s\S]*client \| all are ready/);
    expect(stdout).toMatch(/log\[1\] \| worker 1 is up[\s\S]*client \| all are ready/);
    expect(run.family()).toEqual([]);
  });

  it('never will be: who needs it is skipped at once, and says why', async () => {
    const port = await freePort();
    const input = `
concur: 1
events: [opened]
tasks:
  exits: { ready: { log: listening }, run: echo starting }
  fails: { ready: { port: ${port} }, run: exit 3 }
  slow: { daemon: true, ready: { port: ${port}, timeout: 50ms }, run: exec sleep 1000 }
  silent: { ready: { event: opened, timeout: 30s }, steps: [ { if: false, then: { signal: opened } } ] }
  one: { needs: { exits: ready }, steps: [] }
  two: { needs: { fails: ready }, steps: [] }
  three: { needs: { slow: ready }, steps: [] }
  four: { needs: { silent: ready }, steps: [] }
  last: { needs: [one], steps: [] }
expect:
  tasks:
    fails: failed
    one: { state: skipped, error: NeedNotMet }
    two: skipped
    three: skipped
    four: skipped
    last: skipped
`;
    const { code, stdout } = await concur(['run', '-'], { input });
    expect(code, stdout).toBe(0);
    expect(stdout).toContain(
      'one was skipped: `exits` is not ready: it ended before a line matched /listening/',
    );
    expect(stdout).toContain(
      `two was skipped: \`fails\` is not ready: it failed before port ${port} was open`,
    );
    expect(stdout).toContain('three was skipped: `slow` is not ready: it took longer than 50ms');
    expect(stdout).toContain('four was skipped: `silent` is not ready: it ended without setting `opened`');
    expect(stdout).toContain('last was skipped: `one` was skipped');
  });

  it('that is skipped makes the run a failure where nobody expects it', async () => {
    const input =
      'concur: 1\ntasks:\n  a: { steps: [ { fail: no } ] }\n  b: { needs: [a], steps: [] }\nexpect: { tasks: { a: failed } }\n';
    const { code, stdout } = await concur(['run', '-'], { input });
    expect(code, stdout).toBe(1);
    expect(stdout).toContain('b was skipped: `a` failed');
  });
});

describe('in virtual time', () => {
  const text = (model: string) => `
concur: 1
tasks:
  server: { daemon: true, ready: { port: 1${model} }, steps: [ { run: serve, model: { takes: 1m } } ] }
  client: { needs: { server: ready }, steps: [ { print: go } ] }
`;

  it('a task is ready when its model says so', async () => {
    const { code, stdout } = await concur(['run', '-', '--virtual'], {
      input: text(', model: { takes: 5s }'),
    });
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/passed in 5.0 s of virtual time/);
  });

  it('or never', async () => {
    const input = text(', model: { takes: 5s, result: false }');
    const { code, stdout } = await concur(['run', '-', '--virtual'], { input });
    expect(code, stdout).toBe(1);
    expect(stdout).toContain('client was skipped: `server` is not ready: its model says so');
  });

  it('without one the run says which step needs it', async () => {
    const { code, stderr } = await concur(['run', '-', '--virtual'], { input: text('') });
    expect(code, stderr).toBe(2);
    expect(stderr).toContain('error[missing-model]: in virtual time, `ready: port 1` needs a `model`');
  });
});
