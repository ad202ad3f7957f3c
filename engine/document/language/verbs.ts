/**
 * The verbs: every step of the language, with its own keys.
 *
 * What every step may have besides (`if`, `id`, `raises`), and every step that can wait (`timeout`, `onTimeout`), is
 * added by `stepKeys`, so that a verb says only what is its own.
 */
import { controlVerbs } from './control-verbs.ts';
import { type Keys, key, leaf, type Rule, required, steps } from './shape.ts';
import { taskVerbs } from './task-verbs.ts';
import { valueVerbs } from './value-verbs.ts';
import type { VerbTraits } from './verb.ts';
import { waitVerbs } from './wait-verbs.ts';

const verbs = { ...valueVerbs, ...waitVerbs, ...taskVerbs, ...controlVerbs } as const satisfies Record<
  string,
  VerbTraits
>;

export type VerbName = keyof typeof verbs;

/** Every verb's traits under one type. */
export const verbTable: { readonly [Verb in VerbName]: VerbTraits } = verbs;

export const verbNames = Object.keys(verbs) as readonly VerbName[];

/** Whether a text is the name of a verb. */
export function isVerb(text: string): text is VerbName {
  return Object.hasOwn(verbs, text);
}

export const modifiers = {
  if: key(leaf('condition'), 'If', 'A guard: the step is done only if this is true.', 'if: n > 0'),
  id: key(
    leaf('local'),
    'Id',
    'A name for the step: expressions read `.running`, `.begun` and `.ended` of it.',
    'id: write',
  ),
  raises: key(
    leaf('name'),
    'Raises',
    'The step must fail with an error of this class, or the task fails.',
    'raises: RuntimeError',
  ),
} as const satisfies Keys;

export const waiting = {
  timeout: key(
    leaf('duration'),
    'Timeout',
    'How long to wait at most; `0s` is not at all.',
    'timeout: 500ms',
    'for ever',
  ),
  onTimeout: key(
    steps,
    'On timeout',
    'What is done when the time is over; the step does not fail then.',
    'onTimeout:\n  - print: too late',
  ),
} as const satisfies Keys;

/** All keys of a verb's step: the verb, its own, and the modifiers. */
export function stepKeys(verb: VerbName): Keys {
  const traits = verbTable[verb];
  return {
    [verb]: required(traits.takes, traits.title, traits.description, traits.example),
    ...modifiers,
    ...(traits.waits ? waiting : {}),
    ...(traits.result
      ? { as: key(leaf('local'), 'As', `The task-local variable that gets ${traits.result}.`, 'as: result') }
      : {}),
    ...traits.keys,
  };
}

/** What the keys of a verb's step demand of each other. */
export function stepRules(verb: VerbName): readonly Rule[] {
  const traits = verbTable[verb];
  const own = traits.rules ?? [];
  return traits.waits ? [...own, { rule: 'with', key: 'onTimeout', needs: 'timeout' }] : own;
}
