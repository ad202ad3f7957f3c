/**
 * A page of the docs on a terminal: headings, paragraphs fitted to its width, examples with a bar that says bad or good.
 *
 * Knows as much of Markdown as the pages in docs/codes have.
 */

export type Paint = (text: string) => string;

export type PageStyle = {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  /** How wide lines may be; examples are never wrapped. */
  readonly columns: number;
};

/** Ends with a line feed. */
export function pageText(markdown: string, style: PageStyle): string {
  const parts: string[] = [];
  const blocks = markdown.matchAll(/^```\w* ?([^\n]*)\n(.*?)^```$|(?:^(?!```)[^\n]+\n?)+/gms);
  for (const [block, info, example] of blocks) {
    parts.push(example === undefined ? paragraph(block, style) : framed(example, info ?? '', style));
  }
  return `${parts.join('\n\n')}\n`;
}

function framed(example: string, info: string, { bad, good, dim }: PageStyle): string {
  const [kind = '', ...options] = info.split(' ');
  const paint = kind === 'bad' ? bad : kind === 'good' ? good : dim;
  const label = { bad: 'wrong', good: 'right' }[kind];
  const title = label === undefined ? [] : [`  ${[paint(label), ...options].join(' ')}`];
  const lines = example.trimEnd().split('\n');
  return [...title, ...lines.map((line) => `  ${paint('│')} ${line}`.trimEnd())].join('\n');
}

function paragraph(block: string, { bold, columns }: PageStyle): string {
  const text = block
    .trim()
    .replaceAll(/\[([^\]]+)\]\(([^)]+)\)/g, '$1 ($2)')
    .replaceAll(/\s+/g, ' ');
  const heading = /^# (.*)$/.exec(text)?.[1];
  if (heading !== undefined) return bold(heading);
  const [, title, rest = ''] = /^\*\*(.*)\*\*(.*)$/.exec(text) ?? [];
  return title === undefined ? wrapped(text, columns) : `${bold(title)}${rest}`;
}

/** Words on lines of at most so many columns; a longer word has a line of its own. */
export function wrapped(text: string, columns: number, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > columns) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, indent + line].join('\n');
}
