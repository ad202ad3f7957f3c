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

export type ProgramBuilder = {
  /** The step that the next instructions belong to. */
  step: number;
  /** The slot with what the task gives, if it gives anything. */
  result: number | undefined;
  emit(instruction: BareInstruction): void;
  emitLater(draft: Draft): void;
  /** A slot of the compiler's own; its name begins with a dot. */
  hidden(name: string): number;
  /** The slot of a local variable, the same for each time it is asked for. */
  local(name: string): number;
  label(): Label;
  place(label: Label): void;
  /**
   * Emits `body` with its errors going to `handler`, which finds the error in the slot it is given; both go on after.
   * `cleanup` is done on every other way out, the normal end included; `normally` after it, at the normal end only.
   */
  guarded(parts: Guarded): void;
  loop(labels: { readonly exit: Label; readonly next: Label }, body: () => void): void;
  routine(exit: Label, body: () => void): void;
  /** Leaves the innermost loop; false if there is none. */
  leaveLoop(way: 'exit' | 'next'): boolean;
  /** Leaves the innermost routine, or ends the task. */
  leaveRoutine(): void;
  /**
   * Ends the program, and emits the handlers that were put off behind it, and the one of what nothing takes; the last
   * instruction is `end` again.
   */
  settle(): void;
  /** After `settle`, and once all that drafts ask for is known. */
  finish(): Program;
};

/** More instructions than this are a mistake, such as routines that use each other many times. */
export const mostInstructions = 100_000;

/** Thrown by `emit` past `mostInstructions`; caught where the program is compiled. */
export class ProgramTooLarge extends Error {}

export function createProgramBuilder(name: string): ProgramBuilder {
  const drafts: { readonly step: number; readonly draft: Draft }[] = [];
  const handlers: Handled[] = [];
  const deferred: (() => void)[] = [];
  const slots: string[] = [];
  const locals = new Map<string, number>();
  let frames: readonly Frame[] = [];
  /** Control does not get behind the last instruction. */
  let hasEnded = false;
  let last: Handler | undefined;

  const builder: ProgramBuilder = {
    step: 0,
    result: undefined,
    emit(instruction) {
      builder.emitLater(() => instruction);
      hasEnded = instruction.op === 'reraise';
    },
    emitLater(draft) {
      hasEnded = false;
      if (drafts.length >= mostInstructions) throw new ProgramTooLarge();
      drafts.push({ step: builder.step, draft });
    },
    hidden: (hint) => slots.push(`.${hint}${slots.length}`) - 1,
    local(wanted) {
      const known = locals.get(wanted);
      if (known !== undefined) return known;
      const slot = slots.push(wanted) - 1;
      locals.set(wanted, slot);
      return slot;
    },
    label: () => ({ position: undefined }),
    place(label) {
      hasEnded = false;
      label.position = drafts.length;
    },
    guarded({ body, handler, cleanup, normally, inPlace = false }) {
      const region: Region = { kind: 'region', ranges: [], openedAt: drafts.length, cleanup };
      if (handler === undefined) {
        within(region, body);
        cleanup?.();
        normally?.();
        return;
      }
      const target = builder.label();
      const slot = builder.hidden('error');
      const after = builder.label();
      const outside = frames;
      const { step } = builder;
      within(region, body);
      close(region);
      cleanup?.();
      normally?.();
      handlers.push({ region, target, slot, depth: outside.length });
      const emitHandler = (): void => {
        builder.step = step;
        builder.place(target);
        handler(slot);
      };
      if (inPlace) {
        builder.emitLater((at) => ({ op: 'jump', to: at(after) }));
        emitHandler();
      } else {
        deferred.push(() => {
          asInside(outside, emitHandler);
          if (!hasEnded) builder.emitLater((at) => ({ op: 'jump', to: at(after) }));
        });
      }
      builder.place(after);
    },
    loop: ({ exit, next }, body) => within({ kind: 'loop', exit, next }, body),
    routine: (exit, body) => within({ kind: 'routine', exit }, body),
    leaveLoop(way) {
      const index = frames.findLastIndex(({ kind }) => kind !== 'region');
      const frame = frames[index];
      if (frame?.kind !== 'loop') return false;
      leaveTo(index, () => builder.emitLater((at) => ({ op: 'jump', to: at(frame[way]) })));
      return true;
    },
    leaveRoutine() {
      const index = frames.findLastIndex(({ kind }) => kind === 'routine');
      const frame = frames[index];
      leaveTo(index, () => {
        if (frame?.kind !== 'routine') builder.emit({ op: 'end' });
        else builder.emitLater((at) => ({ op: 'jump', to: at(frame.exit) }));
      });
    },
    settle() {
      end();
      for (let next = deferred.shift(); next !== undefined; next = deferred.shift()) next();
      builder.step = -1;
      last = {
        from: 0,
        to: drafts.length,
        target: drafts.length,
        slot: builder.hidden('error'),
        isLast: true,
      };
      builder.emit({ op: 'reraise', slot: last.slot, isLast: true });
      end();
    },
    finish() {
      const instructions = drafts.map(({ step, draft }): Instruction => ({ step, ...draft(positionOf) }));
      const innermostFirst = handlers.toSorted((a, b) => b.depth - a.depth);
      const { result } = builder;
      return {
        name,
        instructions,
        handlers: [...innermostFirst.flatMap(rangesOf), ...(last === undefined ? [] : [last])],
        slots,
        ...(result === undefined ? {} : { result }),
      };
    },
  };

  const end = (): void => {
    builder.step = -1;
    builder.emit({ op: 'end' });
  };

  const within = (frame: Frame, body: () => void): void => {
    const outside = frames;
    frames = [...frames, frame];
    body();
    frames = outside;
  };

  /** What comes later is part of the regions it belongs to all the same. */
  const asInside = (outside: readonly Frame[], emit: () => void): void => {
    const regions = outside.filter((frame) => frame.kind === 'region');
    for (const region of regions) region.openedAt = drafts.length;
    const before = frames;
    frames = outside;
    emit();
    frames = before;
    for (const region of regions) close(region);
  };

  const close = (region: Region): void => {
    const from = region.openedAt;
    if (from !== undefined && from < drafts.length) region.ranges.push({ from, to: drafts.length });
    region.openedAt = undefined;
  };

  /** Does the cleanup of all regions inside the frame at `index`, then leaves. */
  const leaveTo = (index: number, leave: () => void): void => {
    const inside = frames;
    const { step } = builder;
    const left: Region[] = [];
    for (let top = inside.length - 1; top > index; top--) {
      const frame = inside[top];
      if (frame?.kind !== 'region') continue;
      close(frame);
      left.push(frame);
      frames = inside.slice(0, top);
      frame.cleanup?.();
    }
    builder.step = step;
    leave();
    frames = inside;
    for (const region of left) region.openedAt = drafts.length;
  };

  return builder;
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
