/**
 * Every code has a page in docs/codes, and every page is true: its bad examples give exactly that code, at the marked
 * lines, and its good ones are valid and without it.
 *
 * A `yaml` fence is a scenario; `# error: [code]` marks its line, `# error-next: [code]` the next. An `sh` fence prints a
 * file that cannot be shown, a `js` fence is a file beside the page's scenarios, named in its first line. What stands after `bad` or `good` are options of `concur run`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadPlans } from '../../cli/files/load.ts';
import * as engine from '../../engine/command.ts';
import { codes } from '../../engine/diagnostic/codes.ts';
import type { Diagnostic } from '../../engine/diagnostic/diagnostic.ts';
import { decodeSource } from '../../engine/document/decode.ts';
import { positionAt } from '../../engine/source/position.ts';

const folder = new URL('../../docs/codes/', import.meta.url);
const pages = readdirSync(folder).map((name) => name.replace(/\.md$/, ''));

const scratch = mkdtempSync(join(tmpdir(), 'concur-codes-'));
afterAll(() => rmSync(scratch, { recursive: true }));

type Example = {
  readonly is: 'bad' | 'good';
  readonly options: string;
  readonly bytes: Uint8Array;
  readonly folder: string;
};

/** What comes with a code by its nature. */
const accompanied: Readonly<Record<string, readonly string[]>> = {
  'too-many-findings': ['error missing-verb'],
};

test('the registry and the folder have the same codes', () => {
  expect(pages.sort()).toEqual(Object.keys(codes).sort());
});

describe.each(Object.entries(codes))('%s', (code, { title, severity }) => {
  const page = readFileSync(new URL(`${code}.md`, folder), 'utf8');
  const examples = examplesOn(page);

  test('begins with its code, title and severity', () => {
    expect(page.split('\n', 3)).toEqual([`# ${code}`, '', `**${title}** (${severity})`]);
  });

  test('has a bad example and a good one', () => {
    expect(new Set(examples.map(({ is }) => is))).toEqual(new Set(['bad', 'good']));
  });

  test.each(examples.filter(({ is }) => is === 'bad'))('the bad example gives it: %#', async (example) => {
    const { found, text } = await findingsOf(example);
    const marked = marksIn(text);
    const isShown = [...new Set(found)].sort();
    if (marked.length > 0) expect(isShown).toEqual(marked.sort());
    const besides = accompanied[code] ?? [];
    expect(new Set(found.map((finding) => finding.replace(/^\d+: /, '')))).toEqual(
      new Set([`${severity} ${code}`, ...besides]),
    );
  });

  test.each(examples.filter(({ is }) => is === 'good'))('the good example does not: %#', async (example) => {
    const { found } = await findingsOf(example);
    expect(found.filter((finding) => finding.includes(' error ') || finding.endsWith(` ${code}`))).toEqual(
      [],
    );
  });
});

function examplesOn(page: string): readonly Example[] {
  const folder = mkdtempSync(join(scratch, 'page-'));
  return [...page.matchAll(/^```(\w+) (bad|good)\b ?([^\n]*)\n(.*?)^```$/gms)].flatMap(
    ([, language, is, options = '', text = '']) => {
      if (language === 'js') {
        writeFileSync(join(folder, /^\/\/ (\S+)/.exec(text)?.[1] ?? ''), text);
        return [];
      }
      const bytes = language === 'sh' ? execFileSync('sh', ['-c', text]) : new TextEncoder().encode(text);
      return [{ is: is === 'bad' ? ('bad' as const) : ('good' as const), options, bytes, folder }];
    },
  );
}

/** `line: severity code`, as `concur validate` finds them. */
async function findingsOf({ bytes, options, folder: beside }: Example) {
  const decoded = decodeSource(bytes, join(beside, 'example.yaml'));
  const { 1: caseName } = /--case (\S+)/.exec(options) ?? [];
  const set = [...options.matchAll(/--set (\w+)=(\S+)/g)].map(
    ([, name = '', value = '']) => [name, value] as const,
  );
  const { diagnostics } =
    decoded.diagnostics.length > 0
      ? decoded
      : await loadPlans(engine, decoded.source, {
          set,
          ...(caseName === undefined ? {} : { caseName }),
          ...(options.includes('--no-exec') ? { noExec: true } : {}),
          ...(options.includes('--virtual') ? { mode: 'virtual' } : {}),
        });
  const found = diagnostics.map(
    ({ severity, code, span }: Diagnostic) =>
      `${positionAt(decoded.source, span.start).line}: ${severity} ${code}`,
  );
  return { found, text: decoded.source.text };
}

function marksIn(text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const [, severity, next, code] = /# (error|warning)(-next)?: \[([a-z0-9-]+)\]/.exec(line) ?? [];
    return severity === undefined ? [] : [`${index + (next ? 2 : 1)}: ${severity} ${code}`];
  });
}
