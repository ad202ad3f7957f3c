/**
 * Scenarios that are not trusted: nothing of them is executed, files stay in the workspace, secrets are not shown.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { concur } from './concur-run.ts';
import { scratch } from './scratch.ts';

describe('--no-exec', () => {
  const proof = scratch('proof');
  const places = [
    ['a step', `main: [ { run: touch ${proof} } ]`],
    ['a task that is only a command', `tasks: { t: { run: touch ${proof} } }`],
    ['a function', 'main: [ { call: ./work.mjs } ]'],
    ['work of a pool', 'pools: [p]\nmain: [ { submit: p, call: ./work.mjs } ]'],
    ['a probe', `tasks: { t: { ready: { run: touch ${proof} }, steps: [] } }`],
    ['a step behind a false condition', `main: [ { if: "false", run: touch ${proof} } ]`],
    [
      'the action of a barrier',
      `barriers: { b: { parties: 1, action: [ { run: touch ${proof} } ] } }\nmain: [ { wait: b } ]`,
    ],
  ] as const;

  it.each(places)('refuses %s before anything runs', async (_place, text) => {
    const { code, stdout, stderr } = await concur(['run', '-', '--no-exec'], {
      input: `concur: 1\n${text}\n`,
    });
    expect(code, stdout).toBe(2);
    expect(stderr).toContain('error[exec-refused]');
    expect(stdout).toBe('');
    expect(existsSync(proof)).toBe(false);
  });

  it('runs all else, and says so in the command to repeat it', async () => {
    const { code, stdout } = await concur(['run', '-', '--no-exec'], {
      input: 'concur: 1\nmain: [ { print: hello } ]\n',
    });
    expect(code, stdout).toBe(0);
    expect(stdout).toContain('concur run - --no-exec --seed');
  });

  it('holds for suites', async () => {
    const file = scratch('suite.yaml', `concur: 1\nmain: [ { run: touch ${proof} } ]\n`);
    const { code, stdout, stderr } = await concur(['test', file, '--no-exec']);
    expect(code, stdout + stderr).toBe(2);
    expect(existsSync(proof)).toBe(false);
  });
});

describe('files', () => {
  it.each(['/etc/passwd', '../x', 'a/../../x', 'C:/x'])('cannot be at %s', async (path) => {
    const input = `concur: 1\nfiles: { f: { path: "${path}" } }\nmain: [ { save: f, value: 1 } ]\n`;
    const { code, stderr } = await concur(['run', '-'], { input });
    expect(code).toBe(2);
    expect(stderr).toContain('error[bad-path]');
  });

  it('are not reached by links that lead out', async () => {
    const outside = scratch('outside');
    mkdirSync(outside);
    const target = scratch('outside/target.txt', 'untouched');
    const input = `
concur: 1
files:
  link: { path: link.txt }
  dangling: { path: dangling.txt }
  deep: { path: folder/new/deep.txt }
  inside: { path: inside.txt }
main:
  - run: 'cd "$CONCUR_WORKSPACE" && ln -s ${target} link.txt && ln -s ${outside}/new.txt dangling.txt && ln -s ${outside} folder && echo ok > real.txt && ln -s real.txt inside.txt'
  - { load: link, as: x, raises: PermissionError }
  - { save: link, value: changed, raises: PermissionError }
  - { save: dangling, value: changed, raises: PermissionError }
  - { save: deep, value: changed, raises: PermissionError }
  - { load: inside, as: x }
  - print: \${{ x }}
expect: { output: { contains: [ ok ] } }
`;
    const { code, stdout } = await concur(['run', '-'], { input });
    expect(code, stdout).toBe(0);
    expect(readFileSync(target, 'utf8')).toBe('untouched');
    expect(existsSync(`${outside}/new.txt`)).toBe(false);
    expect(existsSync(`${outside}/new`)).toBe(false);
  });
});

describe('secrets', () => {
  const input = `
concur: 1
secrets: [TOKEN, PEM, UNSET]
queues: [q]
vars: { v: "" }
files: { f: { path: f.txt } }
main:
  - run: 'echo "token: $TOKEN"; echo "$TOKEN" >&2; echo "$PEM"; echo "$TOKEN" | wc -c'
    as: out
  - print: \${{ env.TOKEN }}
  - assert: size(env.TOKEN) == 14
  - { put: q, item: "\${{ env.TOKEN }}" }
  - { get: q, as: item }
  - { set: { v: item } }
  - { save: f, value: "\${{ env.TOKEN }}" }
  - assert: out.stdout.contains(env.TOKEN)
  - try: [ { fail: "no \${{ env.TOKEN }}" } ]
    catch: { any: [] }
  - fail: "failed with \${{ env.TOKEN }}"
expect:
  files: { f: other }
  vars: { v: other }
  tasks: { main: failed }
`;

  it('are shown nowhere: not in output, errors, log and report', async () => {
    const log = scratch('secrets.jsonl');
    const env = { TOKEN: 'hush-hush-1234', PEM: 'first-line-of-it\nsecond-line-of-it' };
    for (const options of [['--verbose', '--log', log], ['--json']]) {
      const { code, stdout, stderr } = await concur(['run', '-', ...options], { input, env });
      const shown = stdout + stderr + (existsSync(log) ? readFileSync(log, 'utf8') : '');
      expect(code, shown).toBe(1);
      expect(shown).not.toMatch(/hush-hush|first-line|second-line/);
      expect(shown).toContain('***');
    }
    expect(readFileSync(log, 'utf8')).toMatch(/"token: \*\*\*"/);
    expect(readFileSync(log, 'utf8')).toMatch(/"text":"\*\*\*"/);
  });
});
