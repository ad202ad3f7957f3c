/**
 * Expectations about what is left or was measured: final values of vars, contents of files, peaks of resources, the length
 * of the run.
 */
import type { RunEnd } from '../../log/event.ts';
import type { Bound } from '../../plan/expectations.ts';
import type { ModelState } from '../model/model-state.ts';
import type { ResourceRecord } from '../model/primitives/resource-record.ts';
import { modelOf } from '../model/primitives/table.ts';
import { counted, evidenceAt, exactDuration, shown } from '../show.ts';
import type { Judgement } from '../verdict.ts';
import { boundText, canChange, isWithin } from './bound.ts';
import { variableValue } from './context.ts';
import { failed, notJudged, passed, STOPPED } from './judgement.ts';
import { ownWriteEvidence } from './own-copies.ts';
import { isEqual } from './same-value.ts';

/** One judgement for each of `vars`. */
export function judgeVariables(state: ModelState, complete: boolean): readonly Judgement[] {
  return state.plan.expect.vars.map(({ span, variable, value }) => {
    const record = state.variables[variable];
    const opened = { name: `vars ${record?.name ?? variable}`, span, expected: shown(value) };
    const last = variableValue(state, variable);
    if (!complete) return notJudged(opened, STOPPED, shown(last));
    if (isEqual(last, value)) return passed(opened, shown(last));
    const written = record?.written;
    const own = ownWriteEvidence(state, variable);
    if (written !== undefined && written.at >= 0)
      return failed(opened, shown(last), [
        evidenceAt(state.plan, written, `wrote ${record?.name} = ${shown(last)}, the last write`),
        ...own,
      ]);
    return failed(opened, shown(last), own.length > 0 ? own : [{ text: 'never written' }]);
  });
}

/** One judgement for each of `files`, by what the host found in them at the end. */
export function judgeFiles(state: ModelState, end: RunEnd, complete: boolean): readonly Judgement[] {
  return state.plan.expect.files.map(({ span, resource, value }) => {
    const name = state.resources[resource]?.name ?? String(resource);
    const opened = { name: `files ${name}`, span, expected: shown(value) };
    if (end.files === undefined)
      return notJudged(opened, 'nobody looked into the files at the end of this run');
    const content = Object.hasOwn(end.files, name) ? end.files[name] : undefined;
    const seen = content === undefined ? 'no such file' : shown(content);
    if (!complete) return notJudged(opened, STOPPED, seen);
    return content !== undefined && isEqual(content, value) ? passed(opened, seen) : failed(opened, seen, []);
  });
}

/** One judgement for each of `peak`. */
export function judgePeaks(state: ModelState, complete: boolean): readonly Judgement[] {
  return state.plan.expect.peak.map(({ span, resource, bound }) => {
    const record = state.resources[resource];
    const opened = { name: `peak ${record?.name ?? resource}`, span, expected: boundText(bound) };
    const size = record?.peak ?? 0;
    if (!complete && canChange(size, bound)) return notJudged(opened, STOPPED, String(size));
    if (isWithin(size, bound)) return passed(opened, String(size));
    return failed(
      opened,
      String(size),
      record === undefined || size === 0 ? [] : peakEvidence(state, record),
    );
  });
}

function peakEvidence(state: ModelState, record: ResourceRecord): Judgement['evidence'] {
  const what = counted(record.peak, modelOf(record).noun);
  return [evidenceAt(state.plan, record.peakMoment, `from here on ${what} at once`)];
}

/** One judgement for each end of `takes`, by the time of the run's mode: real or virtual. */
export function judgeLength(state: ModelState, end: RunEnd, complete: boolean): readonly Judgement[] {
  const { takes } = state.plan.expect;
  if (takes === undefined) return [];
  const bounds: readonly (readonly [string, Bound | null])[] = [
    ['atLeast', takes.atLeastUs === undefined ? null : { comparison: '>=', value: takes.atLeastUs }],
    ['atMost', takes.atMostUs === undefined ? null : { comparison: '<=', value: takes.atMostUs }],
  ];
  return bounds.flatMap(([name, bound]) => {
    if (bound === null) return [];
    const expected = `${bound.comparison} ${exactDuration(bound.value)}`;
    const opened = { name: `takes ${name}`, span: takes.span, expected };
    const seen = exactDuration(end.durationUs);
    if (!complete && canChange(end.durationUs, bound)) return notJudged(opened, STOPPED, seen);
    return isWithin(end.durationUs, bound) ? passed(opened, seen) : failed(opened, seen, []);
  });
}
