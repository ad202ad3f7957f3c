/**
 * What a run has not exercised, from its events; and what none of several has.
 */
import { describe, expect, it } from 'vitest';
import { createRepetition, run, type Unexercised, type Verdict } from '../../engine/index.ts';
import { planOf } from '../explore/checked.ts';

async function verdictOn(text: string, seed = 1, strict = false): Promise<Verdict> {
  const { verdict } = await run({ ...(await planOf(text)), seed }, { mode: 'virtual', strict });
  return verdict;
}

function told(missing: readonly Unexercised[], text: string): readonly string[] {
  return missing.map(({ kind, name, span }) => `${kind} ${name || text.slice(span.start, span.end)}`.trim());
}

async function missingIn(text: string): Promise<readonly string[]> {
  return told((await verdictOn(text)).unexercised, text);
}

describe('what a run has not exercised', () => {
  it('is nothing where everything happened', async () => {
    const text = `
concur: 1
locks: [ m ]
tasks: { t: { count: 2, steps: [ { with: m, do: [ { sleep: 1s } ] } ] } }`;
    expect(await missingIn(text)).toEqual([]);
  });

  it('is the first step of those that were not reached', async () => {
    const text = `
concur: 1
vars: { n: 0 }
main:
  - if: n > 0
    then: [ { let: { a: 1 } }, { print: one }, { print: two } ]
  - print: three`;
    expect(await missingIn(text)).toEqual(['step print']);
  });

  it.each([
    ['a lock', 'locks: [ r ]', 'with: r, do: [ { print: x } ]', 'lock r'],
    ['a semaphore', 'semaphores: { r: 5 }', 'with: r, do: [ { print: x } ]', 'semaphore r'],
    ['a queue', 'queues: { r: 5 }', 'put: r, item: 1', 'queue r'],
  ])('is %s for which nobody waited', async (_, declared, step, missing) => {
    const text = `
concur: 1
${declared}
tasks: { t: { count: 2, steps: [ { sleep: "\${{ 10 * task.index + 1 }}s" }, { ${step} }, { sleep: 30s } ] } }`;
    expect(await missingIn(text)).toEqual([missing]);
  });

  it('is no lock that is off', async () => {
    const text = `
concur: 1
locks: { m: { enabled: false } }
tasks: { t: { count: 2, steps: [ { with: m, do: [ { sleep: 1s } ] } ] } }`;
    expect(await missingIn(text)).toEqual([]);
  });

  it('is a timeout that was not taken', async () => {
    const text = `
concur: 1
queues: [ q ]
tasks:
  a: { steps: [ { get: q, as: item, timeout: 2s } ] }
  b: { steps: [ { sleep: 1s }, { put: q, item: 1 } ] }`;
    expect(await missingIn(text)).toEqual(['timeout get']);
  });

  it('is that two tasks were at work at once', async () => {
    const text = `
concur: 1
tasks: { a: { steps: [ { print: a } ] }, b: { steps: [ { print: b } ] } }
main:
  - start: a
  - join: a
  - start: b
  - join: b`;
    const { unexercised } = await verdictOn(text);
    expect(unexercised.map(({ kind }) => kind)).toEqual(['overlap']);
  });
});

describe('with --strict', () => {
  const idle = `
concur: 1
locks: [ m ]
tasks: { t: { count: 2, steps: [ { sleep: "\${{ task.index }}s" }, { with: m, do: [ { print: x } ] } ] } }`;

  it('a run that was not exercised fails', async () => {
    expect(await verdictOn(idle)).toMatchObject({ outcome: 'passed' });
    expect(await verdictOn(idle, 1, true)).toMatchObject({
      outcome: 'failed',
      summary: 'nothing is left untested (--strict): 1 thing never happened, listed below',
    });
  });

  it('several runs fail by what none of them has exercised', async () => {
    const text = `
concur: 1
vars: { n: 0 }
main: [ { set: { n: "random(0, 2)" } }, { if: n > 0, then: [ { print: some } ] } ]`;
    const plan = await planOf(text);
    const verdicts = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((seed) => verdictOn(text, seed)));
    expect(new Set(verdicts.map(({ unexercised }) => unexercised.length))).toEqual(new Set([0, 1]));
    const together = (some: readonly Verdict[]) => {
      const repetition = createRepetition(plan, true);
      for (const verdict of some) repetition.add(1, verdict);
      return repetition.verdict(some.length);
    };
    expect(together(verdicts)).toMatchObject({ outcome: 'passed', unexercised: [] });
    const without = verdicts.filter(({ unexercised }) => unexercised.length === 1);
    expect(together(without)).toMatchObject({ outcome: 'failed' });
  });
});
