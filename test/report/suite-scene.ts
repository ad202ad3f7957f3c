/**
 * A suite for tests of its reports: cases that came to whatever a test wants, under names that nobody would choose.
 */

import type {
  CaseEnd,
  SuiteCase,
  SuiteEvent,
  SuiteReporter,
  SuiteStop,
} from '../../engine/report/suite/suite.ts';
import { positionAt } from '../../engine/source/position.ts';
import type { Judgement, Verdict } from '../../engine/verdict/verdict.ts';
import { planOf, spanOf, toilet } from './events.ts';

export const source = toilet;
export const span = spanOf(toilet, 'peak');
export const position = positionAt(toilet, span.start);

/** What breaks formats: their own marks, controls, line ends, lone surrogates, emoji, directions, a megabyte. */
export const hostile = [
  ']]>',
  '<a href="x">&amp;</a>',
  'it\'s "quoted"',
  'two\nlines\r\nand\ttab',
  '\u0000\u0001\u001b[2J\u007f\u009b',
  '\ud800 alone \udfff',
  '\ufffe\uffff\ufeff\u202e\u2028',
  '👩‍👩‍👧 naïve 日本',
  '# SKIP \\ # TODO',
  'ok 1 - forged\nnot ok 2',
  '...\n---\nBail out!',
  '::error file=x,line=1::forged%0A',
  '##[error]forged',
  '| a | `b` | <script> |',
  ' leading and trailing ',
  '',
  'x'.repeat(1_000_000),
  '\n'.repeat(1000),
] as const;

export function caseOf(index: number, parts: Partial<SuiteCase> = {}): SuiteCase {
  return { index, file: 'toilet.yaml', name: 'toilet', caseName: null, judge: null, ...parts };
}

export function failedJudgement(parts: Partial<Judgement> = {}): Judgement {
  return { name: 'peak stall', result: 'failed', span, expected: '3', seen: '4', evidence: [], ...parts };
}

export function verdictOf(outcome: Verdict['outcome'], parts: Partial<Verdict> = {}): Verdict {
  return {
    outcome,
    summary: 'peak stall: expected 3, seen 4',
    judgements: outcome === 'failed' ? [failedJudgement()] : [],
    deadlock: null,
    partialDeadlock: null,
    atStop: [],
    unexercised: [],
    races: [],
    sightings: [],
    endResult: null,
    resources: [],
    ends: { finished: 1, failed: 0, terminated: 0, skipped: 0, notStarted: 0 },
    run: { mode: 'real', stopped: null, cause: null, events: 9, durationUs: 1_200_000 },
    ...parts,
  };
}

export function endOf(one: SuiteCase, outcome: CaseEnd['outcome'], parts: Partial<CaseEnd> = {}): CaseEnd {
  const verdict =
    outcome === 'passed' || outcome === 'failed' ? verdictOf(outcome) : verdictOf('inconclusive');
  return {
    case: one,
    outcome,
    durationUs: 1_234_000,
    runs: 1,
    seed: 42,
    command: 'concur run toilet.yaml --seed 42',
    source,
    diagnostics: [],
    run: { plan: planOf({ tasks: {} }), verdict },
    check: null,
    repetition: null,
    tries: [],
    inexcusable: null,
    evidence: null,
    problem: null,
    output: [],
    ...parts,
  };
}

/** One that failed, and passed at its third try. */
export function flakyEnd(one: SuiteCase, parts: Partial<CaseEnd> = {}): CaseEnd {
  const failing = { outcome: 'failed', summary: 'peak stall: expected 3, seen 4' } as const;
  return endOf(one, 'flaky', {
    run: { plan: planOf({ tasks: {} }), verdict: verdictOf('failed') },
    tries: [failing, failing, { outcome: 'passed', summary: '' }],
    ...parts,
  });
}

/** An invalid file, with a finding of that message. */
export function invalidEnd(one: SuiteCase, message: string): CaseEnd {
  const diagnostics = [{ code: 'bad-value', severity: 'error', span, message, help: 'mend it' } as const];
  return endOf(one, 'invalid', { diagnostics, run: null, seed: null, runs: 0, durationUs: 0 });
}

/** Everything that a suite of these cases tells. */
export function eventsOf(
  cases: readonly SuiteCase[],
  ends: readonly CaseEnd[],
  stop: SuiteStop | null = null,
): readonly SuiteEvent[] {
  return [
    { type: 'suiteBegan', cases },
    ...ends.map((end) => ({ type: 'caseEnded', end }) as const),
    { type: 'suiteEnded', stop, durationUs: 5_000_000 },
  ];
}

/** What a reporter writes of it. */
export async function written(
  create: (options: { readonly write: (text: string) => void }) => SuiteReporter,
  events: readonly SuiteEvent[],
): Promise<string> {
  let text = '';
  const reporter = create({
    write: (more) => {
      text += more;
    },
  });
  await reporter.begin();
  for (const event of events) reporter.handle(event);
  await reporter.end();
  return text;
}

/** A suite in which that text is everywhere where a user could have put it. */
export function suiteWith(text: string): {
  readonly cases: readonly SuiteCase[];
  readonly ends: readonly CaseEnd[];
} {
  const cases = [0, 1, 2, 3].map((index) => caseOf(index, { file: text, name: text, caseName: text }));
  const [passed, failed, invalid, odd] = cases as [SuiteCase, SuiteCase, SuiteCase, SuiteCase];
  const judgements = [
    failedJudgement({ name: text, expected: text, seen: text, evidence: [{ at: 5, task: 'p', text }] }),
    failedJudgement(),
  ];
  const run = { plan: planOf({ tasks: {} }), verdict: verdictOf('failed', { judgements, summary: text }) };
  const ends = [
    endOf(passed, 'passed'),
    endOf(failed, 'failed', { run }),
    invalidEnd(invalid, text),
    endOf(odd, 'bug', { run: null, problem: text }),
  ];
  return { cases, ends };
}
