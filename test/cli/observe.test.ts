/**
 * Real runs beside a check: counted, and held against what the search found.
 */
import { describe, expect, it } from 'vitest';
import { observe } from '../../cli/commands/observe.ts';
import type { Host } from '../../cli/host.ts';
import * as engine from '../../engine/command.ts';
import { planOf } from '../explore/checked.ts';

const text = `
concur: 1
vars: { n: 0 }
tasks: { t: { count: 2, steps: [ { set: { n: n + 1 } } ] } }
expect: { outcome: n }`;

const idle = { signal: new AbortController().signal, kill: new AbortController().signal };
const host = { interruptible: () => ({ ...idle, ending: () => undefined }) } as unknown as Host;

/** As if real runs came to these results, one after another. */
async function observed(
  results: readonly (string | null)[],
  options: engine.CheckOptions = {},
  source = text,
) {
  const plan = await planOf(source);
  const result = await engine.check(plan, options);
  const left = [...results];
  const real = await engine.run(plan, { mode: 'virtual' });
  const run: typeof engine.run = async () => {
    const one = left.shift() ?? null;
    const { endResult } = real.verdict;
    const own = one === null || endResult === null ? null : { ...endResult, text: one };
    return { verdict: { ...real.verdict, endResult: own }, violation: null };
  };
  const todo = { engine: { ...engine, run }, host, plan, source: { file: 'x.yaml', text: source } };
  return observe({ ...todo, runs: results.length, result });
}

describe('real runs beside a check', () => {
  it('are counted by their results', async () => {
    const { observed: counts, violation } = await observed(['2', '2', '1', null]);
    expect(violation).toBeNull();
    expect({ runs: counts.runs, seen: Object.fromEntries(counts.seen) }).toEqual({
      runs: 4,
      seen: { 1: 1, 2: 2 },
    });
  });

  it('that come to a result no interleaving has are a bug', async () => {
    const { observed: counts, violation } = await observed(['2', '3', '2']);
    expect(violation).toBe('a real run came to the result 3, and no interleaving does');
    expect(counts.runs).toBe(2);
  });

  it('may come to anything where not all was searched', async () => {
    expect((await observed(['3'], { maxStates: 2 })).violation).toBeNull();
  });

  it('may come to anything where states beyond a bound were not followed', async () => {
    const bounded = text.replace('expect:', 'check: { within: n < 1 }\nexpect:');
    expect((await observed(['3'], {}, bounded)).violation).toBeNull();
  });

  it('may come to anything where numbers of processes count', async () => {
    const numbers = text.replace('n + 1', 'task.pid');
    expect((await observed(['3'], {}, numbers)).violation).toBeNull();
  });

  it('may come to anything where commands answer', async () => {
    const commands = text.replace('steps: [', "steps: [ { run: 'true', model: { takes: 1s } },");
    expect((await observed(['3'], {}, commands)).violation).toBeNull();
  });
});
