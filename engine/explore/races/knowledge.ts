/**
 * Who knows of one access: those tasks whose further deeds come after it, whatever their speeds. It is what the verdict's
 * clocks say (`verdict/order/happens-before.ts`), kept for one access alone, as words behind core.
 */

import type { Kernel } from '../../kernel/kernel.ts';
import { TASK } from '../../kernel/memory/layout.ts';
import { int } from '../../log/int.ts';
import { operationNames, RECORD } from '../../log/record.ts';
import { awaitedSubjects, subjectNumbers } from './awaited.ts';
import { HandedOn } from './handed-on.ts';
import { Knowers } from './knowers.ts';

/** Errors that tell of what another task did. */
const TELL_OF_OTHERS: ReadonlySet<string> = new Set([
  'ShutDown',
  'EOFError',
  'BrokenPipeError',
  'BrokenBarrierError',
]);

export class Knowledge {
  /** Where the words of the tasks begin, then those of processes. */
  readonly tasksAt: number;
  readonly processesAt: number;
  readonly knowers: Knowers;
  readonly #k: Kernel;
  readonly #closedAt: number;
  readonly #momentsAt: number;
  readonly #subjectsAt: number;
  readonly #handedOn: HandedOn;
  /** By step: the subjects that its `await` reads. */
  readonly #awaited: ReadonlyMap<number, readonly number[]>;
  readonly #subjects: ReturnType<typeof subjectNumbers>;

  /** @param at where its words begin */
  constructor(k: Kernel, at: number) {
    const { plan, words } = k;
    this.#k = k;
    this.tasksAt = at;
    this.knowers = new Knowers(words, at);
    this.processesAt = this.tasksAt + plan.tasks.length;
    this.#closedAt = this.processesAt + plan.processes;
    this.#momentsAt = this.#closedAt + 1;
    this.#subjectsAt = this.#momentsAt + (plan.processes + 1) * plan.variables.length;
    this.#subjects = subjectNumbers(plan);
    this.#awaited = awaitedSubjects(plan);
    const next = this.#subjectsAt + (this.#awaited.size === 0 ? 0 : this.#subjects.size);
    this.#handedOn = new HandedOn(k, next, this.knowers, this.#closedAt);
  }

  /** Behind the last of its words. */
  get end(): number {
    return this.#handedOn.end;
  }

  /** The task comes to a moment of that var's copy, after all moments before it. */
  enterMoment(task: number, copy: number): void {
    this.knowers.learn(task, this.#momentsAt + copy);
  }

  leaveMoment(task: number, copy: number): void {
    this.knowers.publish(task, this.#momentsAt + copy);
  }

  /** A record of numbers alone. */
  record(type: number, task: number, step: number, a: number, b: number, c: number, d: number): void {
    switch (type) {
      case RECORD.operated:
        this.#operated(task, a, b, c, d);
        return;
      case RECORD.waiting:
      case RECORD.timedOut:
      case RECORD.refused:
      case RECORD.spurious:
        this.#waited(type, task, a, b);
        return;
      case RECORD.started:
        if (a !== task) this.knowers.publish(task, this.tasksAt + a);
        this.#changeGroup(a, task);
        return;
      case RECORD.passed:
        for (const subject of this.#awaited.get(step) ?? [])
          this.knowers.learn(task, this.#subjectsAt + subject);
        return;
      case RECORD.entered:
      case RECORD.left:
        this.#change(this.#subjects.points + a, task);
        return;
      default:
    }
  }

  wrote(task: number, variable: number): void {
    this.#change(this.#subjects.variables + variable, task);
  }

  /** The first task of a process comes after all that its end waits for, or takes along. */
  ended(target: number): void {
    const { words, layout, plan } = this.#k;
    const at = int(layout.taskAt[target]);
    const isFirst = plan.tasks[target]?.process !== undefined || target === 0;
    const process = int(words[at + TASK.process]);
    if (isFirst) this.knowers.learn(target, this.processesAt + process);
    const outer = isFirst ? int(words[at + TASK.parent]) : process;
    if (target !== 0) this.knowers.publish(target, this.processesAt + outer);
    this.#changeGroup(target, target);
  }

  raised(task: number, error: string): void {
    if (TELL_OF_OTHERS.has(error)) this.knowers.learn(task, this.#closedAt);
  }

  /** After a step. */
  follow(shadow: Int32Array, start: number): void {
    this.#handedOn.follow(shadow, start);
  }

  #change(subject: number, by: number): void {
    if (this.#awaited.size > 0) this.knowers.publish(by, this.#subjectsAt + subject);
  }

  #changeGroup(target: number, by: number): void {
    const group = this.#k.plan.tasks[target]?.group;
    if (group !== undefined) this.#change(this.#subjects.groups + group, by);
  }

  #waited(type: number, task: number, operation: number, target: number): void {
    const name = operationNames[operation];
    if (name === undefined || name === 'await' || name === 'end' || name === 'task.join') return;
    if (type === RECORD.waiting) this.#handedOn.waits(task, target);
    if (type === RECORD.timedOut) this.#handedOn.timedOut(task, target);
    this.#change(target, task);
  }

  #operated(task: number, operation: number, target: number, amount: number, value: number): void {
    const name = operationNames[operation];
    if (name === undefined || name === 'await' || name === 'end') return;
    if (name === 'task.join') this.knowers.learn(task, this.tasksAt + target);
    if (name.startsWith('task.')) return;
    this.#handedOn.operated(task, name, target, amount, value);
    this.#change(target, task);
  }
}
