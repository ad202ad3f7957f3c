/**
 * Judging stories: from a plan and a log to the verdict and its judgements.
 */
import { expect } from 'vitest';
import type { RunEnd } from '../../engine/log/event.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { createJudge } from '../../engine/verdict/judge.ts';
import type { Judgement, Verdict } from '../../engine/verdict/verdict.ts';
import { lineOf, type Story } from './scene.ts';

/** The story must be one that can happen. */
export function verdictOn(plan: Plan, story: Story, end: Partial<RunEnd> = {}): Verdict {
  const judge = createJudge(plan, { lineOf });
  for (const each of story.events) judge.handle(each);
  const verdict = judge.verdict(story.end(end));
  expect(judge.violation()).toBeNull();
  return verdict;
}

export function judgementOf(verdict: Verdict, name: string): Judgement {
  const found = verdict.judgements.find((judgement) => judgement.name === name);
  if (found === undefined) throw new Error(`no judgement ${name}`);
  return found;
}
