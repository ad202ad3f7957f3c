/**
 * Busy waits in virtual time: which tasks do nothing but look, and have looked in vain since something changed last.
 *
 * A change is whatever another task may see. It is found in the log, where everything that happens is. Once all tasks that
 * could go on have looked in vain, only time can change anything.
 */
import type { RoundEnd } from '../plan/look.ts';

type Look = {
  /** When it began to count. */
  age: number;
  /** By where the loop begins, how many of its rounds are over. */
  readonly rounds: Map<number, number>;
  isVain: boolean;
  /** The earliest moment at which a comparison with the time changes, of those it has looked at. */
  due: number;
};

export class BusyWaits {
  readonly #looks = new Map<number, Look>();
  /** Counts changes. */
  #age = 0;
  /** How many of those that are ready have looked in vain. */
  #vain = 0;

  /** Whether any task has begun to wait so: before that, nobody has to watch for changes. */
  get isNeeded(): boolean {
    return this.#looks.size > 0;
  }

  /** Something changed that tasks may look at, be it the time: they are to look again. */
  change(): void {
    this.#age++;
    this.#vain = 0;
  }

  /** The task may go on. */
  ready(task: number): void {
    if (this.#hasLookedInVain(task)) this.#vain++;
  }

  /** The task goes on. */
  taken(task: number): void {
    if (this.#hasLookedInVain(task)) this.#vain--;
  }

  /** Whether all tasks that may go on have looked in vain. */
  isAllInVain(ready: number): boolean {
    return ready > 0 && this.#vain === ready;
  }

  /** A round of a loop is over. One of a loop that computes tells that the task gets on. */
  round(task: number, { head, settles }: RoundEnd): void {
    const look = this.#lookOf(task);
    if (settles === 0) {
      look.rounds.clear();
      look.isVain = false;
      return;
    }
    const rounds = (look.rounds.get(head) ?? 0) + 1;
    look.rounds.set(head, rounds);
    if (rounds >= settles) look.isVain = true;
  }

  /** A comparison with the time that the task has looked at changes then. */
  note(task: number, us: number): void {
    const look = this.#lookOf(task);
    look.due = Math.min(look.due, us);
  }

  #hasLookedInVain(task: number): boolean {
    const look = this.#looks.get(task);
    return look?.isVain === true && look.age === this.#age;
  }

  /** When one of these, which all have looked in vain, may see something else; Infinity if never. */
  earliest(tasks: readonly number[]): number {
    let due = Number.POSITIVE_INFINITY;
    for (const task of tasks) due = Math.min(due, this.#looks.get(task)?.due ?? due);
    return due;
  }

  #lookOf(task: number): Look {
    const known = this.#looks.get(task);
    if (known?.age === this.#age) return known;
    const look = known ?? { age: 0, rounds: new Map(), isVain: false, due: 0 };
    look.age = this.#age;
    look.rounds.clear();
    look.isVain = false;
    look.due = Number.POSITIVE_INFINITY;
    this.#looks.set(task, look);
    return look;
  }
}
