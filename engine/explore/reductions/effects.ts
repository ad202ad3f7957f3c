/**
 * What each task may do next, and what it may ever do from where it is: for the search to know which of its steps cannot
 * matter to the others.
 *
 * Whatever is not known well is said to do anything.
 */
import type { Read } from '../../expression/expression.ts';
import { handlerAt } from '../../machine/handle.ts';
import { successorsOf } from '../../plan/control-flow.ts';
import type { Activity } from '../../plan/expectations.ts';
import type { Instruction, Program } from '../../plan/instruction.ts';
import type { Plan } from '../../plan/plan.ts';
import { VISIBLE } from '../../simulate/task-steps.ts';
import { expressionsOf, type Subjects } from '../claims/subjects.ts';
import { type Targets, targetsOf } from './constants.ts';
import { disciplined } from './discipline.ts';
import { EFFECT, EffectSet } from './effect-set.ts';
import { mayFail, placesAfter } from './successors.ts';
import { aimsOf } from './targets.ts';

/** Of a task at a place: the step it does next, and all that may follow. */
export type Doing = { readonly next: EffectSet; readonly ever: EffectSet };

type Operate = Extract<Instruction, { readonly op: 'operate' }>;
type Add = (kind: number, objects: readonly number[]) => void;

export class Effects {
  readonly #plan: Plan;
  readonly #subjects: Subjects;
  readonly #kinds: readonly Uint8Array[];
  readonly #targets: Targets;
  /** By resource: 1 where what is released is held for certain. */
  readonly isDisciplined: Uint8Array;
  readonly #first: {
    readonly resources: number;
    readonly lives: number;
    readonly points: number;
    readonly monitors: number;
  };
  readonly #objects: number;
  readonly #hasDaemons: boolean;
  /** By resource: 1 where a put or a get may fail. */
  readonly #isClosed: Uint8Array;
  readonly #doing: (readonly (Doing | undefined)[] | undefined)[] = [];

  constructor(plan: Plan, subjects: Subjects, kinds: readonly Uint8Array[]) {
    this.#plan = plan;
    this.#subjects = subjects;
    this.#kinds = kinds;
    this.#targets = targetsOf(plan);
    this.isDisciplined = disciplined(plan, this.#targets);
    const resources = plan.variables.length * (plan.processes + 1);
    const lives = resources + 2 * plan.resources.length;
    const points = lives + 2 * plan.tasks.length;
    const monitors = points + plan.points.length;
    this.#first = { resources, lives, points, monitors };
    // The last one is the output, where the order of its lines is judged.
    this.#objects = monitors + plan.expect.order.length + plan.expect.neverTogether.length + 1;
    this.#hasDaemons = plan.tasks.some(({ daemon }) => daemon === true);
    this.#isClosed = queuesThatAreClosed(plan, this.#targets);
  }

  /** Words that a set of each kind of effect takes. */
  get words(): number {
    return (this.#objects + 31) >> 5;
  }

  /** Undefined for a place that is none. */
  of(task: number, pc: number): Doing | undefined {
    let known = this.#doing[task];
    if (known === undefined) {
      known = this.#find(task);
      this.#doing[task] = known;
    }
    return known[pc];
  }

  /** Whether it has begun and whether it has ended. */
  lifeOf(task: number): number {
    return this.#first.lives + task;
  }

  /** What it does meanwhile. */
  #workOf(task: number): number {
    return this.#first.lives + this.#plan.tasks.length + task;
  }

  /** The object of which a task waits for more. */
  scarceIn(resource: number): number {
    const isQueue = this.#plan.resources[resource]?.kind === 'queue';
    return this.#first.resources + 2 * resource + (isQueue ? 1 : 0);
  }

  /** A set of objects, for all there are. */
  objects(chosen: readonly number[]): Int32Array {
    const set = new EffectSet(this.#objects);
    for (const object of chosen) set.add(EFFECT.read, object);
    return set.words.slice(EFFECT.read * set.size, (EFFECT.read + 1) * set.size);
  }

  /** What expectations look at in each state. */
  seenInStates(): Int32Array {
    const { always, sometimes, peak } = this.#plan.expect;
    const { within } = this.#plan.check;
    const bounds = within === undefined ? [] : [within];
    const claims = [...always, ...sometimes, ...bounds].map(({ expression }) => expression);
    const read = claims.flatMap(({ reads }) => reads.flatMap((one) => this.#read(0, one)));
    return this.objects([...read, ...peak.flatMap(({ resource }) => this.#wholeOf(resource))]);
  }

  #find(task: number): readonly (Doing | undefined)[] {
    const program = this.#plan.programs[this.#plan.tasks[task]?.program ?? 0] as Program;
    const own = program.instructions.map((_, pc) => this.#ownOf(task, program, pc));
    const kinds = this.#kinds[this.#plan.tasks[task]?.program ?? 0] as Uint8Array;
    const after = (pc: number): readonly number[] => {
      const instruction = program.instructions[pc] as Instruction;
      return this.#canFail(task, instruction) ? placesAfter(program, pc) : successorsOf(instruction, pc);
    };
    const next = program.instructions.map((_, pc) => {
      const all = new EffectSet(this.#objects);
      for (const place of stepFrom(program, kinds, pc, after)) all.include(own[place] as EffectSet);
      return all;
    });
    const ever = program.instructions.map((_, pc) => {
      const all = new EffectSet(this.#objects);
      all.include(own[pc] as EffectSet);
      return all;
    });
    for (let changed = true; changed; ) {
      changed = false;
      for (let pc = program.instructions.length - 1; pc >= 0; pc--)
        for (const place of after(pc))
          if (ever[pc]?.include(ever[place] as EffectSet) === true) changed = true;
    }
    return next.map((set, pc) => ({ next: set, ever: ever[pc] as EffectSet }));
  }

  #ownOf(task: number, program: Program, pc: number): EffectSet {
    const set = new EffectSet(this.#objects);
    const instruction = program.instructions[pc] as Instruction;
    const add: Add = (kind, objects) => {
      for (const object of objects) set.add(kind, object);
    };
    for (const { reads } of expressionsOf(instruction))
      for (const read of reads) add(EFFECT.read, this.#read(task, read));
    if (!this.#does(task, program, instruction, add)) set.addAll();
    const declared = this.#plan.tasks[task];
    // Without a handler a failure ends a thread at once; the first of a process goes to its end.
    const isCaught = handlerAt(program.handlers, pc) !== undefined || declared?.process !== undefined;
    if (!isCaught && this.#canFail(task, instruction)) this.#fails(task, program, add);
    if (this.#subjects.watched.has(declared?.group ?? -1)) add(EFFECT.write, [this.#workOf(task)]);
    add(
      EFFECT.write,
      this.#monitorsOf((activity) => activity.kind === 'tasks' && activity.tasks.includes(task)),
    );
    return set;
  }

  /** False: anything. */
  #does(task: number, program: Program, instruction: Instruction, add: Add): boolean {
    switch (instruction.op) {
      case 'write':
        add(EFFECT.write, this.#cellsOf(task, instruction.variable));
        return true;
      case 'update':
        for (const { variable } of instruction.writes) add(EFFECT.write, this.#cellsOf(task, variable));
        return true;
      case 'enter':
      case 'leave': {
        const { point } = instruction;
        if (this.#subjects.points.has(point)) add(EFFECT.write, [this.#first.points + point]);
        add(
          EFFECT.write,
          this.#monitorsOf((one) => one.kind === 'point' && one.point === point),
        );
        return true;
      }
      case 'print':
        if (this.#ordersOutput()) add(EFFECT.write, [this.#objects - 1]);
        return true;
      case 'operate':
        return this.#operates(task, program, instruction, add);
      case 'end':
        return this.#ends(task, program, add);
      case 'external':
        return this.#asks(instruction, add);
      case 'exit':
        return false;
      default:
        return true;
    }
  }

  #ordersOutput(): boolean {
    return this.#plan.expect.output.some(({ check }) => check === 'equals' || check === 'inOrder');
  }

  /** Its life is over, and what it holds may be given back. */
  #leaves(task: number, add: Add): void {
    add(EFFECT.give, [this.lifeOf(task)]);
    this.#plan.resources.forEach(({ onHolderExit }, id) => {
      if (onHolderExit !== 'keep') add(EFFECT.write, this.#wholeOf(id));
    });
  }

  /** By an error: it may be inside of any of its steps. */
  #fails(task: number, program: Program, add: Add): void {
    this.#leaves(task, add);
    for (const instruction of program.instructions)
      if (instruction.op === 'enter') this.#does(task, program, instruction, add);
  }

  /** The first task of a process waits for the others; and comes here with an error, too. */
  #ends(task: number, program: Program, add: Add): boolean {
    if (this.#plan.tasks[task]?.process === undefined) this.#leaves(task, add);
    else this.#fails(task, program, add);
    if (this.#plan.tasks[task]?.process === undefined) return true;
    if (this.#hasDaemons) return false;
    add(
      EFFECT.wait,
      [...this.#plan.tasks.keys()].filter((one) => one !== task).map((one) => this.lifeOf(one)),
    );
    return true;
  }

  #asks(instruction: Extract<Instruction, { readonly op: 'external' }>, add: Add): boolean {
    const { service, feeds, actions } = instruction;
    if (feeds !== undefined || actions !== undefined) return false;
    if (service !== 'load' && service !== 'save') return true;
    const files = [...this.#plan.resources.keys()].filter((id) => this.#plan.resources[id]?.kind === 'file');
    add(
      EFFECT.write,
      files.flatMap((id) => this.#wholeOf(id)),
    );
    return true;
  }

  #operates(task: number, program: Program, instruction: Operate, add: Add): boolean {
    const { operation } = instruction;
    if (operation.startsWith('task.')) return this.#actsOnTasks(task, program, instruction, add);
    const ids = this.#targets.of(task, instruction.target);
    return ids?.every((id) => this.#operatesOn(task, id, instruction, add)) === true;
  }

  #operatesOn(task: number, id: number, { operation, timeout }: Operate, add: Add): boolean {
    const resource = this.#plan.resources[id];
    const [head, tail] = this.#wholeOf(id) as readonly [number, number];
    // Who can be seen to try in vain does something then.
    const isSeen = this.#subjects.watched.has(this.#plan.tasks[task]?.group ?? -1);
    const isPlain = timeout === undefined && !isSeen && this.#isPlain(id);
    switch (operation) {
      case 'lock.acquire':
      case 'rlock.acquire':
      case 'semaphore.acquire':
        add(isPlain ? EFFECT.take : EFFECT.write, [head]);
        return true;
      case 'lock.release':
      case 'rlock.release':
      case 'semaphore.release':
        add(isPlain ? EFFECT.give : EFFECT.write, [head]);
        return true;
      case 'queue.put':
        add(isPlain ? EFFECT.give : EFFECT.write, [head]);
        add(isPlain ? EFFECT.take : EFFECT.write, [tail]);
        return true;
      case 'queue.get':
        add(isPlain ? EFFECT.take : EFFECT.write, [head]);
        add(isPlain ? EFFECT.give : EFFECT.write, [tail]);
        return true;
      case 'event.wait':
        add(this.#subjects.attributes[id]?.has('waiting') === true ? EFFECT.write : EFFECT.read, [head]);
        return true;
      case 'queue.taskDone':
      case 'queue.join':
      case 'queue.close':
      case 'event.signal':
      case 'event.clear':
      case 'barrier.wait':
      case 'barrier.release':
      case 'barrier.reset':
      case 'barrier.abort':
        add(EFFECT.write, [head, tail]);
        return true;
      case 'condition.wait':
      case 'condition.notify':
        add(EFFECT.write, [head, tail]);
        if (resource?.kind === 'condition') add(EFFECT.write, this.#wholeOf(resource.lock));
        return resource?.kind === 'condition';
      case 'pipe.send':
      case 'pipe.receive':
      case 'pipe.close':
        add(EFFECT.write, [head, tail]);
        if (resource?.kind === 'pipeEnd') add(EFFECT.write, this.#wholeOf(resource.peer));
        return resource?.kind === 'pipeEnd';
      default:
        return false;
    }
  }

  /** Whether taking and giving are what they seem, and nobody can tell who tried in vain. */
  #isPlain(id: number): boolean {
    const resource = this.#plan.resources[id];
    const read = this.#subjects.attributes[id];
    if (resource === undefined || read?.has('waiting') === true) return false;
    if (!resource.enabled || resource.fair || resource.onHolderExit !== 'keep') return false;
    if (resource.kind === 'queue') return resource.order === 'fifo';
    if (this.isDisciplined[id] === 1) return true;
    return resource.kind === 'semaphore' && !resource.bounded && read?.has('holders') !== true;
  }

  #canFail(task: number, instruction: Instruction): boolean {
    if (instruction.op === 'write') return instruction.index !== undefined;
    if (instruction.op !== 'operate') return mayFail(instruction);
    const { operation, operands, timeout } = instruction;
    if (timeout !== undefined || !operands.every(({ constant }) => constant !== undefined)) return true;
    const ids = this.#targets.of(task, instruction.target);
    switch (operation) {
      case 'event.wait':
      case 'event.signal':
      case 'event.clear':
        return false;
      case 'lock.acquire':
      case 'rlock.acquire':
        return ids?.every((id) => this.#plan.resources[id]?.onHolderExit === 'keep') !== true;
      case 'lock.release':
      case 'rlock.release':
        return ids?.every((id) => this.isDisciplined[id] === 1) !== true;
      case 'semaphore.acquire':
      case 'semaphore.release': {
        const isSure = operation === 'semaphore.acquire' || ids?.every((id) => this.isDisciplined[id] === 1);
        const isKept = ids?.every((id) => this.#plan.resources[id]?.onHolderExit === 'keep');
        return !(isSure === true && isKept === true && isSomePermits(operands[0]?.constant));
      }
      case 'queue.put':
      case 'queue.get':
        return ids?.every((id) => this.#isClosed[id] === 0) !== true || operands.length > 1;
      default:
        return true;
    }
  }

  #actsOnTasks(task: number, program: Program, { operation, target, timeout }: Operate, add: Add): boolean {
    const tasks = new Set<number>();
    for (const aim of aimsOf(program, target)) {
      if (aim.kind === 'handle') return false;
      for (let one = 0; one < aim.range.count; one++) tasks.add(aim.range.first + one);
    }
    const lives = [...tasks].map((one) => this.lifeOf(one));
    switch (operation) {
      case 'task.join':
        add(timeout === undefined ? EFFECT.wait : EFFECT.write, lives);
        return true;
      case 'task.skip':
        add(EFFECT.write, lives);
        return true;
      case 'task.start':
        add(EFFECT.write, lives);
        for (const one of tasks) this.#begins(task, one, add);
        return true;
      default:
        return false;
    }
  }

  /** A new process begins with what its starter's vars are; what its first steps do that nobody sees is done at once. */
  #begins(starter: number, started: number, add: Add): void {
    const declared = this.#plan.tasks[started];
    const isBegun = this.#kinds[declared?.program ?? 0]?.[0] !== VISIBLE;
    if (isBegun) {
      add(
        EFFECT.write,
        this.#monitorsOf((one) => one.kind === 'tasks' && one.tasks.includes(started)),
      );
      add(EFFECT.give, [this.lifeOf(started)]);
    }
    if (declared?.process === undefined) return;
    this.#plan.variables.forEach(({ shared }, variable) => {
      if (shared) return;
      add(EFFECT.read, this.#cellsOf(starter, variable));
      add(EFFECT.write, this.#cellsOf(started, variable));
    });
  }

  #read(task: number, read: Read): readonly number[] {
    switch (read.from) {
      case 'variable':
        return this.#cellsOf(task, read.variable);
      case 'resource':
        return Array.from({ length: read.count }, (_, index) => read.first + index).flatMap((id) =>
          this.#wholeOf(id),
        );
      case 'group': {
        const { first = 0, count = 0 } = this.#plan.groups[read.group] ?? {};
        const tasks = Array.from({ length: count }, (_, index) => first + index);
        return tasks.flatMap((one) => [this.lifeOf(one), this.#workOf(one)]);
      }
      case 'point':
        return [this.#first.points + read.point];
      default:
        return [];
    }
  }

  /** The copies of a var that may be meant: a thread may run in any process. */
  #cellsOf(task: number, variable: number): readonly number[] {
    const { processes, variables, tasks } = this.#plan;
    const copy = (process: number): number => process * variables.length + variable;
    if (variables[variable]?.shared === true) return [copy(processes)];
    const own = processes === 1 ? 0 : tasks[task]?.process;
    return own === undefined ? Array.from({ length: processes }, (_, process) => copy(process)) : [copy(own)];
  }

  #wholeOf(resource: number): readonly number[] {
    const at = this.#first.resources + 2 * resource;
    return [at, at + 1];
  }

  /** Of `order` and `overlap`, in which such an activity is: they remember which of them came first. */
  #monitorsOf(isMeant: (activity: Activity) => boolean): readonly number[] {
    const { order, neverTogether } = this.#plan.expect;
    const lists = [
      ...order.map(({ before, after }) => [before, after]),
      ...neverTogether.map(({ activities }) => activities),
    ];
    return lists.flatMap((list, index) => (list.some(isMeant) ? [this.#first.monitors + index] : []));
  }
}

/**
 * The places of one step: the instruction there, and what follows until the next that others can see; from `begin` to
 * `commit` all of it.
 */
function stepFrom(
  program: Program,
  kinds: Uint8Array,
  pc: number,
  after: (pc: number) => readonly number[],
): ReadonlySet<number> {
  const inside = new Set<number>();
  const outside = new Set<number>();
  const open: (readonly [place: number, isInside: boolean])[] = [[pc, false]];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    const [place, wasInside] = step;
    const op = program.instructions[place]?.op;
    const isInside = op === 'begin' || (wasInside && op !== 'commit');
    const seen = isInside ? inside : outside;
    if (seen.has(place)) continue;
    seen.add(place);
    for (const next of after(place)) if (isInside || kinds[next] !== VISIBLE) open.push([next, isInside]);
  }
  return new Set([...inside, ...outside]);
}

function isSomePermits(value: unknown): boolean {
  return typeof value === 'bigint' && value >= 1n && value < 2n ** 30n;
}

function queuesThatAreClosed(plan: Plan, targets: Targets): Uint8Array {
  const isClosed = new Uint8Array(plan.resources.length);
  plan.tasks.forEach(({ program }, task) => {
    for (const instruction of plan.programs[program]?.instructions ?? []) {
      if (instruction.op !== 'operate' || instruction.operation !== 'queue.close') continue;
      const ids = targets.of(task, instruction.target);
      if (ids === undefined) isClosed.fill(1);
      for (const id of ids ?? []) isClosed[id] = 1;
    }
  });
  return isClosed;
}
