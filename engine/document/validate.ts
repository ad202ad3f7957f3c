/**
 * Runs the compiled validators over an expanded scenario and says in the language's words what they object to.
 *
 * The scenario and each step are validated apart: a step by its verb, so that a mistake in it is one finding that knows
 * the verb's keys.
 */
import type { ErrorObject } from 'ajv';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { finding } from '../diagnostic/finding.ts';
import { shortened } from '../diagnostic/text-width.ts';
import type { FoundStep } from './expand.ts';
import { places } from './language/places.ts';
import { limits } from './limits.ts';
import { checkableOf, childOf, described, type Entry, type Node } from './node.ts';
import { misspelt, startOf } from './rules.ts';
import { unknownKey } from './unknown-keys.ts';
import { validators } from './validators.generated.js';

/** What the validators object to; more than enough findings end the search. */
export function validateScenario(root: Node, steps: readonly FoundStep[]): readonly Diagnostic[] {
  const diagnostics = [...objections('scenario', root)];
  for (const { verb, node } of steps) {
    if (diagnostics.length > limits.findings) break;
    diagnostics.push(...objections(`step.${verb}`, node));
  }
  return diagnostics;
}

function objections(validator: string, node: Node): readonly Diagnostic[] {
  const validate = validators[validator];
  if (validate === undefined) throw new Error(`bug in concur: no validator for ${validator}`);
  if (validate(checkableOf(node))) return [];
  return oneForEach(validate.errors ?? []).flatMap((error) => explain(error, node) ?? []);
}

/** The first error about each value; a closed mapping may have one for each of its keys. */
function oneForEach(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const seen = new Set<string>();
  return errors
    .filter(({ keyword }) => keyword !== 'if')
    .filter(({ instancePath, params }) => {
      const key = `${instancePath} ${params['additionalProperty'] ?? ''} ${params['missingProperty'] ?? ''}`;
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    })
    .slice(0, limits.findings + 1);
}

/** What an error is about: the value, the key it stands under, and the schema's words for what it should be. */
type Objection = {
  readonly error: ErrorObject;
  readonly name: string;
  readonly node: Node;
  readonly expected: string;
};

function explain(error: ErrorObject, root: Node): Diagnostic | undefined {
  const { entry, name } = follow(root, error.instancePath);
  const schema: unknown = error.parentSchema;
  const expected = hasTitle(schema) ? schema.title : 'something else';
  const objection = { error, name, node: entry.value, expected };
  switch (error.keyword) {
    case 'additionalProperties':
      return explainUnknown(objection);
    case 'required':
      return explainMissing(objection);
    case 'enum':
      return error.data === undefined ? undefined : explainChoice(objection);
    default:
      return explainValue(objection);
  }
}

function explainUnknown({ error, node, expected }: Objection): Diagnostic | undefined {
  const key = String(error.params['additionalProperty']);
  const entry = childOf(node, key);
  return entry && unknownKey(key, entry.key, { noun: expected, known: knownKeys(error) });
}

function explainMissing({ error, node, expected }: Objection): Diagnostic | undefined {
  const key = String(error.params['missingProperty']);
  if (node.kind !== 'map' || misspelt(node, knownKeys(error)).has(key)) return undefined;
  if (key === 'concur')
    return finding('missing-version', startOf(node), 'this is no concur scenario: `concur` is missing', {
      help: 'begin the file with `concur: 1`',
    });
  return finding('missing-key', startOf(node), `${expected} needs \`${key}\``, { help: `add \`${key}:\`` });
}

function explainChoice({ error, name, node, expected }: Objection): Diagnostic {
  const allowed: readonly string[] = Array.isArray(error.params['allowedValues'])
    ? error.params['allowedValues'].map(String)
    : [];
  const near = node.kind === 'scalar' ? didYouMean(node.text, allowed) : undefined;
  const help = near === undefined ? undefined : `did you mean \`${near}\`?`;
  return finding('bad-value', node.span, `${name} must be ${expected}, not ${shown(node)}`, { help });
}

function explainValue(objection: Objection): Diagnostic {
  const { error, name, node, expected } = objection;
  const must = `${name} must be ${expected}, not ${shown(node)}`;
  if (expected === places.duration.expected)
    return finding('bad-duration', node.span, must, { help: durationHelp(node) });
  if (expected === places.version.expected) {
    return finding('unknown-version', node.span, must, { help: 'this version of concur reads `concur: 1`' });
  }
  const isName = expected === places.name.expected;
  if (isName && error.keyword === 'pattern')
    return finding('bad-name', node.span, must, { help: 'write a plain name' });
  if (error.keyword === 'type' && error.params['type'] === 'object') return explainNotKeys(objection);
  const isType = error.keyword === 'type' || error.keyword === 'pattern';
  return finding(isType ? 'wrong-type' : 'bad-value', node.span, must, { help: valueHelp(error, node) });
}

/** A closed mapping's title is what it is called; a user's own keys have one that says what they are. */
function explainNotKeys({ error, name, node, expected }: Objection): Diagnostic {
  const known = knownKeys(error);
  const what = known.length > 0 ? 'keys with values' : expected;
  const help =
    known.length > 0 && known.length <= 16
      ? `its keys are ${known.map((key) => `\`${key}\``).join(', ')}`
      : undefined;
  return finding('wrong-type', node.span, `${name} must be ${what}, not ${shown(node)}`, { help });
}

function durationHelp(node: Node): string {
  if (node.kind !== 'scalar' || node.value === null)
    return 'units are `us`, `ms`, `s`, `m`, `h` and `d`; a range is `0s..3s`';
  const bare = /^\s*([0-9]+(?:\.[0-9]+)?)\s*$/.exec(node.text)?.[1];
  if (bare !== undefined)
    return `give it a unit: \`${shortened(bare, 20)}s\` or \`${shortened(bare, 20)}ms\``;
  if (
    typeof node.value === 'string' &&
    /^[\w.]*[A-Za-z_][\w.]*$/.test(node.text) &&
    !/^[0-9]/.test(node.text)
  ) {
    return `for a computed one write \`\${{ ${shortened(node.text, 40)} }}\``;
  }
  return 'units are `us`, `ms`, `s`, `m`, `h` and `d`; a range is `0s..3s`';
}

function valueHelp(error: ErrorObject, node: Node): string | undefined {
  if (node.kind !== 'scalar') return undefined;
  const accepts: unknown = Object.entries(error.parentSchema ?? {}).find(
    ([keyword]) => keyword === 'type',
  )?.[1];
  const types = Array.isArray(accepts) ? accepts : [accepts];
  if (types.includes('boolean') && /^(?:yes|on|y)$/i.test(node.text)) return 'write `true`';
  if (types.includes('boolean') && /^(?:no|off|n)$/i.test(node.text)) return 'write `false`';
  if (
    typeof node.value === 'string' &&
    error.keyword === 'pattern' &&
    types.length > 1 &&
    /^[A-Za-z_]/.test(node.text)
  ) {
    return `an expression here has \`\${{ }}\` around it: \`\${{ ${shortened(node.text, 40)} }}\``;
  }
  const isText = types.includes('string') && !types.includes('boolean');
  if (
    error.keyword === 'type' &&
    isText &&
    node.value !== null &&
    typeof node.value !== 'string' &&
    fits(error, node.text)
  )
    return `quote it: "${shortened(node.text, 40)}"`;
  return undefined;
}

/** Whether the text in quotes would do. */
function fits({ parentSchema }: ErrorObject, text: string): boolean {
  const pattern: unknown = parentSchema?.['pattern'];
  return typeof pattern !== 'string' || (pattern !== '\\S' && new RegExp(pattern, 'u').test(text));
}

function shown(node: Node): string {
  if (node.kind !== 'scalar' || node.value === null) return described(node);
  return `\`${shortened(node.text.replaceAll(/\s+/g, ' '), 40)}\``;
}

function knownKeys(error: ErrorObject): readonly string[] {
  const schema: unknown = error.parentSchema;
  const properties =
    typeof schema === 'object' && schema !== null && 'properties' in schema ? schema.properties : {};
  return Object.keys(properties ?? {}).filter((key) => key !== 'verb');
}

function hasTitle(schema: unknown): schema is { readonly title: string } {
  return (
    typeof schema === 'object' && schema !== null && 'title' in schema && typeof schema.title === 'string'
  );
}

/** The value that a JSON pointer leads to, and what messages call it: its key, or whose element it is. */
function follow(root: Node, pointer: string): { readonly entry: Entry; readonly name: string } {
  let entry: Entry = { key: root.span, value: root };
  let name = 'a scenario';
  for (const token of pointer.split('/').slice(1)) {
    const step = token.replaceAll('~1', '/').replaceAll('~0', '~');
    name =
      entry.value.kind === 'list'
        ? `an element of ${name.replace(/^an element of /, '')}`
        : `\`${shortened(step, 40)}\``;
    entry = childOf(entry.value, step) ?? entry;
  }
  return { entry, name };
}
