/**
 * A suite for machines: one JSON document when it is over, in the shapes that `run --json` and `validate --json` have.
 */
import { toJson } from '../../diagnostic/to-json.ts';
import type { Json } from '../../log/json-value.ts';
import { checkJson } from '../check/check-json.ts';
import {
  type CaseEnd,
  type CheckedCase,
  countCases,
  type SuiteCase,
  type SuiteReporter,
  suiteOutcome,
} from '../suite/suite.ts';
import { createDocumentReporter, everyCase, type SuiteRecord } from '../suite/suite-document.ts';
import { createPalette } from '../text/palette.ts';
import { createPlaces } from '../text/places.ts';
import { jsonText, repetitionJson, shapeVersion, verdictJson } from './json.ts';

export function createSuiteJson({ write }: { readonly write: (text: string) => void }): SuiteReporter {
  return createDocumentReporter(write, (suite) => jsonText(suiteJson(suite)));
}

function suiteJson({ cases, ends, stop, durationUs }: SuiteRecord): Json {
  return {
    concurVerdict: shapeVersion,
    outcome: suiteOutcome(ends, stop),
    stopped: stop,
    durationUs,
    counts: { ...countCases(cases.length, ends) },
    cases: everyCase({ cases, ends }, caseJson, leftOutJson),
  };
}

function caseJson(end: CaseEnd): Json {
  const { outcome, durationUs, runs, seed, command, source, diagnostics, run, check, repetition, problem } =
    end;
  const { tries, inexcusable, evidence } = end;
  const places =
    source === null ? null : createPlaces(source, { palette: createPalette(false), columns: 100 });
  return {
    ...nameJson(end.case),
    ...{ outcome, durationUs, runs, seed, command, problem, output: end.output, inexcusable, evidence },
    tries: tries.map((one) => ({ ...one })),
    diagnostics: source === null ? [] : diagnostics.map((diagnostic) => toJson(diagnostic, source) as Json),
    verdict: run === null || places === null ? null : verdictJson({ ...run, places, command }),
    check:
      check === null || places === null
        ? null
        : checkJson({ ...check, places, observed: null, run: null, ...symmetric(check) }),
    repetition:
      run === null || places === null || repetition === null
        ? null
        : repetitionJson({ ...run.plan, seed: seed ?? run.plan.seed }, repetition, places),
  };
}

function symmetric({ symmetry }: CheckedCase) {
  return { symmetric: symmetry.groups, events: null };
}

function leftOutJson(one: SuiteCase): Json {
  return { ...nameJson(one), outcome: 'notRun' };
}

function nameJson({ file, name, caseName, judge }: SuiteCase) {
  return { file, name, case: caseName, judge };
}
