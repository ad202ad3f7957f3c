/**
 * `output`: what was printed, checked line by line as it comes, so that only a few lines are kept.
 *
 * `equals` and `inOrder` compare whole lines; `contains`, `excludes` and `count` look for text within a line, and
 * `matches` for a pattern within a line. Text with line breaks is several lines.
 */

import { firstIndexOf } from '../../expression/functions/find-text.ts';
import { matchesPattern } from '../../expression/functions/pattern.ts';
import type { Event, EventOf } from '../../log/event.ts';
import type { Fold } from '../../log/fold.ts';
import type { OutputCheck } from '../../plan/expectations.ts';
import type { Plan } from '../../plan/plan.ts';
import { boundWords } from '../expectation-title.ts';
import { counted, evidenceAt, type Moment, quoted } from '../show.ts';
import type { Evidence, Judgement } from '../verdict.ts';
import { boundText, canChange, isWithin } from './bound.ts';
import { LOST_LINES, STOPPED } from './judgement.ts';

export type OutputChecks = Fold & {
  /** @param hasLostLines some lines never came: then only what no further line can change is judged */
  judge(complete: boolean, hasLostLines: boolean): readonly Judgement[];
};

/** What a check says so far. `final`: no further line can change it. */
type Finding = {
  readonly passed: boolean;
  readonly final: boolean;
  readonly expected: string;
  readonly seen: string;
  readonly evidence: readonly Evidence[];
};

type Printed = Moment & { readonly text: string; readonly number: number };

type Checker = { line(printed: Printed): void; find(tail: readonly Printed[], lines: number): Finding };

const TAIL = 5;

/** The checks of `output`; what each says is asked for after the last event. */
export function createOutputChecks(plan: Plan): OutputChecks {
  const checks = plan.expect.output.map((check) => ({ check, checker: createChecker(plan, check) }));
  const tail: Printed[] = [];
  let lines = 0;

  return {
    handle(event: Event) {
      if (event.type !== 'printed' || checks.length === 0) return;
      for (const text of event.text.split('\n')) readLine(event, text);
    },
    judge: (complete, hasLostLines) => {
      const missing = hasLostLines ? LOST_LINES : complete ? null : STOPPED;
      return checks.map(({ check, checker }) => judge(check, checker.find(tail, lines), missing));
    },
  };

  function readLine({ at, task, step }: EventOf<'printed'>, text: string): void {
    lines += 1;
    const printed = { at, task, step, text, number: lines };
    for (const { checker } of checks) checker.line(printed);
    tail.push(printed);
    if (tail.length > TAIL) tail.shift();
  }
}

/** @param missing why there may have been more lines */
function judge(check: OutputCheck, finding: Finding, missing: string | null): Judgement {
  const { passed, final, ...rest } = finding;
  const base = { name: `output ${check.check}`, span: check.span, ...rest };
  if (missing !== null && !final) return { ...base, result: 'notJudged', reason: missing };
  return { ...base, result: passed ? 'passed' : 'failed' };
}

function createChecker(plan: Plan, check: OutputCheck): Checker {
  switch (check.check) {
    case 'equals':
      return checkEquals(plan, check.lines);
    case 'inOrder':
      return checkInOrder(plan, check.lines);
    case 'contains':
      return checkContains(plan, check.lines);
    case 'excludes':
      return checkExcludes(plan, check.lines);
    case 'count':
      return checkCount(plan, check);
    case 'matches':
      return checkMatches(plan, check.pattern);
  }
}

function checkEquals(plan: Plan, wanted: readonly string[]): Checker {
  let first: Printed | null = null;
  return {
    line(printed) {
      if (first === null && wanted[printed.number - 1] !== printed.text) first = printed;
    },
    find(_tail, lines) {
      const expected = `the output is exactly the expected ${counted(wanted.length, 'line')}`;
      if (first === null && lines === wanted.length) {
        return { passed: true, final: false, expected, seen: 'it is', evidence: [] };
      }
      if (first === null) {
        const missing = wanted[lines] ?? '';
        const seen = `${counted(lines, 'line')}; ${quoted(missing)} is missing`;
        return { passed: false, final: false, expected, seen, evidence: [] };
      }
      const { number, text } = first;
      const line = wanted[number - 1];
      const instead = line === undefined ? 'where the end was expected' : `not ${quoted(line)}`;
      const seen = `line ${number} is ${quoted(text)}, ${instead}`;
      return { passed: false, final: true, expected, seen, evidence: [printedBy(plan, first)] };
    },
  };
}

function checkInOrder(plan: Plan, wanted: readonly string[]): Checker {
  let next = 0;
  let latest: Printed | null = null;
  return {
    line(printed) {
      if (wanted[next] !== printed.text) return;
      next += 1;
      latest = printed;
    },
    find(tail) {
      const expected = `the output has these lines in this order: ${wanted.map(quoted).join(', ')}`;
      const missing = wanted[next];
      if (missing === undefined)
        return { passed: true, final: true, expected, seen: 'in this order', evidence: [] };
      const after = latest === null ? '' : ` after ${quoted(latest.text)}`;
      const evidence =
        latest === null ? lastLines(plan, tail) : [printedBy(plan, latest), ...lastLines(plan, tail)];
      return { passed: false, final: false, expected, seen: `no line ${quoted(missing)}${after}`, evidence };
    },
  };
}

function checkContains(plan: Plan, wanted: readonly string[]): Checker {
  const missing = new Set(wanted);
  return {
    line({ text }) {
      for (const part of missing) if (firstIndexOf(text, part) >= 0) missing.delete(part);
    },
    find(tail, lines) {
      const expected = `the output contains ${wanted.map(quoted).join(', ')}`;
      if (missing.size === 0)
        return { passed: true, final: true, expected, seen: 'all of them', evidence: [] };
      const seen = `${noLine(lines, ['contains', 'contain'])} ${[...missing].map(quoted).join(', ')}`;
      return { passed: false, final: false, expected, seen, evidence: lastLines(plan, tail) };
    },
  };
}

function checkExcludes(plan: Plan, unwanted: readonly string[]): Checker {
  let first: Printed | null = null;
  return {
    line(printed) {
      if (first === null && unwanted.some((part) => firstIndexOf(printed.text, part) >= 0)) first = printed;
    },
    find() {
      const expected = `no line of the output contains ${unwanted.map(quoted).join(' or ')}`;
      if (first === null) return { passed: true, final: false, expected, seen: 'none', evidence: [] };
      const seen = `line ${first.number} is ${quoted(first.text)}`;
      return { passed: false, final: true, expected, seen, evidence: [printedBy(plan, first)] };
    },
  };
}

function checkCount(plan: Plan, { text, times }: OutputCheck & { readonly check: 'count' }): Checker {
  let count = 0;
  let latest: Printed | null = null;
  return {
    line(printed) {
      if (firstIndexOf(printed.text, text) < 0) return;
      count += 1;
      // The line that was one too many is the one to show, not those after it.
      if (latest === null || canChange(count - 1, times)) latest = printed;
    },
    find() {
      const passed = isWithin(count, times);
      const evidence = passed || latest === null ? [] : [printedBy(plan, latest)];
      const expected = `${boundWords(boundText(times))} lines of the output contain ${quoted(text)}`;
      return { passed, final: !canChange(count, times), expected, seen: String(count), evidence };
    },
  };
}

function checkMatches(plan: Plan, pattern: string): Checker {
  let found = false;
  let problem: string | null = null;
  return {
    line({ text }) {
      if (found || problem !== null) return;
      try {
        found = matchesPattern(text, pattern);
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
      }
    },
    find(tail, lines) {
      const expected = `a line of the output matches ${quoted(pattern)}`;
      if (found) return { passed: true, final: true, expected, seen: 'one', evidence: [] };
      const seen = problem ?? `${noLine(lines, ['matches', 'match'])} ${quoted(pattern)}`;
      return { passed: false, final: problem !== null, expected, seen, evidence: lastLines(plan, tail) };
    },
  };
}

/** `none of the 3 lines contains`, `the only line does not contain` */
function noLine(lines: number, does: readonly [one: string, none: string]): string {
  const [one, none] = does;
  if (lines === 0) return `nothing was printed; no line ${one}`;
  return lines === 1 ? `the only line does not ${none}` : `none of the ${lines} lines ${one}`;
}

function printedBy(plan: Plan, printed: Printed): Evidence {
  return evidenceAt(plan, printed, `printed ${quoted(printed.text)}`);
}

function lastLines(plan: Plan, tail: readonly Printed[]): readonly Evidence[] {
  return tail.map((printed) => printedBy(plan, printed));
}
