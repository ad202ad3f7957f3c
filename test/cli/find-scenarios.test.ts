import { describe, expect, it } from 'vitest';
import { hasMark } from '../../cli/files/find-scenarios.ts';

describe('whether a text is a scenario', () => {
  it.each([
    'concur: 1\n',
    '# a comment\n---\nname: x\nconcur: 1',
    '"concur": 1\nname: x\n',
    "'concur' : 1\n",
    'concur:\n  1\n',
    '\ufeffconcur: 1\n',
    '{"name": "x", "concur": 1}',
    '  { concur: 1, main: [] }',
    '{"concur": 1, broken',
    'concur: 2\nmain: [}\n',
  ])('%j is', (text) => {
    expect(hasMark(text)).toBe(true);
  });

  it.each([
    '',
    'services:\n  concur: 1\n',
    '{"dependencies": {"concur": "1.0.0"}}',
    'concurrency: 1\n',
    'concur:1\n',
    '- concur: 1\n',
    'name: concur\n',
    '[{"concur": 1}]',
    '{"a": 1, "b": [{"concur": 1}',
  ])('%j is not', (text) => {
    expect(hasMark(text)).toBe(false);
  });
});
