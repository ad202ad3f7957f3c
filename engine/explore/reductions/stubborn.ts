/**
 * Which tasks' steps are enough in a state: all others can wait, as they come to the same in whichever order.
 *
 * A *stubborn set* (Valmari, 1991) at the grain of tasks: with a task that can go on, each that may ever do what does not
 * commute with its next step belongs to it; with one that cannot go on, each that may ever let it. So whatever the others
 * do meanwhile changes nothing for those in the set, and every end is still come to. What expectations look at in each
 * state is never changed by a set that leaves somebody out; and that nobody is left out for ever, the search sees to
 * (`search.ts`).
 */

import type { Kernel } from '../../kernel/kernel.ts';
import { STATE, TASK } from '../../kernel/memory/layout.ts';
import { HELD } from '../../kernel/primitives/semaphore.ts';
import { int } from '../../log/int.ts';
import type { Instruction } from '../../plan/instruction.ts';
import type { Plan } from '../../plan/plan.ts';
import { VISIBLE } from '../../simulate/task-steps.ts';
import type { State } from '../state.ts';
import { EFFECT, type EffectSet } from './effect-set.ts';
import { Effects } from './effects.ts';

/** Beyond so many tasks it takes longer to find sets than they save. */
const MOST_TASKS = 256;
/** And where so many words of sets would be gone through in a state. */
const MOST_WORDS = 4_000_000;
/** So many tasks at the most are begun with, where no single one is a set. */
const MOST_SEEDS = 6;

/** How a task is in the state at hand. `unsure`: it may be able to go on, and is not begun with. */
const HOW = { over: 0, enabled: 1, unsure: 2, disabled: 3, unstarted: 4 } as const;

/** Everybody. */
export const ALL_TASKS = -1;

/** Undefined where there is something that could end or change just anything. */
export function createStubborn(state: State): Stubborn | undefined {
  const { plan } = state;
  const hasPool = plan.resources.some(({ kind }) => kind === 'pool');
  if (plan.failFast || hasPool || plan.check.spuriousWakeups) return undefined;
  if (plan.tasks.length < 2 || plan.tasks.length > MOST_TASKS) return undefined;
  const effects = new Effects(plan, state.subjects, state.kinds);
  return plan.tasks.length ** 2 * effects.words > MOST_WORDS ? undefined : new Stubborn(state, effects);
}

export class Stubborn {
  /** After `choose`: those in the set, as many as it said. */
  readonly chosen: Int32Array;
  readonly #state: State;
  readonly #k: Kernel;
  readonly #plan: Plan;
  readonly #effects: Effects;
  readonly #seenInStates: Int32Array;
  readonly #how: Uint8Array;
  readonly #next: (EffectSet | undefined)[];
  readonly #ever: (EffectSet | undefined)[];
  readonly #isIn: Uint8Array;
  readonly #members: Int32Array;
  #size = 0;
  /** Those in the set that may move. */
  #moving = 0;
  #unrefused: Int32Array;
  #refusals = -1;

  constructor(state: State, effects: Effects) {
    this.#state = state;
    this.#k = state.k;
    this.#plan = state.plan;
    this.#effects = effects;
    this.#seenInStates = this.#effects.seenInStates();
    const tasks = state.plan.tasks.length;
    this.chosen = new Int32Array(tasks);
    this.#how = new Uint8Array(tasks);
    this.#next = Array.from({ length: tasks });
    this.#ever = Array.from({ length: tasks });
    this.#isIn = new Uint8Array(tasks);
    this.#members = new Int32Array(tasks);
    this.#unrefused = this.#effects.objects([]);
  }

  /** How many tasks are in a set that is enough in the state at hand; `ALL_TASKS` if that is everybody. */
  choose(): number {
    const movers = this.#look();
    if (movers < 2) return ALL_TASKS;
    this.#followRefusals();
    let best = movers;
    let seeds = 0;
    for (const isWide of [false, true]) {
      for (let task = 0; task < this.#how.length && best > 1; task++) {
        if (this.#how[task] !== HOW.enabled || (isWide && ++seeds > MOST_SEEDS)) continue;
        if (this.#close(task, isWide ? best : 2)) best = this.#keep();
      }
    }
    return best === movers ? ALL_TASKS : best;
  }

  /** How each task is. @returns how many may move */
  #look(): number {
    const { words, layout } = this.#k;
    let movers = 0;
    for (let task = 0; task < this.#how.length; task++) {
      const at = int(layout.taskAt[task]);
      const life = int(words[at + TASK.state]);
      const isThere = life === STATE.live || life === STATE.notStarted;
      const doing = isThere ? this.#effects.of(task, int(words[at + TASK.pc])) : undefined;
      this.#next[task] = doing?.next;
      this.#ever[task] = doing?.ever;
      const how =
        doing === undefined ? HOW.over : life === STATE.live ? this.#howOf(task, at) : HOW.unstarted;
      this.#how[task] = how;
      if (how === HOW.enabled || how === HOW.unsure) movers++;
    }
    return movers;
  }

  #howOf(task: number, at: number): number {
    const { words } = this.#k;
    const program = int(this.#plan.tasks[task]?.program);
    const pc = int(words[at + TASK.pc]);
    // What nobody sees is done already, where it can be.
    if (this.#state.kinds[program]?.[pc] !== VISIBLE) return HOW.disabled;
    if (this.#state.isRefused(task) && !this.#state.mayBeLate(task)) return HOW.disabled;
    const isUnsure = words[at + TASK.waiting] !== 0 || this.#instructionOf(task)?.op === 'await';
    return isUnsure ? HOW.unsure : HOW.enabled;
  }

  #instructionOf(task: number): Instruction | undefined {
    const at = int(this.#k.layout.taskAt[task]);
    const program = this.#plan.programs[this.#plan.tasks[task]?.program ?? 0];
    return program?.instructions[int(this.#k.words[at + TASK.pc])];
  }

  /** That nobody is ever refused somewhere is told: as long as nobody was, it matters who comes first. */
  #followRefusals(): void {
    const { exercise } = this.#state;
    if (exercise.refusals === this.#refusals) return;
    this.#refusals = exercise.refusals;
    this.#unrefused = this.#effects.objects(exercise.unrefused().map((id) => this.#effects.scarceIn(id)));
  }

  #keep(): number {
    let kept = 0;
    for (let index = 0; index < this.#size; index++) {
      const task = int(this.#members[index]);
      if (this.#how[task] === HOW.enabled || this.#how[task] === HOW.unsure) this.chosen[kept++] = task;
    }
    return kept;
  }

  /** All that belongs with a task; false where fewer than `below` are not enough. */
  #close(seed: number, below: number): boolean {
    this.#isIn.fill(0);
    this.#size = 0;
    this.#moving = 0;
    this.#include(seed);
    for (let index = 0; index < this.#size; index++) {
      const task = int(this.#members[index]);
      const how = this.#how[task];
      const next = this.#next[task] as EffectSet;
      if (how === HOW.enabled || how === HOW.unsure) {
        if (next.changes(this.#seenInStates)) return false;
        this.#includeConflicts(next, below);
      }
      if (how !== HOW.enabled && this.#moving < below) this.#includeEnablers(task, next);
      if (this.#moving >= below) return false;
    }
    return true;
  }

  #include(task: number): void {
    if (this.#isIn[task] === 1) return;
    this.#isIn[task] = 1;
    this.#members[this.#size++] = task;
    if (this.#how[task] === HOW.enabled || this.#how[task] === HOW.unsure) this.#moving++;
  }

  /** Until there are so many that they are not to be any more. */
  #includeConflicts(next: EffectSet, below: number): void {
    for (let other = 0; other < this.#how.length && this.#moving < below; other++) {
      if (this.#isIn[other] === 1 || this.#how[other] === HOW.over) continue;
      if (next.conflicts(this.#ever[other] as EffectSet, this.#unrefused)) this.#include(other);
    }
  }

  #includeEnablers(task: number, next: EffectSet): void {
    if (this.#how[task] === HOW.unstarted) {
      const life = this.#effects.lifeOf(task);
      for (let other = 0; other < this.#how.length; other++)
        if (this.#ever[other]?.has(EFFECT.write, life) === true) this.#include(other);
      return;
    }
    if (this.#includeHolders(task)) return;
    for (let other = 0; other < this.#how.length; other++) {
      if (this.#how[other] === HOW.over) continue;
      if (this.#ever[other]?.enables(next) === true) this.#include(other);
    }
  }

  /** Where only those who hold something can give it back, nobody else can help first. */
  #includeHolders(task: number): boolean {
    const target = this.#state.wantedBy(task);
    if (target < 0 || this.#effects.isDisciplined[target] !== 1) return false;
    const { words, layout } = this.#k;
    const at = int(layout.resourceAt[target]);
    if (this.#plan.resources[target]?.kind === 'semaphore') {
      for (let other = 0; other < this.#how.length; other++)
        if (words[at + HELD + other] !== 0 && this.#how[other] !== HOW.over) this.#include(other);
      return true;
    }
    const holder = int(words[at]) - 1;
    if (holder >= 0 && this.#how[holder] !== HOW.over) this.#include(holder);
    return true;
  }
}
