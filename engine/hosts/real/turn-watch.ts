/**
 * Watches whether turns that are forced on a run are taken: where a command or a function did something else than the schedule
 * has, a task is elsewhere, or never gets to where it is to go on.
 */
import type { Kernel } from '../../kernel/kernel.ts';
import { FORCED, RUN, STATE, TASK, WAIT } from '../../kernel/memory/layout.ts';
import { stateOf } from '../../kernel/memory/task-block.ts';
import { int } from '../../log/int.ts';
import { placeText } from '../../log/schedule.ts';
import { hasMisfit, isForced } from '../../machine/forced-turns.ts';
import type { Score } from '../../machine/score.ts';

/** Nobody takes the next turn for so long, though nothing outside is waited for. */
const PATIENCE_MS = 15_000;

/** @returns what is to be called now and then */
export function createTurnWatch(
  k: Kernel,
  score: Score | undefined,
  stop: (cause: string) => void,
): () => void {
  if (score === undefined) return () => {};
  let seen = -1;
  let sinceMs = 0;
  return () => {
    if (!isForced(k, score)) return;
    const turn = int(k.words[FORCED.turn]);
    const nowMs = performance.now();
    if (turn !== seen || isOutside(k, score, turn)) [seen, sinceMs] = [turn, nowMs];
    if (hasMisfit(k) || nowMs - sinceMs > PATIENCE_MS) stop(whereIs(k, score, turn));
  };
}

/** A command or a function has its time, and so has what ends. */
function isOutside(k: Kernel, { turns }: Score, turn: number): boolean {
  const wait = int(k.layout.waitAt[turns[turn]?.task ?? 0]);
  const state = k.words[wait + WAIT.state];
  if (state === RUN.external || (state === RUN.running && k.words[wait + WAIT.carried] !== 0)) return true;
  return k.plan.tasks.some((_, task) => stateOf(k, task) === STATE.stopping);
}

function whereIs(k: Kernel, { turns }: Score, turn: number): string {
  const { task = 0, pc = 0 } = turns[turn] ?? {};
  const name = k.plan.tasks[task]?.name ?? '';
  const at = placeText(k.plan, task, int(k.words[int(k.layout.taskAt[task]) + TASK.pc]));
  const where = stateOf(k, task) === STATE.live ? `is at \`${at}\`` : 'is not there';
  return `the schedule cannot be forced: at its turn ${turn + 1} of ${turns.length}, \`${name}\` is to go on at \`${placeText(k.plan, task, pc)}\`, and ${where}`;
}
