/** Loading a file with its code cache: with it, without it, and with one that is of no use. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCachedScript } from '../../engine/hosts/cached-script.ts';

let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'concur-test-'));
  file = join(folder, 'module.cjs');
  writeFileSync(
    file,
    `const { sep } = require('node:path'); module.exports = { sep, here: __filename, folder: __dirname };`,
  );
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('a cached script', () => {
  it('is loaded as a module when there is no cache', () => {
    const { exports, fromCache } = loadCachedScript(file);
    expect(exports).toEqual({ sep: '/', here: file, folder });
    expect(fromCache).toBe(false);
  });

  it('is the same from its cache, and saving leaves nothing else behind', () => {
    loadCachedScript(file).save();
    const { exports, fromCache } = loadCachedScript(file);
    expect(exports).toEqual({ sep: '/', here: file, folder });
    expect(fromCache).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['module.cjs', 'module.cjs.cache']);
  });

  it('is compiled when V8 does not take the cache', () => {
    writeFileSync(`${file}.cache`, 'of another version');
    const { exports, fromCache } = loadCachedScript(file);
    expect(exports).toMatchObject({ here: file });
    expect(fromCache).toBe(false);
  });

  it('throws what the file throws', () => {
    writeFileSync(file, `throw new RangeError('from the file');`);
    expect(() => loadCachedScript(file)).toThrow('from the file');
  });
});
