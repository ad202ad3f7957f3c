/**
 * Tasks that may never have a turn, though they could have one again and again, and the others have theirs.
 */

import { TASK } from '../../kernel/memory/layout.ts';
import { int } from '../../log/int.ts';
import type { Starving } from '../../log/liveness-seen.ts';
import { isShown } from '../../plan/is-shown.ts';
import type { Move, State } from '../state.ts';
import { circlesOf } from './components.ts';
import { turnsIn } from './fair-circles.ts';
import type { StateGraph } from './state-graph.ts';
import { Ways } from './ways.ts';

/** Task by task. */
export function* findStarving(state: State, graph: StateGraph): Iterable<readonly Starving[]> {
  const { plan } = state;
  const ways = new Ways(graph, { isOnce: true, begins: (one) => one === 0, comes: () => false });
  for (let task = 0; task < plan.tasks.length; task++) {
    if (!isShown(plan, task)) continue;
    const head = whereItStarves(graph, ways, task);
    const moves = ways.to(head ?? 0).map((edge) => graph.moveOf(edge));
    yield head === undefined ? [] : standingAt(state, moves, [task]);
  }
}

/** A state of a circle that is fair to all, and in which the task could go on again and again, and never does. */
function whereItStarves(graph: StateGraph, ways: Ways, task: number): number | undefined {
  const { states, has } = ways.part();
  const others = { states, has: (edge: number) => has(edge) && graph.taskOf(edge) !== task };
  for (const circle of circlesOf(graph, others)) {
    const { moves, canGoOn, cannot } = turnsIn(graph, circle);
    if (canGoOn[task] === 0) continue;
    if (moves.every((itMoves, one) => itMoves === 1 || cannot[one] === 1)) return circle.states[0];
  }
  return undefined;
}

/** Where tasks are after these moves. */
export function standingAt(
  state: State,
  moves: readonly Move[],
  tasks: readonly number[],
): readonly Starving[] {
  const start = state.mark();
  for (const { task, late, choices } of moves) state.move(task, late, choices);
  const standing = tasks.map((task) => ({ task, ...placeOf(state, task) }));
  state.back(start);
  return standing;
}

function placeOf({ plan, k }: State, task: number): Pick<Starving, 'step' | 'resource'> {
  const { words, layout } = k;
  const at = int(layout.taskAt[task]);
  const instruction = plan.programs[plan.tasks[task]?.program ?? 0]?.instructions[int(words[at + TASK.pc])];
  const step = instruction?.step ?? -1;
  if (instruction?.op !== 'operate' || instruction.operation.startsWith('task.'))
    return { step, resource: null };
  const { target } = instruction;
  const resource = target.kind === 'fixed' ? target.id : int(words[at + TASK.slots + target.slot]) >> 1;
  return { step, resource };
}
