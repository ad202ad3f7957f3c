/**
 * Files that are not what the scenario takes them for.
 */
import { expect, it } from 'vitest';
import { concur } from './concur-run.ts';

it.each([
  ['{"a": ', 'data.json is not json: '],
  ['{"a": {"constructor": 1}}', 'data.json is not json: `constructor` cannot be a key of a map'],
  ['[99999999999999999999]', 'data.json is not json: 99999999999999999999 is no integer of 64 bits'],
])('%s is a ValueError where it is loaded', async (text, message) => {
  const input = `
concur: 1
files: { data: data.json }
main:
  - run: [sh, -c, 'printf %s "$0" > "$CONCUR_WORKSPACE/data.json"', '${text}']
  - load: data
    as: x
  - print: never
`;
  const { code, stdout } = await concur(['run', '-'], { input });
  expect(code, stdout).toBe(1);
  expect(stdout).toContain(`ValueError: ${message}`);
  expect(stdout).not.toContain('never');
});
