/**
 * Files: nobody waits for one. What is in them is looked at when the run is over.
 */
import { wrongKind } from './holding-rules.ts';
import type { PrimitiveModel } from './primitive-model.ts';

export const file: PrimitiveModel<'file'> = {
  create: (base, plan) => ({ ...base, kind: 'file', plan }),
  apply: (_state, file, _task, event) => wrongKind(file, event),
  isFree: () => true,
  endedBy: {},
  helps: () => () => true,
  why: () => '',
  attributes: {},
  noun: 'waiter',
  limit: () => null,
  order: () => null,
  words: {},
};
