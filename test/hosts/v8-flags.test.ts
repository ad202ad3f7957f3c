/** What V8 is told is known to the Node that runs this: otherwise every run would begin with a complaint of Node's. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { v8Flags } from '../../engine/hosts/v8-flags.ts';

it('is known to this Node', () => {
  const { status, stderr } = spawnSync(process.execPath, [...v8Flags(process.version), '-e', ''], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

it.each([
  ['v20.20.2', 0],
  ['v22.3.0', 0],
  ['v24.0.0', 1],
  ['v26.12.1', 1],
  ['v27.0.0', 0],
])('has so many flags for Node %s: %i', (version, count) => {
  expect(v8Flags(version)).toHaveLength(count);
});
