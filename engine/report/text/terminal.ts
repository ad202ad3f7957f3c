/**
 * What a stream can show, from facts about it: pure, so that every combination is tested.
 */

export type StreamFacts = {
  readonly isTTY: boolean;
  /** Undefined or 0 where nobody knows; some CI systems give a terminal without a size. */
  readonly columns: number | undefined;
  readonly env: {
    readonly TERM?: string | undefined;
    readonly CI?: string | undefined;
    readonly NO_COLOR?: string | undefined;
  };
};

export type StreamUse = {
  /** A live view, or plain lines only. */
  readonly live: boolean;
  readonly colour: boolean;
};

/**
 * Live only on a terminal with a width that somebody looks at: not in CI, not on a dumb terminal. On a width of 0 listr2
 * would print one character a line.
 *
 * @see https://no-color.org
 */
export function chooseUse({ isTTY, columns, env }: StreamFacts): StreamUse {
  const dumb = env.TERM === 'dumb';
  const inCI = isSet(env.CI) && env.CI !== 'false';
  return {
    live: isTTY && !dumb && !inCI && columns !== undefined && columns > 0,
    colour: isTTY && !dumb && !isSet(env.NO_COLOR),
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
