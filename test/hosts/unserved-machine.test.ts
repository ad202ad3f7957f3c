/**
 * On a machine that cannot share memory between processes, a run is told what can be done instead.
 */
import { expect, it } from 'vitest';
import { unservedMachine } from '../../engine/hosts/memory/native.ts';

it.each([
  ['darwin', 'arm64', 'not offered on darwin yet; run it in virtual time, with --virtual'],
  ['win32', 'x64', 'not offered on win32 yet; run it in virtual time, with --virtual'],
  ['linux', 'ia32', 'not offered on ia32 processors; run it in virtual time, with --virtual'],
] as const)('on %s, %s', (platform, arch, why) => {
  expect(unservedMachine({ platform, arch })?.cause).toBe(
    `tasks of kind process need memory shared between processes: ${why}`,
  );
});

it.each(['x64', 'arm64', 'riscv64', 'loong64'] as const)('Linux on %s is served', (arch) => {
  expect(unservedMachine({ platform: 'linux', arch })).toBeNull();
});
