/**
 * What a scenario says comes out of every command and every report as text: it gives no command to a terminal or a CI
 * system, forges no line, and is still there to be read.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Invocation, parseArguments } from '../../cli/commands/arguments.ts';
import { explainCommand } from '../../cli/commands/explain-command.ts';
import { initCommand } from '../../cli/commands/init-command.ts';
import { listCommand } from '../../cli/commands/list-command.ts';
import { runCommand } from '../../cli/commands/run-command.ts';
import { testCommand } from '../../cli/commands/test-command.ts';
import { validateCommand } from '../../cli/commands/validate-command.ts';
import type { Host } from '../../cli/host.ts';
import { sayBug, sayMistake } from '../../cli/host.ts';
import { parseLog } from '../../engine/log/json-lines.ts';
import { concur as builtConcur } from '../e2e/concur-run.ts';
import { payloads } from './payloads.ts';

const folder = mkdtempSync(join(tmpdir(), 'concur-harmless-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Said = { readonly stdout: string; readonly stderr: string };

/** The command in this process: `terminal` says whether somebody watches it. */
async function concur(
  argv: readonly string[],
  more: Partial<Host['env']> = {},
  terminal = false,
): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const stream = (name: keyof Said) => ({
    write(text: string) {
      said[name] += text;
    },
    flushed: async () => {},
    problem: () => undefined,
    facts: { isTTY: terminal, columns: terminal ? 60 : undefined },
  });
  const never = new AbortController().signal;
  const host: Host = {
    version: '0.0.0',
    startedAs: 'concur',
    env: { ...more },
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    screen: undefined,
    size: () => ({ columns: 60, rows: 20 }),
    now: () => performance.now(),
    every: () => () => {},
    interruptible: () => ({
      signal: never,
      kill: never,
      ending: () => undefined,
      outputClosed() {},
      close() {},
    }),
  };
  await carryOut(parseArguments(argv, '0.0.0'), host);
  return said;
}

async function carryOut(invocation: Invocation, host: Host): Promise<unknown> {
  switch (invocation.command) {
    case 'run':
      return runCommand(invocation, host);
    case 'test':
      return testCommand(invocation, host);
    case 'validate':
      return validateCommand(invocation, host);
    case 'explain':
      return explainCommand(invocation, host);
    case 'list':
      return listCommand(invocation, host);
    case 'init':
      return initCommand(invocation, host);
    case 'mistake':
      return sayMistake(host, invocation.message);
    default:
      throw new Error(invocation.command);
  }
}

/** Whatever can say a text says it. */
function scenarioOf(text: string) {
  return {
    concur: 1,
    name: text,
    description: text,
    tags: [text],
    params: { p: text },
    vars: { v: text, w: '' },
    files: { f: { path: 'f.txt', content: text } },
    queues: { q: 3 },
    tasks: {
      says: {
        steps: [
          { print: `${text} and ${text}` },
          { set: { w: 'v' } },
          { put: 'q', item: text },
          { assert: 'w == v + "x"' },
        ],
      },
      fails: { steps: [{ fail: text }] },
      runs: { steps: [{ run: `echo ${text}`, model: { result: { code: 4, stdout: text, stderr: text } } }] },
      raises: { steps: [{ print: text, raises: 'ValueError' }] },
      waits: { steps: [{ await: 'size(w) > 99999' }] },
    },
    expect: {
      tasks: { fails: { state: 'failed', error: `not ${text}` } },
      files: { f: `not ${text}` },
      vars: { v: `not ${text}` },
      output: { equals: [text], contains: [`never ${text}`] },
      finally: ['w == params.p + "x"'],
      always: ['v == "x" + params.p'],
      outcome: 'v',
      outcomes: [{ is: `not ${text}`, grade: 'forbidden', why: text }],
    },
    cases: [{ name: text }, { name: `b ${text}`, params: { p: `b ${text}` } }],
  };
}

let files = 0;
function fileOf(content: object, name = `s${files}`): string {
  files += 1;
  const file = join(folder, `${name}.yaml`);
  // YAML takes some characters only as escapes.
  const json = JSON.stringify(content);
  const units = (found: string) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
  writeFileSync(file, json.replaceAll(/[^ -~]/g, units));
  return file;
}

/** Colours, and getting rid of the lines that are drawn anew. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ours = /\u001b\[(?:\d+m|\d+A\r\u001b\[J)/g;

const harmful =
  /[^\P{Cc}\n]|[\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]|\p{Cs}|##\w*\[/u;

function expectHarmless(text: string, what: string): void {
  expect(harmful.exec(text)?.[0], what).toBeUndefined();
  const commands = text.split('\n').filter((line) => /^\s*::/.test(line));
  expect(commands, what).toEqual([]);
}

function expectTap(text: string): void {
  const blocks = text.replaceAll(
    /^ {2}---\n((?: {4}.*\n| {2}[a-z].*\n|\n)*) {2}\.\.\.\n/gm,
    (_, block: string) => {
      expect(parse(block.replaceAll(/^ {2}/gm, ''))).toHaveProperty('outcome');
      return '';
    },
  );
  for (const line of blocks.trimEnd().split('\n'))
    expect(line).toMatch(/^(?:TAP version 14|1\.\.\d+|not ok \d - .*)$/);
  expect(text.match(/^not ok /gm)).toHaveLength(2);
}

function expectXml(text: string): void {
  const parser = new SaxesParser();
  const names = new Set<string>();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => void names.add(name));
  parser.write(text).close();
  expect([...names].sort()).toEqual(
    ['failure', 'properties', 'property', 'system-out', 'testcase', 'testsuite', 'testsuites'].sort(),
  );
}

function expectMarkdown(text: string): void {
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  expect(rows).toHaveLength(4);
  for (const row of rows) expect(row.match(/(?<!\\)\|/g), row).toHaveLength(6);
  expect(text).not.toMatch(/(?<!\\)[`@]|<(?!br)|(?<!\\)\]\(|\bwww\./);
}

describe.each(payloads.map((text) => [JSON.stringify(text).slice(0, 60), text] as const))('%s', (_, text) => {
  const file = fileOf(scenarioOf(text));

  it.each([
    ['run', ['run', file, '--virtual', '--seed', '1']],
    ['run, verbose', ['run', file, '--virtual', '--seed', '1', '--verbose']],
    ['run, repeated', ['run', file, '--virtual', '--seed', '1', '--repeat', '2']],
    ['a parameter', ['run', file, '--virtual', '--set', `p=${text}`, '--set', `no${text}=${text}`]],
    ['an unknown case', ['run', file, '--virtual', '--case', `no ${text}`]],
    ['a missing file', ['run', join(folder, `none ${text.replaceAll('\u0000', '')}`)]],
    ['validate', ['validate', file]],
    ['list', ['list', file]],
    ['explain', ['explain', text]],
    ['init', ['init', text]],
    ['an unknown command', [text]],
    ['an unknown option', ['run', `--${text}`]],
    ['test', ['test', file, '--virtual']],
    ['test, TAP', ['test', file, '--virtual', '--reporter', 'tap']],
    ['test, JUnit', ['test', file, '--virtual', '--reporter', 'junit']],
  ])('%s', async (what, argv) => {
    const { stdout, stderr } = await concur(argv);
    expectHarmless(stdout, `${what}: ${stdout}`);
    expectHarmless(stderr, `${what}: ${stderr}`);
    expect(stdout + stderr).not.toContain('bug in concur');
    if (what === 'test, TAP') expectTap(stdout);
    if (what === 'test, JUnit') expectXml(stdout);
  });

  it('a terminal', async () => {
    for (const argv of [
      ['run', file, '--virtual'],
      ['test', file, '--virtual'],
      ['list', file],
      ['validate', file],
    ]) {
      const { stdout, stderr } = await concur(argv, {}, true);
      const said = (stdout + stderr).replaceAll(ours, '');
      expectHarmless(said, `${argv[0]}: ${said}`);
    }
  });

  it('JSON says the same as ever', async () => {
    for (const argv of [
      ['run', file, '--virtual', '--json'],
      ['test', file, '--virtual', '--json'],
      ['list', file, '--json'],
      ['validate', file, '--json'],
    ]) {
      const { stdout } = await concur(argv);
      expectHarmless(stdout, argv.join(' '));
      JSON.parse(stdout);
    }
    const { stdout } = await concur(['list', file, '--json']);
    const { name, tags } = JSON.parse(stdout).scenarios[0];
    expect([name, tags]).toEqual([text, [text]]);
  });

  it('the log', async () => {
    const log = join(folder, 'log.jsonl');
    await concur(['run', file, '--virtual', '--case', text, '--log', log]);
    const lines = readFileSync(log, 'utf8');
    expectHarmless(lines, lines);
    const read = parseLog(lines);
    if ('problem' in read) throw new Error(read.problem);
    const said = read.events.flatMap((event) => (event.type === 'printed' ? [event.text] : []));
    expect(said).toContain(`${text} and ${text}`);
  });

  it('GitHub', async () => {
    const page = join(folder, 'page.md');
    writeFileSync(page, '');
    const { stdout } = await concur(['test', file, '--virtual'], {
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: page,
    });
    const [first = '', ...rest] = stdout.split('\n');
    const word = /^::stop-commands::([\w-]+)$/.exec(first)?.[1];
    const end = rest.indexOf(`::${word}::`);
    expectHarmless(rest.slice(0, end).join('\n'), 'before the annotations');
    const annotations = rest.slice(end + 1).filter((line) => line !== '');
    expect(annotations.length).toBeGreaterThan(0);
    for (const line of annotations) {
      expect(line).toMatch(/^::error (?:file=[^:,]+,)?(?:line=\d+,col=\d+,)?title=[^:,]+::[^:]?/);
      expect(harmful.exec(line)?.[0], line).toBeUndefined();
    }
    const summary = readFileSync(page, 'utf8');
    expectHarmless(summary, summary);
    expectMarkdown(summary);
  });

  it('a scenario that is none', async () => {
    const bad = [
      { ...scenarioOf(text), [text]: 1 },
      { concur: 1, main: [{ print: 1, [text]: text }, { acquire: text }, { sleep: text }] },
      { concur: 1, [`locks`]: [text], tasks: { [text]: {} } },
      { concur: 1, main: [{ assert: text }, { print: `\${{ ${text} }}` }, { set: { [text]: text } }] },
    ];
    for (const content of bad) {
      const other = fileOf(content);
      for (const argv of [
        ['validate', other],
        ['list', other],
        ['run', other],
        ['test', other, '--virtual'],
      ]) {
        const { stdout, stderr } = await concur(argv);
        expectHarmless(stdout, `${argv[0]}: ${stdout}`);
        expectHarmless(stderr, `${argv[0]}: ${stderr}`);
        expect(stdout + stderr).not.toContain('bug in concur');
      }
    }
  });

  it('the name of a file', async () => {
    const name = text.replaceAll('\u0000', '').replaceAll('/', '').slice(0, 60);
    const named = fileOf({ concur: 1, main: [{ fail: 'x' }] }, name);
    for (const argv of [
      ['run', named, '--virtual'],
      ['validate', named],
      ['list', named],
      ['init', 'minimal', '-o', named],
      ['init', 'minimal', '-o', `${named}.new`],
      ['test', named, '--virtual'],
      ['test', named, '--virtual', '--reporter', 'tap'],
      ['test', named, '--virtual', '--reporter', 'junit'],
      ['test', named, '--virtual', '--json'],
      ['run', named, '--virtual', '--log', named],
    ]) {
      const { stdout, stderr } = await concur(argv);
      expectHarmless(stdout, `${argv[0]}: ${stdout}`);
      expectHarmless(stderr, `${argv[0]}: ${stderr}`);
    }
  });
});

describe('in a real run', () => {
  it.each(['case-name-injection', 'evidence-injection'])('%s', async (name) => {
    const file = join(import.meta.dirname, `${name}.yaml`);
    const commands = [
      ['run', file],
      ['run', file, '--verbose'],
      ['test', file],
      ['test', file, '--reporter', 'tap'],
    ];
    for (const argv of commands) {
      const { stdout, stderr } = await builtConcur(argv);
      expectHarmless(stdout, stdout);
      expectHarmless(stderr, stderr);
      expect(stdout).toContain('forged');
    }
  });
});

describe('text at the beginning of a line', () => {
  it('is escaped in a description that is wrapped there', async () => {
    const words = `${'word '.repeat(18)}::error::forged `.repeat(20);
    const file = fileOf({ concur: 1, description: words, tags: [words], main: [{ print: 1 }] });
    for (const columns of [false, true]) {
      const { stdout } = await concur(['list', file], { TERM: 'dumb' }, columns);
      expectHarmless(stdout, stdout);
    }
  });

  it('is escaped in what is told of a bug of ours', () => {
    let said = '';
    const stderr = {
      write(text: string) {
        said += text;
      },
    };
    sayBug({ version: '0', stderr } as Host, new Error('x\n::error::forged\u202e'));
    expectHarmless(said, said);
  });
});
