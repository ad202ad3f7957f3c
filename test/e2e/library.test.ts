/**
 * The engine as a library: a program that runs scenarios one after another is left as it was after each of them.
 */
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { loadScenario, type Plan, type RunResult, run } from '../../engine/index.ts';
import { until } from './concur-run.ts';
import { busy, holderAndWaiters, kinds, oppositeOrder } from './scenarios-of-kind.ts';

/** Memory and plans shared with processes, but for the memory that waits for the next run: as much as runs were at once. */
function sharedFiles(runsAtOnce = 1): readonly string[] {
  const open = readdirSync('/proc/self/fd').map((fd) => linkOf(`/proc/self/fd/${fd}`));
  const memories = open.filter((target) => target.includes('concur-memory'));
  return [
    ...open.filter((target) => target.includes('concur-') && !target.includes('concur-memory')),
    ...memories.slice(runsAtOnce),
  ];
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // The listing's own descriptor is gone by now.
    return '';
  }
}

function threads(): number {
  return readdirSync('/proc/self/task').length;
}

async function runText(text: string, signal?: AbortSignal): Promise<RunResult> {
  const { plan } = await loadScenario({ file: 'a.yaml', text });
  return run(plan!, { mode: 'real', ...(signal === undefined ? {} : { signal }) });
}

it.each(kinds)('nothing of a run of tasks of kind %s stays open', async (kind) => {
  await runText(busy(kind, 10));
  const before = threads();
  const { verdict: passed } = await runText(busy(kind, 100));
  const { verdict: failed } = await runText(oppositeOrder(kind));
  const { verdict: stopped } = await runText(holderAndWaiters(kind), AbortSignal.timeout(200));
  expect([passed.outcome, failed.outcome, stopped.outcome]).toEqual(['passed', 'failed', 'inconclusive']);
  expect(sharedFiles()).toEqual([]);
  await until(
    () => threads() <= before,
    () => `there were ${before} threads, and are ${threads()}`,
  );
});

it('what programs without types ask for by mistake is told', async () => {
  const { plan } = await loadScenario({ file: 'a.yaml', text: 'concur: 1\nmain: { print: x }\n' });
  const withoutPlan: unknown = undefined;
  await expect(run(withoutPlan as Plan, { mode: 'virtual' })).rejects.toThrow(/^there is no plan to run/);
  const otherMode: unknown = 'fast';
  await expect(run(plan!, { mode: otherMode as 'real' })).rejects.toThrow(
    "mode must be 'real' or 'virtual', not 'fast'",
  );
});

it('several runs at once do not disturb each other', async () => {
  const results = await Promise.all([
    runText(busy('thread', 200)),
    runText(busy('process', 100)),
    runText(oppositeOrder('process')),
  ]);
  expect(results.map(({ verdict }) => verdict.outcome)).toEqual(['passed', 'passed', 'failed']);
  expect(results.map(({ violation }) => violation)).toEqual([null, null, null]);
  expect(sharedFiles(3)).toEqual([]);
});

it('a run in a worker thread is as any other, and nothing is warned of', async () => {
  const text = busy('process', 3).replace('tasks:\n', 'tasks:\n  command: { run: echo from a worker }\n');
  const worker = new Worker(
    `
    const { parentPort, workerData: { library, text } } = require('node:worker_threads');
    (async () => {
      const { loadScenario, run } = await import(library);
      const { plan } = await loadScenario({ file: 'a.yaml', text });
      const warnings = [];
      process.on('warning', ({ message }) => warnings.push(message));
      const { verdict } = await run(plan, { mode: 'real' });
      await new Promise(setImmediate);
      parentPort.postMessage({ outcome: verdict.outcome, warnings });
    })();
    `,
    { eval: true, workerData: { library: new URL('../../dist/index.mjs', import.meta.url).href, text } },
  );
  const [told] = await once(worker, 'message');
  expect(told).toEqual({ outcome: 'passed', warnings: [] });
});
