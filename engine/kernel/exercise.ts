/**
 * What a search, or a run, has exercised: which instructions were done and how they went on, which locks were tried while somebody had
 * them, which waits ended by their timeouts. Marks of the search as a whole, no part of any state.
 *
 * A scenario that holds because nothing ever happens in it says so by what is missing here.
 */

import type { Duration } from '../expression/expression.ts';
import { operationNames } from '../log/record.ts';
import type { Unexercised } from '../log/unexercised.ts';
import type { Instruction, Program } from '../plan/instruction.ts';
import { isShown } from '../plan/is-shown.ts';
import type { Plan, Resource } from '../plan/plan.ts';
import { primitiveOf } from './primitives/table.ts';

type Span = Unexercised['span'];

/** How an instruction went on. */
const NEXT = 1;

/** By the number of an operation. */
const isTaking = Uint8Array.from(operationNames, (name) => (isTakingName(name) ? 1 : 0));

/** Operations that make somebody wait where there is no room. */
function isTakingName(name: string): boolean {
  return name.endsWith('.acquire') || name === 'queue.put';
}

export class Exercise {
  /** By program and place: bit 1 where it went on to the next place, bit 2 where it did not. */
  readonly went: readonly Uint8Array[];
  readonly #plan: Plan;
  readonly #refused: Uint8Array;
  /** Counts resources of which a refusal was seen for the first time. */
  refusals = 0;
  readonly #timedOut: Uint8Array;
  /** Where conditions stand: there the locks stand that are theirs alone. */
  readonly #conditionsAt: ReadonlySet<number>;

  constructor(plan: Plan) {
    this.#plan = plan;
    const conditions = plan.resources.filter(({ kind }) => kind === 'condition');
    this.#conditionsAt = new Set(conditions.map(({ span }) => span.start));
    this.went = plan.programs.map(({ instructions }) => new Uint8Array(instructions.length));
    this.#refused = new Uint8Array(plan.resources.length);
    this.#timedOut = new Uint8Array(plan.steps.length);
  }

  /** An operation could not be done now. */
  refused(operation: number, target: number): void {
    if (isTaking[operation] !== 1 || this.#refused[target] === 1) return;
    this.#refused[target] = 1;
    this.refusals++;
  }

  /** Resources of which it is told if nobody is ever refused there, and nobody was yet. */
  unrefused(): readonly number[] {
    return [...this.#plan.resources.keys()].filter((id) => {
      const resource = this.#plan.resources[id] as Resource;
      return this.#refused[id] === 0 && this.#contentionOf(resource) !== undefined;
    });
  }

  /** The same by its name. */
  refusedBy(operation: string, target: number): void {
    if (isTakingName(operation)) this.#refused[target] = 1;
  }

  /** A step's wait has ended by its timeout. */
  timedOut(step: number): void {
    if (step >= 0) this.#timedOut[step] = 1;
  }

  /** In the order of the file. */
  missing(): readonly Unexercised[] {
    const all = [...this.#unreached(), ...this.#conditions(), ...this.#timeouts(), ...this.#resources()];
    return all.toSorted((a, b) => a.span.start - b.span.start);
  }

  /** Instructions of programs that some task runs that the user knows. */
  *#instructions(): Iterable<readonly [instruction: Instruction, went: number]> {
    for (const program of this.#shownPrograms()) {
      const own = this.#plan.programs[program]?.instructions ?? [];
      for (const [place, instruction] of own.entries())
        if (instruction.step >= 0) yield [instruction, this.went[program]?.[place] ?? 0];
    }
  }

  #shownPrograms(): ReadonlySet<number> {
    return new Set(this.#plan.tasks.flatMap((task, id) => (isShown(this.#plan, id) ? [task.program] : [])));
  }

  /** Of steps that are never reached, those at which some way would have gone another way. */
  #unreached(): readonly Unexercised[] {
    const reached = new Set<number>();
    for (const [{ step }, went] of this.#instructions()) if (went !== 0) reached.add(step);
    const first = new Set<number>();
    for (const program of this.#shownPrograms()) {
      const { instructions } = this.#plan.programs[program] as Program;
      const went = this.went[program] as Uint8Array;
      const isSkipped = (place: number): boolean => went[place] === 0 && instructions[place]?.op !== 'jump';
      instructions.forEach(({ step }, place) => {
        if (step < 0 || reached.has(step) || !isSkipped(place)) return;
        // What follows another step that is not reached is not reached because of it.
        if (isSkipped(place - 1) || isShutOff(instructions, place)) return;
        first.add(step);
      });
    }
    return [...first].flatMap((step) => {
      const known = this.#plan.steps[step];
      return known === undefined ? [] : [{ kind: 'step', name: known.verb, span: known.span }];
    });
  }

  #conditions(): readonly Unexercised[] {
    const texts = new Map<string, { span: Span; went: number }>();
    for (const [instruction, went] of this.#instructions()) {
      if (instruction.op !== 'branch' || instruction.condition.constant !== undefined) continue;
      const verb = this.#plan.steps[instruction.step]?.verb;
      if (verb !== 'if' && verb !== 'while') continue;
      const { span } = instruction.condition;
      const key = `${span.start} ${span.end}`;
      texts.set(key, { span, went: (texts.get(key)?.went ?? 0) | went });
    }
    return [...texts.values()]
      .filter(({ went }) => went === NEXT)
      .map(({ span }) => ({ kind: 'condition', name: '', span }));
  }

  #timeouts(): readonly Unexercised[] {
    const spans = new Map<number, Span>();
    for (const [instruction, went] of this.#instructions()) {
      const { op, step } = instruction;
      if (went === 0) continue;
      if (op !== 'operate' && op !== 'await' && op !== 'external') continue;
      const known = this.#plan.steps[step];
      if (instruction.timeout === undefined || isNothing(instruction.timeout.after)) continue;
      if (known !== undefined && this.#timedOut[step] === 0) spans.set(step, known.span);
    }
    return [...spans.values()].map((span) => ({ kind: 'timeout', name: '', span }));
  }

  /** An array is one: whichever of its elements it was. */
  #resources(): readonly Unexercised[] {
    const open = new Map<string, Unexercised>();
    const used = new Set<string>();
    this.#plan.resources.forEach((resource, id) => {
      const kind = this.#contentionOf(resource);
      if (kind === undefined) return;
      const name = resource.name.replace(/\[\d+\]$/, '');
      if (this.#refused[id] === 1) used.add(name);
      else if (!open.has(name)) open.set(name, { kind, name, span: resource.span });
    });
    return [...open.values()].filter(({ name }) => !used.has(name));
  }

  /** What is told of a resource at which nobody ever has to wait. */
  #contentionOf(resource: Resource) {
    if (!resource.enabled || this.#isMade(resource)) return undefined;
    return primitiveOf(resource).contended?.(resource);
  }

  #isMade({ kind, span }: Resource): boolean {
    return (kind === 'lock' || kind === 'rlock') && this.#conditionsAt.has(span.start);
  }
}

/** Parameters of the case shut it off: somebody has decided that. */
function isShutOff(instructions: readonly Instruction[], place: number): boolean {
  return instructions.some(
    (one, at) =>
      one.op === 'branch' &&
      one.condition.reads.every(({ from }) => from === 'constant') &&
      (at + 1 === place || one.otherwise === place),
  );
}

function isNothing(duration: Duration): boolean {
  return duration.kind === 'fixed' && duration.maxUs === 0;
}
