/**
 * Which tasks know of one access: a word for each, behind core, so that it is undone with a step. A clock that is joined is a
 * word that is set.
 */
export class Knowers {
  readonly #words: Int32Array;
  readonly #at: number;

  /** @param at where the word of the first task is */
  constructor(words: Int32Array, at: number) {
    this.#words = words;
    this.#at = at;
  }

  knows(task: number): boolean {
    return this.#words[this.#at + task] !== 0;
  }

  tell(task: number): void {
    this.#words[this.#at + task] = 1;
  }

  /** What is known there, the task knows from now on. */
  learn(task: number, from: number): void {
    if (this.#words[from] !== 0) this.tell(task);
  }

  /** What the task knows is known there. */
  publish(task: number, to: number): void {
    if (this.knows(task)) this.#words[to] = 1;
  }
}
