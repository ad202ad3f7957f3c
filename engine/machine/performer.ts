/**
 * What a function of the user's own does with the scenario: one instruction at a time, by the machine's ordinary code, on
 * the carrier of the function's own, which sleeps while the task waits.
 */

import { ScenarioError } from '../expression/values/scenario-error.ts';
import type { Value } from '../expression/values/value.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { RUN, WAIT } from '../kernel/memory/layout.ts';
import { cellAt, logRead, versionAt, writeCell } from '../kernel/primitives/variable.ts';
import { type Call, isCallOf } from '../kernel/runtime/call.ts';
import { isStopping, limitOf, setLimit } from '../kernel/runtime/service.ts';
import { wakeTask } from '../kernel/waiting/channel.ts';
import { deadlineOf } from '../kernel/waiting/timers.ts';
import { Exhausted } from '../log/exhausted.ts';
import { int } from '../log/int.ts';
import { RECORD } from '../log/record.ts';
import type { ActionPart, Handler, Instruction, Program } from '../plan/instruction.ts';
import { createExpressionBinder } from './bound-expression.ts';
import { type Code, FLOW, type Flow } from './code.ts';
import { Frame, type Identity, STOPPED } from './frame.ts';
import { handle, handlerAt, recordRaised } from './handle.ts';
import { createLinker } from './link.ts';

export type Performance = Call & {
  readonly step: number;
  /** The slot of the task for what operations give. */
  readonly scratch: number;
};

/** An instruction without its step. */
type Bare<I> = I extends { readonly step: number } ? Omit<I, 'step'> : never;
export type BareInstruction = Bare<Instruction>;

/** The longest sleep, so that a lost runner is noticed. */
const MAX_SLEEP_MS = 1000;

/** The frame of a task during a call: nothing more is done in its name once the call is over. */
class CallFrame extends Frame {
  readonly #call: Call;

  constructor(k: Kernel, identity: Identity, call: Call) {
    super(k, identity);
    this.#call = call;
    this.resume(call.task);
  }

  /** The task's place is that of the call, whatever is done in it. */
  override savePlace(): void {}

  override enter(): void {
    super.enter();
    if (isCallOf(this.k, this.#call)) return;
    this.k.leave();
    throw STOPPED;
  }
}

export class Performer {
  readonly scratch: number;
  readonly #frame: CallFrame;
  readonly #call: Performance;
  readonly #link: ReturnType<typeof createLinker>;

  constructor(k: Kernel, identity: Identity, call: Performance) {
    this.#frame = new CallFrame(k, identity, call);
    this.#call = call;
    this.scratch = call.scratch;
    this.#link = createLinker(createExpressionBinder(this.#frame));
  }

  /**
   * Does it, however long it waits, and gives what it left in the scratch slot.
   *
   * @throws ScenarioError what the scenario did wrong; STOPPED where the call or the task was ended
   */
  perform(instruction: BareInstruction): Value {
    const { step, scratch } = this.#call;
    const code = this.#link({ ...instruction, step });
    const frame = this.#frame;
    frame.turn++;
    frame.step = step;
    return this.#asFarAsItGoes(() => {
      frame.setLocal(scratch, null);
      while (this.#execute(code, []) === FLOW.parked) this.#wait();
      return frame.local(scratch);
    });
  }

  /** Where something runs out, the run is over, and nothing more is done in the task's name. */
  #asFarAsItGoes<T>(deed: () => T): T {
    try {
      return deed();
    } catch (thrown) {
      if (!(thrown instanceof Exhausted)) throw thrown;
      const { k, task, step } = this.#frame;
      k.runOut(thrown, task, step);
      throw STOPPED;
    }
  }

  /** The task prints; also while what it called is stopping: what that says last is heard. */
  print(text: string): void {
    try {
      const line = { cel: '', span: { start: 0, end: 0 }, reads: [], constant: text } as const;
      this.perform({ op: 'print', text: line });
    } catch (error) {
      if (error !== STOPPED || !this.#asFarAsItGoes(() => this.#sayLast(text))) throw error;
    }
  }

  /** @returns whether it is heard; @throws Exhausted in the critical section, where it is too long */
  #sayLast(text: string): boolean {
    const { k, task, step } = this.#frame;
    if (!k.enter()) return false;
    const isHeard = isStopping(k, this.#call);
    if (isHeard) k.recordTexts(RECORD.printed, task, step, [], [text]);
    k.leave();
    return isHeard;
  }

  /** Whether a call can do it: a task asks for one thing at a time, and has asked for the call. */
  canRun({ from, to }: ActionPart): boolean {
    return !this.#program.instructions.slice(from, to).some(({ op }) => op === 'external');
  }

  /**
   * Runs a part of the task's program that is on no way through it, to its end: the call has no limit meanwhile.
   *
   * @throws ScenarioError what no handler in that part takes; STOPPED where the task was ended
   */
  runPart({ from, to, slot }: ActionPart, target: number): void {
    const frame = this.#frame;
    const { instructions, handlers } = this.#program;
    const within = handlers.filter((range) => from <= range.from && range.to <= to);
    const limit = limitOf(frame.k, frame.task);
    this.#setLimit(Number.POSITIVE_INFINITY);
    frame.turn++;
    frame.setLocal(slot, BigInt(target));
    frame.pc = from;
    try {
      this.#asFarAsItGoes(() => {
        while (frame.pc !== to) {
          const instruction = instructions[frame.pc] as Instruction;
          frame.step = instruction.step;
          const flow = this.#execute(this.#link(instruction), within);
          if (flow === FLOW.parked) this.#wait();
          else if (flow === FLOW.next) frame.pc++;
        }
      });
    } finally {
      this.#setLimit(limit);
    }
  }

  get #program(): Program {
    const { plan, task } = this.#frame;
    return plan.programs[plan.tasks[task]?.program ?? 0] as Program;
  }

  #setLimit(us: number): void {
    const { k, task } = this.#frame;
    this.#frame.enter();
    setLimit(k, task, us);
    k.leave();
  }

  /** What no handler takes is the function's: it may catch it, and go on. */
  #execute(code: Code, handlers: readonly Handler[]): Flow {
    const frame = this.#frame;
    try {
      return code(frame);
    } catch (thrown) {
      if (thrown instanceof Exhausted) throw thrown;
      // A failure ends the moment of an atomic step.
      frame.k.release();
      if (!(thrown instanceof ScenarioError)) throw thrown;
      const handler = handlerAt(handlers, frame.pc);
      if (handler !== undefined) return handle(frame, handler, thrown);
      frame.enter();
      recordRaised(frame, thrown, true);
      frame.k.leave();
      throw thrown;
    }
  }

  /** Writes a cell of a var: one visible moment. */
  write(variable: number, cell: number, value: Value): void {
    this.#asFarAsItGoes(() => this.#change(variable, cell, value, null));
  }

  /**
   * Reads a cell, and writes what is made of it, as one moment: it is made again as long as others write meanwhile.
   *
   * @returns what the cell held before
   */
  update(variable: number, cell: number, make: (old: Value) => Value): Value {
    const { k, process } = this.#frame;
    const at = cellAt(k, process, variable) + cell;
    const version = versionAt(k, process, variable);
    for (;;) {
      this.#frame.enter();
      const seen = int(k.words[version]);
      const old = k.value(int(k.words[at]));
      k.leave();
      const made = make(old);
      if (this.#asFarAsItGoes(() => this.#change(variable, cell, made, seen))) return old;
    }
  }

  /** @param seen the version it must still have, where what it held was looked at: that is part of the moment then */
  #change(variable: number, cell: number, value: Value, seen: number | null): boolean {
    const { step } = this.#call;
    const { k, task, process } = this.#frame;
    this.#frame.step = step;
    this.#frame.enter();
    const stands = seen === null || k.words[versionAt(k, process, variable)] === seen;
    if (stands) {
      if (seen !== null) {
        logRead(k, task, step, process, variable);
        k.ring.joinNext();
      }
      writeCell(k, task, step, process, variable, cell, k.wordOf(value));
    }
    k.leave();
    return stands;
  }

  /** Sleeps until the task may go on, or its time is over. */
  #wait(): void {
    const { k, task } = this.#frame;
    const at = int(k.layout.waitAt[task]);
    for (;;) {
      k.refreshClock();
      this.#frame.enter();
      const seen = int(k.words[at + WAIT.carried]);
      const isParked = k.words[at + WAIT.state] === RUN.parked;
      const isTimed = isParked && k.words[at + WAIT.timer] !== 0;
      const deadline = isTimed ? deadlineOf(k, task) : Number.POSITIVE_INFINITY;
      if (isParked && deadline <= k.now) wakeTask(k, task, -1);
      k.leave();
      if (!isParked) return;
      const ms = Math.min(MAX_SLEEP_MS, (deadline - k.now) / 1000);
      if (ms > 0) k.host.parking.wait(k.words, at + WAIT.carried, seen, ms);
    }
  }
}
