/**
 * Looks at the log as it is written, for whatever another task may see: everything but that somebody has looked, printed,
 * slept for no time, or written what was there already.
 */

import type { Kernel } from '../kernel/kernel.ts';
import { CONTROL } from '../kernel/memory/layout.ts';
import { readTime } from '../kernel/memory/word-time.ts';
import { cellAt } from '../kernel/primitives/variable.ts';
import { int } from '../log/int.ts';
import { HEADER_WORDS, OPERATION, PADDING, RECORD, TIME_WORDS, TIMED, TYPE_MASK } from '../log/record.ts';
import { services } from '../plan/instruction.ts';

const LOAD = services.indexOf('load');

export class ChangeWatch {
  readonly #k: Kernel;
  /** How far it has looked. */
  #seen: number;
  /** What the cells of vars held then: equal values are equal words, where they are interned. */
  #cells: Int32Array;

  constructor(k: Kernel) {
    this.#k = k;
    this.#seen = int(k.words[CONTROL.ringHead]);
    this.#cells = cellsOf(k);
  }

  /** Whether something has changed since it was asked last. */
  hasChanged(): boolean {
    const { words, layout } = this.#k;
    const head = int(words[CONTROL.ringHead]);
    const isLost = ((head - this.#seen) | 0) > layout.ringWords;
    let isChanged = isLost;
    for (let next = isLost ? head : this.#seen; next !== head; ) {
      const at = layout.ringAt + (next & (layout.ringWords - 1));
      if (this.#isChange(at)) isChanged = true;
      next = (next + (int(words[at]) >>> 8)) | 0;
    }
    if (isLost) this.#cells = cellsOf(this.#k);
    this.#seen = head;
    return isChanged;
  }

  #isChange(at: number): boolean {
    const { words, now } = this.#k;
    const header = int(words[at]);
    const rest = at + HEADER_WORDS + ((header & TIMED) === 0 ? 0 : TIME_WORDS);
    switch (header & TYPE_MASK) {
      case PADDING:
      case RECORD.read:
      case RECORD.printed:
      case RECORD.woke:
      case RECORD.passed:
      case RECORD.raised:
      case RECORD.began:
      case RECORD.answered:
        return false;
      case RECORD.sleeping:
        return readTime(words, rest) > now;
      case RECORD.asked:
        return words[rest] !== LOAD;
      case RECORD.timedOut:
        return words[rest] === OPERATION['barrier.wait'] || words[rest] === OPERATION['condition.wait'];
      case RECORD.wrote:
        return this.#isOther(int(words[rest]), int(words[rest + 1]), int(words[rest + 2]));
      case RECORD.started:
        this.#cells = cellsOf(this.#k);
        return true;
      default:
        return true;
    }
  }

  /** Whether the cell holds something else than it did. */
  #isOther(process: number, variable: number, cell: number): boolean {
    const { words, layout } = this.#k;
    const at = cellAt(this.#k, process, variable) + cell;
    const isOther = this.#cells[at - layout.sharedCells] !== words[at];
    this.#cells[at - layout.sharedCells] = int(words[at]);
    return isOther;
  }
}

/** The cells of vars lie at the end of the core: the shared ones, then those of each process. */
function cellsOf({ words, layout }: Kernel): Int32Array {
  return words.slice(layout.sharedCells, layout.coreEnd);
}
