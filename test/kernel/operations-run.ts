/**
 * Random deeds of a dozen tasks, done by the kernel and by the plain model, which must agree at every step.
 *
 * What the machine does around the kernel's operations (wait, try again, give up) is done here, as plainly as possible.
 */
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { endTask } from '../../engine/kernel/end.ts';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { CONTROL, DONE, PROCESS, RUN, STATE, TASK, WAIT } from '../../engine/kernel/memory/layout.ts';
import { stateOf } from '../../engine/kernel/memory/task-block.ts';
import { errorOf, NO, YES } from '../../engine/kernel/outcome.ts';
import { endProcess } from '../../engine/kernel/primitives/process.ts';
import { takeReady } from '../../engine/kernel/waiting/channel.ts';
import {
  couldGoOn,
  expire,
  giveUp,
  isTimeRunning,
  perform,
  type Request,
  stopWaiting,
  waitFor,
  waitingRequest,
} from '../../engine/kernel/waiting/perform.ts';
import type { Event } from '../../engine/log/event.ts';
import { carriesItem, OPERATION } from '../../engine/log/record.ts';
import { fireTimers } from '../../engine/machine/carrier.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { Judged } from './judged.ts';
import type { Answer } from './plain-meeting.ts';
import { type Deed, PlainModel, type TaskState } from './plain-model.ts';
import { createScene, type Scene, type SceneOptions } from './scene.ts';
import { blocksInUse, ownedReferences } from './value-blocks.ts';

/** What may be looked at around an operation. */
export type Observer = {
  /** Before; what it returns is called after. */
  readonly around?: (run: OperationsRun, request: Request) => () => void;
};

/** As `expect`, which is slow: that is asked only where something is wrong. */
function check(what: string, found: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(found, expected)) expect({ what, found }).toEqual({ what, found: expected });
}

const finished = { state: 'finished', cause: null, error: null, exitCode: 0 } as const;

export class OperationsRun {
  readonly scene: Scene;
  readonly model: PlainModel;
  readonly #judged: Judged;
  readonly #observer: Observer;
  /** Taken from the ready lists, not yet run. */
  readonly #runnable: number[] = [];
  readonly #deadlineOf = new Map<number, number>();
  /** How long a task may wait, where its time is not over yet. */
  readonly #spanOf = new Map<number, number>();

  constructor(plan: Plan, options: SceneOptions & Observer = {}) {
    this.scene = createScene(plan, options);
    this.model = new PlainModel(plan);
    this.#judged = new Judged(plan);
    this.#observer = options;
    this.#collect();
    // Main runs from the beginning; a task that was never run needs no try of what it waits for.
    this.#runnable.length = 0;
  }

  get k(): Kernel {
    return this.scene.k;
  }

  /** Tasks that live and wait for nothing: they can do something. */
  actors(): number[] {
    this.#collect();
    const { tasks } = this.model;
    return tasks.map((_, task) => task).filter((task) => this.#acts(task));
  }

  #acts(task: number): boolean {
    const one = this.model.tasks[task];
    return one?.state === 'live' && one.waiting === undefined && !this.#runnable.includes(task);
  }

  /** A task does something, or begins to wait for it. `timeoutUs`: Infinity for none. */
  act(task: number, deed: Deed, timeoutUs: number): void {
    const deadline = this.scene.clock.now + timeoutUs;
    const operation = OPERATION[deed.operation];
    this.#spanOf.set(task, timeoutUs);
    this.scene.inside(() => {
      const carries = carriesItem(operation);
      const a = carries ? this.k.wordOf(deed.item) : deed.number;
      const b = carries ? deed.number : 0;
      this.#attempt({ task, step: task, operation, target: deed.target, a, b }, deed, deadline);
    });
    this.#settle();
  }

  /** One of those that were woken tries again. @returns false if nobody was woken */
  resume(choice: number): boolean {
    this.#collect();
    const [task] = this.#runnable.splice(choice % Math.max(1, this.#runnable.length), 1);
    if (task === undefined) return false;
    if (stateOf(this.k, task) === STATE.live) this.#tryAgain(task);
    this.#settle();
    return true;
  }

  passTime(us: number): void {
    this.scene.clock.now += us;
    this.scene.inside(() => {
      for (let process = 0; process < this.model.plan.processes; process++) fireTimers(this.k, process);
    });
    this.#settle();
  }

  /** A task ends by itself; a process's first takes its threads along. */
  finish(task: number): void {
    const expected = this.model.endOf(task);
    this.scene.inside(() => {
      if (this.model.plan.tasks[task]?.process === undefined) endTask(this.k, task, -1, task, finished);
      else endProcess(this.k, task, -1, finished);
    });
    this.#follow(this.scene.events(), expected);
    this.#settle();
  }

  /** Everybody who was woken runs; then nobody who waits could go on. */
  quiesce(choose: () => number): void {
    for (let tries = 0; this.resume(choose()); tries++) check('end of tries', tries < 1000, true);
    this.#checkNobodyCouldGoOn();
  }

  #tryAgain(task: number): void {
    const deed = this.model.tasks[task]?.waiting;
    this.scene.inside(() => {
      const waiting = this.k.words[this.#blockOf(task) + TASK.waiting];
      if (waiting === DONE) return this.#takeResult(task);
      if (deed === undefined) return expect(waiting).toBe(0);
      this.#attempt(waitingRequest(this.k, task), deed, this.#deadlineOf.get(task) as number);
    });
  }

  /** Somebody did it for this task; the log has told the model. */
  #takeResult(task: number): void {
    expect(this.model.tasks[task]?.waiting).toBe(undefined);
    this.k.freeWord(this.k.words[this.#blockOf(task) + TASK.operandA] as number);
    stopWaiting(this.k, task);
  }

  #attempt(request: Request, deed: Deed, deadline: number): void {
    const { task } = request;
    const observe = this.#observer.around?.(this, request);
    const ending = this.#endedBy(deed);
    const outcome = perform(this.k, request);
    const result = this.k.result;
    this.#compare(outcome, result, this.model.attempt(task, deed), deed);
    if (outcome === NO) this.#refused(request, deed, deadline);
    else this.#done(request, outcome, result);
    observe?.();
    this.k.ring.publish();
    const isDone = outcome === YES;
    this.#follow(this.scene.events(), isDone ? ending : [], isDone ? task : undefined);
  }

  #done(request: Request, outcome: number, result: number): void {
    const { task } = request;
    if (this.k.words[this.#blockOf(task) + TASK.waiting] !== 0) stopWaiting(this.k, task);
    if (outcome === YES) this.k.freeWord(result);
    else if (carriesItem(request.operation)) this.k.freeWord(request.a);
    (this.model.tasks[task] as TaskState).waiting = undefined;
  }

  #blockOf(task: number): number {
    return this.scene.layout.taskAt[task] as number;
  }

  #refused(request: Request, deed: Deed, given: number): void {
    const { task } = request;
    const deadline = this.#runningDeadline(request, deed, given);
    const one = this.model.tasks[task] as TaskState;
    if (this.scene.clock.now >= deadline) {
      if (expire(this.k, request)) {
        expect(this.model.timeOut(task, deed)).toBe(true);
        this.#spanOf.delete(task);
        this.#attempt(request, deed, Number.POSITIVE_INFINITY);
        return;
      }
      giveUp(this.k, request);
      stopWaiting(this.k, task);
      if (carriesItem(request.operation)) this.k.freeWord(request.a);
      one.waiting = undefined;
      expect(this.model.timeOut(task, deed)).toBe(false);
      return;
    }
    waitFor(this.k, request, deadline);
    one.waiting = deed;
    this.#deadlineOf.set(task, deadline);
  }

  #runningDeadline(request: Request, deed: Deed, given: number): number {
    const isRunning = isTimeRunning(this.k, request);
    check('time runs', isRunning, this.model.isTimeRunning(request.task, deed));
    if (!isRunning) return Number.POSITIVE_INFINITY;
    const span = this.#spanOf.get(request.task) ?? Number.POSITIVE_INFINITY;
    return given === Number.POSITIVE_INFINITY ? this.scene.clock.now + span : given;
  }

  #endedBy({ operation, target }: Deed): readonly number[] {
    const ends = operation === 'task.terminate' || operation === 'task.kill';
    return ends ? this.model.endOf(target) : [];
  }

  #compare(outcome: number, result: number, expected: Answer, deed: Deed): void {
    const found: Answer =
      outcome === YES
        ? { kind: 'yes', value: this.k.value(result) }
        : outcome === NO
          ? { kind: 'no' }
          : { kind: 'error', ...errorOf(outcome) };
    check('outcome', { deed, ...found }, { deed, ...expected });
  }

  /** What the log tells: deeds done for others, and ends. All that should end did, and nobody else. */
  #follow(events: readonly Event[], ending: readonly number[], actor?: number): void {
    const ended: number[] = [];
    let own = actor;
    this.#judged.follow(events);
    for (const event of events) {
      if (event.type === 'ended') {
        ended.push(event.target);
        this.model.end(event.target);
      }
      if (event.type !== 'operated') continue;
      if (event.task === own) own = undefined;
      else this.#doneForAnother(event);
    }
    check(
      'who ended',
      [...ended].sort((a, b) => a - b),
      ending,
    );
  }

  #doneForAnother(event: Extract<Event, { readonly type: 'operated' }>): void {
    const one = this.model.tasks[event.task];
    const deed = one?.waiting;
    expect([event.operation, event.target]).toEqual([deed?.operation, deed?.target]);
    if (one === undefined || deed === undefined) return;
    const expected = this.model.attempt(event.task, deed);
    const value = carriesItem(OPERATION[event.operation]) ? 0n : event.value;
    expect({ kind: 'yes', value }).toEqual(expected);
    one.waiting = undefined;
  }

  #collect(): void {
    for (let process = 0; process < this.model.plan.processes; process++) {
      for (let task = takeReady(this.k, process); task >= 0; task = takeReady(this.k, process))
        this.#runnable.push(task);
    }
  }

  /** What must hold after every step. */
  #settle(): void {
    const { k, scene, model } = this;
    this.#judged.compare(k);
    const live = model.tasks.filter(({ state }) => state === 'live').length;
    const waiting = model.tasks.filter(
      (one, task) => one.waiting !== undefined && this.#isParkedForEver(task),
    );
    check('active', k.words[CONTROL.active], live - waiting.length);
    for (let process = 0; process < model.plan.processes; process++) {
      const at = scene.layout.processAt[process] as number;
      const counts = { threads: k.words[at + PROCESS.threads], children: k.words[at + PROCESS.children] };
      check('counts of a process', { process, ...counts }, { process, ...model.countsOf(process) });
    }
    model.tasks.forEach(({ state }, task) => {
      const known = stateOf(k, task);
      const expected = known === STATE.notStarted ? 'notStarted' : known === STATE.live ? 'live' : 'ended';
      check('state of a task', state, expected);
    });
    if (scene.layout.options.valueWords > 0) {
      check('blocks in use', blocksInUse(scene), ownedReferences(scene));
    }
  }

  #isParkedForEver(task: number): boolean {
    const at = this.scene.layout.waitAt[task] as number;
    return this.k.words[at + WAIT.state] === RUN.parked && this.k.words[at + WAIT.timer] === 0;
  }

  /** No wake was lost: by the model's word and by the kernel's own. */
  #checkNobodyCouldGoOn(): void {
    const copy = new Kernel(
      this.k.words.slice(0, this.k.layout.coreEnd),
      this.k.layout,
      this.k.values,
      this.k.host,
    );
    this.model.tasks.forEach(({ waiting, state }, task) => {
      if (state !== 'live' || waiting === undefined) return;
      check(
        'could go on, by the model',
        [task, waiting, this.model.couldHappen(task, waiting)],
        [task, waiting, false],
      );
      check('could go on, by the kernel', [task, waiting, couldGoOn(copy, task)], [task, waiting, false]);
    });
  }
}
