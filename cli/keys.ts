/**
 * A terminal as something to look at and press keys on: a screen of its own, each key heard as it is pressed, and the terminal
 * as it was when that is over, however it ends.
 */
import { emitKeypressEvents } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';

/** A key by its name (`right`, `return`, `q`), or what it types where it has none. */
export type Key = { readonly name: string; readonly isShift: boolean };

export type Screen = {
  /** In place of all that was there; no line may be wider than the terminal. */
  draw(lines: readonly string[]): void;
  /** The terminal is as it was before. */
  close(): void;
};

export type ScreenListener = {
  readonly onKey: (key: Key) => void;
  readonly onResize: () => void;
};

type Terminal = {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  /** Calls back when the process ends, unless what it gives is called before. */
  readonly atExit: (callback: () => void) => () => void;
  /** What Ctrl-C does, of which a terminal that tells each key makes no signal. */
  readonly interrupt: () => void;
};

const OTHER_SCREEN = '\u001b[?1049h\u001b[?25l';
const SAME_SCREEN = '\u001b[?25h\u001b[?1049l';

export function openScreen(
  { stdin, stdout, atExit, interrupt }: Terminal,
  { onKey, onResize }: ScreenListener,
): Screen {
  const press = (typed: string | undefined, key: Pressed | undefined): void => {
    const name = key?.name ?? typed ?? '';
    if (key?.ctrl !== true) onKey({ name, isShift: key?.shift === true });
    else if (name === 'c') interrupt();
  };
  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    stdin.off('keypress', press);
    stdout.off('resize', onResize);
    stdin.setRawMode(false);
    stdin.pause();
    stdout.write(SAME_SCREEN);
    forget();
  };
  const forget = atExit(close);
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.resume();
  stdin.on('keypress', press);
  stdout.on('resize', onResize);
  stdout.write(OTHER_SCREEN);
  return {
    draw(lines) {
      if (isOpen) stdout.write(`\u001b[H${lines.map((line) => `${line}\u001b[K`).join('\r\n')}\u001b[J`);
    },
    close,
  };
}

/** As Node's readline tells it. */
type Pressed = { readonly name?: string; readonly ctrl?: boolean; readonly shift?: boolean };
