/**
 * Bad scenarios: each file in `bad/` says on its lines what is found there.
 *
 * `# error: [code] [code]` stands on the line of the finding, `# error-next: [code]` on the line before; `warning` alike.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { documentCodes } from '../../engine/diagnostic/codes.ts';
import { loadDocument } from '../../engine/document/load.ts';
import { positionAt } from '../../engine/source/position.ts';

const folder = new URL('./bad/', import.meta.url);

const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

describe('what is wrong with', () => {
  for (const file of files) {
    test(file, () => {
      const text = readFileSync(new URL(file, folder), 'utf8');
      const source = { file, text };
      const { document, diagnostics } = loadDocument(source);
      const found = diagnostics.map(
        ({ severity, code, span }) => `${positionAt(source, span.start).line}: ${severity} ${code}`,
      );
      expect(found.sort()).toEqual(expectedIn(text).sort());
      expect(document).toBeUndefined();
      for (const { help, span } of diagnostics) {
        expect(help ?? 'no help').not.toBe('');
        expect(span.start).toBeLessThanOrEqual(span.end);
      }
    });
  }
});

test('each code has a bad scenario here', () => {
  const texts = files.map((file) => readFileSync(new URL(file, folder), 'utf8')).join('\n');
  const missing = Object.keys(documentCodes).filter((code) => !texts.includes(`[${code}]`));
  // What is no text, or too much of it, is tested in total.test.ts and decode.test.ts.
  expect(missing.sort()).toEqual([
    'aliases-too-large',
    'binary-file',
    'control-character',
    'empty-file',
    'file-too-large',
    'invalid-utf8',
    'too-deep',
    'too-many-entries',
    'too-many-findings',
  ]);
});

function expectedIn(text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const [, severity, next, codes = ''] =
      /# (error|warning)(-next)?: ((?:\[[a-z0-9-]+\] ?)+)/.exec(line) ?? [];
    const number = index + (next ? 2 : 1);
    return [...codes.matchAll(/\[([a-z0-9-]+)\]/g)].map(([, code]) => `${number}: ${severity} ${code}`);
  });
}
