/**
 * Readers-writer locks as people see them: which races there are, why nobody can go on, what functions may do.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check, loadScenario, run } from '../../engine/index.ts';

async function planOf(text: string, folder = '.') {
  const { plan, diagnostics } = await loadScenario({ file: join(folder, 'rwlocks.yaml'), text }, { seed: 1 });
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return plan;
}

describe('races', () => {
  const scenario = (first: string, second: string): string => `
concur: 1
rwlocks: [catalogue]
vars: { n: 0 }
tasks:
  a: { steps: ${first} }
  b: { steps: ${second} }
expect: { races: never }
`;
  const read = '{ with: catalogue.read, do: [{ let: { seen: n } }] }';
  const write = '{ with: catalogue.write, do: [{ set: { n: 1 } }] }';
  const writeReading = '{ with: catalogue.read, do: [{ set: { n: 1 } }] }';
  const bare = '{ set: { n: 2 } }';

  test.each([
    ['a reader and a writer', read, write, 'passed'],
    ['two writers', write, write, 'passed'],
    ['two readers', read, read, 'passed'],
    ['two that write with the side for reading', writeReading, writeReading, 'failed'],
    ['one that writes with the side for reading, and a reader', writeReading, read, 'failed'],
    ['a writer, and one that writes without it', write, bare, 'failed'],
  ])('%s', async (_, first, second, outcome) => {
    const plan = await planOf(scenario(first, second));
    const ran = await run(plan, { mode: 'virtual' });
    const checked = await check(plan);
    expect({ ran: ran.verdict.outcome, checked: checked.verdict.outcome }).toEqual({
      ran: outcome,
      checked: outcome,
    });
  });
});

describe('why nobody can go on', () => {
  const whys = async (steps: string, prefer = 'none'): Promise<readonly string[]> => {
    const text = `
concur: 1
rwlocks: { catalogue: ${prefer} }
barriers: { both: 2 }
events: [never]
tasks: ${steps}
`;
    const { verdict } = await run(await planOf(text), { mode: 'virtual' });
    return (verdict.deadlock?.waiting ?? []).map(({ task, why }) => `${task}: ${why}`);
  };

  test('one that has it waits for itself', async () => {
    expect(
      await whys('{ r: { steps: [{ acquire: catalogue.read }, { acquire: catalogue.write }] } }'),
    ).toEqual(['r: it began to read `catalogue` itself at 0 s; such a lock is not taken twice']);
  });

  test('two that read both want to write', async () => {
    const steps =
      '{ r: { count: 2, steps: [{ acquire: catalogue.read }, { wait: both }, { acquire: catalogue.write }] } }';
    expect(await whys(steps)).toHaveLength(2);
  });

  test('a writer waits for readers, and readers for a writer that waits', async () => {
    const steps = `
  r: { count: 2, steps: [{ acquire: catalogue.read }, { wait: both }, { wait: never }] }
  w: { steps: [{ await: catalogue.readers == 2 }, { acquire: catalogue.write }] }
  late: { steps: [{ await: catalogue.waiting == 1 }, { acquire: catalogue.read }] }`;
    const told = await whys(`\n${steps.slice(1)}`, 'writers');
    expect(told).toContain('w: `catalogue` is read by `r[0]` and `r[1]`, which wait too');
    expect(told).toContain('late: `w` is preferred at `catalogue`, and waits too');
  });
});

test('functions take a side by its name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'concur-rwlocks-'));
  writeFileSync(
    join(folder, 'work.mjs'),
    `export function work(_, { acquire, release, with: within, vars }) {
  acquire('catalogue.read');
  release('catalogue.read');
  within('catalogue.write', () => { vars.n = vars.n + 1; });
  try { release('catalogue.write'); } catch (error) { return error.name; }
}
`,
  );
  const text = `
concur: 1
rwlocks: [catalogue]
vars: { n: 0, told: '' }
tasks:
  a: { count: 3, steps: [{ call: ./work.mjs#work, as: name }, { set: { told: '\${{ name }}' } }] }
expect: { vars: { n: 3, told: RuntimeError }, races: allowed }
`;
  try {
    const { verdict } = await run(await planOf(text, folder), { mode: 'real' });
    expect(verdict.outcome, verdict.summary).toBe('passed');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
