/**
 * Mapped memory by itself: shared, sparse, given back, and refused as data.
 */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import {
  createMappedMemory,
  createSharedFile,
  type MappedMemory,
  openMappedMemory,
  readSharedFile,
} from '../../engine/hosts/memory/mapped-memory.ts';
import { loadNativeFrom, type Native } from '../../engine/hosts/memory/native.ts';
import { granted, native } from './mapped-rig.ts';

const system = await native();
const PAGE = 4096;
const GIGABYTE = 2 ** 30;

/** In units of 512 bytes: what the file has taken of the machine's memory. */
const blocksOf = (fd: number): number => fstatSync(fd).blocks;

/** Another descriptor for the same file, as a child has one. */
const duplicate = (fd: number): number => openSync(`/proc/self/fd/${fd}`, 'r+');

function create(bytes: number, from: Native = system): MappedMemory {
  return granted<MappedMemory>(createMappedMemory(from, bytes));
}

describe('mapped memory', () => {
  it('is one memory for all who map it', () => {
    const memory = create(PAGE);
    const other = granted<MappedMemory>(openMappedMemory(system, duplicate(memory.fd)));
    expect(other.words.length).toBe(PAGE / 4);
    Atomics.add(memory.words, 5, 3);
    Atomics.add(other.words, 5, 4);
    expect([memory.words[5], other.words[5]]).toEqual([7, 7]);
    other.close();
    memory.close();
  });

  it('costs nothing until it is touched', () => {
    const memory = create(GIGABYTE);
    expect(memory.words.length).toBe(GIGABYTE / 4);
    expect(blocksOf(memory.fd)).toBe(0);
    memory.words[GIGABYTE / 8] = 1;
    expect(blocksOf(memory.fd)).toBe(PAGE / 512);
    memory.close();
  });

  it('is given back at once when it is cleared, and may still be read when it is closed', () => {
    const memory = create(GIGABYTE);
    const fd = duplicate(memory.fd);
    memory.words.fill(1, 0, PAGE);
    expect(blocksOf(fd)).toBeGreaterThan(0);
    expect(memory.clear()).toBe(true);
    memory.close();
    expect(blocksOf(fd)).toBe(0);
    expect(memory.words[0]).toBe(0);
    closeSync(fd);
  });

  it('is unmapped when nobody can read it any more', async () => {
    const mappings = () => readFileSync('/proc/self/maps', 'utf8').match(/concur-memory/g)?.length ?? 0;
    const before = mappings();
    (() => create(PAGE).close())();
    expect(mappings()).toBeGreaterThan(0);
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    // Ends by the test's time limit if it never happens.
    while (mappings() > before) {
      await new Promise((resolve) => setImmediate(resolve));
      collectGarbage();
    }
  });
});

describe('what the machine refuses', () => {
  const EPERM = 1;
  const ENOMEM = 12;
  const needs = 'tasks of kind process need memory shared between processes: ';

  it('is a refusal when there may be no anonymous file', () => {
    const forbidding: Native = { ...system, memfd_create: () => -1, errno: () => EPERM };
    const refused = { kind: 'refused', cause: `${needs}memfd_create failed with EPERM` };
    expect(createMappedMemory(forbidding, PAGE)).toEqual(refused);
    expect(createSharedFile(forbidding, Uint8Array.of(1))).toEqual(refused);
  });

  it('is a refusal when it may not be mapped, and leaves no descriptor open', () => {
    let opened = -1;
    const forbidding: Native = {
      ...system,
      memfd_create: (...given) => (opened = system.memfd_create(...given)),
      mmap: () => -1,
      errno: () => ENOMEM,
    };
    const refused = { kind: 'refused', cause: `${needs}mmap of 4096 bytes failed with ENOMEM` };
    expect(createMappedMemory(forbidding, PAGE)).toEqual(refused);
    expect(() => fstatSync(opened)).toThrow('EBADF');
  });

  it('is a refusal when it is too much', () => {
    expect(createMappedMemory(system, 2 ** 46)).toMatchObject({ kind: 'refused' });
  });
});

describe('a shared file', () => {
  it('is read whole, by everybody, whatever was read before', () => {
    const content = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
    const fd = createSharedFile(system, content);
    if (typeof fd !== 'number') throw new Error(fd.cause);
    expect(Buffer.compare(readSharedFile(fd), content)).toBe(0);
    expect(Buffer.compare(readSharedFile(fd), content)).toBe(0);
    closeSync(fd);
  });
});

describe('parking on mapped memory', () => {
  it('does not sleep on a word that has changed, and sleeps no longer than its limit', () => {
    const memory = create(PAGE);
    memory.words[3] = 1;
    const results: number[] = [];
    const watched: Native = {
      ...system,
      futex: (...call) => results[results.push(system.futex(...call)) - 1] ?? 0,
    };
    const fd = duplicate(memory.fd);
    const { parking, words, close } = granted<MappedMemory>(openMappedMemory(watched, fd));
    parking.wait(words, 3, 0, Infinity);
    parking.wait(words, 3, 1, 0.5);
    parking.wait(words, 3, 1, 0);
    parking.notify(words, 3, Infinity);
    // Changed, timed out, timed out; nobody to wake.
    expect(results).toEqual([-1, -1, -1, 0]);
    close();
    memory.close();
  });
});

describe('the native library', () => {
  it('is the same when it is loaded from its path', () => {
    const again = loadNativeFrom(system.path);
    const fd = again.memfd_create('test', 1);
    expect(fstatSync(fd).size).toBe(0);
    closeSync(fd);
  });
});
