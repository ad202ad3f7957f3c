/** Whether tasks that could go on are left without a carrier. */
import { describe, expect, it } from 'vitest';
import { createBacklogWatch } from '../../engine/hosts/real/backlog-watch.ts';
import { park, takeReady, wakeTask } from '../../engine/kernel/waiting/channel.ts';
import { createScene } from '../kernel/scene.ts';
import { end, makePlan } from '../plan-builder.ts';

/** Main is ready, and `lookAfter` looks so many milliseconds later. */
function watched() {
  const scene = createScene(makePlan({ main: { slots: 0, program: [end] } }));
  const time = { ms: 0 };
  const look = createBacklogWatch(scene.k, () => time.ms);
  const lookAfter = (ms: number): boolean => {
    time.ms += ms;
    scene.clock.now += 1000 * ms;
    return look();
  };
  return { ...scene, lookAfter };
}

describe('the backlog watch', () => {
  it('tells when the same task is ready for more than 50 ms', () => {
    const { lookAfter } = watched();
    expect([lookAfter(10), lookAfter(40), lookAfter(11), lookAfter(100)]).toEqual([false, false, true, true]);
  });

  it('counts from the first time that it saw the task', () => {
    const { lookAfter } = watched();
    expect([lookAfter(1000), lookAfter(50), lookAfter(1)]).toEqual([false, false, true]);
  });

  it('is content when somebody runs it, and counts anew when it is ready again', () => {
    const { k, inside, lookAfter } = watched();
    lookAfter(0);
    inside(() => takeReady(k, 0));
    expect([lookAfter(100), lookAfter(100)]).toEqual([false, false]);
    inside(() => {
      park(k, 0, -1, Number.POSITIVE_INFINITY, false);
      wakeTask(k, 0, -1);
    });
    expect([lookAfter(40), lookAfter(40), lookAfter(40)]).toEqual([false, false, true]);
  });

  it('counts a sleeper as ready from its time on', () => {
    const { k, inside, lookAfter } = watched();
    inside(() => {
      takeReady(k, 0);
      park(k, 0, -1, k.now + 200_000, false);
    });
    expect([lookAfter(100), lookAfter(99)]).toEqual([false, false]);
    expect([lookAfter(1), lookAfter(50), lookAfter(1)]).toEqual([false, false, true]);
  });
});
