/**
 * A list of lines that stays at the bottom of a terminal and is redrawn in place, by listr2.
 *
 * listr2 draws a list of tasks; here each of its tasks is one line, whose title and state we set, and its default
 * renderer composes them. Three habits of that renderer do not fit a run with thousands of events a second, and are
 * replaced: it redraws at every change of a title (here: when told to), it asks the process for the size of the terminal
 * (here: it is given), and it takes over the process's streams (here: a frame is one `write`, so nothing flickers). The
 * cursor is never hidden, so that no way of dying can leave a terminal without one.
 *
 * listr2 is imported late: a run without a terminal never pays for it.
 */
import type { ListrTaskState } from 'listr2';
import type { Palette } from '../text/palette.ts';

export type LineState = 'idle' | 'busy' | 'done' | 'failed' | 'skipped' | 'stopped';

/** A line of the list: harmless `text` on one line, `width` cells wide, in which colours are allowed. */
export type LiveLine = { readonly text: string; readonly width: number; readonly state: LineState };

export type LiveList = {
  /** Shows these lines, at most `capacity`; `above`, whole lines, is written for good over them. */
  draw(lines: readonly LiveLine[], above: string): void;
  /** The same for the last time: the lines stay. */
  finish(lines: readonly LiveLine[], above: string): Promise<void>;
};

export type TerminalSize = { readonly columns: number; readonly rows: number };

export type LiveListOptions = {
  readonly capacity: number;
  readonly palette: Palette;
  readonly size: () => TerminalSize;
  readonly write: (text: string) => void;
};

/** The cells that the mark before a line takes. */
export const markWidth = 2;

/** Resolves when the list can be drawn. */
export async function openLiveList(options: LiveListOptions): Promise<LiveList> {
  const { Listr, ListrTaskState } = await import('listr2');
  const { LiveRenderer, compose } = await createRenderer(options.palette);
  const screen = createScreen(options);
  const end = openPromise();
  const ready = openPromise();
  let begun = 0;

  const task = () => {
    begun += 1;
    if (begun === options.capacity) ready.resolve();
    return end.promise;
  };
  const listr = new Listr(
    Array.from({ length: options.capacity }, () => ({ task })),
    { renderer: LiveRenderer, concurrent: true, exitOnError: false, registerSignalListeners: false },
  );
  const states = stateTable(ListrTaskState);

  const draw = (lines: readonly LiveLine[], above: string) => {
    listr.tasks.forEach((slot, index) => {
      const line = lines[index];
      slot.title = line?.text ?? '';
      slot.state = states[line?.state ?? 'idle'];
    });
    screen.show(compose(), lines, above);
  };
  const running = listr.run();
  await ready.promise;
  return {
    draw,
    async finish(lines, above) {
      draw(lines, above);
      end.resolve();
      await running;
    },
  };
}

/** A promise that is settled from outside (`Promise.withResolvers` came after Node 20). */
function openPromise() {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** listr2's default renderer without its timers and streams: it only composes the text of the list. */
async function createRenderer(palette: Palette) {
  const { DefaultRenderer, Spinner } = await import('listr2');
  const composers: (() => string)[] = [];

  class StillSpinner extends Spinner {
    override start() {}
    override stop() {}
  }
  const spinner = new StillSpinner();

  class LiveRenderer extends DefaultRenderer {
    static override nonTTY = true;

    constructor(...[tasks, , events]: ConstructorParameters<typeof DefaultRenderer>) {
      super(
        tasks,
        { spinner, icon: { WAITING: '·', ROLLED_BACK: '■' }, color: markColours(palette) },
        events,
      );
      composers.push(() => this.create());
    }
    override async render() {}
    override update() {}
    override end() {}
    protected override format(text: string, mark: string): string[] {
      return text === '' ? [] : [`${mark} ${text}`];
    }
  }
  const compose = () => {
    spinner.spin();
    return composers.map((composeOne) => composeOne()).join('');
  };
  return { LiveRenderer, compose };
}

function markColours({ dim, good, bad, unsure }: Palette) {
  return {
    PENDING: paint(unsure),
    COMPLETED: paint(good),
    FAILED: paint(bad),
    SKIPPED_WITH_COLLAPSE: paint(dim),
    ROLLED_BACK: paint(unsure),
    WAITING: paint(dim),
  };
}

function paint(style: (text: string) => string) {
  return (text?: string) => style(text ?? '');
}

function stateTable(states: typeof ListrTaskState) {
  return {
    idle: states.WAITING,
    busy: states.STARTED,
    done: states.COMPLETED,
    failed: states.FAILED,
    skipped: states.SKIPPED,
    stopped: states.ROLLED_BACK,
  } as const satisfies Record<LineState, ListrTaskState>;
}

/** The lines on the terminal now, and how to get rid of them. */
function createScreen({ size, write }: Pick<LiveListOptions, 'size' | 'write'>) {
  let widths: readonly number[] = [];

  /** After a terminal became narrower, its lines take several rows each; what scrolled out at the top is out of reach. */
  const erase = () => {
    const { columns, rows } = size();
    const taken = widths.reduce(
      (sum, width) => sum + Math.max(1, Math.ceil(width / Math.max(1, columns))),
      0,
    );
    const reachable = Math.min(taken, Math.max(0, rows - 1));
    return reachable === 0 ? '' : `\u001b[${reachable}A\r\u001b[J`;
  };
  return {
    show(list: string, lines: readonly LiveLine[], above: string) {
      const erased = erase();
      widths = lines.map(({ width }) => width + markWidth);
      write(`${erased}${above}${list === '' ? '' : `${list}\n`}`);
    },
  };
}
