/**
 * Turns that carriers take as a score says. The gate is in the choice of who goes on, and not in the critical section: a
 * carrier that waited in there would block the very task whose turn it is.
 *
 * One word counts the turns that were taken; whoever takes one writes down that it is at it. The time is the score's until
 * it is over: sleeps and timeouts end when they are to, and last no longer than it takes.
 */
import type { Kernel } from '../kernel/kernel.ts';
import { FORCED, RUN, STATE, TASK, WAIT } from '../kernel/memory/layout.ts';
import { stateOf } from '../kernel/memory/task-block.ts';
import { readTime, writeTime } from '../kernel/memory/word-time.ts';
import { makeReady, takeOutOfReady, wakeTask } from '../kernel/waiting/channel.ts';
import { deadlineOf } from '../kernel/waiting/timers.ts';
import { int } from '../log/int.ts';
import type { Machine } from './machine.ts';
import type { Score, Turn } from './score.ts';

const AT_IT = FORCED.state;
/** What that word says. */
const STATES = { free: 0, taken: 1, again: 2, misfit: 3 } as const;

export function isForced({ words }: Pick<Kernel, 'words'>, { turns }: Score): boolean {
  return Atomics.load(words, FORCED.turn) < turns.length;
}

/** The task is not where the score has it. */
export function hasMisfit({ words }: Pick<Kernel, 'words'>): boolean {
  return words[AT_IT] === STATES.misfit;
}

/** The clock of a run that is forced: the score's, and from its end on the real one goes on from there. */
export function forcedClock(words: Int32Array, { turns }: Score, real: () => number): () => number {
  return () => {
    const turn = turns[Atomics.load(words, FORCED.turn)];
    if (turn !== undefined) return turn.atUs;
    return (turns.at(-1)?.atUs ?? 0) + real() - readTime(words, FORCED.over);
  };
}

export class ForcedTurns {
  readonly #machine: Machine;
  readonly #score: Score;
  readonly #process: number;
  readonly #real: () => number;
  #chosen = 0;

  /** @param real microseconds, of a clock that all carriers have alike */
  constructor(machine: Machine, score: Score, process: number, real: () => number) {
    this.#machine = machine;
    this.#score = score;
    this.#process = process;
    this.#real = real;
  }

  get isOver(): boolean {
    return !isForced(this.#machine.k, this.#score);
  }

  /** In the critical section: whether a task of this process has the next turn, and can take it. */
  isDue(): boolean {
    const turn = this.#next();
    return turn === undefined || this.#canTake(turn);
  }

  /** Takes the next turn, where it is one of this process. @returns whether it did */
  take(): boolean {
    const { k } = this.#machine;
    if (!k.enter()) return false;
    const turn = this.#next();
    if (turn === undefined || !this.#canTake(turn) || !this.#begin(turn)) {
      k.leave();
      return false;
    }
    k.leave();
    this.#chosen = 0;
    k.refreshClock();
    const end = this.#machine.forcedStep(turn.task, this.#stopsOf(turn.task));
    if (!k.enter()) return true;
    this.#end(turn, end);
    k.leave();
    return true;
  }

  /** What chance decides in the turn at hand. */
  choose(): number | undefined {
    return this.#next()?.choices[this.#chosen++];
  }

  #next(): Turn | undefined {
    return this.#score.turns[int(this.#machine.k.words[FORCED.turn])];
  }

  #canTake({ task, atUs, end }: Turn): boolean {
    const { k } = this.#machine;
    const { words } = k;
    const how = words[AT_IT];
    if (how === STATES.taken || how === STATES.misfit) return false;
    if (stateOf(k, task) !== STATE.live) return false;
    if (words[int(k.layout.taskAt[task]) + TASK.process] !== this.#process) return false;
    const wait = int(k.layout.waitAt[task]);
    if (words[wait + WAIT.carried] !== 0) return false;
    if (words[wait + WAIT.state] === RUN.ready) return true;
    if (words[wait + WAIT.state] === RUN.external)
      return words[wait + WAIT.timer] !== 0 && deadlineOf(k, task) <= atUs;
    // What it waits for may take its time here: then it is woken by that.
    return words[wait + WAIT.state] === RUN.parked && (how !== STATES.again || end === 'parked');
  }

  /** False: the task is elsewhere, and nobody goes on. */
  #begin({ task, pc }: Turn): boolean {
    const { k } = this.#machine;
    const { words } = k;
    if (words[int(k.layout.taskAt[task]) + TASK.pc] !== pc) {
      words[AT_IT] = STATES.misfit;
      k.ringBell();
      return false;
    }
    const wait = int(k.layout.waitAt[task]);
    if (words[wait + WAIT.state] !== RUN.ready) wakeTask(k, task, -1);
    takeOutOfReady(k, task);
    words[wait + WAIT.state] = RUN.running;
    words[AT_IT] = STATES.taken;
    return true;
  }

  #end({ task, end }: Turn, came: Turn['end']): void {
    const { k } = this.#machine;
    const { words } = k;
    if (came === 'moved') makeReady(k, task);
    if (came === 'parked' && end !== 'parked') {
      words[AT_IT] = STATES.again;
      return;
    }
    words[AT_IT] = STATES.free;
    const taken = int(words[FORCED.turn]) + 1;
    if (taken === this.#score.turns.length) writeTime(words, FORCED.over, this.#real());
    Atomics.store(words, FORCED.turn, taken);
    if (this.isOver) k.ringBell();
    this.#wakeNext();
  }

  #wakeNext(): void {
    const { k } = this.#machine;
    const next = this.#next();
    if (next !== undefined) {
      if (stateOf(k, next.task) === STATE.live)
        k.wakeCarriers(int(k.words[int(k.layout.taskAt[next.task]) + TASK.process]));
      return;
    }
    for (let process = 0; process < k.plan.processes; process++) k.wakeCarriers(process);
  }

  #stopsOf(task: number): Uint8Array {
    const { plan } = this.#machine.k;
    return this.#score.stops[plan.tasks[task]?.program ?? 0] as Uint8Array;
  }
}
