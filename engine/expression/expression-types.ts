/**
 * Types in an expression, as far as they are known without running: literals, parameters, and the attributes of
 * resources and tasks. Vars and locals may be of any type.
 */
import type { TypeError as CelTypeError, Environment, ParseError } from '@marcbachmann/cel-js';
import { plainSummary } from './cel-error.ts';
import type { Problem } from './expression-names.ts';
import {
  type Attributes,
  groupAttributes,
  pointAttributes,
  replicaAttributes,
  resourceKinds,
  taskAttributes,
  traitsOf,
} from './scope.ts';

/** The type of the result, or what is wrong, at offsets of the text. */
export type TypeCheck = { readonly type: string } | { readonly problem: Problem };

export type TypeChecker = {
  /** @param types the types of the free names, by name; all others are `dyn` */
  check(text: string, types: ReadonlyMap<string, string>): TypeCheck;
};

/** A checker over the functions of an environment, which can have no more functions after that. */
export function createTypeChecker(functions: Environment): TypeChecker {
  const base = functions.clone();
  const declared: Readonly<Record<string, Attributes>> = {
    ...Object.fromEntries(resourceKinds.map((kind) => [kind, traitsOf(kind).attributes])),
    replicas: groupAttributes,
    replica: replicaAttributes,
    step: pointAttributes,
    task: taskAttributes,
  };
  for (const [name, fields] of Object.entries(declared)) base.registerType(name, { fields });
  return {
    check(text, types) {
      const environment = base.clone();
      for (const [name, type] of types) if (type !== 'dyn') environment.registerVariable(name, type);
      const { valid, type, error } = environment.check(text);
      if (valid || error === undefined) return { type: type ?? 'dyn' };
      return { problem: problemFrom(error, text.length) };
    },
  };
}

function problemFrom(error: ParseError | CelTypeError, length: number): Problem {
  const { start, end } = error.range ?? { start: 0, end: length };
  return { code: 'expression-type', start, end, ...explained(error) };
}

function explained({ code, summary }: ParseError | CelTypeError): { message: string; help?: string } {
  const words = plainSummary(summary);
  switch (code) {
    case 'no_such_overload':
      return overload(words);
    case 'no_matching_overload':
      return {
        message: words
          .replace(/^found no matching overload for '(.*)'$/, 'no function takes these: $1')
          .replace('walk(', 'a comprehension over ('),
      };
    case 'incompatible_ternary_branches':
      return {
        message: words.replace(/^ternary branches/, 'the branches of `? :`'),
        help: 'wrap one in dyn(…) if both types are meant',
      };
    case 'invalid_condition_type':
      return { message: words.replace(/^ternary condition/, 'the condition of `? :`') };
    case 'invalid_logical_operand':
      return {
        message: words.replace(
          /^logical operator requires bool operands/,
          '`&&` and `||` need true or false',
        ),
      };
    default:
      return { message: words };
  }
}

/** `no such overload: int + string` */
function overload(words: string): { message: string; help?: string } {
  const operation = words.replace(/^no such overload: /, '');
  const message = `\`${operation}\` does not work`;
  const types = new Set(operation.match(/\b(int|double|string)\b/g));
  if (types.has('int') && types.has('double'))
    return { message, help: 'integers and doubles do not mix: write double(…) or int(…)' };
  if (types.has('string') && operation.includes(' + '))
    return { message, help: 'make text of a number with string(…)' };
  return { message };
}
