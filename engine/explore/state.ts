/**
 * One state of a scenario, stepped and undone in place.
 *
 * The state is the kernel's core, run by the ordinary kernel and machine. After each step `changes.ts` finds out which of the
 * words that it may write have changed; where the search verifies itself, that no others have.
 *
 * A refused attempt that changed nothing but its own marks is undone, and counts as not enabled: that a task is about to
 * try, and that it tried in vain, are one state, unless somebody looks (`observes`), or it drew something, which holds for the
 * whole wait.
 */

import { type Meter, SLICE } from '../expression/meter.ts';
import { Exercise } from '../kernel/exercise.ts';
import { ASKING, STATE, TASK } from '../kernel/memory/layout.ts';
import { unlisted } from '../kernel/waiting/unlisted.ts';
import { EXHAUSTED, Exhausted } from '../log/exhausted.ts';
import { int } from '../log/int.ts';
import { OPERATION, operationNames } from '../log/record.ts';
import { createNoRecorder, NO_RECORD_WORDS } from '../log/recorder.ts';
import { type BoundExpression, createExpressionBinder } from '../machine/bound-expression.ts';
import type { Identity } from '../machine/frame.ts';
import type { Instruction } from '../plan/instruction.ts';
import type { Plan } from '../plan/plan.ts';
import { answerFromFiles } from '../simulate/files.ts';
import { pidOf, plainHost } from '../simulate/plain-host.ts';
import { EAGER, stopsOf, TaskSteps, VISIBLE } from '../simulate/task-steps.ts';
import { Changes, type Spans } from './changes.ts';
import { ClaimFrame, isTrue } from './claims/claim-frame.ts';
import { createMonitors, type Monitors } from './claims/monitors.ts';
import { type Subjects, subjectsOf } from './claims/subjects.ts';
import { Clock } from './clock/clock.ts';
import { createExploredLayout } from './explored-layout.ts';
import { type Fingerprint, PlainFingerprint, SymmetricFingerprint } from './fingerprint.ts';
import { Guards } from './guards.ts';
import { RaceWatch, WatchedKernel } from './races/race-watch.ts';
import { deadSlots } from './reductions/live-slots.ts';
import { relevantWords } from './reductions/relevance.ts';
import {
  constantOfReplicas,
  findSymmetry,
  type OfTasks,
  type Symmetry,
  withoutSymmetry,
} from './reductions/symmetry.ts';
import { visibilityOf } from './reductions/visibility.ts';
import { StepSpans } from './step-spans.ts';

/** What a task may do next: its step, on time or with its wait's time over, and what chance decides in it. */
export type Move = {
  readonly task: number;
  readonly late: boolean;
  readonly choices: readonly number[];
  /** How long what begins in it lasts, where that is a range and durations count. */
  readonly lengthUs?: number;
};

export type StateOptions = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Replicas that nothing tells apart count as one another. */
  readonly symmetry: boolean;
  /** All of core is compared after each step: that no more is written than was declared. For tests. */
  readonly verify?: boolean;
  /** Races are looked for, and nothing else. */
  readonly races?: boolean;
};

const RANGES_DIFFER = 'with `time: ordered`, ranges of time are compared task by task';
/** What a move costs, beside what is spent by others. */
const MOVE = 10;
/** Two to the power of this: so many tasks are looked at as fast as one unit of other work. */
const LOOKED_AT = 3;
const NO_CHOICES: readonly number[] = [];
/** What the block of a task says that waits in an `await`. */
const AWAITING = OPERATION.await + 1;

export class State {
  readonly plan: Plan;
  /** What it costs to step: those who step it let others have a turn now and then. */
  readonly meter: Meter = { spent: 0 };
  readonly k: WatchedKernel;
  readonly subjects: Subjects;
  readonly identity: Identity;
  readonly fingerprint: Fingerprint;
  /** Which replicas are taken for one another, and why others are not. */
  readonly symmetry: Symmetry;
  /** After a move that had choices: how many there were at each. */
  readonly counts: number[] = [];
  readonly #steps: TaskSteps;
  readonly #words: Int32Array;
  readonly #taskAt: Int32Array;
  readonly #programOf: Int32Array;
  /** By program and place: 1 where a wait may be over before its operation can be done. */
  readonly #isTimed: readonly Uint8Array[];
  /** Tasks that may have something to do that nobody sees, where another one has moved. */
  readonly #followers: Int32Array;
  readonly #changes: Changes;
  readonly #spans: StepSpans;
  readonly #guards: Guards;
  readonly #verifies: boolean;
  /** What each instruction is to the search: see `visibility.ts`. */
  readonly kinds: readonly Uint8Array[];
  /** The same, 1 where a step ends. */
  readonly #stops: readonly Uint8Array[];
  /** By program and place: the slots that nothing will read, as ranges. */
  readonly #dead: readonly (readonly Int32Array[])[];
  readonly #observed: (task: number, operation: number, target: number) => boolean;
  readonly #monitors: Monitors;
  readonly #races: RaceWatch | undefined;
  /** Of the choices of the last move, those that only say which access is followed. */
  readonly #watchChoices: number[] = [];
  readonly #choices: number[] = [];
  #chosen = 0;
  /** What the task at work drew when its wait began, and has not used again yet: see `#drawn`. */
  #kept = 0;
  /** The bound within which states are followed, if there is one. */
  readonly #within: BoundExpression | undefined;
  /** What was exercised in any state there has been. */
  readonly exercise: Exercise;
  readonly #freeTime: {
    isLate: boolean;
    hasWokenUp: boolean;
    readonly hasClock: boolean;
    readonly exercise: Exercise;
  };
  /** Where durations count. */
  readonly clock: Clock | undefined;
  readonly #clockSpans: Spans;
  /** Time may have passed in the last move. */
  hasTimePassed = false;
  /** In the last move somebody else could have moved at the same instant. */
  isHeldUp = false;

  constructor(plan: Plan, { environment, symmetry, verify = false, races = false }: StateOptions) {
    this.plan = plan;
    this.subjects = subjectsOf(plan);
    this.exercise = new Exercise(plan);
    const hasClock = plan.check.time === 'ordered';
    this.#freeTime = { isLate: false, hasWokenUp: false, hasClock, exercise: this.exercise };
    const layout = createExploredLayout(plan);
    this.#words = new Int32Array(layout.size);
    const host = {
      ...plainHost,
      scheduler: unlisted,
      parking: { wait: () => {}, notify: () => {} },
      clock: () => 0,
      waitForRoom: () => {},
      recorder: createNoRecorder(layout.ringAt + layout.ringWords - NO_RECORD_WORDS),
    };
    this.k = new WatchedKernel(this.#words, layout, host, this.meter, (type, task, texts, payload) => {
      this.#monitors.hear(type, texts, payload);
      this.#races?.hear(type, task, texts, payload);
    });
    this.#monitors = createMonitors(this.k, layout.coreEnd);
    if (this.#monitors.joined !== undefined) this.k.joined = this.#monitors.joined;
    this.identity = {
      pidOf,
      carrier: 1,
      isVirtual: true,
      env: environment,
      choose: (count) => this.#choose(count),
      freeTime: this.#freeTime,
    };
    // Steps have no environment in virtual time; what is expected is judged with that of the judge.
    this.#steps = new TaskSteps(this.k, { ...this.identity, env: {} }, { meter: this.meter });
    this.#verifies = verify;
    const start = layout.coreStart;
    const behind = layout.coreEnd + this.#monitors.size;
    this.#races = races ? new RaceWatch(this.k, behind, (count) => this.#chooseAccess(count)) : undefined;
    this.k.watch = this.#races;
    const clockAt = behind + (this.#races?.size ?? 0);
    this.clock = hasClock ? new Clock(this.k, clockAt) : undefined;
    const end = clockAt + (this.clock?.size ?? 0);
    this.#clockSpans = Int32Array.of(clockAt - start, end - start);
    this.kinds = visibilityOf(plan, this.subjects);
    this.#stops = stopsOf(this.kinds);
    this.#taskAt = layout.taskAt;
    this.#programOf = this.#steps.programOf;
    this.#isTimed = plan.programs.map(({ instructions }) => Uint8Array.from(instructions, isTimed));
    this.#dead = plan.programs.map(deadSlots);
    this.#observed = observes(plan, this.subjects);
    this.#spans = new StepSpans(this.k, end);
    this.#guards = new Guards(this.k, this.subjects, this.exercise);
    const isRelevant = new Uint8Array(end - start).fill(1);
    isRelevant.set(relevantWords(this.k, this.subjects, this.kinds));
    const found = findSymmetry(this.k, end - start, this.#ofTasks());
    this.symmetry = this.clock?.hasRanges === true ? withoutSymmetry(found, RANGES_DIFFER) : found;
    const isSymmetric = symmetry && this.symmetry.classOf.some((own) => own >= 0);
    this.fingerprint = isSymmetric ? new SymmetricFingerprint(this.symmetry) : new PlainFingerprint();
    if (isSymmetric) for (const index of constantOfReplicas(this.k)) isRelevant[index - start] = 0;
    this.#followers = Int32Array.from([...plan.tasks.keys()].filter((task) => this.#mayFollow(task)));
    const words = this.#words.subarray(start, end);
    const isLife = this.#lifeWords(start, end);
    this.#changes = new Changes(words, isRelevant, isLife, this.fingerprint, this.meter);
    this.#within = this.#bindWithin();
  }

  /** Once it is started, and then where it is at something eager: for its own end a thread waits for nobody. */
  #mayFollow(task: number): boolean {
    const { process, pool, program } = this.plan.tasks[task] as Plan['tasks'][number];
    const kinds = this.kinds[program] as Uint8Array;
    if (process !== undefined || pool !== undefined || kinds[0] !== VISIBLE) return true;
    return kinds.some(
      (kind, pc) => kind === EAGER && this.plan.programs[program]?.instructions[pc]?.op !== 'end',
    );
  }

  #bindWithin(): BoundExpression | undefined {
    const { within } = this.plan.check;
    if (within === undefined) return undefined;
    const frame = new ClaimFrame(this.k, this.identity, this.meter);
    frame.resume(0);
    return createExpressionBinder(frame)(within.expression);
  }

  /** Words behind core of which each task has one. */
  #ofTasks(): readonly OfTasks[] {
    const { knowledge } = this.#races ?? {};
    const { timedOutAt } = this.#monitors;
    return [
      ...(timedOutAt === undefined ? [] : [{ tasksAt: timedOutAt }]),
      ...(knowledge === undefined ? [] : [knowledge]),
      ...(this.clock?.wordsOfTasks ?? []).map((tasksAt) => ({ tasksAt })),
    ];
  }

  /** 1 for the words that say how a task is, or that a pool has work: work that a worker takes begins then. */
  #lifeWords(start: number, end: number): Uint8Array {
    const { layout } = this.k;
    const isLife = new Uint8Array(end - start);
    for (const at of layout.taskAt) isLife[at + TASK.state - start] = 1;
    this.plan.resources.forEach(({ kind }, id) => {
      if (kind === 'pool') isLife[int(layout.resourceAt[id]) - start] = 1;
    });
    return isLife;
  }

  /** The value of a monitor's word. */
  monitor(index: number): number {
    return int(this.#words[this.k.layout.coreEnd + index]);
  }

  get monitors(): Monitors {
    return this.#monitors;
  }

  #choose(count: number): number {
    const at = this.#chosen++;
    this.counts[at] = count;
    if (this.#kept > 0) return this.#chooseAgain(at, count);
    if (at === this.#choices.length) this.#choices.push(0);
    return Math.min(int(this.#choices[at]), count - 1);
  }

  #chooseAccess(count: number): number {
    this.#watchChoices.push(this.#chosen);
    return this.#choose(count);
  }

  /** An `await` draws once for all of its looks: there is nothing else to be chosen in a later one. */
  #chooseAgain(at: number, count: number): number {
    const choice = (this.#kept - 1) % count;
    this.#kept = 1 + Math.floor((this.#kept - 1) / count);
    this.counts[at] = choice + 1;
    this.#choices[at] = choice;
    return choice;
  }

  /** All that was chosen from the `first` on as one number, which `#chooseAgain` takes apart. */
  #drawn(first: number): number {
    let all = 0;
    for (let at = this.#chosen - 1; at >= first; at--)
      all = all * int(this.counts[at]) + int(this.#choices[at]);
    if (all >= 2 ** 31 - 1) throw new Exhausted(EXHAUSTED.values, 0);
    return 1 + all;
  }

  /** Everybody is where the search begins: before any move, once. In slices, as there may be thousands of them. */
  *begin(): Generator<void, void, void> {
    this.#steps.begin();
    this.#note(undefined);
    for (let changed = true; changed; ) {
      changed = false;
      for (const task of [0, ...this.#followers]) {
        while (this.#settleStep(task)) {
          changed = true;
          if (this.meter.spent <= SLICE) continue;
          yield;
          this.meter.spent = 0;
        }
      }
    }
    this.#followTime();
    this.#changes.restart();
  }

  /** Where the undo log stands: what `back` takes back to. */
  mark(): number {
    return this.#changes.mark();
  }

  /** About so many bytes does it hold: what can be taken back, and all values there have been. */
  get bytes(): number {
    const values = this.k.values.bytes?.() ?? 0;
    return this.#words.byteLength + this.#changes.bytes + this.#spans.bytes + values;
  }

  /** Takes back all moves since `mark`. */
  back(mark: number): void {
    this.#changes.back(mark);
  }

  /** Back to the beginning, also where a step was broken off in the middle. */
  rewind(): void {
    this.#changes.rewind();
  }

  /** The main program has ended, or a task has failed where that is the end of the run. */
  get isOver(): boolean {
    if (this.lifeOf(0) !== STATE.live || this.#races?.isSettled === true) return true;
    return this.plan.failFast && this.plan.tasks.some((_, task) => this.#hasFailed(task));
  }

  /** In the last move a task went on that waits to be notified, and was not: nobody can count on that. */
  get hasWokenUp(): boolean {
    return this.#freeTime.hasWokenUp;
  }

  /** States beyond are not followed. */
  get isBeyond(): boolean {
    if (this.#within === undefined) return false;
    // To look at a state is no step of anybody's.
    this.k.watch = undefined;
    const isWithin = isTrue(this.#within);
    this.k.watch = this.#races;
    return !isWithin;
  }

  /** A program has failed from when its main code has, though it waits for its threads yet. */
  #hasFailed(task: number): boolean {
    const life = this.lifeOf(task);
    if (life !== STATE.live) return life === STATE.failed;
    return this.#words[int(this.k.layout.taskAt[task]) + TASK.error] !== 0;
  }

  lifeOf(task: number): number {
    return int(this.#words[int(this.#taskAt[task]) + TASK.state]);
  }

  /** What chance decided in the last move. */
  choicesMade(): readonly number[] {
    return this.#chosen === 0 ? NO_CHOICES : this.#choices.slice(0, this.#chosen);
  }

  /** Of that, what is not about which access is followed. */
  chanceMade(): readonly number[] {
    return this.choicesMade().filter((_, at) => !this.#watchChoices.includes(at));
  }

  /** Two tasks have raced for a var on the way here. */
  get hasRace(): boolean {
    return this.#races?.hasRace === true;
  }

  /** Whether the wait that the task is at, or about to begin, may be over before its operation can be done. */
  mayBeLate(task: number): boolean {
    if (this.clock !== undefined) return this.clock.mayBeLate(task);
    const pc = int(this.#words[int(this.#taskAt[task]) + TASK.pc]);
    return this.#isTimed[int(this.#programOf[task])]?.[pc] === 1;
  }

  /** Whether it can be told without trying that the task cannot go on, its time not being over. */
  isRefused(task: number): boolean {
    return this.#guards.refuses(task, false);
  }

  /** The lock or the semaphore that the task cannot have now; -1 if that is not known. */
  wantedBy(task: number): number {
    return this.#guards.wantedBy(task);
  }

  /** Does a move, if it can be done; else nothing has changed. */
  move(task: number, late: boolean, choices: readonly number[] = NO_CHOICES): boolean {
    const { clock } = this;
    const isAtOnce = clock !== undefined && late && !this.#isQuiet();
    if (clock?.allows(task, late, isAtOnce) === false) return false;
    this.#chosen = 0;
    if (this.#watchChoices.length > 0) this.#watchChoices.length = 0;
    if (this.#guards.refuses(task, late)) return false;
    this.meter.spent += MOVE;
    const mark = this.#changes.mark();
    if (this.#choices.length > 0 || choices.length > 0)
      this.#choices.splice(0, this.#choices.length, ...choices);
    this.#freeTime.isLate = late;
    this.#freeTime.hasWokenUp = false;
    this.#changes.begin();
    this.#changes.lifeChanged = false;
    this.isHeldUp = isAtOnce;
    this.hasTimePassed = late && clock?.end(task, isAtOnce) === true;
    const at = int(this.k.layout.taskAt[task]);
    this.#kept = this.#words[at + TASK.waiting] === AWAITING ? int(this.#words[at + TASK.operandA]) : 0;
    const moved = this.#step(task);
    this.#freeTime.isLate = false;
    this.#kept = 0;
    if (!moved) {
      this.#changes.back(mark);
      return false;
    }
    this.#settle(task);
    this.#followTime();
    return true;
  }

  #followTime(): void {
    if (this.clock === undefined) return;
    this.clock.follow();
    this.#changes.note(this.#clockSpans);
  }

  /** Whether nobody can move at this instant; whoever just may, as one that wakes up for no reason, does not count. */
  #isQuiet(): boolean {
    const mark = this.#changes.mark();
    for (let task = 0; task < this.plan.tasks.length; task++) {
      if (!this.mayMove(task) || !this.move(task, false)) continue;
      this.#changes.back(mark);
      if (!this.hasWokenUp) return false;
    }
    return true;
  }

  /** One step of a task; false if it was refused, and nobody can tell. */
  #step(task: number): boolean {
    const program = int(this.#programOf[task]);
    const at = int(this.#taskAt[task]);
    const words = this.#words;
    const mark = this.#changes.mark();
    const went = this.exercise.went[program] as Uint8Array;
    const chosen = this.#chosen;
    for (;;) {
      const waited = int(words[at + TASK.waiting]);
      const pc = int(words[at + TASK.pc]);
      const spans = this.#spans.of(task, pc);
      const exit = this.#steps.doStep(task, this.#stops[program] as Uint8Array, went);
      if (exit === 'ended') {
        const isEnd = this.plan.programs[program]?.instructions[pc]?.op === 'end';
        const end = this.#spans.ofEnd(task);
        if (isEnd) this.#note(end ?? spans);
        // A step that failed: what it wrote itself, and what the end of its task did.
        else this.#note(end === undefined ? undefined : spans, end);
        return true;
      }
      this.#clearDead(at, program);
      const waiting = int(words[at + TASK.waiting]);
      const draws = waited === 0 && this.#chosen > chosen;
      if (draws && exit === 'parked' && waiting === AWAITING) words[at + TASK.operandA] = this.#drawn(chosen);
      this.#note(spans);
      if (exit !== 'parked') return true;
      if (waiting === ASKING) {
        if (!answerFromFiles(this.k, task)) throw new Error('bug in concur: a search has no such service');
        continue;
      }
      if (!this.#onlyMarks(mark, at)) return true;
      if (draws || waited !== 0) return draws;
      if (this.clock?.isToBegin(task) === true) return true;
      return this.#observed(task, waiting - 1, int(words[at + TASK.target]));
    }
  }

  #onlyMarks(mark: number, at: number): boolean {
    const own = at - this.k.layout.coreStart;
    return this.#changes.isWithin(mark, own + TASK.waiting, own + TASK.begun + 1, own + TASK.pc);
  }

  /** @param also of what was written behind that */
  #note(spans: Spans | undefined, also?: Spans): void {
    this.#monitors.follow(this.#changes.shadow, this.k.layout.coreStart);
    this.#races?.follow(this.#changes.shadow, this.k.layout.coreStart);
    this.#changes.note(spans);
    if (spans !== undefined && also !== undefined) this.#changes.note(also);
    if (!this.#verifies) return;
    const missed = this.#changes.missed();
    if (missed >= 0) throw new Error(`bug in concur: a step has written word ${missed} of core undeclared`);
  }

  /** All that can be done and that nobody sees, until there is no more of it. */
  #settle(mover: number): void {
    let changed = this.#settleOne(mover) || this.#changes.lifeChanged;
    while (changed) changed = this.#settleFollowers();
  }

  /** @returns whether somebody went on */
  #settleFollowers(): boolean {
    let changed = false;
    this.meter.spent += this.#followers.length >> LOOKED_AT;
    for (let index = 0; index < this.#followers.length; index++)
      if (this.#settleOne(int(this.#followers[index]))) changed = true;
    return changed;
  }

  /** Whether it went on. */
  #settleOne(task: number): boolean {
    let wentOn = false;
    while (this.#settleStep(task)) wentOn = true;
    return wentOn;
  }

  #settleStep(task: number): boolean {
    if (!this.#steps.isUnsettled(task, this.kinds) || this.#guards.refuses(task, false)) return false;
    this.meter.spent += MOVE;
    const mark = this.#changes.mark();
    if (this.#step(task)) return true;
    this.#changes.forget(mark);
    return false;
  }

  /** Whether it is a task that may have a move. */
  mayMove(task: number): boolean {
    return this.#steps.mayMove(task);
  }

  #clearDead(at: number, program: number): void {
    const dead = this.#dead[program]?.[int(this.#words[at + TASK.pc])];
    if (dead === undefined) return;
    const slots = at + TASK.slots;
    for (let index = 0; index < dead.length; index += 2) {
      const end = slots + int(dead[index + 1]);
      for (let slot = slots + int(dead[index]); slot < end; slot++)
        if (this.#words[slot] !== 0) this.#words[slot] = 0;
    }
  }
}

function isTimed(instruction: Instruction): number {
  const { op } = instruction;
  const waits = op === 'operate' || op === 'await' || op === 'external';
  return waits && instruction.timeout !== undefined ? 1 : 0;
}

/**
 * Whether it can be told that an operation was tried in vain: by `.waiting` of its resource, by its task's `.state`, or by
 * what a later operation does for those who wait.
 */
function observes(
  plan: Plan,
  subjects: Subjects,
): (task: number, operation: number, target: number) => boolean {
  return (task, operation, target) => {
    const name = operationNames[operation];
    if (subjects.watched.has(plan.tasks[task]?.group ?? -1)) return true;
    if (name === undefined || name === 'await' || name === 'end' || name.startsWith('task.')) return false;
    const resource = plan.resources[target];
    if (subjects.attributes[target]?.has('waiting') === true) return true;
    return name === 'event.wait' || resource?.fair === true;
  };
}
