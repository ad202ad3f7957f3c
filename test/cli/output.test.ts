import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createOutput } from '../../cli/output.ts';

describe('output', () => {
  const brokenPipe = Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' });

  it('is written', async () => {
    const written: string[] = [];
    const stream = new Writable({
      write(chunk, _encoding, done) {
        written.push(String(chunk));
        done();
      },
    });
    const output = createOutput(stream, () => expect.unreachable());
    output.write('one\n');
    output.write('');
    await output.flushed();
    expect(written.join('')).toBe('one\n');
    expect(output.problem()).toBeUndefined();
  });

  it('to a reader who left is dropped, and said once', async () => {
    let closed = 0;
    const stream = new Writable({ write: (_chunk, _encoding, done) => done(brokenPipe) });
    const output = createOutput(stream, () => {
      closed += 1;
    });
    output.write('one\n');
    await output.flushed();
    output.write('two\n');
    await output.flushed();
    expect(closed).toBe(1);
    expect(output.problem()).toBeUndefined();
  });

  it('that fails at once is dropped as well, and leaves a reason', async () => {
    let closed = 0;
    const stream = new Writable();
    stream.write = () => {
      throw Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' });
    };
    const output = createOutput(stream, () => {
      closed += 1;
    });
    output.write('one\n');
    await output.flushed();
    expect(closed).toBe(1);
    expect(output.problem()).toBe('ENOSPC');
  });
});
