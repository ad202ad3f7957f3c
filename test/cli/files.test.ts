import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { openLogFile } from '../../cli/files/log-file.ts';
import { fileMistake, readSource } from '../../cli/files/read-source.ts';
import { openReportFile } from '../../cli/files/report-files.ts';

const directory = mkdtempSync(join(tmpdir(), 'concur-cli-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Somebody who never wants the end. */
const nobody = { signal: new AbortController().signal };

/** A pipe whose reader does not read by itself. */
function pipe(name: string, open: typeof openReportFile = openLogFile) {
  const path = join(directory, name);
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const log = open(path, ['a.yaml']);
  if ('mistake' in log) throw new Error(log.mistake);
  return { log, reader, path };
}

describe('reading a scenario', () => {
  it('gives its text', async () => {
    const file = join(directory, 'a.yaml');
    writeFileSync(file, 'concur: 1\n');
    const read = { file, text: 'concur: 1\n', bytes: Buffer.from('concur: 1\n') };
    expect(await readSource(file)).toEqual({ source: read });
  });

  it.each([
    ['missing.yaml', 'there is no such file'],
    ['.', 'it is a directory'],
    ['a.yaml/b.yaml', 'a part of its path is not a directory'],
  ])('%s: %s', async (name, reason) => {
    const file = join(directory, name);
    expect(await readSource(file)).toEqual({ mistake: `cannot read ${file}: ${reason}` });
  });

  it('says what the system says where it has no words of its own', () => {
    const error = Object.assign(new Error('x'), { code: 'EPROTO', syscall: 'read' });
    expect(fileMistake('read', '-', error)).toBe('cannot read standard input: EPROTO');
  });

  it('does not take a bug for a mistake', () => {
    const bug = new TypeError('x is not a function');
    expect(() => fileMistake('read', 'a', bug)).toThrow(bug);
  });
});

describe('the log file', () => {
  it('gets all that is written', async () => {
    const path = join(directory, 'run.jsonl');
    writeFileSync(path, 'an older and longer log');
    const log = openLogFile(path, ['a.yaml']);
    if ('mistake' in log) throw new Error(log.mistake);
    log.write('one\n');
    log.write('two\n');
    expect(await log.close(nobody)).toBeUndefined();
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  });

  it('must not be the scenario, under whichever name', () => {
    const scenario = join(directory, 'scenario.yaml');
    writeFileSync(scenario, 'concur: 1\n');
    const link = join(directory, 'link.yaml');
    symlinkSync(scenario, link);
    expect(openLogFile(link, [scenario])).toEqual({
      mistake: `the log would overwrite the scenario ${scenario}`,
    });
    expect(readFileSync(scenario, 'utf8')).toBe('concur: 1\n');
  });

  it('must be possible', () => {
    const path = join(directory, 'nowhere', 'run.jsonl');
    expect(openLogFile(path, ['a.yaml'])).toEqual({ mistake: `cannot write ${path}: there is no such file` });
  });

  it.skipIf(process.platform !== 'linux')('that cannot take more is said at the end', async () => {
    const log = openLogFile('/dev/full', ['a.yaml']);
    if ('mistake' in log) throw new Error(log.mistake);
    log.write('one\n');
    log.write('two\n');
    expect(await log.close(nobody)).toBe('cannot write /dev/full: no space left on the device');
  });

  describe.skipIf(process.platform !== 'linux')('that is a pipe', () => {
    const line = `${'x'.repeat(1023)}\n`;

    it('keeps what its reader has not read yet', async () => {
      const { log, reader } = pipe('slow.pipe');
      for (let count = 0; count < 1000; count += 1) log.write(line);
      const closed = log.close(nobody);
      let read = 0;
      const chunk = Buffer.alloc(1 << 16);
      while (read < 1000 * line.length) {
        try {
          read += readSync(reader, chunk);
        } catch {
          // There is nothing just now.
        }
        await eventLoopTurn();
      }
      expect(await closed).toBeUndefined();
      closeSync(reader);
    });

    it('is given up where nobody reads it and the end is wanted', async () => {
      const { log, reader, path } = pipe('idle.pipe');
      for (let count = 0; count < 1000; count += 1) log.write(line);
      expect(await log.close({ signal: AbortSignal.abort() })).toBe(`cannot write ${path}: nobody reads it`);
      closeSync(reader);
    });

    it('is the same for a report', async () => {
      const { log, reader, path } = pipe('report.pipe', openReportFile);
      for (let count = 0; count < 1000; count += 1) log.write(line);
      expect(await log.close({ signal: AbortSignal.abort() })).toBe(`cannot write ${path}: nobody reads it`);
      closeSync(reader);
    });

    it('takes no memory without end', async () => {
      const { log, reader, path } = pipe('full.pipe');
      const megabyte = 'x'.repeat(1 << 20);
      for (let count = 0; count < 70; count += 1) log.write(megabyte);
      expect(await log.close(nobody)).toBe(`cannot write ${path}: its reader is too slow`);
      closeSync(reader);
    });
  });
});
