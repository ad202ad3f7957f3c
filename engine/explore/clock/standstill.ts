/**
 * Ways that lead in a circle in one instant while somebody waits for time: time passes only where nobody can move, so it would
 * never pass there, and what would come of it is not seen.
 *
 * Steps from one open state to another (`open-states.ts`) in which no time passes are kept until their component is complete.
 */
import { int } from '../../log/int.ts';

export class Standstill {
  /** There is such a circle. */
  isThere = false;
  /** Three words a step: from, to, and whether somebody waits for time then. */
  #steps = new Int32Array(1 << 8);
  #length = 0;

  get bytes(): number {
    return this.#steps.byteLength;
  }

  mark(): number {
    return this.#length;
  }

  add(from: number, to: number, somebodyWaits: boolean): void {
    if (this.isThere) return;
    if (this.#length + 3 > this.#steps.length) {
      const larger = new Int32Array(2 * this.#steps.length);
      larger.set(this.#steps);
      this.#steps = larger;
    }
    this.#steps[this.#length++] = from;
    this.#steps[this.#length++] = to;
    this.#steps[this.#length++] = somebodyWaits ? 1 : 0;
  }

  /** All steps since `mark` are those of a component. */
  complete(mark: number): void {
    if (this.#length === mark) return;
    const steps = this.#steps.subarray(mark, this.#length);
    const waits = steps.some((word, index) => index % 3 === 2 && word === 1);
    this.isThere ||= waits && hasCircle(steps);
    this.#length = mark;
  }
}

/** Takes out whatever nothing leads to, as long as there is such a state: what is left goes in a circle. */
function hasCircle(steps: Int32Array): boolean {
  const leadingTo = new Map<number, number>();
  const after = new Map<number, number[]>();
  for (let at = 0; at < steps.length; at += 3) {
    const from = int(steps[at]);
    const to = int(steps[at + 1]);
    leadingTo.set(to, (leadingTo.get(to) ?? 0) + 1);
    if (!leadingTo.has(from)) leadingTo.set(from, 0);
    after.set(from, [...(after.get(from) ?? []), to]);
  }
  const open = [...leadingTo].filter(([, count]) => count === 0).map(([state]) => state);
  let left = leadingTo.size;
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    left--;
    for (const to of after.get(state) ?? []) {
      const count = int(leadingTo.get(to)) - 1;
      leadingTo.set(to, count);
      if (count === 0) open.push(to);
    }
  }
  return left > 0;
}
