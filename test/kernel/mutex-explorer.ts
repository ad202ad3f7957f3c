/**
 * Explores every interleaving of carriers that use a mutex, at the grain of single operations on memory.
 *
 * Three things keep the number of states small and change nothing that can be seen. A read of a word that nobody writes is
 * taken together with the step before. A failed `compareExchange` tells only that it failed. A carrier that comes back from a sleep remembers only that it slept, if
 * `forgetsAtSleep` says so (true of `enter`; `tryEnter` counts its sleeps): all such histories are taken as one.
 *
 * Sleeping is exact: a wait compares and falls asleep in one step, a wake picks any sleeper (all are tried), and no
 * sleep ends by itself unless `spuriousWakes` allows so many, or a carrier died and nothing else can move (the bounded
 * sleep of the mutex is what must help then).
 */
import { observedWords, type Request, replay, whileObserved } from './observed-memory.ts';

export const MUTEX_WORD = 0;
export const COUNTER_WORD = 1;
const FLAG_WORD = 2;

export const condemnedIndexOf = (carrier: number): number => FLAG_WORD + carrier;

/** What a carrier does, as rounds: each begins with no memory of the one before, which keeps the state small. */
export type Rounds = readonly ((words: Int32Array) => void)[];

type Carrier = {
  readonly round: number;
  /** Results of this round's operations. */
  readonly results: readonly number[];
  readonly status: 'ready' | 'asleep' | 'done' | 'dead';
  /** What it asks for; null when done or dead. */
  readonly request: Request | null;
  /** Sleeps that ended by time, since anybody wrote: too many mean that nobody is helped by waking. */
  readonly timeouts: number;
};

type State = {
  readonly memory: readonly number[];
  readonly carriers: readonly Carrier[];
  readonly spuriousLeft: number;
  readonly died: boolean;
  readonly step: string;
  readonly before: State | null;
};

export type Exploration = {
  readonly states: number;
  /** What the counter can be in the end, ascending. */
  readonly finalCounters: readonly number[];
  /** The first rule that was broken, with the steps that led there. */
  readonly violation: string | null;
};

export type ExploreOptions = {
  readonly carriers: readonly Rounds[];
  readonly spuriousWakes?: number;
  /** Carriers whose condemned flag may be set. */
  readonly condemnable?: readonly number[];
  /** They may also be killed, at any moment once it is set. */
  readonly mortal?: boolean;
  /** Default true. False where a carrier may sleep more than once in a `tryEnter`. */
  readonly forgetsAtSleep?: boolean;
  readonly maxStates?: number;
};

/** All that a compareExchange that fails tells its carrier: one history instead of one for each value seen. */
const FAILED = -1;

class Violation extends Error {}
/** Visits every reachable state once. Throws if there are more than `maxStates`: then it has shown nothing. */
export function explore(options: ExploreOptions): Exploration {
  return whileObserved(() => new Explorer(options).run());
}

class Explorer {
  readonly #options: ExploreOptions;
  readonly #words: Int32Array;
  readonly #seen = new Set<string>();
  readonly #stack: State[] = [];
  readonly #finals = new Set<number>();
  /** For each carrier and round, the results of whoever came back from a sleep first. */
  readonly #slept = new Map<string, readonly number[]>();

  constructor(options: ExploreOptions) {
    this.#options = options;
    this.#words = observedWords(FLAG_WORD + options.carriers.length);
  }

  run(): Exploration {
    try {
      this.#push(this.#start());
      for (let state = this.#stack.pop(); state !== undefined; state = this.#stack.pop()) this.#visit(state);
    } catch (error) {
      if (error instanceof Violation) return this.#result(error.message);
      throw error;
    }
    return this.#result(null);
  }

  #result(violation: string | null): Exploration {
    return { states: this.#seen.size, finalCounters: [...this.#finals].sort((a, b) => a - b), violation };
  }

  #start(): State {
    const memory = new Array<number>(FLAG_WORD + this.#options.carriers.length).fill(0);
    const empty: State = { memory, carriers: [], spuriousLeft: 0, died: false, step: 'start', before: null };
    const carriers = this.#options.carriers.map((_, who) =>
      this.#advance(empty, who, { round: 0, results: [], timeouts: 0 }),
    );
    return { ...empty, carriers, spuriousLeft: this.#options.spuriousWakes ?? 0 };
  }

  #push(state: State): void {
    let key = `${state.memory.join()} ${state.spuriousLeft}${state.died}`;
    for (const one of state.carriers)
      key += `|${one.round}${one.status}${one.timeouts}:${one.results.join()}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    if (this.#seen.size > (this.#options.maxStates ?? 3_000_000)) throw new Error('too many states');
    this.#stack.push(state);
  }

  /** Runs a carrier up to its next request; a finished round leads into the next. */
  #advance(state: State, who: number, at: Pick<Carrier, 'round' | 'results' | 'timeouts'>): Carrier {
    for (let round = at.round, results = at.results; ; round++, results = []) {
      const body = this.#options.carriers[who]![round];
      if (body === undefined) return { ...at, round, results: [], status: 'done', request: null };
      let request = this.#replay(state, who, body, results);
      while (request?.kind === 'load' && this.#isConstant(request.index)) {
        results = [...results, state.memory[request.index]!];
        request = this.#replay(state, who, body, results);
      }
      if (request !== null) return { ...at, round, results, status: 'ready', request };
    }
  }

  #replay(state: State, who: number, body: Rounds[number], results: readonly number[]): Request | null {
    return replay(
      () => body(this.#words),
      results,
      (text) => this.#fail(state, `carrier ${who}: ${text}`),
    );
  }

  #isConstant(index: number): boolean {
    return index >= FLAG_WORD && this.#options.condemnable?.includes(index - FLAG_WORD) !== true;
  }

  #visit(state: State): void {
    let moved = false;
    for (const [who, carrier] of state.carriers.entries()) {
      if (carrier.status === 'ready') {
        moved = true;
        this.#execute(state, who, carrier.request!);
      }
      if (carrier.status === 'asleep' && state.spuriousLeft > 0) {
        this.#push(
          this.#woken({ ...state, spuriousLeft: state.spuriousLeft - 1 }, who, `${who} wakes for no reason`),
        );
      }
      if (this.#mayDie(state, who)) this.#kill(state, who);
    }
    if (!moved) this.#stuck(state);
  }

  /** Nobody can move by himself: all must have ended, or a sleep's limit must help where a carrier died. */
  #stuck(state: State): void {
    const asleep = state.carriers.flatMap((carrier, who) => (carrier.status === 'asleep' ? [who] : []));
    if (asleep.length === 0) {
      this.#finals.add(state.memory[COUNTER_WORD]!);
      if (!state.died && state.memory[MUTEX_WORD] !== 0) this.#fail(state, 'the mutex is left taken');
      return;
    }
    if (!state.died) this.#fail(state, `lost wake-up: ${asleep.join(', ')} sleep for ever`);
    for (const who of asleep) {
      const { timeouts } = state.carriers[who]!;
      if (timeouts >= 2) this.#fail(state, `the dead are never cleared away: ${who} keeps waking in vain`);
      this.#push(this.#woken(state, who, `${who} wakes by time`, timeouts + 1));
    }
  }

  #mayDie(state: State, who: number): boolean {
    if (this.#options.mortal !== true) return false;
    const { status } = state.carriers[who]!;
    return (status === 'ready' || status === 'asleep') && state.memory[condemnedIndexOf(who)] === 1;
  }

  #kill(state: State, who: number): void {
    const dead: Carrier = { round: 0, results: [], status: 'dead', request: null, timeouts: 0 };
    this.#push({ ...this.#with(state, who, dead, `${who} is killed`), died: true });
  }

  #execute(state: State, who: number, request: Request): void {
    const old = state.memory[request.index]!;
    const name = `${who} ${JSON.stringify(request)}`;
    if (request.kind === 'wait') this.#sleep(state, who, old === request.expected, name);
    else if (request.kind === 'notify') this.#notify(state, who, name);
    else if (request.kind === 'load') this.#resume(state, who, old, `${name} gives ${old}`);
    else {
      this.#judgeWrite(state, who, request);
      const written = request.kind !== 'compareExchange' || old === request.expected;
      const after = written ? this.#write(state, request) : state;
      this.#resume(after, who, written ? old : FAILED, `${name} gives ${old}`);
    }
  }

  #write(state: State, { index, value }: { readonly index: number; readonly value: number }): State {
    if (state.memory[index] === value) return state;
    const carriers = state.carriers.map((one) => ({ ...one, timeouts: 0 }));
    return { ...state, memory: state.memory.with(index, value), carriers };
  }

  #sleep(state: State, who: number, falls: boolean, name: string): void {
    const carrier: Carrier = { ...state.carriers[who]!, status: 'asleep' };
    this.#push(falls ? this.#with(state, who, carrier, name) : this.#woken(state, who, name));
  }

  /** The counter is only written inside: a lost update is two carriers inside at once. */
  #judgeWrite(state: State, who: number, request: Request): void {
    if (request.kind !== 'store') return;
    if (this.#isConstant(request.index)) throw new Error(`not condemnable: word ${request.index}`);
    if (state.memory[condemnedIndexOf(who)] === 1) this.#fail(state, `write by ${who}, which is condemned`);
    if (request.index === COUNTER_WORD && request.value !== state.memory[COUNTER_WORD]! + 1) {
      this.#fail(state, `two carriers inside: ${who} writes ${request.value}`);
    }
  }

  #notify(state: State, who: number, name: string): void {
    const sleepers = state.carriers.flatMap((one, sleeper) => (one.status === 'asleep' ? [sleeper] : []));
    if (sleepers.length === 0) this.#resume(state, who, 0, name);
    for (const sleeper of sleepers) {
      const woken = this.#woken(state, sleeper, `${name} wakes ${sleeper}`);
      this.#resume(woken, who, 1, woken.step);
    }
  }

  #woken(state: State, who: number, step: string, timeouts = 0): State {
    const sleeper = state.carriers[who]!;
    const results = this.#remembered(who, sleeper.round, [...sleeper.results, 0]);
    return this.#with(state, who, this.#advance(state, who, { ...sleeper, results, timeouts }), step);
  }

  #remembered(who: number, round: number, results: readonly number[]): readonly number[] {
    if (this.#options.forgetsAtSleep === false) return results;
    const key = `${who} ${round}`;
    const first = this.#slept.get(key) ?? results;
    this.#slept.set(key, first);
    return first;
  }

  #resume(state: State, who: number, result: number, step: string): void {
    const carrier = state.carriers[who]!;
    const next = this.#advance(state, who, { ...carrier, results: [...carrier.results, result] });
    this.#push(this.#with(state, who, next, step));
  }

  #with(state: State, who: number, carrier: Carrier, step: string): State {
    return { ...state, carriers: state.carriers.with(who, carrier), step, before: state };
  }

  #fail(state: State, text: string): never {
    const steps: string[] = [];
    for (let at: State | null = state; at !== null; at = at.before) steps.push(at.step);
    throw new Violation([text, ...steps.reverse()].join('\n  '));
  }
}
