/**
 * The machine: interprets one task at a time over the kernel's memory, until the task must wait, ends, or has used its
 * slice. It never blocks, knows no clock but the kernel's, and keeps nothing between two tasks: all that a task is lies in
 * its frame.
 */

import type { Meter } from '../expression/meter.ts';
import { ScenarioError } from '../expression/values/scenario-error.ts';
import { endTask } from '../kernel/end.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { AGAIN, CONTROL, READY, STATE, TASK } from '../kernel/memory/layout.ts';
import { isFirst } from '../kernel/memory/task-block.ts';
import { renewCells } from '../kernel/primitives/variable.ts';
import { makeReady } from '../kernel/waiting/channel.ts';
import { Exhausted } from '../log/exhausted.ts';
import { int } from '../log/int.ts';
import { RECORD } from '../log/record.ts';
import { landing } from '../plan/control-flow.ts';
import type { Handler, Instruction, Program } from '../plan/instruction.ts';
import { type RoundEnd, roundEndsOf } from '../plan/look.ts';
import { createExpressionBinder } from './bound-expression.ts';
import { type Code, FLOW, type Flow } from './code.ts';
import { Frame, type Identity, STOPPED } from './frame.ts';
import { handle, handlerAt, recordRaised } from './handle.ts';
import { createLinker } from './link.ts';
import { isShort } from './short.ts';

/**
 * Why `run` came back: `yielded` after its moments, `preempted` after its instructions, `spent` after what they cost;
 * `stopped` means that this carrier, or this task, may not go on.
 */
export type Exit = 'parked' | 'ended' | 'yielded' | 'preempted' | 'spent' | 'stopped';

/**
 * How many instructions between two readings of the clock, outside of the critical section: some microseconds, which others
 * hardly notice that wait for it.
 */
const CLOCK_INTERVAL = 64;

/** So few visible moments among as many instructions mean that a task computes: another one could do so beside it. */
const FEW_MOMENTS = 8;

/** Instructions after which a task gives way even if nobody is ready, so that its carrier can look around. */
const LOOK_INTERVAL = 2000;

type Linked = {
  readonly code: readonly Code[];
  /** Where it goes on behind each instruction: jumps that follow it are gone already. */
  readonly next: Int32Array;
  /** The step of each instruction. */
  readonly steps: Int32Array;
  /** 1 for those between which the carrier may stay in the critical section. */
  readonly isShort: Uint8Array;
  readonly handlers: readonly Handler[];
  /** Where its steps end: the way out of what no handler takes. Handlers may stand behind it. */
  readonly end: number;
};

type OnRound = (task: number, end: RoundEnd) => void;

export type Observers = {
  /** Counts what computing costs. */
  readonly meter?: Meter;
  /** A task that has spent more at a time gives way, whether others are ready or not. */
  readonly mostSpent?: number;
  /** Is told of the rounds of loops that only look, and of those around them. */
  readonly onRound?: OnRound;
};

export class Machine {
  readonly k: Kernel;
  /** In the last run the task mostly did what nobody else could see, for a while. */
  hasComputed = false;
  readonly #frame: Frame;
  readonly #programs: (Linked | undefined)[] = [];
  readonly #link: (instruction: Instruction) => Code;
  readonly #onRound: OnRound | undefined;
  readonly #meter: Meter;
  readonly #mostSpent: number;

  constructor(k: Kernel, identity: Identity, observers: Observers = {}) {
    const { meter = { spent: 0 }, mostSpent = Number.POSITIVE_INFINITY, onRound } = observers;
    this.k = k;
    this.#onRound = onRound;
    this.#meter = meter;
    this.#mostSpent = mostSpent;
    this.#frame = new Frame(k, identity, meter);
    this.#link = createLinker(createExpressionBinder(this.#frame));
  }

  /** The earliest moment at which a comparison with the time changes, of those made since this was asked last. */
  takeDue(): number {
    const { due } = this.#frame;
    this.#frame.due = Number.POSITIVE_INFINITY;
    return due;
  }

  /**
   * Runs a task that `takeReady` gave, `moments` visible moments at most. While others are ready, it gives way after
   * `budget` instructions.
   *
   * @throws whatever is a bug in concur; never what the scenario does wrong
   */
  run(task: number, budget: number, moments: number): Exit {
    try {
      this.#resume(task);
      return this.#interpret(budget, moments);
    } catch (thrown) {
      if (thrown instanceof Exhausted) {
        this.k.runOut(thrown, task, this.#frame.step);
        return 'stopped';
      }
      this.k.release();
      if (thrown === STOPPED || this.#wasEnded()) return 'stopped';
      throw thrown;
    } finally {
      this.k.stay(false);
    }
  }

  /** Where another carrier ended the task, its frame was cleared under it: what it then stumbled over is no bug. */
  #wasEnded(): boolean {
    try {
      if (!this.k.enter()) return true;
    } catch {
      // It broke inside the critical section, where nobody could end it.
      return false;
    }
    const { words } = this.k;
    const isOver = words[this.#frame.at + TASK.state] !== STATE.live || words[CONTROL.stop] !== 0;
    this.k.leave();
    return isOver;
  }

  #resume(task: number): void {
    this.#frame.resume(task);
    this.k.refreshClock();
    if (this.k.words[this.#frame.at + TASK.begun] !== 1) this.#begin();
  }

  #begin(): void {
    this.#frame.enter();
    if (this.k.words[this.#frame.at + TASK.begun] === AGAIN) renewCells(this.k, this.#frame.task);
    this.k.words[this.#frame.at + TASK.begun] = 1;
    this.k.record(
      RECORD.began,
      this.#frame.task,
      -1,
      2,
      this.#frame.identity.pidOf(this.#frame.process),
      this.#frame.identity.carrier,
    );
    this.k.leave();
  }

  #interpret(budget: number, moments: number): Exit {
    const { k } = this;
    const { words } = k;
    const frame = this.#frame;
    const linked = this.#programOf(frame.task);
    const { code, next, steps, isShort } = linked;
    const ready = int(k.layout.readyAt[frame.process]) + READY.head;
    const enough = this.#meter.spent + this.#mostSpent;
    let seen = 0;
    this.hasComputed = false;
    for (let count = 1; ; count++) {
      if (words[CONTROL.stop] !== 0) throw STOPPED;
      const { pc } = frame;
      frame.step = int(steps[pc]);
      k.stay(isShort[pc] === 1);
      const flow = this.#execute(frame, linked, code[pc] as Code);
      if (flow === FLOW.next) frame.pc = int(next[pc]);
      else if (flow === FLOW.parked) return 'parked';
      else if (flow === FLOW.ended) return 'ended';
      if (count % CLOCK_INTERVAL === 0) {
        k.stay(false);
        k.refreshClock();
        this.#meter.spent += CLOCK_INTERVAL;
        if (frame.moments - seen < FEW_MOMENTS) this.hasComputed = true;
        seen = frame.moments;
      }
      if (k.isHeld) continue;
      if (frame.moments >= moments) return this.#yield('yielded');
      if (this.#meter.spent > enough) return this.#yield('spent');
      if (count >= budget && (words[ready] !== 0 || count % LOOK_INTERVAL === 0))
        return this.#yield('preempted');
    }
  }

  /**
   * One step of a search: the instruction the task is at, and those behind it up to the next that `isVisible` has a 1 for.
   *
   * @param went gets marks of instructions: 1 where it went on to the next, 2 where it did not
   * @returns `parked`: it was refused, and has written down that it waits, if anything
   * @throws whatever is a bug in concur; never what the scenario does wrong
   */
  step(task: number, isVisible: Uint8Array, went?: Uint8Array): 'moved' | 'parked' | 'ended' {
    this.#resume(task);
    try {
      return this.#stepOn(this.#programOf(task), isVisible, went);
    } catch (thrown) {
      this.k.release();
      if (thrown === STOPPED) return 'ended';
      throw thrown;
    }
  }

  /** The same in a real run, where the task may be ended from outside meanwhile, or something run out. */
  forcedStep(task: number, stops: Uint8Array): 'moved' | 'parked' | 'ended' {
    try {
      return this.step(task, stops);
    } catch (thrown) {
      if (thrown instanceof Exhausted) this.k.runOut(thrown, task, this.#frame.step);
      else if (!this.#wasEnded()) throw thrown;
      return 'ended';
    }
  }

  #stepOn(linked: Linked, isVisible: Uint8Array, went?: Uint8Array): 'moved' | 'parked' | 'ended' {
    const { k } = this;
    const frame = this.#frame;
    do {
      const { pc } = frame;
      frame.step = int(linked.steps[pc]);
      const flow = this.#execute(frame, linked, linked.code[pc] as Code);
      if (went !== undefined) went[pc] = int(went[pc]) | (flow === FLOW.next ? 1 : 2);
      if (flow === FLOW.next) frame.pc = int(linked.next[frame.pc]);
      else if (flow === FLOW.parked) return 'parked';
      else if (flow === FLOW.ended) return 'ended';
      // It may have ended itself, or its process.
      if (k.words[frame.at + TASK.state] !== STATE.live) return 'ended';
    } while (k.isHeld || isVisible[frame.pc] === 0);
    frame.savePlace();
    return 'moved';
  }

  #execute(frame: Frame, linked: Linked, code: Code): Flow {
    try {
      return code(frame);
    } catch (thrown) {
      if (!(thrown instanceof ScenarioError)) throw thrown;
      // A failure ends the moment of an atomic step.
      this.k.release();
      return this.#raise(linked, thrown);
    }
  }

  #yield(exit: Exit): Exit {
    this.#frame.enter();
    this.k.words[this.#frame.at + TASK.pc] = this.#frame.pc;
    makeReady(this.k, this.#frame.task);
    this.k.leave();
    return exit;
  }

  /** The innermost handler takes it; without one the task ends as failed, its process by the rules of its end. */
  #raise(linked: Linked, error: ScenarioError): Flow {
    const handler = handlerAt(linked.handlers, this.#frame.pc);
    if (handler !== undefined) return handle(this.#frame, handler, error);
    this.#frame.enter();
    recordRaised(this.#frame, error, false);
    return this.#fail(linked, error);
  }

  #fail(linked: Linked, error: ScenarioError): Flow {
    const { k } = this;
    const { task } = this.#frame;
    const { name, message } = error;
    if (isFirst(k, task)) {
      k.replace(this.#frame.at + TASK.error, k.wordOf({ name, message }));
      this.#frame.pc = linked.end;
      k.leave();
      return FLOW.jumped;
    }
    k.ring.joinNext();
    endTask(k, task, this.#frame.step, task, {
      state: 'failed',
      cause: null,
      error: { name, message },
      exitCode: 1,
    });
    k.leave();
    return FLOW.ended;
  }

  #programOf(task: number): Linked {
    const id = this.k.plan.tasks[task]?.program ?? 0;
    const known = this.#programs[id];
    if (known !== undefined) return known;
    const program = this.k.plan.programs[id] as Program;
    const { instructions, handlers } = program;
    const next = Int32Array.from(instructions, (_, pc) => landing(instructions, pc + 1));
    const code = instructions.map((instruction) => this.#link(instruction));
    if (this.#onRound !== undefined) tellRounds(code, next, program, this.#onRound);
    const linked = {
      code,
      next,
      steps: Int32Array.from(instructions, ({ step }) => step),
      isShort: Uint8Array.from(instructions, (instruction) => (isShort(instruction) ? 1 : 0)),
      handlers,
      end: instructions.findIndex(({ op }) => op === 'end'),
    };
    this.#programs[id] = linked;
    return linked;
  }
}

/** What a round ends with tells of it when it goes on to where the loop begins. */
function tellRounds(code: Code[], next: Int32Array, program: Program, onRound: OnRound): void {
  for (const [pc, ends] of roundEndsOf(program)) {
    const run = code[pc] as Code;
    code[pc] = (frame) => {
      const flow = run(frame);
      const isOver = flow === FLOW.next || (flow === FLOW.jumped && frame.pc !== pc);
      if (!isOver) return flow;
      const to = flow === FLOW.next ? next[pc] : frame.pc;
      for (const end of ends) if (end.head === to) onRound(frame.task, end);
      return flow;
    };
  }
}
