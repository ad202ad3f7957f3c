/** The file of a user's function: looked for beside the scenario, wherever `call` stands. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type LoadOptions, loadScenario } from '../../engine/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'concur-modules-'));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'sub.mjs'));
for (const file of ['kitchen.mjs', 'typed.ts', 'notes.txt', 'sub.mjs/inner.mjs'])
  writeFileSync(join(folder, file), '');

async function found(main: string, options: LoadOptions = {}, file = join(folder, 'scenario.yaml')) {
  const { diagnostics, plan } = await loadScenario(
    { file, text: `concur: 1\npools: { p: 1 }\n${main}` },
    options,
  );
  const findings = diagnostics.map(({ severity, code, message, help }) =>
    [severity, code, message, help].join(' | '),
  );
  return { findings: findings.filter((text) => !text.includes('unused-resource')), plan };
}

const calls = (module: string, more = ''): string => `main: [ { call: ${JSON.stringify(module)}${more} } ]`;

describe('the file of a function', () => {
  it.each(['./kitchen.mjs#cook', 'kitchen.mjs', './sub.mjs/../typed.ts#x', join(folder, 'kitchen.mjs')])(
    'is there: %s',
    async (module) => {
      expect((await found(calls(module))).findings).toEqual([]);
    },
  );

  it.each([
    ['./kichen.mjs#cook', './kitchen.mjs'],
    ['kitchen', './kitchen.mjs'],
    ['./typed.mts', './typed.ts'],
    ['./sub.mjs/iner.mjs', './sub.mjs/inner.mjs'],
    ['./kitchen.mjs/x.mjs', undefined],
    ['./notes', undefined],
    ['./sub.mjs', undefined],
    ['./no/such/folder/x.mjs', undefined],
    ['./a\u0000b.mjs', undefined],
    [`./${'x'.repeat(5000)}.mjs`, undefined],
  ])('is not there: %s', async (module, instead) => {
    const { findings, plan } = await found(calls(module));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatch(/^warning \| missing-module \| there is no file/);
    if (instead === undefined) expect(findings[0]).not.toContain('did you mean');
    else expect(findings[0]).toContain(`did you mean \`${instead}\`?`);
    // A command may make it before it is called.
    expect(plan).toBeDefined();
  });

  it('is looked for at every place of a call, once each', async () => {
    const text = `
routines: { r: [ { call: ./a.mjs } ] }
main: [ { use: r }, { use: r }, { submit: p, call: ./b.mjs }, { call: ./c.mjs, model: { takes: 1s } } ]`;
    expect((await found(text)).findings.map((finding) => /`(.*?)`/.exec(finding)?.[1])).toEqual([
      './a.mjs',
      './b.mjs',
      './c.mjs',
    ]);
  });

  it('is looked for in the working directory where the scenario has no file', async () => {
    const beside = `./${relative(process.cwd(), join(folder, 'kitchen.mjs'))}`;
    expect((await found(calls(beside), {}, '-')).findings).toEqual([]);
    expect((await found(calls('./kitchen.mjs'), {}, '-')).findings).toHaveLength(1);
  });

  it('is not looked for where nothing of it may run', async () => {
    const { findings } = await found(calls('./kichen.mjs'), { noExec: true });
    expect(findings.map((text) => text.split(' | ')[1])).toEqual(['exec-refused']);
  });
});
