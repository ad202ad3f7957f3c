/**
 * The expression library's errors by Python's names, in one line.
 */
import { TypeError as CelTypeError, EvaluationError, ParseError } from '@marcbachmann/cel-js';
import { ScenarioError } from './values/scenario-error.ts';

type CelError = EvaluationError | ParseError | CelTypeError;

const nameOf: Readonly<Record<string, string>> = {
  division_by_zero: 'ZeroDivisionError',
  modulo_by_zero: 'ZeroDivisionError',
  no_such_key: 'KeyError',
  index_out_of_bounds: 'IndexError',
  index_out_of_range: 'IndexError',
  numeric_overflow: 'OverflowError',
  unknown_variable: 'NameError',
  bool_conversion_error: 'ValueError',
  double_conversion_error: 'ValueError',
  int_conversion_error: 'ValueError',
  uint_conversion_error: 'ValueError',
  invalid_duration: 'ValueError',
  invalid_timestamp: 'ValueError',
  invalid_regular_expression: 'ValueError',
};

/** Python's words, where it has some of its own. */
const messageOf: Readonly<Record<string, string>> = {
  modulo_by_zero: 'integer modulo by zero',
  int_conversion_error: 'the text is not an integer',
  uint_conversion_error: 'the text is not an unsigned integer',
  double_conversion_error: 'the text is not a number',
  invalid_duration: 'the text is not a duration',
};

/**
 * Whatever an evaluation threw, as an error of the scenario.
 *
 * `RangeError` is what the engine throws where a text or a list grows beyond its limits: `MemoryError`.
 */
export function scenarioErrorFrom(error: unknown): ScenarioError {
  if (error instanceof ScenarioError) return error;
  if (isCelError(error))
    return new ScenarioError(nameOf[error.code] ?? 'TypeError', plainMessage(error), { cause: error });
  if (error instanceof RangeError) return new ScenarioError('MemoryError', error.message, { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  return new ScenarioError('RuntimeError', message, { cause: error });
}

export function isCelError(error: unknown): error is CelError {
  return error instanceof EvaluationError || error instanceof CelTypeError || error instanceof ParseError;
}

function plainMessage({ code, summary }: CelError): string {
  const fixed = messageOf[code];
  if (fixed !== undefined) return fixed;
  if (code === 'index_out_of_bounds')
    return summary.replace(/^.*index (\S+) .*$/, 'list index out of range: $1');
  if (code === 'unknown_variable')
    return summary.replace(/^Unknown variable: (.*)$/, "'$1' has no value yet");
  return plainSummary(summary);
}

/** The library's summary as plain words: without its `dyn`, and beginning in lower case like Python's. */
export function plainSummary(summary: string): string {
  const words = summary.replace(/dyn<([^<>]+)>/g, '$1').replace(/\bdyn\b/g, 'unknown');
  return words.charAt(0).toLowerCase() + words.slice(1);
}
