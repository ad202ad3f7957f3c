/**
 * Every key of the language works: taken away from a scenario that passes, or given another value, it makes a difference.
 *
 * The keys are those of the published schema, so that a new one is missed here until a scenario shows what it does.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listCommand } from '../../../cli/commands/list-command.ts';
import type { Host } from '../../../cli/host.ts';
import { loadScenario, renderDiagnostics, run, type Verdict } from '../../../engine/index.ts';
import { namelessObjects, schemaKeys } from './schema-keys.ts';
import {
  type Entry,
  entries,
  isVerb,
  pathOf,
  replaced,
  type Shown,
  shownBy,
  type Tree,
  textOf,
} from './shown-keys.ts';

const file = fileURLToPath(new URL('scenario.yaml', import.meta.url));
const modifiers: readonly string[] = ['if', 'id', 'raises'];
/** Without a guard there is no `if … then`, so that its `if` is a key of its own. */
const isModifier = (key: string): boolean =>
  key.startsWith('step.') && key !== 'step.then.if' && modifiers.includes(key.split('.')[2] ?? '');

/** Those that only tell people what the scenario is. */
const listedKeys = ['scenario.name', 'scenario.description', 'scenario.tags'] as const;

const shown = entries.flatMap(shownBy);
const verbs = shown.filter(({ key }) => isVerb(key) && key !== 'step.then.then');

/** Something that listens, for `ready`. */
const server = createServer((_request, response) => response.end());
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => server.close());

type Seen = { readonly codes: readonly string[]; readonly findings?: string; readonly verdict?: Verdict };

async function perform(text: string, { case: caseName, real }: Entry): Promise<Seen> {
  const port = String((server.address() as AddressInfo).port);
  const source = { file, text: text.replaceAll('$PORT', port) };
  const seed = text.includes('\nseed:') ? {} : { seed: 1 };
  const { plan, diagnostics } = await loadScenario(source, {
    ...seed,
    ...(caseName === undefined ? {} : { caseName }),
  });
  const codes = diagnostics.map(({ code }) => code);
  if (plan === undefined) return { codes, findings: renderDiagnostics(diagnostics, source) };
  const { verdict, violation } = await run(plan, { mode: real ? 'real' : 'virtual', source });
  expect(violation).toBe(null);
  return { codes, verdict };
}

/** Loads and passes. */
async function passes(text: string, entry: Entry): Promise<Verdict> {
  const { verdict, findings } = await perform(text, entry);
  if (verdict === undefined) throw new Error(`${findings}\n${text}`);
  expect([verdict.outcome, verdict.summary], text).toEqual(['passed', verdict.summary]);
  return verdict;
}

/** Is refused, or fails: with that code, or for that expectation, where one is named. */
async function doesNotPass(
  text: string,
  entry: Entry,
  why: { code?: string; judgement?: string } = {},
): Promise<void> {
  const { codes, verdict } = await perform(text, entry);
  expect(verdict?.outcome, text).not.toBe('passed');
  if (why.code !== undefined) expect(codes, text).toContain(why.code);
  if (why.judgement === undefined) return;
  const failed = verdict?.judgements.filter(({ result }) => result === 'failed').map(({ name }) => name);
  expect([failed, codes], text).toEqual([expect.arrayContaining([why.judgement]), expect.anything()]);
}

/** What of a verdict a key that judges nothing by itself can change. */
function told({ sightings, endResult }: Verdict): unknown {
  return { seen: sightings.map(({ seenAtUs }) => seenAtUs !== null), why: endResult?.why };
}

test('every key of the schema is shown, and nothing else', () => {
  expect(namelessObjects).toEqual([]);
  const own = [...shown.map(({ key }) => key), ...listedKeys];
  const inCases = schemaKeys.filter((key) => key.startsWith('CaseExpect.') && own.includes(key.slice(4)));
  const wanted = schemaKeys.filter((key) => !isModifier(key) && !inCases.includes(key));
  expect(wanted.filter((key) => !own.includes(key))).toEqual([]);
  expect(own.filter((key) => !wanted.includes(key))).toEqual([]);
});

test('every verb has a scenario that its modifiers are added to', () => {
  const places = new Set(verbs.map(({ key }) => key.split('.').slice(0, 2).join('.')));
  const missed = schemaKeys.filter(isModifier).filter((key) => {
    return !places.has(key.split('.').slice(0, 2).join('.'));
  });
  expect([...new Set(missed)]).toEqual(['step.then.id', 'step.then.raises']);
});

describe.each([...new Set(shown.map(({ entry }) => entry))])('$without $instead', (entry) => {
  const all = shownBy(entry);

  test('passes as it is', async () => {
    await passes(all[0]?.text ?? '', entry);
  });

  test.each(all)('$key', async ({ text, changed, key }: Shown) => {
    expect(changed).not.toBe(text);
    if (entry.differs) {
      expect(told(await passes(changed, entry))).not.toEqual(told(await passes(text, entry)));
      return;
    }
    // Another value is one that could have been meant, unless refusing it is the point.
    const isOther = Object.hasOwn(entry.instead ?? {}, key);
    if (isOther && entry.refused === undefined) {
      const { verdict, codes } = await perform(changed, entry);
      expect([verdict === undefined, codes], changed).toEqual([false, expect.anything()]);
    }
    await doesNotPass(changed, entry, entry.refused === undefined ? {} : { code: entry.refused });
  });
});

describe.each(verbs)('modifiers of $key', ({ key, entry }) => {
  const verb = key.split('.')[1] ?? '';
  const path = pathOf(entry, key).slice(0, -1);
  const withKey = (more: Tree, modifier: string, value: unknown): Tree =>
    replaced({ ...entry.scenario, ...more }, [...path, modifier], value) as Tree;

  test('if: false leaves it out, and if: true does not', async () => {
    await passes(textOf(withKey({}, 'if', true)), entry);
    await doesNotPass(textOf(withKey({}, 'if', false)), entry);
  });

  test('id counts it', async () => {
    const claim = (always: string): Tree => ({ expect: { ...(entry.scenario['expect'] as Tree), always } });
    await passes(textOf(withKey(claim('here.begun >= 0'), 'id', 'here')), entry);
    await doesNotPass(textOf(withKey(claim('here.begun == 0'), 'id', 'here')), entry, {
      judgement: 'always',
    });
  });

  // What fails anyway goes on as it did: one error is as good as another there.
  const fails = ['assert', 'fail', 'exit'].includes(verb);
  test('raises demands an error', async () => {
    if (!fails) {
      await doesNotPass(textOf(withKey({}, 'raises', 'LookupError')), entry);
      return;
    }
    const error = { assert: 'AssertionError', fail: 'Exception', exit: 'KeyError' }[verb];
    const steps = verb === 'exit' ? { exit: '{"a": 1}.b' } : { [verb]: verb === 'fail' ? 'boom' : false };
    await passes(textOf({ main: { ...steps, raises: error } }), {} as Entry);
    await doesNotPass(textOf({ main: { ...steps, raises: 'EOFError' } }), {} as Entry);
  });
});

describe('keys of `expect` in a case', () => {
  const all = shown.filter(({ key, entry }) => key.startsWith('Expect.') && entry.differs === undefined);

  test.each(all)('$key', async ({ key, entry }) => {
    const name = key.slice('Expect.'.length);
    const right = entry.scenario['expect'] as Tree;
    const wrong = { ...right, [name]: entry.instead?.[key] };
    const scenario = (file: Tree, one: unknown): string =>
      textOf({ ...entry.scenario, expect: file, cases: [{ name: 'one', expect: { [name]: one } }] });
    const inCase = { ...entry, case: 'one' };
    await passes(scenario(wrong, right[name]), inCase);
    await doesNotPass(scenario(right, wrong[name]), inCase);
  });
});

describe('keys that only tell what a scenario is', () => {
  const directory = mkdtempSync(join(tmpdir(), 'concur-keys-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  test.each(listedKeys)('%s is listed', async (key) => {
    const path = join(directory, 'scenario.yaml');
    writeFileSync(path, `concur: 1\nmain: []\n${key.slice('scenario.'.length)}: told\n`);
    const lines: string[] = [];
    const stdout = { write: (text: string) => lines.push(text), facts: { isTTY: false, columns: 80 } };
    const host = { version: '0', env: {}, stdout, stderr: stdout } as unknown as Host;
    expect(await listCommand({ paths: [path], json: true } as never, host)).toBe('passed');
    expect(lines.join('')).toMatch(/"told"/);
  });
});
