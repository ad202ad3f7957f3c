/**
 * The supervisor of a real run: drains the log, answers what carriers ask of it, and decides that the run is over.
 *
 * It lives in the event loop and is woken by a bell, by timers and by signals. It enters the kernel's critical section with
 * bounded waits only, so that a stopped process cannot freeze it.
 */

import { REQUEST, takeRequest } from '../kernel/external.ts';
import { exhaustion, type Kernel, ringPlace } from '../kernel/kernel.ts';
import { CONTROL, READY, STATE } from '../kernel/layout.ts';
import { isActive } from '../kernel/perform.ts';
import { condemn, stateOf } from '../kernel/task.ts';
import type { Event, StopReason } from '../log/event.ts';
import { RingReader } from '../log/ring.ts';
import type { Plan } from '../plan/plan.ts';
import { lostWake } from './deadlock-watch.ts';
import { stopRun } from './stop-run.ts';

/** Starting and signalling processes, as the supervisor needs it. */
export type Processes = {
  readonly spawn: (process: number) => void;
  readonly signal: (process: number, signal: 'SIGTERM' | 'SIGKILL') => void;
};

export type Stop = { readonly reason: StopReason | null; readonly cause: string | null };

/** Records drained before signals and timers get their turn. */
const BATCH = 20_000;
/** How long it sleeps at the most, so that displays and lost bells are looked after. */
const MAX_SLEEP_MS = 100;
/** How long it may fail to enter the critical section before the run is given up. */
const BLOCKED_MS = 5000;

/** The most that a futex can be told to wake. */
const EVERYBODY = 2 ** 31 - 1;

export type SupervisorOptions = {
  readonly k: Kernel;
  readonly plan: Plan;
  readonly handle: (event: Event) => void;
  readonly processes: Processes;
};

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #reader: RingReader;
  #wake: (() => void) | undefined;
  readonly #errands: (() => void)[] = [];
  #abandoned: Stop | undefined;
  #bug: Error | undefined;
  #wanted: Stop | undefined;
  #blockedSince: number | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#reader = new RingReader(options.k.words, ringPlace(options.k.layout));
  }

  get events(): number {
    return this.#reader.count;
  }

  /** Somebody has something for the supervisor. */
  readonly ring = (): void => {
    this.#wake?.();
  };

  /** Asks for the run's end; the first reason counts. */
  stop(reason: StopReason, cause: string | null = null): void {
    this.#wanted ??= { reason, cause };
    this.ring();
  }

  /** Something to do in the critical section, soon. */
  errand(deed: () => void): void {
    this.#errands.push(deed);
    this.ring();
  }

  /** The shared state cannot be trusted any more: the run ends here, and nothing of it is changed. */
  abandon(cause: string, isBug: boolean): void {
    const { k, plan } = this.#options;
    if (isBug) this.#bug ??= new Error(cause);
    this.#abandoned ??= { reason: 'inconclusive', cause };
    Atomics.store(k.words, CONTROL.stop, 1);
    for (let process = 0; process < plan.processes; process++) {
      k.host.parking.notify(k.words, (k.layout.readyAt[process] as number) + READY.wake, EVERYBODY);
    }
    this.ring();
  }

  /** Runs until main has ended or the run was stopped; all events are handed over by then. */
  async supervise(): Promise<Stop> {
    for (;;) {
      const more = this.#drain();
      const over = this.#look();
      if (over !== undefined) {
        this.drainAll();
        return over;
      }
      if (more) await new Promise((resolve) => setImmediate(resolve));
      else await this.#sleep();
    }
  }

  /** All that is published: for an end, or for room. */
  drainAll(): void {
    while (this.#drain()) {}
  }

  /** @returns whether a full batch was read, so that there may be more */
  #drain(): boolean {
    const { k, handle } = this.#options;
    const count = this.#reader.drain(handle, BATCH);
    if (Atomics.exchange(k.words, CONTROL.ringSleepers, 0) !== 0) {
      k.host.parking.notify(k.words, CONTROL.ringTail, EVERYBODY);
    }
    return count === BATCH;
  }

  /** What there is to do in the critical section. */
  #look(): Stop | undefined {
    const { k } = this.#options;
    if (this.#bug !== undefined) throw this.#bug;
    if (this.#abandoned !== undefined) return this.#abandoned;
    if (!this.#hasWork()) return undefined;
    if (!k.enter()) return this.#isBlocked() ? this.#giveUp() : undefined;
    this.#blockedSince = undefined;
    for (let errand = this.#errands.shift(); errand !== undefined; errand = this.#errands.shift()) errand();
    const deeds = this.#takeRequests();
    const over = this.#decide();
    k.leave();
    for (const deed of deeds) deed();
    return over;
  }

  #hasWork(): boolean {
    const { words } = this.#options.k;
    return (
      this.#errands.length > 0 ||
      this.#wanted !== undefined ||
      words[CONTROL.externalHead] !== 0 ||
      words[CONTROL.exhausted] !== 0 ||
      words[CONTROL.active] === 0 ||
      stateOf(this.#options.k, 0) !== STATE.live
    );
  }

  #decide(): Stop | undefined {
    const { k } = this.#options;
    if (stateOf(k, 0) !== STATE.live) return { reason: null, cause: null };
    if (k.words[CONTROL.exhausted] !== 0) {
      this.#wanted ??= {
        reason: 'inconclusive',
        cause: exhaustion[k.words[CONTROL.exhausted] as number] ?? null,
      };
    }
    if (!isActive(k)) this.#deadlock();
    if (this.#wanted?.reason == null) return undefined;
    stopRun(k, this.#wanted.reason);
    return this.#wanted;
  }

  #deadlock(): void {
    const { k } = this.#options;
    const lost = lostWake(k);
    if (lost !== undefined) throw new Error(`bug in concur: ${lost}`);
    this.#wanted ??= { reason: 'deadlock', cause: null };
  }

  /** Takes what was asked for; it is done after the critical section. */
  #takeRequests(): (() => void)[] {
    const { k, plan, processes } = this.#options;
    const deeds: (() => void)[] = [];
    for (let next = takeRequest(k); next !== undefined; next = takeRequest(k)) {
      const { bits } = next;
      const process = plan.tasks[next.task]?.process ?? 0;
      const isOver = (bits & (REQUEST.kill | REQUEST.terminate)) !== 0;
      if (isOver) condemn(k, process);
      if ((bits & REQUEST.spawn) !== 0 && !isOver) deeds.push(() => processes.spawn(process));
      if (isOver)
        deeds.push(() => processes.signal(process, (bits & REQUEST.kill) !== 0 ? 'SIGKILL' : 'SIGTERM'));
    }
    return deeds;
  }

  #isBlocked(): boolean {
    this.#blockedSince ??= performance.now();
    return performance.now() - this.#blockedSince > BLOCKED_MS;
  }

  #giveUp(): Stop {
    this.abandon(
      'a process does not leave the critical section: it was stopped inside, by somebody else',
      false,
    );
    return this.#abandoned as Stop;
  }

  /** Sleeps until the bell rings. That it sleeps is announced first, then looked again, so that no bell is lost. */
  async #sleep(): Promise<void> {
    const { k } = this.#options;
    Atomics.store(k.words, CONTROL.supervisorAsleep, 1);
    if (this.#reader.pending() > k.layout.ringWords >> 2 || this.#hasWork() || this.#abandoned !== undefined)
      return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, MAX_SLEEP_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
