/**
 * What a newcomer does: the README's commands in a fresh clone, and the package in a project of one's own, as a command
 * and as a library with types. Slow, and it needs what `npm ci` needs: where no package registry can be reached it is
 * skipped.
 *
 * What is cloned is the last commit: what is not committed is not tested here.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it, type TestContext } from 'vitest';
import { root } from './concur-run.ts';

type Done = { readonly code: number | null; readonly output: string; readonly stdout: string };

const base = mkdtempSync(join(tmpdir(), 'concur-install-'));
const clone = join(base, 'clone');
const project = join(base, 'project');
const minutes = 60_000;
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** Of npm's environment only its configuration: what it says about this package would confuse it about the other. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_(?!config_)|INIT_CWD|NODE_ENV|VITEST|CONCUR_)/.test(name),
  ),
);

function runIn(cwd: string, program: string, ...args: readonly string[]): Promise<Done> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output, stdout }));
  });
}

const npm = (cwd: string, ...args: readonly string[]) =>
  runIn(cwd, 'npm', ...args, '--prefer-offline', '--no-audit', '--no-fund');

const unreachable = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|E403|E503/;

/** Why everything here is skipped, or nothing. */
let reason: string | undefined;

function need({ skip, expect }: TestContext, { code, output }: Done): void {
  if (code !== 0 && unreachable.test(output)) {
    reason = `no package registry can be reached: ${unreachable.exec(output)?.[0]}`;
    skip(reason);
  }
  expect(code, output).toBe(0);
}

describe('a newcomer', { timeout: 5 * minutes }, () => {
  beforeAll(() => mkdirSync(project));

  it('clones, installs, and runs the first scenario', async (context) => {
    const { expect } = context;
    expect((await runIn(base, 'git', 'clone', '--quiet', root, clone)).code).toBe(0);
    need(context, await npm(clone, 'ci'));
    const run = await runIn(clone, 'npx', 'concur', 'run', 'scenarios/toilet.yaml');
    expect(run.code, run.output).toBe(0);
    expect(run.stdout.match(/^toilet \(\w+-stalls\): passed in /gm)).toHaveLength(2);
    expect((await runIn(clone, 'git', 'status', '--porcelain')).stdout).toBe('');
  });

  it('installs the package into a project', async (context) => {
    const { expect, skip } = context;
    if (reason !== undefined) skip(reason);
    const pack = await npm(clone, 'pack', '--silent', '--pack-destination', base);
    need(context, pack);
    const tarball = pack.stdout.trim().split('\n').at(-1) ?? '';
    writeFileSync(
      join(project, 'package.json'),
      JSON.stringify({ name: 'project', type: 'module', private: true }),
    );
    need(context, await npm(project, 'install', join(base, tarball)));
    writeFileSync(
      join(project, 'two.yaml'),
      'concur: 1\ntasks: { a: { kind: process, steps: [{ print: here }] } }\n',
    );
    const run = await runIn(project, 'npx', '--no-install', 'concur', 'run', 'two.yaml');
    expect(run.code, run.output).toBe(0);
    expect(run.stdout).toMatch(/^a \| here\n/);
    const npx = (...args: readonly string[]) => runIn(project, 'npx', '--no-install', 'concur', ...args);
    expect((await npx('explain', 'unknown-key')).stdout).toMatch(/^unknown-key\n\nUnknown key/);
    expect((await npx('list')).stdout).toMatch(
      /^toilet {2}node_modules\/concur-scenarios\/scenarios\/toilet.yaml$/m,
    );
    expect((await npx('init', 'main')).code).toBe(0);
    expect((await npx('validate', 'main.yaml')).stdout).toBe('main.yaml: valid\n');
  });

  it('uses it as a library', async ({ expect, skip }) => {
    if (reason !== undefined) skip(reason);
    const text = `
      import { loadScenario, run } from 'concur-scenarios';
      const source = { file: 'a.yaml', text: 'concur: 1\\nlocks: [l]\\nmain:\\n  - with: l\\n    do: { print: hello }\\n' };
      const { plan, diagnostics } = await loadScenario(source, { seed: 1 });
      if (plan === undefined) throw new Error(diagnostics.map(({ code }) => code).join());
      const lines = [];
      for (const mode of ['virtual', 'real']) {
        const { verdict, violation } = await run(plan, {
          mode, source, handle: (event) => { if (event.type === 'printed') lines.push(event.text); },
        });
        console.log(mode, verdict.outcome, violation, lines.join());
      }
    `;
    writeFileSync(join(project, 'use.mjs'), text);
    const used = await runIn(project, process.execPath, 'use.mjs');
    expect(used).toMatchObject({
      code: 0,
      output: 'virtual passed null hello\nreal passed null hello,hello\n',
    });
  });

  it('has types: what is right compiles, what is wrong does not', async ({ expect, skip }) => {
    if (reason !== undefined) skip(reason);
    const text = `
      import { createRepetition, type Event, type Judgement, loadScenario, type Outcome, run, verdictText } from 'concur-scenarios';
      const { plan } = await loadScenario({ file: 'a.yaml', text: '' });
      if (plan === undefined) throw new Error('invalid');
      const seen: string[] = [];
      const handle = (event: Event): void => { if (event.type === 'printed') seen.push(event.text); };
      const { verdict } = await run(plan, { mode: 'virtual', handle, signal: AbortSignal.timeout(1) });
      export const outcome: Outcome = verdict.outcome;
      const text: string = verdictText(plan, verdict, { file: 'a.yaml', text: '' });
      const failed: readonly Judgement[] = verdict.judgements.filter(({ result }) => result === 'failed');
      const repetition = createRepetition(plan);
      repetition.add(1, verdict);
      export const all = [text, failed, repetition.verdict(1).results[0]?.times];
      // @ts-expect-error there is no such mode
      await run(plan, { mode: 'fast' });
      // @ts-expect-error a verdict is one of three words, not any text
      if (verdict.outcome === 'maybe') throw new Error();
    `;
    writeFileSync(join(project, 'use.ts'), text);
    const options = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--skipLibCheck',
      'false',
    ];
    const tsc = join(clone, 'node_modules/typescript/bin/tsc');
    const checked = await runIn(project, process.execPath, tsc, ...options, 'use.ts');
    expect(checked.output).toBe('');
    expect(checked.code).toBe(0);
  });
});
