/**
 * `concur replay --step`: a run that was played again, moment by moment, forward and back. Where nobody can press keys, each
 * moment is printed once, with what it changed.
 */
import type { Event, Plan, Source } from '../engine/command.ts';
import { appearance } from './commands/run-once.ts';
import type { Engine, Host } from './host.ts';
import type { Key } from './keys.ts';

export type ToStep = {
  readonly engine: Engine;
  readonly host: Host;
  readonly source: Source;
  readonly plan: Plan;
  readonly events: readonly Event[];
  /** How many of them are those that were to be played. */
  readonly scheduled: number;
};

/** Until somebody has seen enough, or a signal comes. */
export async function stepThrough({ engine, host, source, plan, events, scheduled }: ToStep): Promise<void> {
  const { palette, places, live } = appearance(engine, host, source);
  const steps = engine.stepsOf(plan, events, scheduled);
  if (!live || host.screen === undefined) {
    for (const text of engine.stepsText(steps, { palette, places })) host.stdout.write(text);
    host.stdout.write('\n');
    return;
  }
  const walk = new Walk(steps.count);
  const draw = (): void => {
    const size = host.size();
    const look = { palette, places: engine.createPlaces(source, { palette, columns: size.columns }) };
    const frame = steps.at(walk.number);
    screen.draw(walk.isHelp ? engine.keyHelpLines(size, look) : engine.screenLines(frame, look, size));
  };
  const { signal } = host.interruptible();
  let leave = (): void => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const screen = host.screen({ onKey: (key) => (walk.press(key) ? draw() : leave()), onResize: draw });
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  draw();
  await left;
  screen.close();
}

/** Where somebody is who walks through so many steps. */
class Walk {
  number = 0;
  isHelp = false;
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  /** @returns whether the walk goes on */
  press({ name, isShift }: Key): boolean {
    if (this.isHelp) {
      this.isHelp = false;
      return true;
    }
    switch (name) {
      case 'right':
      case 'return':
      case 'enter':
      case 'space':
      case 'n':
        return this.#goTo(this.number + 1);
      case 'left':
      case 'b':
      case 'p':
        return this.#goTo(this.number - 1);
      case 'g':
        return this.#goTo(isShift ? this.#count : 0);
      case 'home':
        return this.#goTo(0);
      case 'end':
        return this.#goTo(this.#count);
      case '?':
        this.isHelp = true;
        return true;
      case 'q':
      case 'escape':
        return false;
      default:
        return true;
    }
  }

  #goTo(number: number): true {
    this.number = Math.max(0, Math.min(this.#count, number));
    return true;
  }
}
