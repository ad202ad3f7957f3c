/**
 * Races in a search: at each access to a var that somebody may race for, the search chooses whether it is the one to follow.
 * Once one is followed, an access that does not go together with it, by a task that knows nothing of it, is a race: nothing
 * in the run orders the two. So each race of each order of the steps is found, however far apart the two are.
 *
 * Its words lie behind core: which cell is followed, what was done to it, whether it was raced for; and who knows of that.
 */

import type { Meter } from '../../expression/meter.ts';
import { Kernel, type KernelHost } from '../../kernel/kernel.ts';
import { type Layout, STATE, TASK } from '../../kernel/memory/layout.ts';
import { createInternedStore } from '../../kernel/memory/values.ts';
import { cellAt } from '../../kernel/primitives/variable.ts';
import { int } from '../../log/int.ts';
import { OPERATION, RECORD } from '../../log/record.ts';
import type { ValueText } from '../../log/recorder.ts';
import { type Accesses, accessesOf } from './accesses.ts';
import { Knowledge } from './knowledge.ts';

/** Its words, before those of the knowledge. */
const WORD = { cell: 0, variable: 1, kind: 2, isRace: 3, size: 4 } as const;

/** Follows the access, if it is the first of the two ways to go on. */
const FOLLOWED = 0;

export class RaceWatch {
  readonly knowledge: Knowledge;
  readonly #k: Kernel;
  readonly #at: number;
  readonly #accesses: Accesses;
  readonly #choose: (count: number) => number;

  /**
   * @param at where its words begin
   * @param choose one of so many ways to go on
   */
  constructor(k: Kernel, at: number, choose: (count: number) => number) {
    this.#k = k;
    this.#at = at;
    this.#accesses = accessesOf(k.plan);
    this.#choose = choose;
    this.knowledge = new Knowledge(k, at + WORD.size);
  }

  get size(): number {
    return this.knowledge.end - this.#at;
  }

  get hasRace(): boolean {
    return this.#word(WORD.isRace) !== 0;
  }

  /** Nothing that comes can race with what is followed. */
  get isSettled(): boolean {
    if (!this.#isFollowing) return false;
    const [variable, kind] = [this.#word(WORD.variable), this.#word(WORD.kind)];
    return this.#k.plan.tasks.every(({ program }, task) => {
      if (this.knowledge.knowers.knows(task) || !this.#accesses.hasConflict(program, variable, kind))
        return true;
      const life = this.#k.words[int(this.#k.layout.taskAt[task]) + TASK.state];
      return life !== STATE.notStarted && life !== STATE.live;
    });
  }

  record(type: number, task: number, step: number, a: number, b: number, c: number, d: number): void {
    if (type === RECORD.read) this.#touch(task, step, a, b, 0, false);
    else if (this.#isFollowing) this.knowledge.record(type, task, step, a, b, c, d);
  }

  wrote(task: number, step: number, process: number, variable: number, cell: number): void {
    this.#touch(task, step, process, variable, cell, true);
    if (this.#isFollowing) this.knowledge.wrote(task, variable);
  }

  hear(type: number, task: number, texts: readonly string[], payload: readonly number[]): void {
    if (!this.#isFollowing) return;
    if (type === RECORD.ended) this.knowledge.ended(int(payload[0]));
    if (type === RECORD.raised) this.knowledge.raised(task, texts[0] ?? '');
  }

  follow(shadow: Int32Array, start: number): void {
    if (this.#isFollowing) this.knowledge.follow(shadow, start);
  }

  get #isFollowing(): boolean {
    return this.#word(WORD.cell) !== 0;
  }

  #word(word: number): number {
    return int(this.#k.words[this.#at + word]);
  }

  #set(word: number, value: number): void {
    this.#k.words[this.#at + word] = value;
  }

  #touch(
    task: number,
    step: number,
    process: number,
    variable: number,
    cell: number,
    isWrite: boolean,
  ): void {
    const kind = this.#accesses.kindOf(step, variable, isWrite);
    const isMoment = this.#accesses.isMoment(step, variable);
    if (isMoment) this.knowledge.enterMoment(task, this.#copyOf(process, variable));
    if (kind !== 0) this.#look(task, cellAt(this.#k, process, variable) + cell, variable, kind);
    // Of an array's read nobody can say which cells it was about: nobody comes after it.
    if (isMoment && kind !== 0) this.knowledge.leaveMoment(task, this.#copyOf(process, variable));
  }

  #copyOf(process: number, variable: number): number {
    const { plan } = this.#k;
    const copy = plan.variables[variable]?.shared === true ? 0 : process + 1;
    return copy * plan.variables.length + variable;
  }

  #look(task: number, cell: number, variable: number, kind: number): void {
    if (this.#isFollowing) {
      if (this.#word(WORD.cell) !== cell || this.knowledge.knowers.knows(task)) return;
      if (this.#accesses.conflict(this.#word(WORD.kind), kind)) this.#set(WORD.isRace, 1);
      return;
    }
    const program = this.#k.plan.tasks[task]?.program ?? 0;
    if (!this.#accesses.mayRace(program, variable, kind) || this.#choose(2) !== FOLLOWED) return;
    this.#set(WORD.cell, cell);
    this.#set(WORD.variable, variable);
    this.#set(WORD.kind, kind);
    this.knowledge.knowers.tell(task);
  }
}

/** Hears of records with texts. */
export type Hear = (type: number, task: number, texts: readonly string[], payload: readonly number[]) => void;

/** A kernel that nobody has to be kept out of, that keeps no log, and tells what it would record. */
export class WatchedKernel extends Kernel {
  override isHeard = false;
  override hearsReads = false;
  readonly #hear: Hear;
  #watch: RaceWatch | undefined;
  #joined: ((task: number, target: number) => void) | undefined;

  /** @param meter counts what it costs to keep values */
  constructor(words: Int32Array, layout: Layout, host: KernelHost, meter: Meter, hear: Hear) {
    super(words, layout, createInternedStore(meter), host);
    this.#hear = hear;
  }

  set watch(watch: RaceWatch | undefined) {
    this.#watch = watch;
    this.hearsReads = watch !== undefined;
    this.#setHeard();
  }

  /** Is told who has joined which task. */
  set joined(joined: (task: number, target: number) => void) {
    this.#joined = joined;
    this.#setHeard();
  }

  #setHeard(): void {
    this.isHeard = this.#watch !== undefined || this.#joined !== undefined;
  }

  override enter(): boolean {
    return true;
  }

  override leave(): void {}

  override recordTexts(
    type: number,
    task: number,
    _step: number,
    payload: readonly number[],
    texts: readonly string[],
  ): void {
    this.#hear(type, task, texts, payload);
  }

  override record(type: number, task: number, step: number, _: number, a = 0, b = 0, c = 0, d = 0): void {
    this.#watch?.record(type, task, step, a, b, c, d);
  }

  override recordOperated(
    task: number,
    step: number,
    operation: number,
    target: number,
    value: ValueText,
  ): void {
    if (operation === OPERATION['task.join']) this.#joined?.(task, target);
    const word = typeof value === 'number' ? value : 0;
    this.#watch?.record(RECORD.operated, task, step, operation, target, this.amount, word);
  }

  override recordRead(task: number, step: number, process: number, variable: number): void {
    this.record(RECORD.read, task, step, 3, process, variable);
  }

  override recordAnswered(): void {}

  override recordWrote(task: number, step: number, process: number, variable: number, cell: number): void {
    this.#watch?.wrote(task, step, process, variable, cell);
  }
}
