/**
 * The states of a search of which it is not known yet whether an end can be reached from them: those on the way to the one at
 * hand, and those that lead back to that way. They stand in a stack, in the order in which they were found; the last one
 * leaves first, so that its place in the table is just emptied, and nobody else's has to move.
 *
 * @see Tarjan, Depth-first search and linear graph algorithms (1972)
 */

import { int } from '../log/int.ts';

const LEAST_PLACES = 1 << 10;

export class OpenStates {
  /** Two words a state: its fingerprint. */
  #stack = new Int32Array(LEAST_PLACES);
  /** Where it is in the stack, plus one; open addressing. */
  #table = new Int32Array(LEAST_PLACES);
  #size = 0;

  /** Where the state is in the stack; -1 if it is not. */
  positionOf(low: number, high: number): number {
    return int(this.#table[this.#placeOf(low, high)]) - 1;
  }

  /** @returns where it is in the stack; it must not be in it yet */
  push(low: number, high: number): number {
    if (2 * this.#size === this.#stack.length) this.#grow();
    const position = this.#size++;
    this.#stack[2 * position] = low;
    this.#stack[2 * position + 1] = high;
    this.#table[this.#placeOf(low, high)] = position + 1;
    return position;
  }

  /** Takes out all from that one on. */
  cut(position: number): void {
    while (this.#size > position) {
      const at = 2 * --this.#size;
      this.#table[this.#placeOf(int(this.#stack[at]), int(this.#stack[at + 1]))] = 0;
    }
  }

  get bytes(): number {
    return 4 * (this.#stack.length + this.#table.length);
  }

  #placeOf(low: number, high: number): number {
    const table = this.#table;
    const stack = this.#stack;
    let place = low & (table.length - 1);
    for (;;) {
      const position = int(table[place]) - 1;
      if (position < 0) return place;
      if (stack[2 * position] === low && stack[2 * position + 1] === high) return place;
      place = (place + 1) & (table.length - 1);
    }
  }

  /** A table is half full at most. */
  #grow(): void {
    const stack = new Int32Array(2 * this.#stack.length);
    stack.set(this.#stack);
    this.#stack = stack;
    this.#table = new Int32Array(stack.length);
    for (let position = 0; position < this.#size; position++) {
      const at = 2 * position;
      this.#table[this.#placeOf(int(stack[at]), int(stack[at + 1]))] = position + 1;
    }
  }
}
