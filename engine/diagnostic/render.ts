/**
 * Findings for people: place, code, message, the line with a mark, what to do.
 *
 * The one place that knows how a finding looks on a terminal.
 */
import { printable, withoutCommands } from '../source/harmless.ts';
import { positionAt } from '../source/position.ts';
import type { Source, Span } from '../source/source.ts';
import { codeFrame } from './code-frame.ts';
import type { Diagnostic } from './diagnostic.ts';
import { inOrder } from './finding.ts';
import { shortened } from './text-width.ts';

export type RenderOptions = {
  readonly colour?: boolean;
  /** The terminal's width; 100 without it. Text is never wrapped, lines of the file are cut to fit. */
  readonly columns?: number;
  /** How the command was started, for the hint; `concur` without it. */
  readonly startedAs?: string;
};

const longestMessage = 500;

/** All findings about one source, in order, with an empty line between them. Without findings, nothing. */
export function renderAll(
  diagnostics: readonly Diagnostic[],
  source: Source,
  options: RenderOptions = {},
): string {
  return inOrder(diagnostics)
    .map((diagnostic) => render(diagnostic, source, options))
    .join('\n');
}

/** Where to read more, once for everything that was found; without findings, nothing. Ends with a line feed. */
export function explainHint(diagnostics: readonly Diagnostic[], options: RenderOptions = {}): string {
  const [first] = inOrder(diagnostics);
  const code = diagnostics.find(({ severity }) => severity === 'error')?.code ?? first?.code;
  if (code === undefined) return '';
  const { faint } = options.colour ? painted : unpainted;
  return `\n${faint(`more about ${code}: ${options.startedAs ?? 'concur'} explain ${code}`)}\n`;
}

/** One finding; ends with a line feed. */
export function render(diagnostic: Diagnostic, source: Source, options: RenderOptions = {}): string {
  const paint = options.colour ? painted : unpainted;
  const { line, column } = positionAt(source, diagnostic.span.start);
  const { severity, code } = diagnostic;
  const place = `${printable(source.file)}:${line}:${column}:`;
  const head = `${place} ${paint[severity](`${severity}[${code}]`)}: ${paint.strong(harmless(diagnostic.message))}`;
  const labels = diagnostic.labels ?? [];
  const numbers = [diagnostic.span, ...labels.map((label) => label.span)].map(
    (span) => positionAt(source, span.start).line,
  );
  const gutter = String(Math.max(...numbers)).length;
  const frame = (span: Span, sign: string) =>
    codeFrame(source, span, sign, (options.columns ?? 100) - gutter - 3);
  const row = (number: number | '', text: string) =>
    `${paint.faint(`${String(number).padStart(gutter)} |`)} ${text}`.trimEnd();

  const main = frame(diagnostic.span, '^');
  const rows = [head, row(main.line, main.text), row('', paint[severity](main.mark))];
  for (const label of labels) {
    const second = frame(label.span, '-');
    rows.push(row(second.line, second.text), row('', `${paint.help(second.mark)} ${harmless(label.text)}`));
  }
  if (diagnostic.help !== undefined)
    rows.push(`${' '.repeat(gutter)} ${paint.help('= help:')} ${harmless(diagnostic.help)}`);
  return withoutCommands(`${rows.join('\n')}\n`);
}

function harmless(text: string): string {
  return printable(shortened(text, longestMessage));
}

type Paint = Readonly<Record<'error' | 'warning' | 'help' | 'strong' | 'faint', (text: string) => string>>;

const same = (text: string) => text;
const ansi = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[0m`;

const unpainted: Paint = { error: same, warning: same, help: same, strong: same, faint: same };
const painted: Paint = {
  error: ansi(31),
  warning: ansi(33),
  help: ansi(36),
  strong: ansi(1),
  faint: ansi(2),
};
