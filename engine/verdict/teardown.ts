/**
 * What `teardown` adds to the verdict of the run before it: one judgement. It fails a run that passed, and never takes the
 * place of what that run failed by.
 */

import type { Span } from '../source/source.ts';
import { quoted } from './show.ts';
import type { Judgement, Verdict } from './verdict.ts';

/** The verdict of both. */
export function withTeardown(first: Verdict, second: Verdict, span: Span): Verdict {
  const judgement = judgementOf(second, span);
  const both = { ...first, judgements: [...first.judgements, judgement] };
  if (first.outcome !== 'passed' || second.outcome === 'passed') return both;
  const summary = second.outcome === 'failed' ? judgement.seen : `teardown: ${second.summary}`;
  return { ...both, outcome: second.outcome, summary };
}

function judgementOf({ outcome, summary, judgements }: Verdict, span: Span): Judgement {
  const opened = { name: 'teardown', span, expected: 'finished', evidence: [] };
  if (outcome === 'passed') return { ...opened, result: 'passed', seen: `${quoted('teardown')} finished` };
  if (outcome === 'inconclusive') return { ...opened, result: 'notJudged', seen: '', reason: summary };
  const wrong = judgements.find(({ result }) => result === 'failed');
  if (wrong === undefined) return { ...opened, result: 'failed', seen: summary };
  return { ...opened, result: 'failed', seen: wrong.seen, evidence: wrong.evidence };
}
