/**
 * What a name in an expression stands for: a value, which becomes a read or a literal, or a subject, which has
 * attributes and elements without being a value itself.
 */
import type { ASTNode } from '@marcbachmann/cel-js';
import type { Code } from '../diagnostic/codes.ts';
import type { Read } from './expression.ts';
import {
  type Attributes,
  type Binding,
  type GroupBinding,
  groupAttributes,
  nounOf,
  type PipeBinding,
  pointAttributes,
  type ResourceBinding,
  replicaAttributes,
  type Scope,
  taskAttributes,
  traitsOf,
} from './scope.ts';
import type { Splice } from './splice.ts';
import type { Value, ValueMap } from './values/value.ts';
import { literalFromValue } from './values/value-text.ts';

export type Subject = {
  /** `stall` is a semaphore */
  readonly is: string;
  readonly attributes: Attributes | 'any';
  use(attribute: string, node: ASTNode): void;
  /** One of its elements, if it is an array; `index` where it is written as a number. */
  element?(node: ASTNode, index?: bigint): Subject | undefined;
  /** A part with attributes of its own: `left` of a pipe. */
  part?(name: string, node: ASTNode): Subject | undefined;
  /** A task that is only one has the attributes of its one replica too. */
  readonly replica?: Subject;
};

export type SubjectTools = {
  readonly scope: Scope;
  /** Adds a read; `type` is what the type checker knows of it. */
  read(read: Read, type: string): void;
  readonly splices: Splice[];
  problem(node: ASTNode, code: Code, message: string, help?: string): void;
};

/** The subject of a name; undefined if it is a value, which is then done with. */
export function subjectOf(
  tools: SubjectTools,
  node: ASTNode,
  name: string,
  binding: Binding,
): Subject | undefined {
  switch (binding.kind) {
    case 'local':
      return void tools.read({ from: 'local', name, slot: binding.slot }, 'dyn');
    case 'variable':
      return void tools.read(
        { from: 'variable', name, variable: binding.variable },
        binding.array ? 'list' : 'dyn',
      );
    case 'now':
      return void tools.read({ from: 'now', name }, 'double');
    case 'constant':
      return void inline(tools, node, binding.value, { from: 'constant', name, value: binding.value });
    case 'params':
      return parameters(tools, name, binding.values);
    case 'resource':
      return resource(tools, name, binding);
    case 'pipe':
      return pipe(tools, node, name, binding);
    case 'group':
      return group(tools, node, name, binding);
    case 'point': {
      const { point } = binding;
      const read = { from: 'point', name, point } as const;
      return simple(tools, `\`${name}\` is ${nounOf(binding)}`, pointAttributes, read, 'step');
    }
    case 'task':
      return simple(tools, '`task` is the running task', taskAttributes, { from: 'task', name }, 'task');
    case 'env':
      return simple(tools, '`env` is the environment', 'any', { from: 'env', name }, 'map<string, string>');
    case 'routine':
      tools.problem(
        node,
        'not-a-value',
        `\`${name}\` is a routine, not a value`,
        `\`use: ${name}\` puts its steps in place`,
      );
      return undefined;
    case 'absent':
      tools.problem(node, 'not-known-here', binding.why, binding.help);
      return undefined;
    case 'broken':
      return undefined;
  }
}

/** A read without its attributes, which come one by one. */
type Bare<R> = R extends { readonly attributes: readonly string[] } ? Omit<R, 'attributes'> : never;

function simple(
  tools: SubjectTools,
  is: string,
  attributes: Attributes | 'any',
  read: Bare<Read>,
  type: string,
): Subject {
  return {
    is,
    attributes,
    use: (attribute) => tools.read({ ...read, attributes: [attribute] } as Read, type),
  };
}

/** Short constants are written into the text, where they are quick and have a type; lists and maps are read. */
function inline(tools: SubjectTools, node: ASTNode, value: Value, read: Read): void {
  const written = node.input.slice(node.start, node.end);
  const isWhole = /^\w+(\s*\.\s*\w+)?$/.test(written);
  if (isWhole && (typeof value !== 'object' || value === null)) {
    tools.splices.push({ start: node.start, end: node.end, text: literalFromValue(value) });
  } else {
    tools.read(read, 'dyn');
  }
}

function parameters(tools: SubjectTools, name: string, values: ValueMap): Subject {
  const attributes = Object.fromEntries(Object.keys(values).map((key) => [key, 'dyn' as const]));
  return {
    is: '`params` is the list of parameters',
    attributes,
    use(attribute, node) {
      const value = values[attribute] ?? null;
      inline(tools, node, value, { from: 'constant', name, value: values });
    },
  };
}

function resource(tools: SubjectTools, name: string, binding: ResourceBinding): Subject {
  const { first, count, array } = binding;
  const kind = binding.resource;
  const { attributes, noun } = traitsOf(kind);
  const read = { from: 'resource', name, first, count, array } as const;
  if (!array) return simple(tools, `\`${name}\` is ${noun}`, attributes, read, kind);
  return {
    is: `\`${name}\` is an array of ${count}`,
    attributes: {},
    use: () => undefined,
    element(node, index) {
      if (isOutside(tools, node, name, count, index)) return undefined;
      tools.read({ ...read, attributes: [] }, `list<${kind}>`);
      return simple(tools, `an element of \`${name}\` is ${noun}`, attributes, read, `list<${kind}>`);
    },
  };
}

/**
 * The ends of a pipe are two resources: `p.left.size` becomes `p__left.size`, and `p[0].left.size` `p__left[0].size`.
 */
function pipe(tools: SubjectTools, id: ASTNode, name: string, binding: PipeBinding): Subject {
  const { count, array } = binding;
  const renamed = { start: id.start, end: id.end, text: '' };
  const named = (end: 'left' | 'right'): string => freeName(tools.scope, `${name}__${end}`);
  const use = (end: 'left' | 'right'): void => {
    if (renamed.text === '') tools.splices.push(renamed);
    renamed.text = named(end);
  };
  const ends: Attributes = { left: 'dyn', right: 'dyn' };
  const part = (end: string, node: ASTNode): Subject | undefined => {
    if (end !== 'left' && end !== 'right') return undefined;
    use(end);
    tools.splices.push({ start: node.input.lastIndexOf('.', node.pos), end: node.end, text: '' });
    const { first } = binding[end];
    const read = { from: 'resource', name: named(end), first, count, array } as const;
    const is = `\`${name}${array ? '[…]' : ''}.${end}\` is an end of a pipe`;
    return simple(tools, is, traitsOf('pipeEnd').attributes, read, array ? 'list<pipeEnd>' : 'pipeEnd');
  };
  const one: Subject = { is: `\`${name}\` is a pipe`, attributes: ends, use: () => undefined, part };
  if (!array) return one;
  return {
    is: `\`${name}\` is an array of ${count}`,
    attributes: {},
    use: () => undefined,
    element(node, index) {
      if (isOutside(tools, node, name, count, index)) return undefined;
      use('left');
      const { first } = binding.left;
      tools.read(
        { from: 'resource', name: named('left'), first, count, array, attributes: [] },
        'list<pipeEnd>',
      );
      return { ...one, is: `an element of \`${name}\` is a pipe` };
    },
  };
}

function group(tools: SubjectTools, id: ASTNode, name: string, binding: GroupBinding): Subject {
  const { group: number, count, array } = binding;
  const ofCounts = { from: 'group', name, group: number, elements: false } as const;
  const counts = simple(tools, `\`${name}\` is a task`, groupAttributes, ofCounts, 'replicas');
  const each = freeName(tools.scope, `${name}__each`);
  const ofEach = { from: 'group', name: each, group: number, elements: true } as const;
  const replica = simple(
    tools,
    `a replica of \`${name}\` is a task`,
    replicaAttributes,
    ofEach,
    'list<replica>',
  );
  let isRenamed = false;
  const rename = (text: string): void => {
    if (!isRenamed) tools.splices.push({ start: id.start, end: id.end, text });
    isRenamed = true;
  };
  if (!array) {
    const use = (attribute: string, node: ASTNode): void => {
      rename(`${each}[0]`);
      replica.use(attribute, node);
    };
    return { ...counts, replica: { ...replica, use } };
  }
  return {
    ...counts,
    element(node, index) {
      if (isOutside(tools, node, name, count, index)) return undefined;
      rename(each);
      tools.read({ ...ofEach, attributes: [] }, 'list<replica>');
      return replica;
    },
  };
}

function freeName(scope: Scope, wanted: string): string {
  let name = wanted;
  while (scope.lookup(name) !== undefined) name += '_';
  return name;
}

function isOutside(tools: SubjectTools, node: ASTNode, name: string, count: number, index?: bigint): boolean {
  if (index === undefined || (index >= 0n && index < BigInt(count))) return false;
  const help = count === 0 ? `\`${name}\` is empty` : `the last is ${name}[${count - 1}]`;
  tools.problem(node, 'index-out-of-range', `\`${name}\` has no element ${index}`, help);
  return true;
}
