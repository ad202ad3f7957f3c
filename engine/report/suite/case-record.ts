/**
 * What a case came to, as data that can be kept: whoever has it and the scenario's text can write every report on it, also on another
 * machine.
 *
 * The plan is not in it: the same version of concur makes the same plan of the same text.
 */
import type { Plan } from '../../plan/plan.ts';
import { harmless } from '../../source/harmless.ts';
import type { Source } from '../../source/source.ts';
import { type CaseEnd, type CheckedCase, countCases } from './suite.ts';

type WithoutPlan<T> = Omit<T, 'plan'>;

export type CaseRecord = Omit<CaseEnd, 'case' | 'source' | 'run' | 'check'> & {
  readonly run: (WithoutPlan<NonNullable<CaseEnd['run']>> & { readonly seed: number }) | null;
  readonly check: WithoutPlan<CheckedCase> | null;
};

/** Only what belongs into it: who has the end may know more. */
export function recordOfCase(end: CaseEnd): CaseRecord {
  const { outcome, durationUs, runs, seed, command, diagnostics, run, check, repetition } = end;
  const { tries, inexcusable, problem, evidence, output } = end;
  return {
    ...{ outcome, durationUs, runs, seed, command, diagnostics, repetition },
    ...{ tries, inexcusable, problem, evidence, output },
    run: run === null ? null : { verdict: run.verdict, seed: run.plan.seed },
    check: check === null ? null : checkRecord(check),
  };
}

/** Of a search much more is known than what is told. */
function checkRecord({ verdict, counterexample, symmetry, seconds, ways }: CheckedCase): CaseRecord['check'] {
  const { groups, asymmetries } = symmetry;
  return {
    ...{ verdict, seconds, ways },
    counterexample: counterexample === null ? null : counterexampleOf(counterexample),
    symmetry: {
      groups,
      asymmetries: asymmetries.map(({ group, reason, step }) => ({ group, reason, step })),
    },
  };
}

function counterexampleOf({ events, verdict, loopFrom }: NonNullable<CheckedCase['counterexample']>) {
  return { events, verdict, loopFrom };
}

const outcomes: ReadonlySet<string> = new Set(
  Object.keys(countCases(0, [])).filter((outcome) => outcome !== 'notRun'),
);

export type CaseAround = {
  readonly case: CaseEnd['case'];
  readonly source: Source | null;
  /** The case's plan, where it has one. */
  readonly plan: Plan | null;
};

/** @throws Error where the record needs a plan, and there is none */
export function caseFromRecord(record: CaseRecord, { case: one, source, plan }: CaseAround): CaseEnd {
  const { run, check, output, ...rest } = record;
  if (!outcomes.has(record.outcome)) throw new Error('an outcome that is none');
  const seed = run?.seed ?? record.seed;
  if (plan === null && (run !== null || check !== null)) throw new Error('the scenario has no such case');
  const own = plan === null || seed === null ? plan : { ...plan, seed };
  return {
    ...rest,
    ...{ case: one, source },
    output: output.map(harmless),
    command: harmless(rest.command),
    run: run === null || own === null ? null : { plan: own, verdict: run.verdict },
    check: check === null || own === null ? null : { ...check, plan: own },
  };
}
