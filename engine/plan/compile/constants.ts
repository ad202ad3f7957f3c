/**
 * What must be known before the run: sizes, flags, durations, initial values. Only parameters may be used in them.
 */
import { parseDuration } from '../../document/duration.ts';
import type { Data } from '../../document/scenario.generated.ts';
import type { ExpressionComposer, Part } from '../../expression/compose-expression.ts';
import type { Duration, Expression } from '../../expression/expression.ts';
import type { Report } from '../../expression/report.ts';
import type { Scope } from '../../expression/scope.ts';
import { lengthFromValue } from '../../expression/values/duration.ts';
import { ScenarioError } from '../../expression/values/scenario-error.ts';
import type { Value } from '../../expression/values/value.ts';
import { isList, literalFromValue, textFromValue } from '../../expression/values/value-text.ts';

export type Bounds = { readonly min: number; readonly max: number };

/** A part of the scenario that may be missing. */
export type MaybePart = { readonly data: Data | undefined; readonly path: Part['path'] };

/** All of these report what is wrong and return undefined then, or the default where the part is missing. */
export type Constants = {
  value(part: Part): Value | undefined;
  integer(part: MaybePart, missing: number, bounds: Bounds): number | undefined;
  flag(part: MaybePart, missing: boolean): boolean;
  /** A computing place that must be true or false. */
  condition(part: MaybePart, missing: boolean): boolean;
  list(part: Part): readonly Value[] | undefined;
  /** Text, whatever the value is. */
  text(part: Part): string | undefined;
  /** One length of time, no range, in microseconds. */
  microseconds(part: MaybePart, missing: number): number | undefined;
  /** A length of time, or a range. */
  duration(part: Part): Duration | undefined;
};

export function createConstants(composer: ExpressionComposer, scope: Scope, report: Report): Constants {
  const spanAt = (part: MaybePart) => composer.document.spanAt(part.path);

  const constantOf = (expression: Expression | undefined): Value | undefined => {
    if (expression === undefined || expression.constant !== undefined) return expression?.constant;
    report(
      'not-constant',
      expression.span,
      `this must be known before the run: ${composer.failureOf(expression)}`,
    );
    return undefined;
  };
  const value = (part: Part): Value | undefined => constantOf(composer.carry(part, scope));

  const expect = (part: Part, found: Value | undefined, what: string): undefined => {
    if (found !== undefined)
      report('expression-type', spanAt(part), `this must be ${what}, and is ${literalFromValue(found)}`);
  };

  return {
    value,
    integer({ data, path }, missing, { min, max }) {
      if (data === undefined) return missing;
      const found = value({ data, path });
      if (typeof found !== 'bigint') return expect({ data, path }, found, 'an integer');
      if (found >= min && found <= max) return Number(found);
      report('bad-size', spanAt({ data, path }), `this must be from ${min} to ${max}, and is ${found}`);
      return undefined;
    },
    flag({ data, path }, missing) {
      if (data === undefined) return missing;
      const found = value({ data, path });
      if (typeof found === 'boolean') return found;
      expect({ data, path }, found, 'true or false');
      return missing;
    },
    condition({ data, path }, missing) {
      if (data === undefined) return missing;
      const found = constantOf(composer.compute({ data, path }, scope, 'bool'));
      return typeof found === 'boolean' ? found : missing;
    },
    list(part) {
      const found = value(part);
      if (found !== undefined && isList(found)) return found;
      return expect(part, found, 'a list');
    },
    text(part) {
      const found = constantOf(composer.carryText(part, scope));
      return typeof found === 'string' ? found : undefined;
    },
    microseconds({ data, path }, missing) {
      if (data === undefined) return missing;
      const found = value({ data, path });
      if (found === undefined) return undefined;
      const length = lengthOrReport(found, () => spanAt({ data, path }), report);
      if (length === undefined || length.minUs === length.maxUs) return length?.minUs;
      report('bad-duration', spanAt({ data, path }), 'a range has no meaning here', {
        help: `write one length, such as ${textFromValue(found).replace(/ ?\.\..*/, '')}`,
      });
      return undefined;
    },
    duration(part) {
      const found = value(part);
      const length = found === undefined ? undefined : lengthOrReport(found, () => spanAt(part), report);
      return length === undefined ? undefined : { kind: 'fixed', ...length };
    },
  };
}

/** The length of time that the value says; undefined if it is none, which is reported. */
export function lengthOrReport(value: Value, span: () => Expression['span'], report: Report) {
  try {
    return lengthFromValue(value);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const isBackwards =
      typeof value === 'string' &&
      value.includes('..') &&
      value.split('..').every((end) => parseDuration(end.trim()) !== undefined);
    report('bad-duration', span(), isBackwards ? 'the range runs backwards' : error.message);
    return undefined;
  }
}
