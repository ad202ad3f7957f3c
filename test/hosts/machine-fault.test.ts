/**
 * What Node and C libraries say, of each version that is served, where the machine lacks something: it is known for that by
 * its code or by its words, and what only looks like it is not.
 */
import { describe, expect, it } from 'vitest';
import { lackIn, lackInWords } from '../../engine/hosts/machine-fault.ts';

const files = 'too many open files (EMFILE)';

function coded(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

describe('a lack of the machine', () => {
  it.each<[string, Error, string]>([
    ["a call of the system's", coded("EMFILE: too many open files, open '/x'", 'EMFILE'), files],
    ['one handed over by a worker', new Error("EMFILE: too many open files, open '/x'"), files],
    ['a start of a worker', coded('Worker initialization failure: EMFILE', 'ERR_WORKER_INIT_FAILED'), files],
    [
      'a module that is read',
      new Error('Cannot read package config /x/package.json: too many open files.'),
      files,
    ],
    [
      'the same with a code',
      coded('Cannot read package config /x/package.json: too many open files.', 'ERR_INVALID_PACKAGE_CONFIG'),
      files,
    ],
    [
      'a library of glibc',
      coded('/x/koffi.node: cannot open shared object file: Too many open files', 'ERR_DLOPEN_FAILED'),
      files,
    ],
    [
      'a library that is mapped',
      coded(
        '/x/koffi.node: failed to map segment from shared object: Cannot allocate memory',
        'ERR_DLOPEN_FAILED',
      ),
      'not enough memory (ENOMEM)',
    ],
    [
      'a library of musl',
      coded('Error loading shared library /x/koffi.node: No file descriptors available', 'ERR_DLOPEN_FAILED'),
      files,
    ],
    [
      'all descriptors of the system',
      coded('/x: cannot open shared object file: Too many open files in system', 'ERR_DLOPEN_FAILED'),
      'file table overflow (ENFILE)',
    ],
    ['a disk', coded("EROFS: read-only file system, open '/x'", 'EROFS'), 'read-only file system (EROFS)'],
    ['a quota', new Error('/x: Disk quota exceeded'), 'EDQUOT'],
    ['a thread', new Error('Resource temporarily unavailable'), 'resource temporarily unavailable (EAGAIN)'],
    [
      'the folder',
      coded('ENOENT: no such file or directory, uv_cwd', 'ENOENT'),
      'the folder that it was started in is gone',
    ],
  ])('is seen in an error of %s', (_name, error, why) => {
    expect(lackIn(error)).toBe(why);
  });

  it.each<[string, unknown]>([
    ['a file that is not there', coded("ENOENT: no such file or directory, open '/EMFILE'", 'ENOENT')],
    ['a module that is not there', coded("Cannot find module '/x/carrier.cjs'", 'MODULE_NOT_FOUND')],
    ['a broken package.json', coded('Invalid package config /x/package.json.', 'ERR_INVALID_PACKAGE_CONFIG')],
    ['a mistake of ours', new TypeError("Cannot read properties of undefined (reading 'x')")],
    ['a number', 3],
    ['nothing', undefined],
    ['what is no error', { message: 'too many open files' }],
  ])('is not seen in %s', (_name, error) => {
    expect(lackIn(error)).toBeUndefined();
  });

  it('is seen in what Node writes before it ends', () => {
    const text =
      "node:fs:440\n\nError: EMFILE: too many open files, open '/x'\n    at Object.readFileSync (node:fs:440:20)\n";
    expect(lackInWords(text)).toBe(files);
  });
});
