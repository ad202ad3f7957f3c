/**
 * What an expectation says, as a statement: for people, who need not know the keys of a scenario. Machines go by its name.
 */
import { quoted } from './show.ts';
import type { Judgement } from './verdict.ts';

type Expectation = Pick<Judgement, 'name' | 'expected'>;

const fixed: Readonly<Record<string, string>> = {
  races: 'no data race',
  end: 'an end is always within reach',
  exercised: 'nothing is left untested (--strict)',
  starvation: 'nobody waits for ever while it could go on (--strict)',
  teardown: 'the teardown finished',
};

const deadlocks: Readonly<Record<string, string>> = {
  never: 'no deadlock',
  certain: 'the run ends in a deadlock',
  possible: 'the run can end in a deadlock',
};

/** Claims are called by their expressions: a scenario has many of one name. */
const CLAIMS: ReadonlySet<string> = new Set(['always', 'finally', 'eventually', 'sometimes']);

/** What is expected of these is a statement already. */
const STATEMENTS = /^(output |leadsTo$|order$|overlap )/;

/** `n == 2 at the end`, `` at most 3 permits of `s` at once ``, `always n <= 2`; as it was written, so not yet harmless. */
export function expectationTitle({ name, expected }: Expectation): string {
  if (name === 'tasks') return expected.replace(/finishes$/, 'finished');
  if (name === 'deadlock') return deadlocks[expected] ?? name;
  if (name === 'outcome') return outcomeTitle(expected);
  if (CLAIMS.has(name)) return `${name} ${expected}`;
  if (STATEMENTS.test(name)) return expected;
  const space = name.indexOf(' ');
  return fixed[name] ?? titleOfThing(name.slice(0, space), name.slice(space + 1), expected);
}

function titleOfThing(kind: string, thing: string, expected: string): string {
  switch (kind) {
    case 'vars':
      return `${thing} == ${expected} at the end`;
    case 'files':
      return `file ${quoted(thing)} holds ${expected} at the end`;
    case 'peak':
      return `the peak of ${quoted(thing)} is ${boundWords(expected)}`;
    case 'takes':
      return `the run takes ${boundWords(expected)}`;
    case 'tasks':
      return `${quoted(thing)} ${endWords(expected)}`;
    default:
      return `${kind} ${thing}`.trim();
  }
}

function outcomeTitle(expected: string): string {
  const [, possible] = /^(.*) is possible$/s.exec(expected) ?? [];
  return possible === undefined ? `the outcome is ${expected}` : `the outcome can be ${possible}`;
}

const bounds: Readonly<Record<string, string>> = {
  '<=': 'at most',
  '>=': 'at least',
  '<': 'less than',
  '>': 'more than',
};

/** `at most 3` for `<= 3` */
export function boundWords(text: string): string {
  return text.replace(/^[<>]=?/, (sign) => bounds[sign] ?? sign);
}

const ends: Readonly<Record<string, string>> = {
  terminated: 'was terminated',
  skipped: 'was skipped',
  notStarted: 'was not started',
};

/** `finished or was terminated`, `failed with error ...`; of several tasks, how many ended how. */
function endWords(expected: string): string {
  if (/^(?:[<>]=? )?\d/.test(expected)) return `tasks: ${countWords(expected)}`;
  if (/^(error|exit code) /.test(expected)) return `ended with ${expected}`;
  const [, states = '', rest = ''] = /^([^,]*)(.*)$/s.exec(expected) ?? [];
  const words = states.split(' or ').map((state) => ends[state] ?? state);
  const counted = rest.replace(
    /^, ((?:[<>]=? )?\d[^`]*?)(?=, e|$)/,
    (_, counts: string) => ` (in all: ${countWords(counts)})`,
  );
  return `${words.join(' or ')}${counted.replace(/, (?=e)/, ' with ')}`;
}

function countWords(counts: string): string {
  return counts.replaceAll('notStarted', 'not started');
}
