/**
 * The names in an expression: each is looked up, each becomes a read, and what the evaluator needs is written into the
 * text.
 *
 * - Parameters become literals.
 * - A task's replicas are a list beside its counts: `visitor[0].state` becomes `visitor__each[0].state`, and `.state` of a
 *   task that is only one `once__each[0].state`, since one name cannot be both a list and a map.
 * - What a comprehension goes through is counted: `list.map(…)` becomes `walk(list).map(…)`.
 * - A comparison with the time tells when it changes: `now > x` becomes `due(now > x)`.
 *
 * Comprehensions' own variables hide names. A resource is no value: only its attributes are.
 */
import type { ASTNode } from '@marcbachmann/cel-js';
import type { Code } from '../diagnostic/codes.ts';
import { internalFunctions } from './cel.ts';
import { CLOCK, clockComparisonOf, nodesIn } from './clock-comparison.ts';
import { codeEnumeration } from './enumeration.ts';
import type { Read } from './expression.ts';
import { type Subject, subjectOf } from './expression-subjects.ts';
import { foreignFunction } from './functions/foreign-functions.ts';
import { patternProblem } from './functions/pattern.ts';
import { createReadSet } from './read-set.ts';
import { suggestion } from './report.ts';
import type { Scope } from './scope.ts';
import type { Splice } from './splice.ts';

/** A finding at offsets of the expression's own text. */
export type Problem = {
  readonly code: Code;
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly help?: string | undefined;
};

export type Names = {
  readonly reads: readonly Read[];
  /** What the type checker knows of each read, by name. */
  readonly types: ReadonlyMap<string, string>;
  readonly splices: readonly Splice[];
  /** Its value differs from one evaluation to the next, beside what it reads. */
  readonly isRandom: boolean;
  readonly problems: readonly Problem[];
  /** It has a name whose declaration was reported. */
  readonly isBroken: boolean;
};

/** Operators that may look through the whole of both their operands; and what may stand for something long. */
const looksThrough: ReadonlySet<string> = new Set(['==', '!=', '+', '<', '<=', '>', '>=']);
const mayBeLong: ReadonlySet<string> = new Set(['id', '.', '[]']);

/** What is done for one element in a comprehension counts once for so many nodes. */
const NODES_AN_ELEMENT = 32;

/**
 * An expression of more nodes counts what each of its operations looks through, as those in a comprehension do. In a sum each
 * `+` copies all before it, so there fewer are many.
 */
const MANY_NODES = 256;
const MANY_IN_SUM = 16;

const comprehensions: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** Finds out the names of a parsed expression. `functions`: the names of all functions there are. */
export function namesOf(root: ASTNode, scope: Scope, functions: ReadonlySet<string>): Names {
  const reads = createReadSet();
  const types = new Map<string, string>();
  const splices: Splice[] = [];
  const problems: Problem[] = [];
  const hiding: { readonly name: string; readonly subject: Subject | undefined }[] = [];
  const nodes = nodesIn(root);
  let isRandom = false;
  let isBroken = false;

  const problem = (
    { start, end }: Pick<ASTNode, 'start' | 'end'>,
    code: Code,
    message: string,
    help?: string,
  ): void => {
    problems.push({ code, start, end, message, help });
  };

  const read = (found: Read, type: string): void => {
    reads.add(found);
    types.set(found.name, type);
  };

  /** A node whose value is wanted. */
  const value = (node: ASTNode): void => {
    const subject = visit(node);
    if (subject === undefined) return;
    problem(node, 'not-a-value', `${subject.is}, not a value`, attributesHelp(subject));
  };

  /** A node that may be a subject, which is then returned; otherwise it is done with. */
  const visit = (node: ASTNode): Subject | undefined => {
    switch (node.op) {
      case 'value':
        return checkInteger(node, node.args);
      case 'id':
        return visitName(node, node.args);
      case '.':
        return visitAttribute(node, node.args[0], node.args[1]);
      case '[]':
        return visitElement(node, node.args[0], node.args[1]);
      case 'call':
        return visitCall(node, node.args[0], node.args[1]);
      case 'rcall':
        return visitMethod(node.args[0], node.args[1], node.args[2]);
      case '-_':
        if (node.args.op === 'value' && typeof node.args.args === 'bigint')
          return checkInteger(node, -node.args.args);
        return value(node.args) as undefined;
      default:
        return visitOperands(node);
    }
  };

  const visitOperands = (node: ASTNode): undefined => {
    const isDue = clockComparisonOf(node) !== undefined && !hiding.some(({ name }) => name === CLOCK);
    if (isDue) splices.push({ start: node.start, end: node.start, text: 'due(' });
    const many = node.op === '+' ? MANY_IN_SUM : MANY_NODES;
    // A comparison with the time is taken apart as it stands.
    for (const child of childrenOf(node))
      !isDue && isLookedThrough(node, child) ? weighed(child, many) : value(child);
    if (isDue) splices.push({ start: node.end, end: node.end, text: ')' });
  };

  const checkInteger = (node: ASTNode, literal: unknown): undefined => {
    if (typeof literal !== 'bigint' || BigInt.asIntN(64, literal) === literal) return;
    problem(node, 'expression-type', 'the integer has more than 64 bits');
  };

  /** Where there are many operations, what one of them looks through as a whole counts each time. */
  const weighed = (node: ASTNode, many = MANY_NODES): void => {
    const isWeighed = (nodes > many || hiding.length > 0) && mayBeLong.has(node.op);
    if (isWeighed) splices.push({ start: node.start, end: node.start, text: 'weigh(' });
    value(node);
    if (isWeighed) splices.push({ start: node.end, end: node.end, text: ')' });
  };

  const visitName = (node: ASTNode, name: string): Subject | undefined => {
    const local = hiding.findLast((variable) => variable.name === name);
    if (local !== undefined) return local.subject;
    const binding = scope.lookup(name);
    if (binding?.kind === 'broken') isBroken = true;
    if (binding !== undefined) return subjectOf({ scope, read, splices, problem }, node, name, binding);
    const quotes = functions.has(name)
      ? `it is a function: write \`${name}(…)\``
      : `text needs quotes of its own: '"${name}"'`;
    const meant = suggestion(name, scope.names());
    problem(
      node,
      'unknown-name',
      `nothing here is called \`${name}\``,
      meant === undefined ? quotes : `${meant} ${quotes}`,
    );
    return undefined;
  };

  const visitAttribute = (node: ASTNode, base: ASTNode, attribute: string): Subject | undefined => {
    const subject = visit(base);
    if (subject === undefined) return undefined;
    const part = subject.part?.(attribute, node);
    if (part !== undefined) return part;
    const owner = [subject, subject.replica].find((one) => one !== undefined && hasAttribute(one, attribute));
    if (owner !== undefined) return owner.use(attribute, node) as undefined;
    const help = suggestion(attribute, attributesOf(subject)) ?? attributesHelp(subject);
    problem(
      { start: node.pos, end: node.end },
      'unknown-attribute',
      `${subject.is} and has no \`${attribute}\``,
      help,
    );
    return undefined;
  };

  const visitElement = (node: ASTNode, base: ASTNode, index: ASTNode): Subject | undefined => {
    const subject = visit(base);
    value(index);
    if (subject === undefined) return undefined;
    if (subject.element !== undefined) return subject.element(node, integerOf(index));
    problem(node, 'not-an-array', `${subject.is}, not an array`, attributesHelp(subject));
    return undefined;
  };

  const visitCall = (node: ASTNode, name: string, args: readonly ASTNode[]): undefined => {
    if (name === 'random') isRandom = true;
    if (!functions.has(name) || internalFunctions.has(name)) {
      const callable = [...functions].filter((candidate) => !internalFunctions.has(candidate));
      problem(
        node,
        'unknown-function',
        `there is no function \`${name}\``,
        foreignFunction(name) ?? suggestion(name, callable),
      );
    }
    for (const argument of args) name === 'size' ? countable(argument) : weighed(argument);
  };

  /** An array of resources is no value, but it has a size. */
  const countable = (node: ASTNode): void => {
    const subject = visit(node);
    if (subject === undefined) return;
    if (subject.element !== undefined) subject.element(node);
    else problem(node, 'not-a-value', `${subject.is}, not a value`, attributesHelp(subject));
  };

  const visitMethod = (name: string, receiver: ASTNode, args: readonly ASTNode[]): Subject | undefined => {
    const [variable, ...bodies] = args;
    if (comprehensions.has(name) && variable?.op === 'id' && bodies.length > 0) {
      return visitComprehension(name, receiver, variable.args, bodies);
    }
    if (name === 'size') countable(receiver);
    else weighed(receiver);
    if (name === 'matches') checkPattern(args[0]);
    for (const argument of args) value(argument);
    return undefined;
  };

  const visitComprehension = (
    name: string,
    receiver: ASTNode,
    variable: string,
    bodies: readonly ASTNode[],
  ): Subject | undefined => {
    const subject = visit(receiver);
    const element = subject?.element?.(receiver);
    if (subject !== undefined && subject.element === undefined) {
      problem(receiver, 'not-an-array', `${subject.is}, not an array`, attributesHelp(subject));
    }
    const weight = Math.ceil(bodies.reduce((sum, body) => sum + nodesIn(body), 0) / NODES_AN_ELEMENT);
    if (weight > 1 || !(receiver.op === 'call' && receiver.args[0] === 'range')) {
      splices.push({ start: receiver.start, end: receiver.start, text: 'walk(' });
      splices.push({ start: receiver.end, end: receiver.end, text: weight > 1 ? `, ${weight})` : ')' });
    }
    hiding.push({ name: variable, subject: element });
    for (const body of bodies) value(body);
    hiding.pop();
    return name === 'filter' && element !== undefined ? subject : undefined;
  };

  const checkPattern = (node: ASTNode | undefined): void => {
    if (node?.op !== 'value' || typeof node.args !== 'string') return;
    const trouble = patternProblem(node.args);
    if (trouble !== undefined) problem(node, 'bad-pattern', trouble);
  };

  value(root);
  return { reads: reads.list(), types, splices, isRandom, isBroken, problems };
}

/** Whether the operator may look through all of that operand: beside a literal there is little to look at. */
function isLookedThrough(node: ASTNode, operand: ASTNode): boolean {
  if (node.op === 'in') return operand === node.args[1];
  return looksThrough.has(node.op) && childrenOf(node).every(({ op }) => op !== 'value');
}

function hasAttribute({ attributes }: Subject, attribute: string): boolean {
  return attributes === 'any' || Object.hasOwn(attributes, attribute);
}

function attributesOf({ attributes, replica }: Subject): readonly string[] {
  const own = attributes === 'any' ? [] : Object.keys(attributes);
  return replica === undefined ? own : [...own, ...attributesOf(replica)];
}

function attributesHelp(subject: Subject): string | undefined {
  const known = attributesOf(subject);
  if (known.length > 0) return `it has ${codeEnumeration(known)}`;
  return subject.element === undefined ? undefined : 'say which element, as in `[0]`';
}

function integerOf(node: ASTNode): bigint | undefined {
  if (node.op === 'value' && typeof node.args === 'bigint') return node.args;
  if (node.op === '-_' && node.args.op === 'value' && typeof node.args.args === 'bigint')
    return -node.args.args;
  return undefined;
}

function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'map':
      return node.args.flat();
    case 'list':
    case '?:':
      return node.args;
    case '!_':
    case '-_':
      return [node.args];
    case 'value':
    case 'id':
    case 'call':
    case 'rcall':
    case '.':
    case '.?':
    case '[?]':
      return [];
    default:
      return node.args;
  }
}
