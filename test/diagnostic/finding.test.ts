import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { codes } from '../../engine/diagnostic/codes.ts';
import { finding, hasErrors, inOrder } from '../../engine/diagnostic/finding.ts';
import { toJson } from '../../engine/diagnostic/to-json.ts';

const at = (start: number, end = start + 1) => ({ start, end });

test('a code is a kebab-case word with a title', () => {
  for (const [code, { title }] of Object.entries(codes)) {
    expect(code).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(title).toMatch(/^(?:[A-Z`]).*[^.]$/);
  }
});

test('every code of the registry is used', () => {
  const engine = new URL('../../engine/', import.meta.url);
  const files = readdirSync(engine, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.ts$/.test(file) && !file.endsWith('codes.ts'),
  );
  const text = files.map((file) => readFileSync(new URL(file, engine), 'utf8')).join('\n');
  expect(Object.keys(codes).filter((code) => !text.includes(`'${code}'`))).toEqual([]);
});

test('a finding has the severity of its code', () => {
  expect(finding('yaml-comment', at(0), 'a').severity).toBe('warning');
  expect(finding('unknown-key', at(0), 'a').severity).toBe('error');
  expect(hasErrors([finding('yaml-comment', at(0), 'a')])).toBe(false);
  expect(hasErrors([finding('yaml-comment', at(0), 'a'), finding('unknown-key', at(0), 'a')])).toBe(true);
});

test('findings come in order of place, then code, then message, each once', () => {
  const sorted = [
    finding('bad-name', at(1), 'x'),
    finding('bad-name', at(1), 'y'),
    finding('unknown-key', at(1), 'a'),
    finding('bad-name', at(1, 5), 'a'),
    finding('bad-name', at(2), 'a'),
  ];
  expect(inOrder([...sorted, ...sorted].reverse())).toEqual(sorted);
});

test('as JSON', () => {
  const source = { file: 'a.yaml', text: 'one\ntwo\n' };
  const labels = [{ span: { start: 0, end: 3 }, text: 'first here' }];
  const diagnostic = finding('duplicate-key', { start: 5, end: 7 }, 'twice', { help: 'remove one', labels });
  expect(JSON.parse(JSON.stringify(toJson(diagnostic, source)))).toEqual({
    file: 'a.yaml',
    code: 'duplicate-key',
    severity: 'error',
    message: 'twice',
    help: 'remove one',
    start: { line: 2, column: 2, offset: 5 },
    end: { line: 2, column: 4, offset: 7 },
    labels: [
      {
        text: 'first here',
        start: { line: 1, column: 1, offset: 0 },
        end: { line: 1, column: 4, offset: 3 },
      },
    ],
  });
});
