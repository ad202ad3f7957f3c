import { describe, expect, test } from 'vitest';
import { matchesPattern, patternProblem } from '../../engine/expression/functions/pattern.ts';

describe('patterns that may be used', () => {
  test.each([
    '^\\w+ \\d+ .*$',
    '[a-z]+@[a-z]+',
    '([0-9]{2}:)*',
    '(foo|bar)+',
    '(a|b)*c',
    'https?://',
    '(?<year>\\d{4})-\\d{2}',
    '^(?:(p\\d) print 1\\n\\1 print 2\\n?){3}$',
    '[)(+*]+',
    'a{2,3}',
  ])('%s', (pattern) => {
    expect(patternProblem(pattern)).toBeUndefined();
  });
});

describe('patterns that are refused', () => {
  test.each([
    ['(a+)+$', /repeats a group/],
    ['(a*)*b', /repeats a group/],
    ['(a|a)*b', /repeats a group/],
    ['(a|ab)*c', /repeats a group/],
    ['(?:a?)+', /repeats a group/],
    ['((a{1,9}){1,9})', /repeats a group/],
    ['(\\d+,)*', /repeats a group/],
    ['(a?){30}a{30}', /30 optional parts/],
    ['a?a?a?a?a?a?a?a?a?a?a?a?a?a', /13 optional parts/],
    ['.*.*.*.*.*.*.*.*.*', /9 repetitions/],
    ['(', /not valid: Unterminated group/],
    ['a'.repeat(1001), /1001 characters/],
  ])('%s', (pattern, problem) => {
    expect(patternProblem(pattern)).toMatch(problem);
  });
});

test('the more loops, the shorter the text may be', () => {
  const longest = (pattern: string): number => {
    const fits = (length: number): boolean => {
      try {
        matchesPattern('b'.repeat(length), pattern);
        return true;
      } catch {
        return false;
      }
    };
    let length = 1;
    while (length <= 10_000 && fits(length)) length *= 2;
    return length;
  };
  const lengths = ['a', 'a+c', 'a+.+c', 'a+.+.+c', 'a+.+.+.+c'].map(longest);
  expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
  expect(new Set(lengths).size).toBeGreaterThan(2);
});
