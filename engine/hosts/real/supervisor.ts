/**
 * The supervisor of a real run: drains the log, answers what carriers ask of it, and decides that the run is over.
 *
 * It lives in the event loop and is woken by a bell, by timers and by signals. It enters the kernel's critical section with
 * bounded waits only, so that a stopped process cannot freeze it.
 */

import type { Meter } from '../../expression/meter.ts';
import { type Exhaustion, exhaustionOf } from '../../kernel/exhaustion.ts';
import { BELL_WORDS, type Kernel, ringPlace } from '../../kernel/kernel.ts';
import { CONTROL } from '../../kernel/memory/layout.ts';
import { isThere } from '../../kernel/memory/task-block.ts';
import { condemn } from '../../kernel/primitives/task.ts';
import { EVERYBODY, halt, killAll, stopLimitUs, stopOthers, stopRun } from '../../kernel/runtime/stop-run.ts';
import { REQUEST, takeRequest } from '../../kernel/waiting/external.ts';
import { isActive } from '../../kernel/waiting/perform.ts';
import type { StopReason } from '../../log/event.ts';
import { Exhausted } from '../../log/exhausted.ts';
import { RingReader } from '../../log/ring.ts';
import { isForced } from '../../machine/forced-turns.ts';
import type { Score } from '../../machine/score.ts';
import type { Plan } from '../../plan/plan.ts';
import { lostWake } from '../../simulate/lost-wake.ts';
import { EventFlow, type FlowOptions } from '../event-flow.ts';
import type { Services } from './services.ts';

/** Starting and signalling processes, as the supervisor needs it. */
export type Processes = {
  readonly spawn: (process: number) => void;
  readonly signal: (process: number, signal: 'SIGTERM' | 'SIGKILL') => void;
};

export type Stop = {
  readonly reason: StopReason | null;
  readonly cause: string | null;
  readonly place?: Exhaustion['place'];
};

type StopFor = Stop & { readonly reason: StopReason };

/** How long it sleeps at the most, so that displays and lost bells are looked after. */
const MAX_SLEEP_MS = 100;
/** How long it may fail to enter the critical section before the run is given up; less while somebody waits for its end. */
const BLOCKED_MS = 5000;
const BLOCKED_AT_STOP_MS = 1000;
/** How long expectations may still be looked at when the run's time is over, or somebody wants it to end. */
const JUDGING_MS = 500;
/** And how much that may cost at the least, about as much as all of a full log without expectations. */
const JUDGING = 1_000_000;

export type SupervisorOptions = {
  readonly k: Kernel;
  readonly plan: Plan;
  /** Where events go. */
  readonly sink: FlowOptions;
  readonly meter: Meter;
  readonly processes: Processes;
  readonly services: Pick<Services, 'take' | 'cancel' | 'hurry' | 'feed'>;
  readonly canNeverEnd?: (() => boolean) | undefined;
  /** The turns that are forced on it. */
  readonly score?: Score | undefined;
  /** Called whenever it is awake, at least every 100 ms. */
  readonly onTurn: () => void;
};

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #reader: RingReader;
  readonly #flow: EventFlow;
  #wake: (() => void) | undefined;
  readonly #errands: (() => void)[] = [];
  #abandoned: Stop | undefined;
  #bug: unknown;
  #wanted: Stop | undefined;
  /** The run was stopped; what is outside of it may not be gone yet. */
  #stopping: StopFor | undefined;
  #limit: NodeJS.Timeout | undefined;
  #blockedSince: number | undefined;
  #endedUs = 0;
  /** Since when the run's time is over, or somebody wants it to end. */
  #hurriedSince: number | undefined;
  /** What judging has cost since then. */
  #spentSince = 0;
  #hurry: 'timeout' | 'interrupt' | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#reader = new RingReader(options.k.words, ringPlace(options.k.layout));
    this.#flow = new EventFlow(this.#reader, { ...options.sink, meter: options.meter });
  }

  get events(): number {
    return this.#reader.count;
  }

  /** When the run was over, microseconds since it began: what is judged after that is no part of it. */
  get endedUs(): number {
    return this.#endedUs;
  }

  /** Somebody has something for the supervisor. */
  readonly ring = (): void => {
    this.#wake?.();
  };

  /** Asks for the run's end; the first reason counts. */
  stop(reason: StopReason, cause: string | null = null): void {
    this.#wanted ??= { reason, cause };
    if (reason === 'timeout' || reason === 'interrupt') {
      this.#hurriedSince ??= performance.now();
      this.#hurry = reason;
    }
    if (this.#stopping !== undefined) this.#limitStop(reason);
    this.ring();
  }

  /** Something to do in the critical section, soon. */
  errand(deed: () => void): void {
    this.#errands.push(deed);
    this.ring();
  }

  /** The shared state cannot be trusted any more: the run ends here, and nothing of it is changed. */
  abandon(cause: string): void {
    this.#cut({ reason: 'inconclusive', cause });
  }

  /** Ends the run at once: what the log has by now is all it will have. */
  interruptNow(): void {
    this.#cut({ reason: 'interrupt', cause: null });
  }

  /** What broke is ours: `supervise` will fail with it. */
  fail(bug: unknown): void {
    this.#bug ??= bug;
    this.#cut({ reason: 'inconclusive', cause: null });
  }

  /** The shared state was given up: what carriers do from then on means nothing. */
  get isCut(): boolean {
    return this.#abandoned !== undefined;
  }

  #cut(stop: Stop): void {
    this.#abandoned ??= stop;
    halt(this.#options.k);
    this.ring();
  }

  /**
   * Runs until main has ended or the run was stopped; all events are handed over by then.
   *
   * @throws whatever is a bug in concur, of the carriers' or of those who handle events; carriers leave their loops then
   */
  async supervise(): Promise<Stop> {
    try {
      return await this.#superviseToEnd();
    } catch (error) {
      this.fail(error);
      throw error;
    } finally {
      clearTimeout(this.#limit);
    }
  }

  async #superviseToEnd(): Promise<Stop> {
    for (;;) {
      const more = !this.#slice();
      this.#options.onTurn();
      if (!more && !this.#isForced() && this.#options.canNeverEnd?.() === true) this.stop('deadlock');
      const over = this.#look();
      if (over !== undefined) {
        this.#endedUs = this.#options.k.host.clock();
        // What was to stop may have had its time for that.
        if (this.#hurriedSince !== undefined) this.#hurriedSince = performance.now();
        this.#spentSince = 0;
        return this.drainAll(over);
      }
      if (more) await eventLoopTurn();
      else await this.#sleep();
    }
  }

  /** All that is published is handed over; where that takes too long for who waits for the end, in short. */
  async drainAll(over: Stop): Promise<Stop> {
    while (!this.#slice()) {
      if (this.#isLate()) this.#flow.giveUp();
      await eventLoopTurn();
    }
    return this.#flow.hasGivenUp ? this.#unjudged(over) : over;
  }

  /** Whether nobody waits any longer. Not by the clock alone: others may have the processor. */
  #isLate(): boolean {
    if (this.#abandoned !== undefined) return true;
    if (this.#hurriedSince === undefined) return false;
    return this.#spentSince > JUDGING && performance.now() - this.#hurriedSince > JUDGING_MS;
  }

  /** The run was over before it could be judged. */
  #unjudged(over: Stop): Stop {
    const { reason, cause } = over;
    if (reason !== null && cause !== null) return over;
    return this.#hurry === 'timeout'
      ? { reason: reason ?? 'inconclusive', cause: UNJUDGED }
      : { reason: 'interrupt', cause: null };
  }

  /** @returns whether that was all there is to hand over */
  #slice(): boolean {
    const { k, meter } = this.#options;
    meter.spent = 0;
    const isAll = this.#flow.slice();
    if (this.#hurriedSince !== undefined) this.#spentSince += meter.spent;
    this.#tellOfRoom(k);
    return isAll;
  }

  /** For the supervisor itself, where there is no other way. */
  makeRoom(): void {
    this.#flow.flush();
    this.#tellOfRoom(this.#options.k);
  }

  #tellOfRoom({ words, host }: Kernel): void {
    if (Atomics.exchange(words, CONTROL.ringSleepers, 0) === 0) return;
    host.parking.notify(words, CONTROL.ringTail, EVERYBODY);
  }

  /** What there is to do in the critical section. */
  #look(): Stop | undefined {
    const { k } = this.#options;
    if (this.#bug !== undefined) throw this.#bug;
    if (this.#abandoned !== undefined) return this.#abandoned;
    if (!this.#hasWork() || !this.#hasRoom()) return undefined;
    k.refreshClock();
    if (!k.enter()) return this.#isBlocked() ? this.#giveUp() : undefined;
    this.#blockedSince = undefined;
    const { deeds, over } = this.#workInside();
    for (const deed of deeds) deed();
    return over;
  }

  /** Whether something can be written to the log without handing all of it over at once, which could take for ever. */
  #hasRoom(): boolean {
    const { ringWords } = this.#options.k.layout;
    if (this.#reader.pending() <= 5 * (ringWords >> 3)) return true;
    if (!this.#isLate()) return false;
    this.#flow.giveUp();
    this.makeRoom();
    return true;
  }

  /** In the critical section, which it leaves. */
  #workInside(): { readonly deeds: readonly (() => void)[]; readonly over: Stop | undefined } {
    const { k } = this.#options;
    try {
      const cut = this.#endIfExhausted();
      if (cut === undefined) this.#doErrands();
      const deeds = cut === undefined ? this.#takeRequests() : [];
      const over = cut ?? this.#decide();
      k.leave();
      return { deeds, over };
    } catch (bug) {
      if (bug instanceof Exhausted) {
        k.runOut(bug, 0, -1);
        return { deeds: [], over: undefined };
      }
      // Half a moment is not published, and nobody waits for a mutex that would never be free.
      k.host.gate.leave();
      throw bug;
    }
  }

  /** As many as the ring has room for, so that enough is left for the end of everything; the others next time. */
  #doErrands(): void {
    const { ring, layout } = this.#options.k;
    let done = 0;
    const most = 9 * (layout.ringWords >> 4);
    try {
      while (done < this.#errands.length && !ring.isFuller(most)) {
        // Where something runs out, that one is dropped, and not those before it.
        ring.endMoment();
        this.#errands[done++]?.();
      }
      ring.endMoment();
    } finally {
      this.#errands.splice(0, done);
    }
  }

  #hasWork(): boolean {
    const { words } = this.#options.k;
    const isTold = this.#stopping !== undefined;
    return (
      this.#errands.length > 0 ||
      (this.#wanted !== undefined && !isTold) ||
      words[CONTROL.externalHead] !== 0 ||
      (words[CONTROL.exhausted] !== 0 && !isTold) ||
      words[CONTROL.active] === 0 ||
      !isThere(this.#options.k, 0)
    );
  }

  /** Before anything else: where something ran out, whatever else there is to see means nothing. */
  #endIfExhausted(): Stop | undefined {
    const { k } = this.#options;
    const exhaustion = exhaustionOf(k);
    if (exhaustion === undefined) return undefined;
    if (this.#stopping?.reason === 'inconclusive') return undefined;
    return this.#stopRun({ reason: 'inconclusive', ...exhaustion });
  }

  #decide(): Stop | undefined {
    const { k } = this.#options;
    if (!isThere(k, 0)) return this.#stopping ?? this.#endOfMain();
    if (this.#stopping !== undefined)
      return stopOthers(k, this.#stopping.reason) ? this.#stopping : undefined;
    if (!isActive(k) && !this.#isForced()) this.#deadlock();
    return this.#wanted?.reason == null
      ? undefined
      : this.#stopRun({ ...this.#wanted, reason: this.#wanted.reason });
  }

  #stopRun(stop: StopFor): Stop | undefined {
    const { k } = this.#options;
    const isFirst = this.#stopping === undefined;
    this.#stopping = stop;
    const isOver = isFirst ? stopRun(k, stop.reason) : stopOthers(k, stop.reason);
    if (isOver) return stop;
    this.#limitStop(stop.reason);
    return undefined;
  }

  /** Whoever waits outside for the end of the run waits no longer than so long. */
  #limitStop(reason: StopReason): void {
    const limitUs = stopLimitUs(reason);
    if (limitUs === Number.POSITIVE_INFINITY) return;
    const { k } = this.#options;
    this.#limit ??= setTimeout(() => this.errand(() => killAll(k, reason)), limitUs / 1000);
  }

  /** Where the machine refused something, a daemon for instance, main may have ended without it all the same. */
  #endOfMain(): Stop {
    return this.#wanted?.reason === 'inconclusive' ? this.#wanted : { reason: null, cause: null };
  }

  #deadlock(): void {
    const { k } = this.#options;
    const lost = lostWake(k);
    if (lost !== undefined) throw new Error(`bug in concur: ${lost}`);
    this.#wanted ??= { reason: 'deadlock', cause: null };
  }

  /** Takes what was asked for; it is done after the critical section. */
  #takeRequests(): (() => void)[] {
    const { k, plan, processes, services } = this.#options;
    const deeds: (() => void)[] = [];
    for (let next = takeRequest(k); next !== undefined; next = takeRequest(k)) {
      const { bits } = next;
      const process = plan.tasks[next.task]?.process ?? 0;
      const isOver = (bits & (REQUEST.kill | REQUEST.terminate)) !== 0;
      if (isOver) condemn(k, process);
      if ((bits & REQUEST.spawn) !== 0 && !isOver) deeds.push(() => processes.spawn(process));
      if (isOver)
        deeds.push(() => processes.signal(process, (bits & REQUEST.kill) !== 0 ? 'SIGKILL' : 'SIGTERM'));
      if ((bits & REQUEST.cancel) !== 0) services.cancel(next.task);
      if ((bits & REQUEST.hurry) !== 0) services.hurry(next.task);
      if ((bits & REQUEST.serve) !== 0) deeds.push(services.take(next.task));
      if ((bits & REQUEST.feed) !== 0) services.feed(next.task);
    }
    return deeds;
  }

  /** Somebody has the next turn, whatever it looks like. */
  #isForced(): boolean {
    const { k, score } = this.#options;
    return score !== undefined && isForced(k, score);
  }

  #isBlocked(): boolean {
    this.#blockedSince ??= performance.now();
    const patienceMs = this.#wanted === undefined ? BLOCKED_MS : BLOCKED_AT_STOP_MS;
    return performance.now() - this.#blockedSince > patienceMs;
  }

  #giveUp(): Stop {
    if (this.#wanted?.reason === 'interrupt') this.interruptNow();
    else
      this.abandon('a process does not leave the critical section: it was stopped inside, by somebody else');
    return this.#abandoned as Stop;
  }

  /**
   * Sleeps until the bell rings. That it sleeps is announced first, then looked again, so that no bell is lost.
   *
   * The event loop has its turn in any case: while the critical section cannot be entered there is work all the time, and
   * the end of the process that holds it would never be heard of.
   */
  async #sleep(): Promise<void> {
    const { k } = this.#options;
    Atomics.store(k.words, CONTROL.supervisorAsleep, 1);
    if (this.#reader.pending() > BELL_WORDS || this.#hasWork() || this.#abandoned !== undefined)
      return eventLoopTurn();
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

const UNJUDGED =
  'the time of the run was over before all of it was judged: what it says is not known; let expectations look at less, or give it more time';

function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
