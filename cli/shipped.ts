/**
 * Files that ship with the package beside its code: pages, scenarios, templates, the schema.
 */
import { fileURLToPath } from 'node:url';

const shipped = {
  codes: '../docs/codes/',
  scenarios: '../scenarios/',
  templates: '../cli/templates/',
  schema: '../schemas/scenario.schema.json',
} as const;

/** The path of what ships: `dist`, where the code is bundled to, and `cli` are both right under the package's root. */
export function shippedPath(what: keyof typeof shipped, name = ''): string {
  return fileURLToPath(new URL(shipped[what] + name, import.meta.url));
}
