/**
 * File: one word, which says whether it was written where files are words; what is in it is kept by whoever runs the scenario.
 */
import { numbers, type Primitive } from '../primitive.ts';

export const file: Primitive<'file'> = {
  operations: {},
  words: () => [numbers(1)],
  channels: 1,
  lines: 0,
  attributes: {},
  hands: { words: () => 0, by: {} },
};
