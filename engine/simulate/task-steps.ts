/**
 * The steps of tasks where nothing is real: what a run in virtual time and a search have in common. How the memory begins,
 * what one step of a task is, and which steps are not told from the one before them. Which step comes next is the caller's to
 * say.
 */
import type { Kernel } from '../kernel/kernel.ts';
import { RUN, STATE, TASK, WAIT } from '../kernel/memory/layout.ts';
import { initializeMemory } from '../kernel/memory/memory.ts';
import { stateOf } from '../kernel/memory/task-block.ts';
import { isInPool } from '../kernel/primitives/pool.ts';
import { startMain } from '../kernel/primitives/task.ts';
import { makeReady, takeOutOfReady } from '../kernel/waiting/channel.ts';
import { int } from '../log/int.ts';
import type { Identity } from '../machine/frame.ts';
import { Machine, type Observers } from '../machine/machine.ts';
import { type FileContents, fillFiles } from './files.ts';

/** What an instruction is to others: nothing; a step of its own; a step that is done as soon as it can be, unseen. */
export const LOCAL = 0;
export const VISIBLE = 1;
export const EAGER = 2;

/** By program and place, 1 where a step ends. @param kinds by program and place, what each instruction is to others */
export function stopsOf(kinds: readonly Uint8Array[]): readonly Uint8Array[] {
  return kinds.map((places) => places.map((kind) => (kind === LOCAL ? 0 : 1)));
}

export class TaskSteps {
  readonly k: Kernel;
  readonly machine: Machine;
  readonly programOf: Int32Array;
  /** The pool of each task that is work for one; -1 elsewhere. */
  readonly #poolOf: Int32Array;

  constructor(k: Kernel, identity: Identity, observers?: Observers) {
    this.k = k;
    this.machine = new Machine(k, identity, observers);
    this.programOf = Int32Array.from(k.plan.tasks, ({ program }) => program);
    this.#poolOf = Int32Array.from(k.plan.tasks, ({ pool }) => pool ?? -1);
  }

  /** In the critical section: the memory as it is when the main program begins. */
  begin(files?: FileContents): void {
    initializeMemory(this.k);
    fillFiles(this.k, files);
    startMain(this.k);
  }

  /**
   * The instruction a task is at, and all behind it up to the next that `stops` has a 1 for.
   *
   * @param went gets marks of instructions: see `Machine.step`
   */
  doStep(task: number, stops: Uint8Array, went?: Uint8Array): 'moved' | 'parked' | 'ended' {
    const { k } = this;
    const wait = int(k.layout.waitAt[task]);
    if (k.words[wait + WAIT.state] === RUN.ready) {
      takeOutOfReady(k, task);
      k.words[wait + WAIT.state] = RUN.running;
    }
    const exit = this.machine.step(task, stops, went);
    if (exit === 'moved') {
      k.enter();
      makeReady(k, task);
      k.leave();
    }
    return exit;
  }

  /** Whether the task, where it can go on, does so at once: what it does next nobody sees. */
  isUnsettled(task: number, kinds: readonly Uint8Array[]): boolean {
    const { k } = this;
    if (!this.mayMove(task) || stateOf(k, 0) !== STATE.live) return false;
    return kinds[int(this.programOf[task])]?.[int(k.words[int(k.layout.taskAt[task]) + TASK.pc])] !== VISIBLE;
  }

  /** Whether it is a task that may have a step: it lives, and stands in no pool's line any more. */
  mayMove(task: number): boolean {
    if (stateOf(this.k, task) !== STATE.live) return false;
    const pool = int(this.#poolOf[task]);
    return pool < 0 || !isInPool(this.k, task, pool);
  }
}
