/**
 * Which cases are at work is said when a suite is told to stop, and when one of them takes long.
 */
import { expect, it } from 'vitest';
import type { Engine, Host } from '../../cli/host.ts';
import { watchWork } from '../../cli/suite/at-work.ts';
import * as engine from '../../engine/command.ts';
import { caseOf } from '../report/suite-scene.ts';

function scene(isTTY = false) {
  const stop = new AbortController();
  const state = { text: '', ms: 0, tick: () => {}, isTicking: false };
  const host = {
    env: {},
    stdout: { facts: { isTTY, columns: 80 } },
    stderr: { write: (text: string) => (state.text += text) },
    now: () => state.ms,
    every(_: number, callback: () => void) {
      Object.assign(state, { tick: callback, isTicking: true });
      return () => {
        state.isTicking = false;
      };
    },
    interruptible: () => ({ signal: stop.signal }),
  } as unknown as Host;
  return { state, stop, work: watchWork(engine as Engine, host) };
}

const a = caseOf(0, { file: 'a\u001b[2J.yaml' });
const b = caseOf(1, { file: 'b.yaml', caseName: 'two' });

it('names what is at work when it is told to stop, and nothing that has ended', () => {
  const { state, stop, work } = scene();
  work.began(a);
  work.began(b);
  work.began(caseOf(2));
  work.ended(caseOf(2));
  state.ms = 3400;
  stop.abort();
  expect(state.text).toBe('concur: told to stop; at work: a\\x1b[2J.yaml (3 s), b.yaml (two) (3 s)\n');
});

it('names a case that takes a minute, and then each time it has taken twice as long', () => {
  const { state, work } = scene();
  work.began(a);
  const said: number[] = [];
  for (state.ms = 0; state.ms <= 600_000; state.ms += 5_000) {
    // A further run of the same case.
    work.began(a);
    const before = state.text;
    state.tick();
    if (state.text !== before) said.push(state.ms / 1000);
  }
  expect(said).toEqual([60, 120, 240, 480]);
  expect(state.text.split('\n')[0]).toBe('concur: still at work: a\\x1b[2J.yaml (60 s)');
});

it('says nothing where nothing is at work, where a live view shows it, and when it is over', () => {
  const idle = scene();
  idle.stop.abort();
  const live = scene(true);
  live.work.began(a);
  live.stop.abort();
  const closed = scene();
  closed.work.began(a);
  closed.work.close();
  closed.stop.abort();
  expect([idle.state.text, live.state.text, closed.state.text]).toEqual(['', '', '']);
  expect([live.state.isTicking, closed.state.isTicking]).toEqual([false, false]);
});

it('bounds what it names', () => {
  const { state, stop, work } = scene();
  for (let index = 0; index < 30; index += 1) work.began(caseOf(index));
  stop.abort();
  expect(state.text).toMatch(/, 10 more\n$/);
});
