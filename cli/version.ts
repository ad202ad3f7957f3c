/**
 * The version of this concur, from its package's own manifest, which always ships with it.
 */
import { readFileSync } from 'node:fs';

/** @param base the URL of a module in a folder directly under the package's root, as `cli` and `dist` are */
export function versionOfPackage(base: string): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', base), 'utf8'));
  if (typeof manifest !== 'object' || manifest === null || !('version' in manifest))
    return 'of unknown version';
  return String(manifest.version);
}
