import { describe, expect, it } from 'vitest';
import { type Ending, exitCodes, worstEnding } from '../../cli/exit-code.ts';

describe('exit codes', () => {
  it('are all different', () => {
    const codes = Object.values(exitCodes).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it.each([
    [[], 'passed'],
    [['passed', 'passed'], 'passed'],
    [['passed', 'inconclusive'], 'inconclusive'],
    [['inconclusive', 'failed', 'passed'], 'failed'],
    [['failed', 'interrupted'], 'interrupted'],
    [['outputClosed', 'failed'], 'outputClosed'],
    [['interrupted', 'bug'], 'bug'],
  ] as const)('of %j the worst is %s', (endings, worst) => {
    expect(worstEnding(endings)).toBe(worst);
  });

  it('know how grave every ending is', () => {
    for (const ending of Object.keys(exitCodes) as Ending[])
      expect(worstEnding(['passed', ending])).toBe(ending);
  });
});
