/**
 * Reads YAML as its author meant it: what YAML's traps break is found, named with its fix, and taken for quoted text, so
 * that the rest of the file is still read and all findings come in one go.
 */
import type { ParsedNode, YAMLError, Document as YamlDocument } from 'yaml';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { finding } from '../../diagnostic/finding.ts';
import { shortened } from '../../diagnostic/text-width.ts';
import type { Source, Span } from '../../source/source.ts';
import { limits } from '../limits.ts';
import { parseYaml, type YamlDocuments } from './parse.ts';
import { lineEnd } from './quoting.ts';
import { type Trap, trapsIn } from './traps.ts';

export type Syntax = {
  /** The first document, if there is any. */
  readonly document?: YamlDocument.Parsed<ParsedNode>;
  /** The text that the document was read from: as long as the source's, but mended. */
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  /** What was mended: what is found there is the mending's. */
  readonly mended: readonly Span[];
  /** From here on, the beginning of a line, the document's structure cannot be trusted. */
  readonly brokenAt: number;
};

/** Rounds of mending: each costs a parse, so that together they read at most this many code units. */
const mendingEffort = 8 * limits.text;

/** Total: any text gives a document or a finding. */
export function readSyntax(source: Source): Syntax {
  const { text, diagnostics } = withoutControls(source.text);
  const mended: Span[] = [];
  let current = text;
  for (let effort = mendingEffort; ; effort -= text.length + 1) {
    const yaml = parseYaml(current);
    if (yaml.tooDeepAt !== undefined) {
      return { text: current, diagnostics: [...diagnostics, tooDeep(yaml.tooDeepAt)], mended, brokenAt: 0 };
    }
    const mayMend = effort > 0 && mended.length <= limits.findings;
    const traps = mayMend ? trapsIn(current, yaml.flows, yaml.documents) : [];
    if (traps.length === 0) return concluded(yaml, { text: current, diagnostics, mended });
    const room = Math.max(0, limits.findings + 1 - diagnostics.length);
    diagnostics.push(...traps.slice(0, room).map((trap) => trapFinding(trap, source.text)));
    mended.push(...traps.map(({ span }) => span));
    current = mend(current, traps);
  }
}

/** What is left when there is nothing more to mend. */
function concluded(yaml: YamlDocuments, so: Pick<Syntax, 'text' | 'diagnostics' | 'mended'>): Syntax {
  const [document, second] = yaml.documents;
  const errors = syntaxErrors(yaml.documents, so.text, yaml.unclosed);
  const several = second ? [severalDocuments(second)] : [];
  return {
    ...so,
    ...(document ? { document } : {}),
    diagnostics: [
      ...so.diagnostics,
      ...errors,
      ...tagErrors(yaml.documents),
      ...versionErrors(so.text),
      ...several,
    ],
    brokenAt: lineStart(so.text, Math.min(...errors.map((error) => error.span.start))),
  };
}

function lineStart(text: string, offset: number): number {
  return offset === Number.POSITIVE_INFINITY ? offset : text.lastIndexOf('\n', offset - 1) + 1;
}

function tooDeep(start: number): Diagnostic {
  const help = 'put inner steps into `routines`, and `use` them';
  return finding('too-deep', { start, end: start + 1 }, `more than ${limits.depth} levels of nesting`, {
    help,
  });
}

/** Text in quotes of the same length, so that every offset still holds. */
function mend(text: string, traps: readonly Trap[]): string {
  let mended = '';
  let at = 0;
  for (const { span } of traps) {
    const length = span.end - span.start;
    const stuffing = length < 7 ? '_'.repeat(length - 2) : `\${{${'_'.repeat(length - 5)}`;
    mended += `${text.slice(at, span.start)}"${stuffing}"`;
    at = span.end;
  }
  return mended + text.slice(at);
}

function trapFinding(trap: Trap, text: string): Diagnostic {
  const { code, span, message, help } = trap;
  return finding(code, span, message, { help: help(text) });
}

const forbidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]+|\r(?!\n)|\p{Surrogate}+/gu;

/** YAML allows no control characters; they become spaces, a lone carriage return the line's end it was meant as. */
function withoutControls(text: string): { readonly text: string; readonly diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const clean = text.replaceAll(forbidden, (found, offset: number) => {
    const span = { start: offset, end: offset + found.length };
    const code = found.codePointAt(0) ?? 0;
    const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    const help =
      found === '\r' ? 'end lines with a line feed' : 'remove it; in a text, write it as an escape: "\\u…"';
    if (diagnostics.length < limits.findings) {
      diagnostics.push(finding('control-character', span, `the control character ${name}`, { help }));
    }
    return found === '\r' ? '\n' : ' '.repeat(found.length);
  });
  return { text: clean, diagnostics };
}

/** One finding a line: what follows an error on its line is mostly its consequence. */
function syntaxErrors(
  documents: readonly YamlDocument.Parsed<ParsedNode>[],
  text: string,
  unclosed: readonly number[],
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  let lineIsTaken = -1;
  let streamIsBroken = false;
  const errors = documents.flatMap((document) => document.errors).sort((a, b) => a.pos[0] - b.pos[0]);
  for (const error of errors) {
    const [start] = error.pos;
    const inStream = error.message.includes('in YAML stream');
    if (start <= lineIsTaken || (inStream && streamIsBroken) || found.length >= limits.findings) continue;
    streamIsBroken ||= inStream;
    lineIsTaken = lineEnd(text, start);
    const opening = neverClosed.test(error.message)
      ? unclosed.findLast((offset) => offset < start)
      : undefined;
    found.push(opening === undefined ? syntaxError(error) : unclosedFinding(text, opening));
  }
  return found;
}

/** How the library says so, late: where the text ends, or is indented too little. */
const neverClosed = /^Missing closing|end with a [\]}]$|^Expected flow (?:map|sequence) to end/;

function unclosedFinding(text: string, opening: number): Diagnostic {
  const span = { start: opening, end: opening + 1 };
  return finding('yaml-syntax', span, `this \`${text[opening] ?? ''}\` is never closed`, {
    help: 'close it; what goes on in the next line is indented more than its key',
  });
}

function syntaxError(error: YAMLError): Diagnostic {
  const [start, end] = error.pos;
  const span = { start, end: Math.max(end, start + 1) };
  if (error.code === 'TAB_AS_INDENT') {
    return finding('yaml-tab', span, 'a tab cannot indent a line', { help: 'indent with spaces' });
  }
  if (error.message.includes('block-seq-ind on same line')) {
    const help = 'begin the list on the next line: `- ` before each item';
    return finding('yaml-syntax', span, 'a list cannot begin on the line of its key', { help });
  }
  const message = error.message.charAt(0).toLowerCase() + error.message.slice(1).replace(/\.$/, '');
  return finding('yaml-syntax', span, message, { help: syntaxHelp[error.code] });
}

const syntaxHelp: { readonly [code in YAMLError['code']]?: string } = {
  BLOCK_AS_IMPLICIT_KEY: 'indent this line like those it belongs to',
  BAD_INDENT: 'keys of one mapping, and items of one list, begin at the same column',
  BAD_ALIAS: 'a `*` begins an alias; quote the text if it is none',
  MISSING_CHAR: 'a key ends with `: `, a quoted text with its quote, a list in one line with `]`',
  MULTILINE_IMPLICIT_KEY: 'a key is on one line; quote a text that goes on',
  UNEXPECTED_TOKEN: 'quote the text if it is one',
};

function tagErrors(documents: readonly YamlDocument.Parsed<ParsedNode>[]): readonly Diagnostic[] {
  return documents
    .flatMap((document) => document.warnings)
    .filter((warning) => warning.code === 'TAG_RESOLVE_FAILED')
    .slice(0, limits.findings)
    .map(({ pos: [start, end] }) =>
      finding('yaml-tag', { start, end }, 'a scenario has no YAML tags', { help: 'remove the tag' }),
    );
}

/** In YAML 1.1, `yes` and `no` are true and false, and `1:30` is a number. */
function versionErrors(text: string): readonly Diagnostic[] {
  const [line, version] = /^%YAML[ \t]+([^\s#]+)/m.exec(text) ?? [];
  if (line === undefined || version === '1.2') return [];
  const start = text.indexOf(line);
  const message = `a scenario is YAML 1.2, not ${shortened(version ?? '', 20)}`;
  return [
    finding('yaml-version', { start, end: start + line.length }, message, { help: 'remove this line' }),
  ];
}

function severalDocuments(second: YamlDocument.Parsed<ParsedNode>): Diagnostic {
  const start = second.range[0];
  const help = 'put each scenario into a file of its own, or write variants as `cases`';
  return finding('several-documents', { start, end: start + 1 }, 'a second YAML document begins here', {
    help,
  });
}
