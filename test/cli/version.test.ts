import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { versionOfPackage } from '../../cli/version.ts';

it('the version is that of the package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(versionOfPackage(new URL('../../dist/concur.js', import.meta.url).href)).toBe(manifest.version);
});
