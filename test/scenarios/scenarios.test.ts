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
    { what: 'the last becomes the first', from: 'priority: 10', to: 'priority: -10' },
    { what: 'the late one is not urgent', from: 'priority: 1 #', to: 'priority: 5 #' },
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

/** What `validate` warns of where a scenario does the wrong thing on purpose. */
const warnings = [{ name: 'daemon-process-children', finding: 'daemon-starts-process' }];

const directory = mkdtempSync(join(tmpdir(), 'concur-scenarios-'));
afterAll(() => rmSync(directory, { recursive: true }));

const names = readdirSync(join(root, 'scenarios'))
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.replace('.yaml', ''));

it('has a way to break every scenario', () => {
  expect(Object.keys(breaks).sort()).toEqual(names.toSorted());
});

describe('every scenario', { concurrent: true }, () => {
  it.for(names)('%s passes for real', async (name, { expect }) => {
    const ended = await concur('run', pathOf(name));
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
  });

  it.for(names)('%s passes in virtual time, whatever the seed', async (name, { expect }) => {
    const ended = await concur('run', '--virtual', '--repeat', '10', '--seed', '1', pathOf(name));
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
  });
});

it('has no findings in any scenario but those that are meant', async () => {
  const { code, stdout, stderr } = await concur('validate', ...names.map(pathOf));
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
  const found = [...stdout.matchAll(/^scenarios\/(\S+)\.yaml:\S+ \w+\[(.+?)\]/gm)];
  expect(found.map(([, name, finding]) => ({ name, finding }))).toEqual(warnings);
});

const edits = Object.entries(breaks).flatMap(([name, some]) => some.map((edit) => ({ name, ...edit })));

describe('a broken scenario', { concurrent: true }, () => {
  it.for(edits)('$name fails when $what', async ({ name, what, from, to }, { expect }) => {
    const text = readFileSync(join(root, pathOf(name)), 'utf8');
    expect(text).toContain(from);
    const path = join(directory, `${name} ${what}.yaml`.replaceAll(' ', '-'));
    writeFileSync(path, text.replaceAll(from, to));
    const ended = await concur('run', '--virtual', '--seed', '1', path);
    expect(ended.code, ended.stdout + ended.stderr).toBe(1);
  });
});

function pathOf(name: string): string {
  return join('scenarios', `${name}.yaml`);
}
