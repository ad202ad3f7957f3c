/**
 * Keys that may not stand where they stand: what was meant, or where they belong.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { finding } from '../diagnostic/finding.ts';
import { shortened } from '../diagnostic/text-width.ts';
import type { Span } from '../source/source.ts';
import { foreignAdvice } from './foreign-keys.ts';
import { scenarioShape } from './language/scenario-keys.ts';
import type { Shape } from './language/shape.ts';
import { isVerb } from './language/verbs.ts';

/** How many keys a message lists at most. */
const mostListed = 16;

/** The finding about a key that is not among the known ones of what the noun names. */
export function unknownKey(
  key: string,
  span: Span,
  place: { readonly noun: string; readonly known: readonly string[] },
): Diagnostic {
  const { noun, known } = place;
  const help = helpFor(key, noun, known);
  return finding('unknown-key', span, `\`${shortened(key, 40)}\` is no key of ${noun}`, { help });
}

/** The known key that an unknown one stands for, as far as can be guessed. */
export function meantKey(key: string, known: readonly string[]): string | undefined {
  return foreignAdvice(key, known)?.meant ?? didYouMean(key, known);
}

function helpFor(key: string, noun: string, known: readonly string[]): string {
  const isStep = noun.startsWith('`') && isVerb(noun.slice(1, -1));
  if (isStep && (key === 'timeout' || key === 'onTimeout'))
    return `${noun} never waits, so there is nothing to time out`;
  if (isStep && key === 'as') return `${noun} has no result`;
  const advice = foreignAdvice(key, known);
  if (advice) return advice.say;
  const near = didYouMean(key, known);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  if (isVerb(key) && !isStep) return 'that is a step: steps are a list, each begins with `- `';
  const elsewhere = isStep ? [] : nounsWith(key);
  if (elsewhere.length > 0) return `it is a key of ${elsewhere.slice(0, 3).join(', ')}`;
  return known.length > mostListed
    ? 'see the reference of the language for its keys'
    : `its keys are ${listed(known)}`;
}

function listed(keys: readonly string[]): string {
  return keys.map((key) => `\`${key}\``).join(', ');
}

/** What has a key of that name, by its noun. */
function nounsWith(key: string): readonly string[] {
  const nouns = new Set<string>();
  const visit = (shape: Shape): void => {
    if (shape.is === 'list' || shape.is === 'map' || shape.is === 'nullable') visit(shape.of);
    if (shape.is !== 'object') return;
    if (Object.hasOwn(shape.keys, key)) nouns.add(shape.noun);
    for (const entry of Object.values(shape.keys)) visit(entry.shape);
  };
  visit(scenarioShape);
  return [...nouns];
}
