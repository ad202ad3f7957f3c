/**
 * Reporters that say nothing before the suite is over, and then write one document about it.
 */
import type { CaseEnd, SuiteCase, SuiteReporter, SuiteStop } from './suite.ts';

/** All that was seen of a suite. */
export type SuiteRecord = {
  readonly cases: readonly SuiteCase[];
  /** Of those cases that came to an end, in that order. */
  readonly ends: readonly CaseEnd[];
  /** Why it ended before its last case. */
  readonly stop: SuiteStop | null;
  readonly durationUs: number;
};

/** Of each case what came of it, or what is to be said of one that did not come to an end. */
export function everyCase<T>(
  { cases, ends }: Pick<SuiteRecord, 'cases' | 'ends'>,
  ended: (end: CaseEnd) => T,
  leftOut: (one: SuiteCase) => T,
): readonly T[] {
  const byIndex = new Map(ends.map((end) => [end.case.index, end]));
  return cases.map((one) => {
    const end = byIndex.get(one.index);
    return end === undefined ? leftOut(one) : ended(end);
  });
}

export function createDocumentReporter(
  write: (text: string) => void,
  textOf: (suite: SuiteRecord) => string,
): SuiteReporter {
  const ends: CaseEnd[] = [];
  let cases: readonly SuiteCase[] = [];
  return {
    async begin() {},
    handle(event) {
      if (event.type === 'suiteBegan') cases = event.cases;
      if (event.type === 'caseEnded') ends.push(event.end);
      if (event.type === 'suiteEnded') write(textOf({ cases, ends, ...event }));
    },
    async end() {},
  };
}
