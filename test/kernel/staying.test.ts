/** A carrier that stays in the critical section between its moments: what others see, and when it leaves all the same. */
import { describe, expect, test } from 'vitest';
import { ringPlace } from '../../engine/kernel/kernel.ts';
import { READY } from '../../engine/kernel/memory/layout.ts';
import { makeReady, takeReady } from '../../engine/kernel/waiting/channel.ts';
import { RECORD } from '../../engine/log/record.ts';
import { longestText } from '../../engine/log/ring.ts';
import { makePlan } from '../plan-builder.ts';
import { createScene } from './scene.ts';

function stayingScene() {
  const scene = createScene(makePlan({ main: { program: [] } }), { canonical: false });
  scene.k.stay(true);
  const moment = (work = () => {}): void => {
    scene.k.enter();
    scene.k.record(RECORD.passed, 0, 0, 0);
    work();
    scene.k.leave();
  };
  return { ...scene, moment, isInside: () => !canEnter(scene) };
}

function canEnter(scene: ReturnType<typeof createScene>): boolean {
  try {
    scene.k.host.gate.enter();
  } catch {
    return false;
  }
  scene.k.host.gate.leave();
  return true;
}

describe('a carrier that may stay', () => {
  test('stays, and publishes nothing, until it may no more: then several moments', () => {
    const { k, moment, isInside, events } = stayingScene();
    moment();
    moment();
    expect(isInside()).toBe(true);
    expect(events()).toEqual([]);
    k.stay(false);
    expect(isInside()).toBe(false);
    expect(events().map(({ type, last }) => [type, last])).toEqual([
      ['passed', true],
      ['passed', true],
    ]);
  });

  test('does not carry a record that was to be joined over to the next moment', () => {
    const { k, moment, events } = stayingScene();
    moment(() => k.ring.joinNext());
    moment();
    k.stay(false);
    expect(events().map(({ last }) => last)).toEqual([true, true]);
  });

  test('leaves at once where somebody is to be woken', () => {
    const { k, layout, bells, moment, isInside } = stayingScene();
    const ready = layout.readyAt[0] as number;
    k.words[ready + READY.sleepers] = 1;
    moment(() => {
      takeReady(k, 0);
      makeReady(k, 0);
    });
    expect(isInside()).toBe(false);
    expect(bells.notified).toEqual([ready + READY.wake]);
  });

  test('leaves at once where the supervisor is to look', () => {
    const { k, moment, isInside } = stayingScene();
    moment(() => k.ringBell());
    expect(isInside()).toBe(false);
  });

  test('leaves where the log has no more room, so that room can be made', () => {
    const { k, layout, moment, events } = stayingScene();
    const words = longestText(ringPlace(layout)) - 2;
    const long = 'x'.repeat(4 * words);
    for (let left = layout.ringWords; left > 0; left -= words)
      moment(() => k.recordTexts(RECORD.printed, 0, 0, [], [long]));
    // It could not have gone on to here without the scene's reader, which is asked where there is no room.
    expect(events().length).toBeGreaterThan(0);
  });

  test('stays no longer after it was held for a moment of several', () => {
    const { k, moment, isInside } = stayingScene();
    k.enter();
    k.hold();
    moment();
    k.stay(false);
    expect(isInside()).toBe(true);
    k.release();
    expect(isInside()).toBe(false);
  });
});
