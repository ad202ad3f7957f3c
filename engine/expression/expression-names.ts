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
import { type Subject, type SubjectTools, subjectOf } from './expression-subjects.ts';
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
  return new NameFinder(root, scope, functions).find();
}

/** Goes through the nodes of one expression, each once. */
class NameFinder {
  readonly #root: ASTNode;
  readonly #scope: Scope;
  readonly #functions: ReadonlySet<string>;
  readonly #nodes: number;
  readonly #reads = createReadSet();
  readonly #types = new Map<string, string>();
  readonly #splices: Splice[] = [];
  readonly #problems: Problem[] = [];
  /** The variables of the comprehensions around the node, the innermost last. */
  readonly #hiding: { readonly name: string; readonly subject: Subject | undefined }[] = [];
  readonly #tools: SubjectTools;
  #isRandom = false;
  #isBroken = false;

  constructor(root: ASTNode, scope: Scope, functions: ReadonlySet<string>) {
    this.#root = root;
    this.#scope = scope;
    this.#functions = functions;
    this.#nodes = nodesIn(root);
    this.#tools = {
      scope,
      splices: this.#splices,
      read: (read, type) => this.#read(read, type),
      problem: (node, code, message, help) => this.#problem(node, code, message, help),
    };
  }

  find(): Names {
    this.#value(this.#root);
    return {
      reads: this.#reads.list(),
      types: this.#types,
      splices: this.#splices,
      isRandom: this.#isRandom,
      isBroken: this.#isBroken,
      problems: this.#problems,
    };
  }

  #problem({ start, end }: Pick<ASTNode, 'start' | 'end'>, code: Code, message: string, help?: string): void {
    this.#problems.push({ code, start, end, message, help });
  }

  #read(found: Read, type: string): void {
    this.#reads.add(found);
    this.#types.set(found.name, type);
  }

  /** A node whose value is wanted. */
  #value(node: ASTNode): void {
    const subject = this.#visit(node);
    if (subject === undefined) return;
    this.#problem(node, 'not-a-value', `${subject.is}, not a value`, attributesHelp(subject));
  }

  /** A node that may be a subject, which is then returned; otherwise it is done with. */
  #visit(node: ASTNode): Subject | undefined {
    switch (node.op) {
      case 'value':
        return this.#checkInteger(node, node.args);
      case 'id':
        return this.#visitName(node, node.args);
      case '.':
        return this.#visitAttribute(node, node.args[0], node.args[1]);
      case '[]':
        return this.#visitElement(node, node.args[0], node.args[1]);
      case 'call':
        return this.#visitCall(node, node.args[0], node.args[1]);
      case 'rcall':
        return this.#visitMethod(node.args[0], node.args[1], node.args[2]);
      case '-_':
        if (node.args.op === 'value' && typeof node.args.args === 'bigint')
          return this.#checkInteger(node, -node.args.args);
        return this.#value(node.args) as undefined;
      default:
        return this.#visitOperands(node);
    }
  }

  #visitOperands(node: ASTNode): undefined {
    const isDue = clockComparisonOf(node) !== undefined && !this.#hiding.some(({ name }) => name === CLOCK);
    if (isDue) this.#splices.push({ start: node.start, end: node.start, text: 'due(' });
    const many = node.op === '+' ? MANY_IN_SUM : MANY_NODES;
    // A comparison with the time is taken apart as it stands.
    for (const child of childrenOf(node))
      !isDue && isLookedThrough(node, child) ? this.#weighed(child, many) : this.#value(child);
    if (isDue) this.#splices.push({ start: node.end, end: node.end, text: ')' });
  }

  #checkInteger(node: ASTNode, literal: unknown): undefined {
    if (typeof literal !== 'bigint' || BigInt.asIntN(64, literal) === literal) return;
    this.#problem(node, 'expression-type', 'the integer has more than 64 bits');
  }

  /** Where there are many operations, what one of them looks through as a whole counts each time. */
  #weighed(node: ASTNode, many = MANY_NODES): void {
    const isWeighed = (this.#nodes > many || this.#hiding.length > 0) && mayBeLong.has(node.op);
    if (isWeighed) this.#splices.push({ start: node.start, end: node.start, text: 'weigh(' });
    this.#value(node);
    if (isWeighed) this.#splices.push({ start: node.end, end: node.end, text: ')' });
  }

  #visitName(node: ASTNode, name: string): Subject | undefined {
    const local = this.#hiding.findLast((variable) => variable.name === name);
    if (local !== undefined) return local.subject;
    const binding = this.#scope.lookup(name);
    if (binding?.kind === 'broken') this.#isBroken = true;
    if (binding !== undefined) return subjectOf(this.#tools, node, name, binding);
    const quotes = this.#functions.has(name)
      ? `it is a function: write \`${name}(…)\``
      : `text needs quotes of its own: '"${name}"'`;
    const meant = suggestion(name, this.#scope.names());
    this.#problem(
      node,
      'unknown-name',
      `nothing here is called \`${name}\``,
      meant === undefined ? quotes : `${meant} ${quotes}`,
    );
    return undefined;
  }

  #visitAttribute(node: ASTNode, base: ASTNode, attribute: string): Subject | undefined {
    const subject = this.#visit(base);
    if (subject === undefined) return undefined;
    const part = subject.part?.(attribute, node);
    if (part !== undefined) return part;
    const owner = [subject, subject.replica].find((one) => one !== undefined && hasAttribute(one, attribute));
    if (owner !== undefined) return owner.use(attribute, node) as undefined;
    const help = suggestion(attribute, attributesOf(subject)) ?? attributesHelp(subject);
    this.#problem(
      { start: node.pos, end: node.end },
      'unknown-attribute',
      `${subject.is} and has no \`${attribute}\``,
      help,
    );
    return undefined;
  }

  #visitElement(node: ASTNode, base: ASTNode, index: ASTNode): Subject | undefined {
    const subject = this.#visit(base);
    this.#value(index);
    if (subject === undefined) return undefined;
    if (subject.element !== undefined) return subject.element(node, integerOf(index));
    this.#problem(node, 'not-an-array', `${subject.is}, not an array`, attributesHelp(subject));
    return undefined;
  }

  #visitCall(node: ASTNode, name: string, args: readonly ASTNode[]): undefined {
    if (name === 'random') this.#isRandom = true;
    if (!this.#functions.has(name) || internalFunctions.has(name)) {
      const callable = [...this.#functions].filter((candidate) => !internalFunctions.has(candidate));
      this.#problem(
        node,
        'unknown-function',
        `there is no function \`${name}\``,
        foreignFunction(name) ?? suggestion(name, callable),
      );
    }
    for (const argument of args) name === 'size' ? this.#countable(argument) : this.#weighed(argument);
  }

  /** An array of resources is no value, but it has a size. */
  #countable(node: ASTNode): void {
    const subject = this.#visit(node);
    if (subject === undefined) return;
    if (subject.element !== undefined) subject.element(node);
    else this.#problem(node, 'not-a-value', `${subject.is}, not a value`, attributesHelp(subject));
  }

  #visitMethod(name: string, receiver: ASTNode, args: readonly ASTNode[]): Subject | undefined {
    const [variable, ...bodies] = args;
    if (comprehensions.has(name) && variable?.op === 'id' && bodies.length > 0) {
      return this.#visitComprehension(name, receiver, variable.args, bodies);
    }
    if (name === 'size') this.#countable(receiver);
    else this.#weighed(receiver);
    if (name === 'matches') this.#checkPattern(args[0]);
    for (const argument of args) this.#value(argument);
    return undefined;
  }

  #visitComprehension(
    name: string,
    receiver: ASTNode,
    variable: string,
    bodies: readonly ASTNode[],
  ): Subject | undefined {
    const subject = this.#visit(receiver);
    const element = subject?.element?.(receiver);
    if (subject !== undefined && subject.element === undefined) {
      this.#problem(receiver, 'not-an-array', `${subject.is}, not an array`, attributesHelp(subject));
    }
    const weight = Math.ceil(bodies.reduce((sum, body) => sum + nodesIn(body), 0) / NODES_AN_ELEMENT);
    if (weight > 1 || !(receiver.op === 'call' && receiver.args[0] === 'range')) {
      this.#splices.push({ start: receiver.start, end: receiver.start, text: 'walk(' });
      this.#splices.push({ start: receiver.end, end: receiver.end, text: weight > 1 ? `, ${weight})` : ')' });
    }
    this.#hiding.push({ name: variable, subject: element });
    for (const body of bodies) this.#value(body);
    this.#hiding.pop();
    return name === 'filter' && element !== undefined ? subject : undefined;
  }

  #checkPattern(node: ASTNode | undefined): void {
    if (node?.op !== 'value' || typeof node.args !== 'string') return;
    const trouble = patternProblem(node.args);
    if (trouble !== undefined) this.#problem(node, 'bad-pattern', trouble);
  }
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
