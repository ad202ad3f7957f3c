/**
 * The selectively uniform random walk: of all orders of the steps that touch one object, each is about as likely as any
 * other. The object is drawn anew for each schedule; between its steps, anybody goes.
 *
 * Before each of its steps it is drawn whose it is to be, by how many such steps everybody has still before him; the others
 * then wait before theirs. If whoever is meant cannot come to his, anybody goes.
 *
 * @see Zhao, Wolff, Mathur, Roychoudhury, Selectively uniform concurrency testing (ASPLOS 2025)
 */

import { STATE } from '../../kernel/memory/layout.ts';
import { int } from '../../log/int.ts';
import type { Plan } from '../../plan/plan.ts';
import { placesAfter } from '../reductions/successors.ts';
import { aimsOf } from '../reductions/targets.ts';
import type { State } from '../state.ts';
import { anyOf, type Chance, type Strategy } from './strategy.ts';
import type { Touches } from './touches.ts';

/** @param asGroups replicas together count as one task: better where one other task has to come between many of them */
export function selectivelyUniform(
  state: State,
  touches: Touches,
  chance: Chance,
  asGroups: boolean,
): Strategy {
  const { plan } = state;
  const startersOf = startersIn(plan);
  const remaining = countSteps(plan, touches);
  let object = -1;
  let left: readonly Uint32Array[] = [];
  let meant = -1;
  const weightOf = (task: number): number => {
    const life = state.lifeOf(task);
    if (life !== STATE.live && life !== STATE.notStarted) return 0;
    const counts = left[task] as Uint32Array;
    const place = life === STATE.live ? touches.placeOf(task) : 0;
    // Of a loop only one round is counted, so that more may follow where none is left.
    const steps = int(counts[0]) === 0 ? 0 : Math.max(1, int(counts[place]));
    return asGroups ? steps / (plan.groups[plan.tasks[task]?.group ?? 0]?.count ?? 1) : steps;
  };
  const draw = (): void => {
    const weights = plan.tasks.map((_, task) => weightOf(task));
    let point = chance() * weights.reduce((sum, weight) => sum + weight, 0);
    meant = weights.findIndex((weight) => {
      point -= weight;
      return point < 0;
    });
  };
  const isHeld = (task: number): boolean => {
    if (task === meant || !touches.at(task, touches.placeOf(task), object)) return false;
    return meant < 0 || state.lifeOf(meant) === STATE.live || startersOf[meant]?.includes(task) !== true;
  };
  return {
    begin: () => {
      object = touches.shared.length === 0 ? -1 : anyOf(touches.shared, chance);
      left = remaining(object);
      draw();
    },
    pick: (tasks) => {
      const free = tasks.filter((task) => !isHeld(task));
      return anyOf(free.length > 0 ? free : tasks, chance);
    },
    did: (task, place) => {
      if (touches.at(task, place, object) || (meant >= 0 && weightOf(meant) === 0)) draw();
    },
  };
}

/** Of each task, those that may start it. */
function startersIn(plan: Plan): readonly (readonly number[])[] {
  const starters: number[][] = plan.tasks.map(() => []);
  plan.tasks.forEach((one, starter) => {
    const program = plan.programs[one.program];
    for (const instruction of program?.instructions ?? []) {
      if (program === undefined || instruction.op !== 'operate' || instruction.operation !== 'task.start')
        continue;
      for (const aim of aimsOf(program, instruction.target)) {
        const { first, count } = aim.kind === 'handle' ? { first: 0, count: starters.length } : aim.range;
        for (const list of starters.slice(first, first + count)) list.push(starter);
      }
    }
  });
  return starters;
}

/** By task and place, how many steps that touch the object are at most still before it, going forward only. */
function countSteps(plan: Plan, touches: Touches): (object: number) => readonly Uint32Array[] {
  const known = new Map<number, readonly Uint32Array[]>();
  const example = plan.programs.map(() => -1);
  plan.tasks.forEach(({ program }, task) => {
    example[program] = task;
  });
  return (object) => {
    const before = known.get(object);
    if (before !== undefined) return before;
    const byProgram = plan.programs.map((program, id) => {
      const counts = new Uint32Array(program.instructions.length + 1);
      for (let place = program.instructions.length - 1; place >= 0; place--) {
        let most = 0;
        for (const next of placesAfter(program, place))
          if (next > place) most = Math.max(most, int(counts[next]));
        counts[place] = most + (touches.at(int(example[id]), place, object) ? 1 : 0);
      }
      return counts;
    });
    const byTask = plan.tasks.map(({ program }) => byProgram[program] as Uint32Array);
    known.set(object, byTask);
    return byTask;
  };
}
