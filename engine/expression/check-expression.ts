/**
 * One expression, as the user wrote it: parsed, its names bound, its types checked, all findings at line and column.
 *
 * Nothing is evaluated here. Whatever the text is, this returns in time: the length and depth of expressions are bounded.
 */
import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { createCel } from './cel.ts';
import { isCelError, plainSummary } from './cel-error.ts';
import type { Read } from './expression.ts';
import { namesOf, type Problem } from './expression-names.ts';
import { createTypeChecker } from './expression-types.ts';
import type { Place } from './place.ts';
import type { Report } from './report.ts';
import type { Scope } from './scope.ts';
import { splice } from './splice.ts';

/** CEL text ready for the evaluator, what it reads, and the type of its result (`dyn` if that is not known). */
export type Checked = {
  readonly cel: string;
  readonly reads: readonly Read[];
  readonly isRandom: boolean;
  readonly type: string;
};

export type ExpressionChecker = {
  /** Undefined if anything was reported, here or where a name of it is declared. `place.text` is the expression, without `${{ }}`. */
  check(place: Place, scope: Scope, report: Report): Checked | undefined;
  /** The syntax tree, or undefined if a syntax error was reported. */
  parse(place: Place, report: Report): ASTNode | undefined;
};

/** The longest expression a person may write; longer data belongs into params or vars. */
const longestText = 10_000;
const mostNodes = 2_000;
/** Far less than the evaluator allows: what the planner writes around an expression nests too. */
const mostDepth = 60;

export function createExpressionChecker(): ExpressionChecker {
  const random = (): never => {
    throw new Error('bug in concur: an expression was evaluated while it was checked');
  };
  const { environment } = createCel({ random });
  const functions = new Set(environment.getDefinitions().functions.map(({ name }) => name));
  const types = createTypeChecker(environment);
  const parser = environment.clone({ limits: { maxAstNodes: mostNodes, maxDepth: mostDepth } });
  const parse = (place: Place, report: Report): ASTNode | undefined =>
    parseReporting(place.isOwn === true ? environment : parser, place, report);

  return {
    parse,
    check(place, scope, report) {
      const tree = parse(place, report);
      if (tree === undefined) return undefined;
      const names = namesOf(tree, scope, functions);
      for (const problem of names.problems) reportProblem(problem, place, report);
      if (names.problems.length > 0 || names.isBroken) return undefined;
      const { text, original } = splice(place.text, names.splices);
      const result = types.check(text, names.types);
      if ('type' in result)
        return { cel: text, reads: names.reads, isRandom: names.isRandom, type: result.type };
      const { start, end } = result.problem;
      reportProblem({ ...result.problem, start: original(start), end: original(end) }, place, report);
      return undefined;
    },
  };
}

function reportProblem({ code, start, end, message, help }: Problem, place: Place, report: Report): void {
  report(code, place.at(start, end), message, { help });
}

function parseReporting(parser: Environment, place: Place, report: Report): ASTNode | undefined {
  const { text } = place;
  try {
    if (text.length > longestText && place.isOwn !== true) throw new RangeError('too long');
    return parser.parse(text).ast;
  } catch (error) {
    if (error instanceof RangeError) {
      report('expression-too-long', place.span, 'the expression is too long or too deeply nested');
      return undefined;
    }
    if (!isCelError(error)) throw error;
    const { start, end } = error.range ?? { start: 0, end: text.length };
    const span = place.at(start, end);
    if (error.code === 'limit_exceeded') {
      report('expression-too-long', span, `the expression is too long: ${plainSummary(error.summary)}`);
    } else {
      const { message, help } = explained(text, start, error.summary);
      report('expression-syntax', span, message, { help });
    }
    return undefined;
  }
}

const wordOperators: Readonly<Record<string, string>> = { and: '&&', or: '||', not: '!', is: '==' };

function explained(text: string, start: number, summary: string): { message: string; help?: string } {
  const rest = text.slice(start);
  if (text.trim() === '') return { message: 'an expression is missing' };
  if (rest.trim() === '') return { message: 'the expression ends too early' };
  const word = /^\w+/.exec(rest)?.[0] ?? rest.charAt(0);
  const operator = Object.hasOwn(wordOperators, word) ? wordOperators[word] : undefined;
  if (operator !== undefined) return { message: `\`${word}\` is no operator`, help: `write \`${operator}\`` };
  if (/\bnot\s+$/.test(text.slice(0, start))) return { message: '`not` is no operator', help: 'write `!`' };
  if (rest.startsWith('=')) return { message: '`=` is no operator', help: 'write `==`' };
  if (/^[&|]/.test(rest)) return { message: `\`${word}\` is no operator`, help: `write \`${word}${word}\`` };
  if (rest.startsWith('${{'))
    return { message: '`${{ }}` does not stand inside an expression', help: 'leave it out' };
  if (/^(Unexpected|Expected)/.test(summary)) return { message: `\`${word}\` is not expected here` };
  return { message: plainSummary(summary) };
}
