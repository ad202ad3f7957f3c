/**
 * The launcher's side of children that never come to run: refused by the system, killed in the queue, or nonsense.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { bundleFixture, native, Rig } from './mapped-rig.ts';

const child = bundleFixture('mapped-child');
afterAll(() => child.remove());

const system = await native();

describe('a process that never was', () => {
  it('is refused as data when the system does not start it', async () => {
    const env = { ENORMOUS: 'x'.repeat(4_000_000) };
    await using rig = new Rig(system, child.entry, { kind: 'sleep' }, { env });
    const refused = rig.launch(0);
    expect(await refused.ended).toEqual({ code: null, signal: null, refused: 'E2BIG' });
    expect(refused.pid()).toBeUndefined();
    expect(await refused.errorOutput()).toBe('');
  });

  it('is killed while it waits for its turn, and the next has it', async () => {
    await using rig = new Rig(system, child.entry, { kind: 'sleep' }, { startingAtOnce: 1 });
    const [first, second, third] = [rig.launch(0), rig.launch(1), rig.launch(2)];
    second.kill('SIGTERM');
    expect(await second.ended).toEqual({ code: null, signal: 'SIGTERM', refused: null });
    expect(second.pid()).toBeUndefined();
    await rig.started(2);
    expect([first, third].every((each) => each.pid() !== undefined)).toBe(true);
  });

  it('gets no turn by being marked as started before its time', async () => {
    await using rig = new Rig(system, child.entry, { kind: 'exit' }, { startingAtOnce: 1 });
    const [first, second] = [rig.launch(0), rig.launch(1)];
    second.markStarted();
    expect((await first.ended).code).toBe(7);
    expect((await second.ended).code).toBe(7);
  });

  it('ends with an error when there is no such program', async () => {
    await using rig = new Rig(system, `${child.entry}.nowhere`, { kind: 'exit' });
    const lost = rig.launch(0);
    expect((await lost.ended).code).toBe(1);
    expect(await lost.errorOutput()).toContain('Cannot find module');
  });
});

describe('closing', () => {
  it('lets nobody start any more', async () => {
    const rig = new Rig(system, child.entry, { kind: 'sleep' });
    await rig[Symbol.asyncDispose]();
    const late = rig.launch(0);
    expect(await late.ended).toEqual({ code: null, signal: 'SIGKILL', refused: null });
    expect(late.pid()).toBeUndefined();
  });

  it('kills who runs and who waits for a turn, and leaves nobody', async () => {
    const rig = new Rig(system, child.entry, { kind: 'sleep' }, { startingAtOnce: 2 });
    const children = [0, 1, 2, 3, 4].map((process) => rig.launch(process));
    await rig.started(2);
    await rig[Symbol.asyncDispose]();
    const ends = await Promise.all(children.map(({ ended }) => ended));
    expect(ends.map(({ signal }) => signal)).toEqual(Array(5).fill('SIGKILL'));
    for (const each of children) {
      const pid = each.pid();
      if (pid !== undefined) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    }
  });
});
