/**
 * Real child processes over mapped memory: they exclude one another, die when told and when their supervisor dies, and
 * whoever is left can go on.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { WORD } from './mapped-job.ts';
import { bundleFixture, native, Rig } from './mapped-rig.ts';

const child = bundleFixture('mapped-child');
const supervisor = bundleFixture('mapped-supervisor');
afterAll(() => {
  child.remove();
  supervisor.remove();
});

const system = await native();

describe('the mutex between processes', () => {
  it('loses no update of 3 processes and the supervisor', async () => {
    await using rig = new Rig(system, child.entry, { kind: 'count', rounds: 100_000 });
    const children = await rig.launchAll(3);
    rig.go();
    const { words } = rig.memory;
    for (let round = 0; round < 10_000; round++) {
      expect(rig.mutex.enter()).toBe(true);
      words[WORD.counter] = words[WORD.counter]! + 1;
      rig.mutex.leave();
    }
    const ends = await Promise.all(children.map(({ ended }) => ended));
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(words[WORD.counter]).toBe(310_000);
    expect(words[WORD.mutex]).toBe(0);
  });

  it('outlives carriers that are killed in a tight loop of enter and leave', async () => {
    await using rig = new Rig(system, child.entry, { kind: 'countForEver' });
    const children = await rig.launchAll(6);
    for (const [process, each] of children.entries()) {
      rig.condemn(process);
      each.kill('SIGKILL');
      // It may have seen its flag before the signal came.
      expect([0, null]).toContain((await each.ended).code);
    }
    expect(rig.mutex.enter()).toBe(true);
    const counted = rig.memory.words[WORD.counter];
    rig.mutex.leave();
    expect(counted).toBeGreaterThan(0);
    expect(rig.memory.words[WORD.mutex]).toBe(0);
  });

  it('lets a condemned carrier end by itself', async () => {
    await using rig = new Rig(system, child.entry, { kind: 'countForEver' });
    const [only] = await rig.launchAll(1);
    rig.condemn(0);
    expect(await only!.ended).toEqual({ code: 0, signal: null, refused: null });
  });

  it('does not hold up a supervisor while its owner is stopped, and can be seized once it is dead', async () => {
    await using rig = new Rig(system, child.entry, { kind: 'stopInside' });
    const [stopped] = await rig.launchAll(1);
    expect(rig.mutex.tryEnter(2)).toBe(false);
    stopped!.kill('SIGKILL');
    await stopped!.ended;
    expect(rig.mutex.seize(0)).toBe(true);
    rig.mutex.leave();
  });

  it('is known to be torn when its owner died inside', async () => {
    await using rig = new Rig(system, child.entry, { kind: 'dieInside' });
    const [dead] = await rig.launchAll(1);
    await dead!.ended;
    expect(rig.mutex.tryEnter(0)).toBe(false);
    expect(rig.mutex.seize(0)).toBe(true);
    rig.mutex.leave();
  });
});

describe('a child process', () => {
  it('dies of SIGTERM while it sleeps in a native call', async () => {
    await using rig = new Rig(system, child.entry, { kind: 'sleep' });
    const [asleep] = await rig.launchAll(1);
    asleep!.kill('SIGTERM');
    expect(await asleep!.ended).toEqual({ code: null, signal: 'SIGTERM', refused: null });
  });

  it('leads a process group of its own, out of reach of the terminal', async () => {
    await using rig = new Rig(system, child.entry, { kind: 'sleep' });
    const [asleep] = await rig.launchAll(1);
    expect(groupOf(asleep!.pid()!)).toBe(asleep!.pid());
  });

  it('takes what it started with it', async () => {
    await using rig = new Rig(system, child.entry, { kind: 'startSleeper' });
    const [parent] = await rig.launchAll(1);
    const grandchild = rig.memory.words[WORD.grandchild]!;
    expect(isAlive(grandchild)).toBe(true);
    process.kill(parent!.pid()!, 'SIGKILL');
    await parent!.ended;
    while (isAlive(grandchild)) await new Promise((resolve) => setImmediate(resolve));
  });

  it('can leave at once, with a code', async () => {
    await using rig = new Rig(system, child.entry, { kind: 'exit' });
    const [only] = await rig.launchAll(1);
    expect(await only!.ended).toEqual({ code: 7, signal: null, refused: null });
  });

  it('tells why it broke', async () => {
    await using rig = new Rig(system, child.entry, { kind: 'fail' });
    const broken = rig.launch(0);
    expect((await broken.ended).code).toBe(1);
    expect(await broken.errorOutput()).toContain('this child fails on purpose');
  });

  it('dies with its supervisor, however that dies', async () => {
    const ends = new Int32Array(2);
    system.pipe2(ends, 0);
    const [readEnd = -1, writeEnd = -1] = ends;
    const arguments_ = [supervisor.entry, child.entry, system.path];
    const middle = spawn(process.execPath, arguments_, { stdio: ['ignore', 'ignore', 'inherit', writeEnd] });
    closeSync(writeEnd);
    const bell = new Socket({ fd: readEnd, readable: true, writable: false });
    const closed = new Promise((resolve) => bell.once('close', resolve));
    const started = new Promise((resolve) => bell.once('data', resolve));
    await Promise.race([started, closed]);
    expect(bell.closed).toBe(false);
    middle.kill('SIGKILL');
    // The child alone holds the other end now.
    await closed;
  });
});

/** The fields of /proc/…/stat after the name: state, parent, group … */
function statOf(pid: number): readonly string[] {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function groupOf(pid: number): number {
  return Number(statOf(pid)[2]);
}

/** A zombie is dead: who reaps orphans is the system's affair. */
function isAlive(pid: number): boolean {
  const [state = 'Z'] = statOf(pid);
  return state !== 'Z';
}
