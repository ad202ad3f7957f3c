/**
 * Values of the scenario language, as expressions see them.
 *
 * An integer is a `bigint` (64-bit, as in CEL), a double is a `number`; the two never mix by accident.
 */
export type Value = bigint | number | string | boolean | null | ValueList | ValueMap;
export type ValueList = readonly Value[];
export type ValueMap = { readonly [key: string]: Value };
