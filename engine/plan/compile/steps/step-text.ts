/**
 * A step in a few words, as messages and reports name it: `acquire stall`, `sleep 0s..3s`, `for bun from buffer`.
 */
import type { Path } from '../../../document/document.ts';
import type { Data, Step } from '../../../document/scenario.generated.ts';
import { textFromValue } from '../../../expression/values/value-text.ts';
import type { Planning } from '../planning.ts';

const longest = 60;

/** The number of the step; it is added to the table the first time. */
export function numberOfStep({ steps, document }: Planning, step: Step, path: Path): number {
  return steps.numberOf(path, () => ({
    verb: step.verb === 'then' ? 'if' : step.verb,
    text: stepText(step),
    span: document.spanAt([...path, step.verb === 'then' ? 'if' : step.verb], 'key'),
  }));
}

function stepText(step: Step): string {
  const text = wordsOf(step).replaceAll(/\s+/g, ' ').trim();
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function wordsOf(step: Step): string {
  switch (step.verb) {
    case 'then':
      return `if ${shown(step.if)}`;
    case 'for':
      return step.from === undefined
        ? `for ${step.for} in ${shown(step.in ?? null)}`
        : `for ${step.for} from ${step.from}`;
    case 'set':
      return `set ${assignments(step.set)}`;
    case 'update':
      return `update ${assignments(step.update)}`;
    case 'let':
      return `let ${assignments(step.let)}`;
    case 'atomic':
    case 'do':
    case 'try':
    case 'break':
    case 'continue':
    case 'return':
      return step.verb;
    case 'with':
      return `with ${step.with.join(', ')}`;
    default:
      return `${step.verb} ${shown((step as unknown as Record<string, Data>)[step.verb] ?? null)}`;
  }
}

function assignments(values: Readonly<Record<string, Data>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} = ${shown(value)}`)
    .join(', ');
}

function shown(data: Data): string {
  if (Array.isArray(data) && data.every((item) => typeof item === 'string')) return data.join(', ');
  return textFromValue(data);
}
