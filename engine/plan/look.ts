/**
 * Busy waits: loops whose ways out depend on nothing that the loop computes from itself.
 *
 * Such a loop can do nothing but look. As long as nobody else changes anything, each round of it is like the one before, so
 * that virtual time may go on meanwhile. Whatever counts, draws, or makes a value of itself is none, even if it waits too.
 */
import { type Effect, effectOf, type Source } from './effects.ts';
import type { Instruction, Program } from './instruction.ts';
import { type Graph, graphOf, type Loop, loopsOf } from './loops.ts';

/**
 * Where a round of a loop is over, which began at `head`.
 *
 * `settles`: the loop only looks, and after so many rounds in which nothing else changes all further ones are alike; 0 for
 * loops that compute.
 */
export type RoundEnd = { readonly head: number; readonly settles: number };

/** The first round may have begun before the last change; one more looks at what the others have brought about. */
const LEAST_ROUNDS = 3;

/** In longer loops nobody looks for that: they are taken for such that compute. */
const LONGEST_BODY = 1000;

/**
 * By instruction, the rounds that may be over behind it: of loops that only look, and of those around such a loop, whose
 * rounds tell that the task gets on all the same. Empty where no loop only looks.
 */
export function roundEndsOf(program: Program): ReadonlyMap<number, readonly RoundEnd[]> {
  const graph = graphOf(program);
  const loops = loopsOf(graph);
  const looking = new Map(loops.map((loop) => [loop, settlesAfter(program, graph, loop)] as const));
  const heads = new Set(loops.filter((loop) => looking.get(loop) !== 0).map(({ head }) => head));
  const ends = new Map<number, RoundEnd[]>();
  for (const loop of loops) {
    if (!meet(heads, loop.body)) continue;
    const end: RoundEnd = { head: loop.head, settles: looking.get(loop) ?? 0 };
    for (const at of loop.ends) ends.set(at, [...(ends.get(at) ?? []), end]);
  }
  return ends;
}

function meet(left: ReadonlySet<number>, right: ReadonlySet<number>): boolean {
  const [few, many] = left.size < right.size ? [left, right] : [right, left];
  for (const one of few) if (many.has(one)) return true;
  return false;
}

function settlesAfter({ instructions }: Program, graph: Graph, loop: Loop): number {
  if (loop.body.size > LONGEST_BODY) return 0;
  const search = new Search(instructions, graph, loop);
  for (const at of loop.body) if (search.isWayOut(at)) search.needNode(at);
  return search.isSettled() ? LEAST_ROUNDS + search.localsThatMatter : 0;
}

/** What the ways out of one loop depend on, found out as a fixpoint over its assignments. */
class Search {
  readonly #loop: Loop;
  readonly #effects: ReadonlyMap<number, Effect>;
  readonly #successors: ReadonlyMap<number, readonly number[]>;
  readonly #predecessors = new Map<number, number[]>();
  /** By slot, the instructions of the loop that write it. */
  readonly #writers = new Map<number, number[]>();
  readonly #neededNodes = new Set<number>();
  readonly #deciders = new Map<number, readonly number[]>();
  /** By slot that matters, the slots that its values are made of. */
  readonly #madeOf = new Map<number, Set<number>>();
  #isRandom = false;

  constructor(instructions: readonly Instruction[], graph: Graph, loop: Loop) {
    this.#loop = loop;
    const body = [...loop.body];
    this.#effects = new Map(
      body.map((at) => [at, withoutInnerCounter(instructions[at] as Instruction, loop.body)]),
    );
    this.#successors = new Map(body.map((at) => [at, this.#successorsOf(graph, at)]));
    for (const [at, successors] of this.#successors) {
      for (const to of successors) add(this.#predecessors, to, at);
      for (const { slot } of this.#effects.get(at)?.writes ?? []) add(this.#writers, slot, at);
    }
  }

  #successorsOf({ successors, handlers }: Graph, at: number): readonly number[] {
    const flow = successors[at] ?? [];
    if (this.#effects.get(at)?.mayFail !== true) return flow;
    // -1 is outside of every loop: nobody handles it.
    return [...flow, handlers[at] as number];
  }

  /** Whether the loop may be left behind it. Only what always may fail counts as a failure. */
  isWayOut(at: number): boolean {
    const successors = this.#successors.get(at) ?? [];
    return successors.length === 0 || successors.some((to) => !this.#loop.body.has(to));
  }

  /** Whether the task comes to this instruction matters, and how it goes on there. */
  needNode(at: number): void {
    if (this.#neededNodes.has(at)) return;
    this.#neededNodes.add(at);
    const effect = this.#effects.get(at);
    if (effect === undefined) return;
    for (const source of [effect.decides, effect.fails]) {
      this.#isRandom ||= source.isRandom;
      for (const slot of source.slots) this.#needSlot(slot);
    }
    for (const decider of this.#decidersOf(at)) this.needNode(decider);
  }

  #needSlot(slot: number): void {
    if (this.#madeOf.has(slot)) return;
    const madeOf = new Set<number>();
    this.#madeOf.set(slot, madeOf);
    const writers = this.#writers.get(slot) ?? [];
    for (const writer of writers) {
      for (const source of this.#sourcesOf(slot, writer, writers.length > 1)) {
        this.#isRandom ||= source.isRandom;
        for (const other of source.slots) madeOf.add(other);
      }
      for (const decider of this.#decidersOf(writer)) this.needNode(decider);
    }
    for (const other of madeOf) this.#needSlot(other);
  }

  /** Where several write it, which of them does makes the value as well: so a loop can count with true and false. */
  #sourcesOf(slot: number, writer: number, isOneOfSeveral: boolean): readonly Source[] {
    const sources = (this.#effects.get(writer)?.writes ?? [])
      .filter((write) => write.slot === slot)
      .map(({ from }) => from);
    if (!isOneOfSeveral) return sources;
    return [...sources, ...[...this.#allDecidersOf(writer)].flatMap((at) => this.#decidedBy(at))];
  }

  #decidedBy(at: number): readonly Source[] {
    const effect = this.#effects.get(at);
    return effect === undefined ? [] : [effect.decides, effect.fails];
  }

  #allDecidersOf(at: number): ReadonlySet<number> {
    const all = new Set<number>();
    const open = [...this.#decidersOf(at)];
    for (let decider = open.pop(); decider !== undefined; decider = open.pop()) {
      if (all.has(decider)) continue;
      all.add(decider);
      open.push(...this.#decidersOf(decider));
    }
    return all;
  }

  #decidersOf(at: number): readonly number[] {
    const known = this.#deciders.get(at) ?? this.#findDeciders(at);
    this.#deciders.set(at, known);
    return known;
  }

  /** The instructions that may lead to this one in a round, or past it. */
  #findDeciders(at: number): readonly number[] {
    const { head, body } = this.#loop;
    const leads = this.#backFrom([at], -1);
    const ends = [...body].filter((node) => this.#isEndOfRound(node));
    const passes = this.#backFrom(ends, at);
    return [...leads].filter((node) => {
      if (node === at) return false;
      const successors = this.#successors.get(node) ?? [];
      const comes = successors.some((to) => to === at || (to !== head && leads.has(to)));
      const avoids = successors.some((to) => to === head || !body.has(to) || (to !== at && passes.has(to)));
      return comes && avoids;
    });
  }

  #isEndOfRound(at: number): boolean {
    const { head, body } = this.#loop;
    const successors = this.#successors.get(at) ?? [];
    return successors.length === 0 || successors.some((to) => to === head || !body.has(to));
  }

  /** What leads there within a round, those included, without the instruction to avoid. */
  #backFrom(begin: readonly number[], avoided: number): ReadonlySet<number> {
    const found = new Set<number>();
    const open = begin.filter((at) => at !== avoided);
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (found.has(at)) continue;
      found.add(at);
      if (at === this.#loop.head) continue;
      for (const before of this.#predecessors.get(at) ?? []) if (before !== avoided) open.push(before);
    }
    return found;
  }

  /** Each may take a round to follow those that it is made of. */
  get localsThatMatter(): number {
    return this.#madeOf.size;
  }

  /** Nothing that matters is random, or made of itself. */
  isSettled(): boolean {
    if (this.#isRandom) return false;
    const done = new Set<number>();
    const isMadeOfItself = (slot: number, path: ReadonlySet<number>): boolean => {
      if (path.has(slot)) return true;
      if (done.has(slot)) return false;
      const further = new Set([...path, slot]);
      for (const other of this.#madeOf.get(slot) ?? []) if (isMadeOfItself(other, further)) return true;
      done.add(slot);
      return false;
    };
    return ![...this.#madeOf.keys()].some((slot) => isMadeOfItself(slot, new Set()));
  }
}

/** A loop inside counts anew in each round of this one: its counter is nothing that this one makes of itself. */
function withoutInnerCounter(instruction: Instruction, body: ReadonlySet<number>): Effect {
  const effect = effectOf(instruction);
  if (instruction.op !== 'next' && instruction.op !== 'each') return effect;
  if (!body.has(instruction.exit)) return effect;
  const limit = instruction.op === 'next' ? instruction.limit : instruction.list;
  const from: Source = { slots: [limit], isRandom: false };
  const writes = effect.writes
    .filter(({ slot }) => slot !== instruction.counter)
    .map(({ slot }) => ({ slot, from }));
  return { ...effect, decides: from, writes };
}

function add(lists: Map<number, number[]>, key: number, item: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
