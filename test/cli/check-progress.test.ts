/**
 * How far a search is: one line that is written again on a terminal, plain lines elsewhere.
 */
import { describe, expect, it } from 'vitest';
import { openProgress } from '../../cli/commands/check-progress.ts';
import type { Host } from '../../cli/host.ts';
import * as engine from '../../engine/command.ts';
import { checked, planOf } from '../explore/checked.ts';

const text = `
concur: 1
name: big
vars: { n: 0 }
tasks: { t: { count: 5, steps: [ { repeat: 3, do: [ { set: { n: n + task.index } } ] } ] } }`;

/** A clock that goes on by a second whenever it is asked. */
async function written(
  facts: { isTTY: boolean; columns: number | undefined },
  isSilent = false,
): Promise<string> {
  let all = '';
  let ms = 0;
  const stderr = {
    facts,
    write(more: string) {
      all += more;
    },
  };
  const host = { stderr, env: {}, now: () => (ms += 11_000) } as unknown as Host;
  const progress = openProgress(engine, host, await planOf(text), isSilent);
  for (const states of [1_024, 2_048_000]) progress.tell({ states, depth: 12, bytes: 5 << 20 });
  progress.end();
  return all;
}

describe('the progress of a search', () => {
  it('is plain lines where there is no terminal', async () => {
    expect(await written({ isTTY: false, columns: undefined })).toBe(
      'big: 1,024 states, 93 a second, 12 steps deep, 5 MB\nbig: 2,048,000 states, 93,091 a second, 12 steps deep, 5 MB\n',
    );
  });

  it('is one line of a terminal, and is gone at the end', async () => {
    const all = await written({ isTTY: true, columns: 30 });
    expect(all).not.toContain('\n');
    expect(all.endsWith('\r\u001b[K')).toBe(true);
    for (const line of all.split('\r')) expect(line.replace('\u001b[K', '').length).toBeLessThan(30);
  });

  it('is nothing where nobody wants it', async () => {
    expect(await written({ isTTY: true, columns: 80 }, true)).toBe('');
  });

  it('is told while the search works, and a signal ends it', async () => {
    const stop = new AbortController();
    let told = 0;
    const { verdict } = await checked(text, {
      symmetry: false,
      signal: stop.signal,
      onProgress: () => {
        told += 1;
        stop.abort();
      },
    });
    expect(told).toBe(1);
    expect(verdict).toMatchObject({ outcome: 'inconclusive', summary: 'the search was interrupted' });
  });
});
