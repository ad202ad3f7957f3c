/**
 * The expectations of a scenario that has none.
 */
import type { Expectations } from '../engine/plan/expectations.ts';

export const nothingExpected: Expectations = {
  always: [],
  finally: [],
  deadlock: 'never',
  output: [],
  vars: [],
  tasks: [],
  peak: [],
  eventually: [],
  leadsTo: [],
  sometimes: [],
  races: 'allowed',
  outcomes: [],
  others: 'forbidden',
  files: [],
  order: [],
  neverTogether: [],
};
