/** A holder that was interrupted: whoever comes to wait for its lock lets it go on first. */
import { describe, expect, it } from 'vitest';
import { makeReady, takeReady } from '../../engine/kernel/waiting/channel.ts';
import { perform, waitFor } from '../../engine/kernel/waiting/perform.ts';
import { OPERATION } from '../../engine/log/record.ts';
import { lock, makePlan, rlock } from '../plan-builder.ts';
import { createScene } from './scene.ts';

const FOREVER = Number.POSITIVE_INFINITY;
const HOLDER = 1;

/** Task 1 has taken the lock and is ready again, behind 2, 3 and 4; then 2 comes to wait for the lock. */
function nextAfterWait(kind: 'lock' | 'rlock', canonical: boolean): number {
  const plan = makePlan({
    resources: [(kind === 'lock' ? lock : rlock)('lock')],
    tasks: [{ name: 'thread', count: 4, program: [] }],
  });
  const { k, inside } = createScene(plan, { started: false, canonical, shared: true });
  return inside(() => {
    const operation = OPERATION[`${kind}.acquire`];
    const acquire = (task: number) => ({ task, step: 0, operation, target: 0, a: 0, b: 0 });
    perform(k, acquire(HOLDER));
    for (const task of [2, 3, 4, HOLDER]) makeReady(k, task);
    const second = takeReady(k, 0);
    perform(k, acquire(second));
    waitFor(k, acquire(second), FOREVER);
    return takeReady(k, 0);
  });
}

describe.each(['lock', 'rlock'] as const)('a waiter for a %s', (kind) => {
  it('lets the holder go on before all others that are ready', () => {
    expect(nextAfterWait(kind, false)).toBe(HOLDER);
  });

  it('helps nobody where schedules are chosen', () => {
    expect(nextAfterWait(kind, true)).toBe(3);
  });
});
