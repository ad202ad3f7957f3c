/**
 * What a model does not say of a command's result: it succeeds, and writes nothing.
 */
import type { Value, ValueMap } from '../expression/values/value.ts';
import { typeOf } from '../expression/values/value-text.ts';

/** A result with all its parts; what is no map stays as it is. */
export function completeResult(value: Value): Value {
  if (value !== null && typeOf(value) !== 'map') return value;
  return { code: 0n, stdout: '', stderr: '', seconds: 0, ...(value as ValueMap | null) };
}
