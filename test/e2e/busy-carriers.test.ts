/**
 * Carriers that are deep in something when the run is over: they are ended all the same, and the command with them.
 */
import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type Event, loadScenario, run } from '../../engine/index.ts';
import { ConcurRun, concur, entry } from './concur-run.ts';
import { holderAndWaiters, kinds } from './scenarios-of-kind.ts';

/** One expression after the other, each of which takes nearly as long as one may: a text is looked through at each number. */
function deepInAnExpression(kind: string): string {
  const looks = Array.from({ length: 10 }, (_, index) => `t.contains("abc${index}")`);
  return `
concur: 1
name: deep
timeout: 2h
defaults: { kind: ${kind} }
tasks:
  thinker:
    daemon: true
    steps:
      - let: { t: '"ab"' }
      - repeat: 6
        do:
          - let: { t: t + t }
      - print: thinks
      - while: true
        do:
          - let: { found: 'range(90000).filter(i, ${looks.join(' || ')}).size()' }
  other:
    steps:
      - sleep: \${{ params.stay }}
params:
  stay: 1h
`;
}

describe.each(kinds)('a %s deep in an expression', (kind) => {
  it.each([
    ['SIGINT', 130, [1]],
    ['SIGINT twice', 130, [1, 2]],
  ] as const)('is ended by %s', async (_what, code, times) => {
    await using run = new ConcurRun(['run', '-'], { input: deepInAnExpression(kind) });
    await run.output(/thinks/);
    for (const _ of times) run.signal('SIGINT');
    const ended = await run.end();
    expect(ended).toMatchObject({ code, stderr: '' });
    expect(run.family()).toEqual([]);
  });

  it('does not keep a run from its end', async () => {
    await using run = new ConcurRun(['run', '--set', 'stay=1s', '-'], { input: deepInAnExpression(kind) });
    const { code, stdout, stderr } = await run.end();
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/\ndeep: passed in/);
    expect(run.family()).toEqual([]);
  });
});

/** Two compute for ever, with nothing that others could see; meanwhile one short task after the other begins. */
const computing = `
concur: 1
timeout: 1h
defaults: { kind: thread }
tasks:
  worker:
    count: 2
    steps:
      - let: { n: 0 }
      - while: true
        do:
          - let: { n: n + 1 }
  late0:
    steps: []
${Array.from({ length: 200 }, (_, index) => `  late${index + 1}: { needs: [late${index}], steps: [sleep: 20ms] }`).join('\n')}
`;

describe('threads that compute', () => {
  it.skipIf(availableParallelism() < 2)('run on more carriers than one', async () => {
    const { plan } = await loadScenario({ file: 'computing.yaml', text: computing });
    const kill = new AbortController();
    const carriers = new Set<number>();
    await run(plan!, {
      mode: 'real',
      kill: kill.signal,
      handle(event) {
        if (event.type !== 'began') return;
        carriers.add(event.carrier);
        if (carriers.has(1) && carriers.has(2)) kill.abort();
      },
    });
    expect([...carriers].sort()).toEqual([1, 2]);
  });
});

describe('threads that compute, where the system gives no more threads', () => {
  const finite = `
concur: 1
tasks:
  worker:
    kind: thread
    count: 2
    steps:
      - let: { n: 0 }
      - repeat: 200000
        do:
          - let: { n: n + 1 }
`;
  it.each([26, 30, 34, 38])('make do with the first, if that began: %i descriptors', async (most) => {
    const program = ['/bin/sh', '-c', `ulimit -n ${most}; exec "$@"`, 'sh', process.execPath, entry] as const;
    const { code, stdout, stderr } = await concur(['run', '-'], { input: finite, program });
    expect([0, 3], stdout + stderr).toContain(code);
    expect(stderr).toBe('');
    expect(stdout).toMatch(code === 0 ? /passed in/ : /the system refused a thread: EMFILE/);
  });
});

/** By the API, where nothing else could end the run: no signal came before. */
describe('`kill`', () => {
  it.each(kinds)('ends a run of tasks of kind %s at once', async (kind) => {
    const { plan } = await loadScenario({ file: 'waiting.yaml', text: holderAndWaiters(kind) });
    const kill = new AbortController();
    const types = new Set<Event['type']>();
    const { verdict, violation } = await run(plan!, {
      mode: 'real',
      kill: kill.signal,
      handle({ type }) {
        types.add(type);
        if (type === 'printed') kill.abort();
      },
    });
    expect(verdict).toMatchObject({ outcome: 'inconclusive', run: { stopped: 'interrupt', cause: null } });
    expect(violation).toBeNull();
    expect(types).not.toContain('stopped');
  });

  it('ends a run before it has begun', async () => {
    const { plan } = await loadScenario({ file: 'waiting.yaml', text: holderAndWaiters('process') });
    const { verdict } = await run(plan!, { mode: 'real', kill: AbortSignal.abort() });
    expect(verdict.outcome).toBe('inconclusive');
  });
});
