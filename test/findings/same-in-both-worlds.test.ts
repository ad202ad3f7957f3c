/**
 * What a scenario comes to does not depend on whether it runs for real or in virtual time: commands are tried again by their
 * models as they are, and what follows a failure that ends the run is not judged.
 */
import { describe, expect, it } from 'vitest';
import { check, run } from '../../engine/index.ts';
import { planOf } from '../plan/planned.ts';

const modes = ['real', 'virtual'] as const;

async function performed(text: string, mode: (typeof modes)[number]) {
  const lines: string[] = [];
  const { verdict, violation } = await run(planOf(text), {
    mode,
    handle: (event) => {
      if (event.type === 'printed') lines.push(event.text);
    },
  });
  expect(violation).toBe(null);
  return { verdict, lines };
}

describe('a command that fails', () => {
  const failing = (retry: string, rest = '') => `
main:
  - run: echo tried; exit 4
    retry: ${retry}
    model: { takes: 10ms, result: { code: 4, stdout: "tried\\n" } }
    ${rest}
expect: { tasks: { main: { state: failed, error: "Command 'echo tried; exit 4' returned non-zero exit status 4." } } }
`;

  it.each(modes)('is tried as often as `retry` says, %s', async (mode) => {
    const { verdict, lines } = await performed(failing('{ attempts: 3, delay: 1ms }'), mode);
    expect(verdict.outcome, verdict.summary).toBe('passed');
    expect(lines).toEqual(['tried', 'tried', 'tried']);
  });

  it.each([
    ['{ attempts: 1 }', 10],
    ['{ attempts: 3 }', 30],
    ['{ attempts: 3, delay: 100ms }', 230],
    ['{ attempts: 4, delay: 100ms, backoff: 3 }', 1340],
    ['{ attempts: 4, delay: 100ms, backoff: 3, maxDelay: 200ms }', 540],
  ])('takes its time for each attempt, and rests in between: %s', async (retry, ms) => {
    const { verdict } = await performed(failing(retry), 'virtual');
    expect(verdict.run.durationUs).toBe(ms * 1000);
  });

  it.each([
    ['25ms', '{ attempts: 3 }', 2],
    ['15ms', '{ attempts: 3, delay: 100ms }', 1],
  ])('has its `timeout` of %s for all attempts, %s', async (timeout, retry, tried) => {
    const text = failing(retry, `timeout: ${timeout}`).replace(/expect: .*/, '');
    const { verdict, lines } = await performed(text, 'virtual');
    expect(verdict.summary).toContain('TimeoutError');
    expect(verdict.run.durationUs).toBe(Number(timeout.slice(0, -2)) * 1000);
    expect(lines).toHaveLength(tried);
  });

  it('may be ended while it rests', async () => {
    const text = `
tasks: { t: { kind: process, steps: [{ run: "false", retry: { attempts: 2, delay: 1h }, model: { takes: 1s, stops: 1s, result: { code: 1 } } }] } }
main: [{ start: t }, { sleep: 5s }, { terminate: t }, { join: t }]
expect: { tasks: { t: terminated } }
`;
    const { verdict } = await performed(text, 'virtual');
    expect(verdict.outcome, verdict.summary).toBe('passed');
    expect(verdict.run.durationUs).toBe(5_000_000);
  });

  const feeding = (body: string) => `
queues: { lines: 1 }
tasks:
  reader: { steps: [{ repeat: 4, do: [{ get: lines }] }] }
main:
  - start: reader
  - repeat: 2
    do:
      - run: echo one; exit 4
        into: lines
        retry: { attempts: 2, delay: 1ms }
        model: { takes: 1ms, result: { code: 4, stdout: "one\\n" } }
        raises: CalledProcessError
  - join: reader
${body}
`;

  it.each(modes)('puts its lines into its queue each time, %s', async (mode) => {
    const { verdict } = await performed(feeding(''), mode);
    expect(verdict.outcome, verdict.summary).toBe('passed');
  });

  it('is tried as often in a check', async () => {
    const fed = await check(planOf(feeding('')));
    expect({ violation: fed.violation, outcome: fed.verdict.outcome }).toEqual({
      violation: null,
      outcome: 'passed',
    });
    const works = `
vars: { n: 0 }
main:
  - try: [{ run: flaky, timeout: 9s, retry: { attempts: 3, delay: 1s }, model: { result: { code: "\${{ random(0, 1) }}" } } }]
    catch: { CalledProcessError: [{ set: { n: 1 } }], TimeoutError: [{ set: { n: 2 } }] }
expect: { outcome: n, outcomes: [{ is: 0, grade: expected }, { is: 1, grade: expected }, { is: 2, grade: expected }] }
`;
    const { violation, verdict } = await check(planOf(works));
    expect({ violation, outcome: verdict.outcome }, verdict.summary).toEqual({
      violation: null,
      outcome: 'passed',
    });
  });
});

describe('a failure that ends the run', () => {
  const text = (steps: string) => `
failFast: true
locks: [l]
tasks: { a: { steps: [{ acquire: l }, ${steps}, { fail: x }] } }
main: [{ start: a }, { await: l.held }, { acquire: l }]
expect: { tasks: { a: failed, main: terminated } }
`;

  it.each(modes)('is no deadlock of who waits for the failed task, %s', async (mode) => {
    for (const steps of ['{ print: now }', '{ await: l.waiting == 1 }']) {
      const { verdict } = await performed(text(steps), mode);
      expect(verdict.outcome, verdict.summary).toBe('passed');
      expect(verdict.deadlock).toBe(null);
    }
  });

  it('is none in a check', async () => {
    const { verdict, violation } = await check(planOf(text('{ print: now }')));
    expect({ violation, outcome: verdict.outcome }, verdict.summary).toEqual({
      violation: null,
      outcome: 'passed',
    });
  });
});

it.each(modes)('ends of tasks may be counted by bounds, %s', async (mode) => {
  const text = (finished: string) => `
tasks: { c: { count: 3, steps: [{ if: task.index == 2, then: [{ fail: x }] }] } }
expect: { tasks: { c: { finished: "${finished}", failed: "<= 1" } } }
`;
  const good = await performed(text('>= 1'), mode);
  expect(good.verdict.outcome, good.verdict.summary).toBe('passed');
  const bad = await performed(text('> 2'), mode);
  expect(bad.verdict.summary).toMatch(/^`c` tasks: > 2 finished, <= 1 failed/);
});
