/**
 * YAML's traps: what users write in good faith and YAML reads as something else. Each is found with the quoted line as
 * its fix.
 */
import type { ParsedNode, YAMLError, YAMLWarning, Document as YamlDocument } from 'yaml';
import type { Code } from '../../diagnostic/codes.ts';
import type { Span } from '../../source/source.ts';
import { balanced, type FlowTrap, scanFlow } from './flow-scan.ts';
import { lineEnd, quotedLine, restOfLine } from './quoting.ts';

type Complaint = YAMLError | YAMLWarning;

export type Trap = {
  readonly code: Code;
  /** What should have been in quotes. */
  readonly span: Span;
  readonly message: string;
  /** The fix, given the text as the user wrote it. */
  help(text: string): string;
};

/**
 * The first traps that YAML fell into, in order of place, none overlapping another.
 *
 * Those of one flow collection at most, and those before it: what follows may be misread because of them.
 */
export function trapsIn(
  text: string,
  flows: readonly number[],
  documents: readonly YamlDocument.Parsed<ParsedNode>[],
): readonly Trap[] {
  const complaints = documents
    .flatMap((document) => [...document.errors, ...document.warnings])
    .sort((a, b) => a.pos[0] - b.pos[0]);
  const inFlow = firstFlowTraps(text, flows, complaints);
  const limit = inFlow[0]?.span.start ?? text.length;
  const before = complaints.filter(({ pos: [start] }) => start < limit);
  const inBlock = fewOfEachLine(before, text).flatMap((complaint) => blockTrap(text, complaint) ?? []);
  return withoutOverlaps([...inFlow, ...inBlock].filter(({ span }) => span.end - span.start >= 2));
}

/** A line may have a hundred thousand; those after its first are mostly consequences. */
function fewOfEachLine(complaints: readonly Complaint[], text: string): readonly Complaint[] {
  const most = 4;
  let end = -1;
  let count = 0;
  return complaints.filter(({ pos: [start] }) => {
    if (start > end) {
      end = lineEnd(text, start);
      count = 0;
    }
    count += 1;
    return count <= most;
  });
}

/** YAML complains of every trap but one: what it takes apart at a comma is YAML, too. */
function firstFlowTraps(
  text: string,
  flows: readonly number[],
  complaints: readonly Complaint[],
): readonly Trap[] {
  let end = 0;
  for (const start of flows) {
    if (start < end) continue;
    const scanned = scanFlow(text, start);
    end = scanned.end;
    const isYaml = !complaints.some(({ pos: [at] }) => start <= at && at <= end);
    const traps = isYaml ? scanned.traps.filter(({ why }) => why === 'comma') : scanned.traps;
    if (traps.length > 0) return traps.map(({ span, why }) => flowTrap(span, why));
  }
  return [];
}

function flowTrap(span: Span, why: FlowTrap['why']): Trap {
  return {
    code: flowCodes[why],
    span,
    message: flowMessages[why],
    help: (original) => inQuotes(original, span),
  };
}

const flowMessages: Readonly<Record<FlowTrap['why'], string>> = {
  template: 'inside { } and [ ] YAML takes the braces of ${{ }} for its own',
  bracket: 'inside { } and [ ] YAML takes these brackets for its own',
  comma: 'inside { } and [ ] YAML takes this apart at the comma',
  ternary: 'inside { } and [ ] YAML takes `? :` for keys',
  exclamation: 'YAML takes what begins with `!` for a tag',
  'after-quote': 'YAML ends this text at its closing quote',
  'after-bracket': 'YAML takes what begins with `[` or `{` for a list or keys',
  indicator: 'YAML text cannot begin so without quotes',
};

const flowCodes: Readonly<Record<FlowTrap['why'], Code>> = {
  template: 'yaml-flow',
  bracket: 'yaml-flow',
  comma: 'yaml-flow',
  ternary: 'yaml-flow',
  exclamation: 'yaml-exclamation-mark',
  'after-quote': 'yaml-quotes',
  'after-bracket': 'yaml-quotes',
  indicator: 'yaml-quotes',
};

function blockTrap(text: string, complaint: Complaint): Trap | undefined {
  const [start] = complaint.pos;
  switch (complaint.code) {
    case 'TAG_RESOLVE_FAILED':
      // `!!x` and `!<x>` are tags that somebody meant.
      if (/^(?:!!|!<)/.test(text.slice(start, start + 2))) return undefined;
      return trap('yaml-exclamation-mark', text, start, flowMessages.exclamation);
    case 'BLOCK_AS_IMPLICIT_KEY':
      return colonTrap(text, start);
    case 'BAD_SCALAR_START':
      return trap('yaml-quotes', text, start, flowMessages.indicator);
    case 'UNEXPECTED_TOKEN':
      return afterQuote(text, start);
    default:
      return undefined;
  }
}

/** Where the line begins here, its indentation is what is wrong. */
function colonTrap(text: string, start: number): Trap | undefined {
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  if (before.trim() === '') return undefined;
  return trap('yaml-colon', text, start, 'YAML takes `: ` in this text for the end of a key');
}

/** `if: 'a' == b`, `[1, 2] == x`, and `if: > 3`: the value begins with a quote, a bracket, or with the sign of a block text. */
function afterQuote(text: string, at: number): Trap | undefined {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const beginning = /[ \t]*(?:- +)*(?:(?:"[^"\n]*"|'[^'\n]*'|[^\s"'#:][^:#\n]*):[ \t]+)?/y;
  beginning.lastIndex = lineStart;
  beginning.exec(text);
  const start = beginning.lastIndex;
  if (start > at) return undefined;
  if (/^- +[^:\n]+$/m.test(restText(text, start)) && text.slice(lineStart, start).trimEnd().endsWith(':'))
    return trap('yaml-quotes', text, start, flowMessages.indicator);
  const rest = restText(text, start);
  if (/^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*[^\s#]/.test(rest)) {
    return trap('yaml-quotes', text, start, flowMessages['after-quote']);
  }
  const bracket = /^[[{]/.test(rest) ? balanced(text, start) : undefined;
  if (bracket !== undefined && /^\s*[^\s#:]/.test(text.slice(bracket, start + rest.length))) {
    return trap('yaml-quotes', text, start, flowMessages['after-bracket']);
  }
  if (/^[|>][-+0-9]*\s+[^\s#]/.test(rest)) return trap('yaml-quotes', text, start, flowMessages.indicator);
  return undefined;
}

function restText(text: string, start: number): string {
  return text.slice(start, restOfLine(text, start).end);
}

function trap(code: Code, text: string, start: number, message: string): Trap {
  const span = restOfLine(text, start);
  return { code, span, message, help: (original) => inQuotes(original, span) };
}

function inQuotes(text: string, span: Span): string {
  return `quote it: ${quotedLine(text, span)}`;
}

function withoutOverlaps(traps: readonly Trap[]): readonly Trap[] {
  const sorted = [...traps].sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
  const kept: Trap[] = [];
  for (const candidate of sorted) {
    const last = kept.at(-1);
    if (last === undefined || candidate.span.start >= last.span.end) kept.push(candidate);
  }
  return kept;
}
