/**
 * Builds one program: instructions with labels, slots, and what has to be done on the way out of a region.
 *
 * A region is a range of instructions whose errors go to a handler. Whoever leaves it otherwise (`break`, `continue`,
 * `return`) does its cleanup in place, as Java's compiler does for `finally`; that copy of the cleanup is then not part
 * of the region, or an error in it would be cleaned up twice.
 */
import type { Handler, Instruction, Program } from '../../instruction.ts';

/** A place in the program that is known only later. */
export type Label = { position: number | undefined };

/** An instruction without its step. */
type Bare<I> = I extends { readonly step: number } ? Omit<I, 'step'> : never;
export type BareInstruction = Bare<Instruction>;

/** Makes the instruction once all labels have their place. */
export type Draft = (at: (label: Label) => number) => BareInstruction;

type Region = {
  readonly kind: 'region';
  readonly ranges: { readonly from: number; readonly to: number }[];
  openedAt: number | undefined;
  readonly cleanup: (() => void) | undefined;
};

type Frame =
  | Region
  | { readonly kind: 'loop'; readonly exit: Label; readonly next: Label }
  | { readonly kind: 'routine'; readonly exit: Label };

export type Guarded = {
  readonly body: () => void;
  /** Without it errors go on, past the cleanup. */
  readonly handler?: (slot: number) => void;
  /** The handler is emitted right here; otherwise behind the program, where no one has to jump over it. */
  readonly inPlace?: boolean;
  readonly cleanup?: () => void;
  readonly normally?: () => void;
};

/** More instructions than this are a mistake, such as routines that use each other many times. */
export const mostInstructions = 100_000;

/** Thrown by `emit` past `mostInstructions`; caught where the program is compiled. */
export class ProgramTooLarge extends Error {}

export class ProgramBuilder {
  /** The step that the next instructions belong to. */
  step = 0;
  /** The slot with what the task gives, if it gives anything. */
  result: number | undefined;
  readonly #name: string;
  readonly #drafts: { readonly step: number; readonly draft: Draft }[] = [];
  readonly #handlers: Handled[] = [];
  readonly #deferred: (() => void)[] = [];
  readonly #slots: string[] = [];
  readonly #locals = new Map<string, number>();
  #frames: readonly Frame[] = [];
  /** Control does not get behind the last instruction. */
  #hasEnded = false;
  #last: Handler | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  emit(instruction: BareInstruction): void {
    this.emitLater(() => instruction);
    this.#hasEnded = instruction.op === 'reraise';
  }

  emitLater(draft: Draft): void {
    this.#hasEnded = false;
    if (this.#drafts.length >= mostInstructions) throw new ProgramTooLarge();
    this.#drafts.push({ step: this.step, draft });
  }

  /** A slot of the compiler's own; its name begins with a dot. */
  hidden(hint: string): number {
    return this.#slots.push(`.${hint}${this.#slots.length}`) - 1;
  }

  /** The slot of a local variable, the same for each time it is asked for. */
  local(wanted: string): number {
    const known = this.#locals.get(wanted);
    if (known !== undefined) return known;
    const slot = this.#slots.push(wanted) - 1;
    this.#locals.set(wanted, slot);
    return slot;
  }

  label(): Label {
    return { position: undefined };
  }

  place(label: Label): void {
    this.#hasEnded = false;
    label.position = this.#drafts.length;
  }

  /**
   * Emits `body` with its errors going to `handler`, which finds the error in the slot it is given; both go on after.
   * `cleanup` is done on every other way out, the normal end included; `normally` after it, at the normal end only.
   */
  guarded({ body, handler, cleanup, normally, inPlace = false }: Guarded): void {
    const region: Region = { kind: 'region', ranges: [], openedAt: this.#drafts.length, cleanup };
    const emitHandler = handler === undefined ? undefined : this.#handle(region, handler);
    const outside = this.#frames;
    const after = this.label();
    this.#within(region, body);
    if (emitHandler !== undefined) this.#close(region);
    cleanup?.();
    normally?.();
    if (emitHandler === undefined) return;
    if (inPlace) {
      this.#jump(after);
      emitHandler();
    } else {
      this.#deferred.push(() => {
        this.#asInside(outside, emitHandler);
        if (!this.#hasEnded) this.#jump(after);
      });
    }
    this.place(after);
  }

  loop({ exit, next }: { readonly exit: Label; readonly next: Label }, body: () => void): void {
    this.#within({ kind: 'loop', exit, next }, body);
  }

  routine(exit: Label, body: () => void): void {
    this.#within({ kind: 'routine', exit }, body);
  }

  /** Leaves the innermost loop; false if there is none. */
  leaveLoop(way: 'exit' | 'next'): boolean {
    const index = this.#frames.findLastIndex(({ kind }) => kind !== 'region');
    const frame = this.#frames[index];
    if (frame?.kind !== 'loop') return false;
    this.#leaveTo(index, () => this.#jump(frame[way]));
    return true;
  }

  /** Leaves the innermost routine, or ends the task. */
  leaveRoutine(): void {
    const index = this.#frames.findLastIndex(({ kind }) => kind === 'routine');
    const frame = this.#frames[index];
    this.#leaveTo(index, () => {
      if (frame?.kind === 'routine') this.#jump(frame.exit);
      else this.emit({ op: 'end' });
    });
  }

  /**
   * Ends the program, and emits the handlers that were put off behind it, and the one of what nothing takes; the last
   * instruction is `end` again.
   */
  settle(): void {
    this.#end();
    for (let next = this.#deferred.shift(); next !== undefined; next = this.#deferred.shift()) next();
    this.step = -1;
    const { length } = this.#drafts;
    this.#last = { from: 0, to: length, target: length, slot: this.hidden('error'), isLast: true };
    this.emit({ op: 'reraise', slot: this.#last.slot, isLast: true });
    this.#end();
  }

  /** After `settle`, and once all that drafts ask for is known. */
  finish(): Program {
    const innermostFirst = this.#handlers.toSorted((a, b) => b.depth - a.depth);
    const last = this.#last === undefined ? [] : [this.#last];
    return {
      name: this.#name,
      instructions: this.#drafts.map(({ step, draft }): Instruction => ({ step, ...draft(positionOf) })),
      handlers: [...innermostFirst.flatMap(rangesOf), ...last],
      slots: this.#slots,
      ...(this.result === undefined ? {} : { result: this.result }),
    };
  }

  #end(): void {
    this.step = -1;
    this.emit({ op: 'end' });
  }

  #jump(to: Label): void {
    this.emitLater((at) => ({ op: 'jump', to: at(to) }));
  }

  #within(frame: Frame, body: () => void): void {
    const outside = this.#frames;
    this.#frames = [...outside, frame];
    body();
    this.#frames = outside;
  }

  /** @returns what emits the region's handler, as of the step that is compiled now */
  #handle(region: Region, handler: (slot: number) => void): () => void {
    const { step } = this;
    const target = this.label();
    const slot = this.hidden('error');
    this.#handlers.push({ region, target, slot, depth: this.#frames.length });
    return () => {
      this.step = step;
      this.place(target);
      handler(slot);
    };
  }

  /** What comes later is part of the regions it belongs to all the same. */
  #asInside(outside: readonly Frame[], emit: () => void): void {
    const regions = outside.filter((frame) => frame.kind === 'region');
    for (const region of regions) region.openedAt = this.#drafts.length;
    const before = this.#frames;
    this.#frames = outside;
    emit();
    this.#frames = before;
    for (const region of regions) this.#close(region);
  }

  #close(region: Region): void {
    const { length } = this.#drafts;
    const from = region.openedAt;
    if (from !== undefined && from < length) region.ranges.push({ from, to: length });
    region.openedAt = undefined;
  }

  /** Does the cleanup of all regions inside the frame at `index`, then leaves. */
  #leaveTo(index: number, leave: () => void): void {
    const inside = this.#frames;
    const { step } = this;
    const left: Region[] = [];
    for (let top = inside.length - 1; top > index; top--) {
      const frame = inside[top];
      if (frame?.kind !== 'region') continue;
      this.#close(frame);
      left.push(frame);
      this.#frames = inside.slice(0, top);
      frame.cleanup?.();
    }
    this.step = step;
    leave();
    this.#frames = inside;
    for (const region of left) region.openedAt = this.#drafts.length;
  }
}

/** `depth`: how many regions and loops are around the region. */
type Handled = {
  readonly region: Region;
  readonly target: Label;
  readonly slot: number;
  readonly depth: number;
};

function positionOf({ position }: Label): number {
  if (position === undefined) throw new Error('bug in concur: a label was never placed');
  return position;
}

function rangesOf({ region, target, slot }: Handled): readonly Handler[] {
  return region.ranges.map(({ from, to }) => ({ from, to, target: positionOf(target), slot }));
}
