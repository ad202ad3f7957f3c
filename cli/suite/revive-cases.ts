/**
 * From recorded results to the ends of cases, in the order of the suite.
 */
import type { CaseEnd, CaseRecord, Plan, Source, SuiteCase } from '../../engine/command.ts';
import { loadPlans, timeoutOf } from '../files/load.ts';
import type { Engine } from '../host.ts';
import type { Results } from './read-results.ts';
import type { ListedCase } from './results-file.ts';

export type Revived = {
  readonly cases: readonly SuiteCase[];
  /** Of each case how it ended; those that did not are missing. */
  readonly ends: readonly CaseEnd[];
};

/** @throws Error where results are not what concur test has written */
export async function reviveCases(engine: Engine, all: readonly Results[]): Promise<Revived> {
  const cases = (all[0]?.header.cases ?? []).map(({ judged: _, ...one }, index) => ({ ...one, index }));
  const placeOf = new Map(cases.map((one, place) => [keyOf(one), place]));
  const ends: CaseEnd[] = [];
  for (const results of all) {
    for (const ended of results.ended) {
      const listed = results.header.cases[ended.ended];
      const one = listed === undefined ? undefined : cases[placeOf.get(keyOf(listed)) ?? -1];
      if (listed === undefined || one === undefined) throw new Error('an end of no case');
      ends.push(await reviveCase(engine, results, { ended, listed, one }));
    }
  }
  return { cases, ends: ends.toSorted((a, b) => a.case.index - b.case.index) };
}

function keyOf({ file, caseName, judge }: Omit<SuiteCase, 'index'>): string {
  return JSON.stringify([file, caseName, judge]);
}

type ToRevive = {
  readonly ended: Results['ended'][number];
  readonly listed: ListedCase;
  readonly one: SuiteCase;
};

async function reviveCase(
  engine: Engine,
  results: Results,
  { ended, listed, one }: ToRevive,
): Promise<CaseEnd> {
  const record = ended.record as CaseRecord;
  const base64 = results.sources.get(listed.file);
  const source = base64 === undefined ? null : sourceOf(listed.file, base64);
  const needsPlan = source !== null && (record.run !== null || record.check !== null);
  const plan = needsPlan ? await planOf(engine, results, { source, listed, set: ended.set }) : null;
  return engine.caseFromRecord(record, { case: one, source, plan });
}

function sourceOf(file: string, base64: string): Source {
  const bytes = Buffer.from(base64, 'base64');
  return { file, text: new TextDecoder().decode(bytes), bytes };
}

/** The plan as the shard made it. */
async function planOf(
  engine: Engine,
  { header }: Results,
  {
    source,
    listed,
    set,
  }: { readonly source: Source; readonly listed: ListedCase; readonly set: Results['ended'][number]['set'] },
): Promise<Plan | null> {
  const { seed, timeout } = header.settings;
  const timeoutUs = timeout === undefined ? undefined : timeoutOf(engine, timeout);
  const { plans } = await loadPlans(engine, source, {
    set,
    ...(listed.caseName === null ? {} : { caseName: listed.caseName }),
    ...(seed === undefined ? {} : { seed }),
    ...(typeof timeoutUs === 'number' ? { timeoutUs } : {}),
    mode: listed.judged === 'run' ? 'real' : 'virtual',
    ...(listed.judged === 'check' ? { forCheck: true } : {}),
  });
  return plans[0] ?? null;
}
