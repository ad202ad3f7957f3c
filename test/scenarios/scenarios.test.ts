/**
 * Every scenario that ships does what it says, for real and in virtual time; and its expectations would notice if it
 * did not: each has a way to break it, by one edit of the file, after which it must fail.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { concur, root } from './concur-command.ts';

type Edit = { readonly what: string; readonly from: string; readonly to: string };

const breaks: Readonly<Record<string, readonly Edit[]>> = {
  'daemon-process': [{ what: 'the task is no daemon', from: 'daemon: true', to: 'daemon: false' }],
  'daemon-process-children': [
    { what: 'the tasks are no daemons', from: 'daemon: true', to: 'daemon: false' },
  ],
  'daemon-process-mixed': [
    { what: 'foo is no daemon', from: 'daemon: true', to: 'daemon: false' },
    { what: 'bar is a daemon too', from: 'bar:\n', to: 'bar:\n    daemon: true\n' },
    { what: 'they are threads', from: 'kind: process', to: 'kind: thread' },
  ],
  'daemon-thread': [{ what: 'the daemon is none', from: 'daemon: true', to: 'daemon: false' }],
  'daemon-thread-mixed': [
    { what: 'they are processes', from: 'kind: thread', to: 'kind: process' },
    { what: 'bar is a daemon too', from: 'bar:\n', to: 'bar:\n    daemon: true\n' },
  ],
  'mutex-processes': [
    { what: 'nothing is locked', from: 'locked: true', to: 'locked: false' },
    { what: 'everything is locked', from: 'locked: false', to: 'locked: true' },
  ],
  'mutex-threads': [
    { what: 'nothing is locked', from: 'locked: true', to: 'locked: false' },
    { what: 'everything is locked', from: 'locked: false', to: 'locked: true' },
    { what: 'the write is not that of the read', from: 'n: temp - 1', to: 'n: temp - 2' },
  ],
  toilet: [
    {
      what: 'the semaphore lets everyone in',
      from: `stall: \${{ params.stalls }}\n\ntasks`,
      to: `stall: { permits: "\${{ params.stalls }}", enabled: false }\n\ntasks`,
    },
    {
      what: 'the semaphore lets in one less',
      from: `stall: \${{ params.stalls }}\n\ntasks`,
      to: `stall: \${{ params.stalls - 1 }}\n\ntasks`,
    },
  ],
  'queue-fifo': [
    { what: 'it is a stack', from: 'kind: fifo', to: 'kind: lifo' },
    { what: 'there is room for a fourth', from: 'capacity: 3', to: 'capacity: 4' },
  ],
  'queue-lifo': [{ what: 'it is a queue', from: 'kind: lifo', to: 'kind: fifo' }],
  'queue-priority': [
    { what: 'priorities do not count', from: 'kind: priority', to: 'kind: fifo' },
    { what: 'priorities are turned round', from: 'priority: 10', to: 'priority: -10' },
  ],
  'queue-processes': [
    { what: 'it is a stack', from: 'q: 3 #', to: 'q: { kind: lifo, capacity: 3 } #' },
    { what: 'there is room for a fourth', from: 'q: 3 #', to: 'q: 4 #' },
  ],
  'producer-consumer': [
    { what: 'no sentinel is put', from: '  - put: buffer\n    item: null\n', to: '' },
    { what: 'main does not join the producer', from: '  - join: producer\n', to: '' },
    { what: 'the buffer is a stack', from: 'queues: [buffer]', to: 'queues: { buffer: { kind: lifo } }' },
  ],
};

const directory = mkdtempSync(join(tmpdir(), 'concur-scenarios-'));
afterAll(() => rmSync(directory, { recursive: true }));

const files = readdirSync(join(root, 'scenarios')).filter((name) => name.endsWith('.yaml'));

it('has a way to break every scenario', () => {
  expect(Object.keys(breaks).sort()).toEqual(files.map((name) => name.replace('.yaml', '')).sort());
});

describe.each(files)('%s', { concurrent: true }, (file) => {
  const path = join('scenarios', file);

  it('has no findings', async ({ expect }) => {
    const { code, stdout, stderr } = await concur('validate', path);
    expect(stderr).toBe('');
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.not.stringMatching(/warning|error/) });
  });

  it('passes for real', async ({ expect }) => {
    const ended = await concur('run', path);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
  });

  it('passes in virtual time, whatever the seed', async ({ expect }) => {
    for (const seed of ['1', '2', '3']) {
      const ended = await concur('run', '--virtual', '--seed', seed, path);
      expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    }
  });
});

describe.each(Object.entries(breaks))('%s, broken', { concurrent: true }, (name, edits) => {
  it.each(edits)('fails when $what', async ({ what, from, to }) => {
    const text = readFileSync(join(root, 'scenarios', `${name}.yaml`), 'utf8');
    expect(text).toContain(from);
    const path = join(directory, `${name} ${what}.yaml`.replaceAll(' ', '-'));
    writeFileSync(path, text.replaceAll(from, to));
    const ended = await concur('run', '--virtual', '--seed', '1', path);
    expect(ended.code, ended.stdout + ended.stderr).toBe(1);
  });
});
