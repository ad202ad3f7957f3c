/**
 * Where an error came from: the step that raised it first, not the one through which it passed on.
 *
 * A `with` gives back what it holds and a `retry` counts its attempts before they let an error go on: each takes it, and
 * raises it again at a step of its own. People look for the step that failed.
 */
import type { EventOf } from '../../log/event.ts';
import type { Program } from '../../plan/instruction.ts';
import type { Plan } from '../../plan/plan.ts';

/** Of each error that a task raises, in their order, the step it came from; -1 where no step is at work. */
export type ErrorOrigins = (event: EventOf<'raised'>) => number;

/** By step: the steps whose errors it takes and raises again. */
type Passages = ReadonlyMap<number, ReadonlySet<number>>;

/** The error that a task raised last: how it is known, where it came from, and through which steps it went. */
type Known = { readonly text: string; readonly origin: number; readonly through: Set<number>; at: number };

export function createErrorOrigins(plan: Plan): ErrorOrigins {
  const passages = new Map<number, Passages>();
  const known = new Map<number, Known>();

  return ({ task, step, error }) => {
    const text = `${error.name}: ${error.message}`;
    const last = known.get(task);
    const program = plan.tasks[task]?.program ?? -1;
    const isSame = last !== undefined && last.text === text && !last.through.has(step);
    if (isSame && passagesOf(program).get(step)?.has(last.at) === true) {
      last.through.add(step);
      last.at = step;
      return last.origin;
    }
    known.set(task, { text, origin: step, through: new Set(), at: step });
    return step;
  };

  function passagesOf(number: number): Passages {
    const found = passages.get(number) ?? findPassages(plan.programs[number]);
    passages.set(number, found);
    return found;
  }
}

/** What is raised again from a slot was put there by a handler, which takes the errors of the instructions it guards. */
function findPassages(program: Program | undefined): Passages {
  const found = new Map<number, Set<number>>();
  for (const instruction of program?.instructions ?? []) {
    if (instruction.op !== 'reraise') continue;
    const steps = found.get(instruction.step) ?? new Set<number>();
    found.set(instruction.step, steps);
    for (const { slot, from, to } of program?.handlers ?? []) {
      if (slot !== instruction.slot) continue;
      for (const guarded of program?.instructions.slice(from, to) ?? []) steps.add(guarded.step);
    }
  }
  return found;
}
