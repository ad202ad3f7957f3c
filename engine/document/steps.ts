/**
 * Which verb a step is, and what its keys are.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { finding } from '../diagnostic/finding.ts';
import { shortened } from '../diagnostic/text-width.ts';
import { foreignAdvice } from './foreign-keys.ts';
import type { ObjectShape } from './language/shape.ts';
import {
  isVerb,
  modifiers,
  stepKeys,
  stepRules,
  type VerbName,
  verbNames,
  verbTable,
  waiting,
} from './language/verbs.ts';
import { described, type MapNode, type Node } from './node.ts';

const shapes = new Map<VerbName, ObjectShape>();

/** A verb's step as a closed set of keys. */
export function stepShape(verb: VerbName): ObjectShape {
  const known = shapes.get(verb);
  if (known) return known;
  const shape: ObjectShape = {
    is: 'object',
    type: verb,
    noun: `\`${verb}\``,
    keys: stepKeys(verb),
    rules: stepRules(verb),
  };
  shapes.set(verb, shape);
  return shape;
}

/** The verb of a step, or why it has none or several. A verb that is another's own key (`with` … `do`) is no verb there. */
export function verbOf(node: MapNode): VerbName | Diagnostic {
  const candidates = [...node.entries.keys()].filter(isVerb);
  const verbs = candidates.filter(
    (verb) => !candidates.some((other) => other !== verb && verb in stepShape(other).keys),
  );
  const [first, second] = verbs;
  if (first === undefined) return withoutVerb(node);
  if (second === undefined) return first;
  const one = node.entries.get(first)?.key ?? node.span;
  const other = node.entries.get(second)?.key ?? node.span;
  return finding('several-verbs', other, `a step has one verb, this one has \`${first}\` and \`${second}\``, {
    help: `make two steps of them: put \`- \` before \`${second}\``,
    labels: [{ span: one, text: 'the first' }],
  });
}

/** What is wrong with a step that is not even keys with values. */
export function notAStep(node: Node): Diagnostic {
  const word = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
  if (word === undefined) {
    const help = 'a step is a verb with what it takes, such as `print: hello`';
    return finding('missing-verb', node.span, `${described(node)} is no step`, { help });
  }
  const bare = verbNames.filter((verb) => verbTable[verb].bare);
  const near = didYouMean(word, bare);
  const takesMore = isVerb(word) ? `for example \`${firstLine(verbTable[word].example)}\`` : undefined;
  const [, first = '', rest = ''] = /^([a-z_]+):? +(.+)$/s.exec(word) ?? [];
  const asStep = isVerb(first) ? `write \`${first}: ${shortened(rest, 40)}\`` : undefined;
  const help =
    takesMore ??
    asStep ??
    (near ? `did you mean \`${near}\`?` : 'a step is a verb with what it takes, such as `print: hello`');
  return finding('missing-verb', node.span, `the text \`${shortened(word, 40)}\` is no step`, { help });
}

function withoutVerb(node: MapNode): Diagnostic {
  const known: readonly string[] = Object.keys({ ...modifiers, ...waiting });
  const keys = [...node.entries].filter(([key]) => !known.includes(key)).slice(0, 20);
  for (const [key, { key: span }] of keys) {
    const advice = foreignAdvice(key, verbNames);
    const near = didYouMean(key, verbNames);
    const owners = verbNames.filter((verb) => Object.hasOwn(verbTable[verb].keys ?? {}, key));
    const say = advice?.say ?? (near && `did you mean \`${near}\`?`) ?? goesWith(key, owners);
    if (say) return finding('missing-verb', span, `\`${shortened(key, 40)}\` is no verb`, { help: say });
  }
  const help = node.entries.has('if')
    ? 'say what is done: `then:` with steps, or another verb'
    : 'every step has one verb, such as `print`, `sleep`, `acquire` or `run`';
  const [first] =
    keys.length > 0
      ? keys.map(([, entry]) => entry.key)
      : [...node.entries.values()].map((entry) => entry.key);
  return finding('missing-verb', first ?? node.span, 'this step has no verb', { help });
}

function goesWith(key: string, owners: readonly VerbName[]): string | undefined {
  if (owners.length === 0) return undefined;
  return `\`${key}\` goes with ${owners
    .slice(0, 4)
    .map((verb) => `\`${verb}\``)
    .join(' or ')}`;
}

function firstLine(example: string): string {
  return example.replace(/\n[\s\S]*$/, ' …');
}
