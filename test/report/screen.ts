const csi = '\u001b\\[';
const sequence = new RegExp(`^${csi}([0-9;]*)([a-zA-Z])$`);
const pieces = new RegExp(`${csi}[0-9;]*[a-zA-Z]|[^]`, 'gu');

/**
 * A terminal as far as the live view uses it: text that wraps at its width, line feeds, going up, erasing downwards.
 * Anything else it does not know is an error, so that nothing unforeseen is written unnoticed.
 */
export class Screen {
  /** Every row since the beginning; those scrolled out are the first ones. */
  readonly #rows: string[] = [''];
  #row = 0;
  #column = 0;
  readonly #columns: number;
  readonly #height: number;

  constructor(columns: number, height: number) {
    this.#columns = columns;
    this.#height = height;
  }

  /** Rows without colours and trailing spaces; the last, empty one is the cursor's. */
  rows(): readonly string[] {
    return this.#rows.map((row) => row.trimEnd());
  }

  write(text: string): void {
    for (const [piece] of text.matchAll(pieces)) this.#put(piece);
  }

  #put(piece: string): void {
    const [, count, command] = sequence.exec(piece) ?? [];
    if (command === 'm') return;
    if (command === 'A') this.#goUp(Number(count));
    else if (command === 'J' && count === '') this.#eraseDown();
    else if (piece === '\r') this.#goTo(this.#row, 0);
    else if (piece === '\n') this.#goTo(this.#row + 1, 0);
    else if (/\p{Cc}/u.test(piece)) throw new Error(`a terminal got ${JSON.stringify(piece)}`);
    else this.#type(piece);
  }

  /** What has scrolled out at the top is out of reach. */
  #goUp(count: number): void {
    const top = Math.max(0, this.#rows.length - this.#height);
    this.#row = Math.max(top, this.#row - count);
  }

  #eraseDown(): void {
    this.#rows.length = this.#row + 1;
    this.#rows[this.#row] = (this.#rows[this.#row] ?? '').slice(0, this.#column);
  }

  #goTo(row: number, column: number): void {
    while (this.#rows.length <= row) this.#rows.push('');
    this.#row = row;
    this.#column = column;
  }

  #type(character: string): void {
    if (this.#column === this.#columns) this.#goTo(this.#row + 1, 0);
    const row = (this.#rows[this.#row] ?? '').padEnd(this.#column);
    this.#rows[this.#row] = row.slice(0, this.#column) + character + row.slice(this.#column + 1);
    this.#column += 1;
  }
}
