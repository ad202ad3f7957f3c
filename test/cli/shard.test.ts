/**
 * Which cases are in which part of a suite: every machine has to come to the same by itself.
 */
import { describe, expect, it } from 'vitest';
import { caseKey, folderName } from '../../cli/suite/case-names.ts';
import { dealOut } from '../../cli/suite/shard.ts';
import { caseOf, hostile } from '../report/suite-scene.ts';

const named = (...files: readonly string[]) => files.map((file, index) => caseOf(index, { file }));

describe('cases are dealt out', () => {
  it('by place in the sorted list, in whichever order they were named', () => {
    expect(dealOut(named('a', 'b', 'c', 'd'), 3)).toEqual([1, 2, 3, 1]);
    expect(dealOut(named('c', 'a', 'd', 'b'), 3)).toEqual([3, 1, 1, 2]);
    expect(dealOut(named('B', 'a', 'é', 'z'), 4)).toEqual([1, 2, 4, 3]);
  });

  it('in the order of the file, where they are of one', () => {
    expect(dealOut(named('a', 'a', 'a'), 2)).toEqual([1, 2, 1]);
  });

  it('the longest first, each to the part that has least to do', () => {
    const cases = named('a', 'b', 'c', 'd', 'e');
    const seconds = [1, 8, 2, 5, 4];
    const durations = new Map(cases.map((one, index) => [caseKey(one), seconds[index] ?? 0]));
    // b is 8; d and e are 9, c and a go to the first.
    expect(dealOut(cases, 2, durations)).toEqual([2, 1, 1, 2, 2]);
  });

  it('as if one that was never measured took as long as the middle one', () => {
    const cases = named('a', 'b', 'c', 'new');
    const durations = new Map(cases.slice(0, 3).map((one, index) => [caseKey(one), [1, 4, 9][index] ?? 0]));
    expect(dealOut(cases, 2, durations)).toEqual([2, 2, 1, 2]);
  });

  it('by place where nobody knows how long anything takes', () => {
    expect(dealOut(named('a', 'b', 'c'), 2, new Map())).toEqual([1, 2, 1]);
  });

  it('each to one part, and all of them', () => {
    const cases = named(...Array.from({ length: 50 }, (_, index) => `${index}.yaml`));
    const durations = new Map(cases.map((one, index) => [caseKey(one), (index * 7919) % 13]));
    const loads = [0, 0, 0, 0];
    dealOut(cases, 4, durations).forEach((part, index) => {
      loads[part - 1] = (loads[part - 1] ?? 0) + ((index * 7919) % 13);
    });
    expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
  });
});

describe('the folder of a case', () => {
  it.each([
    ['scenarios/toilet.yaml', 'five stalls', '0003-toilet-five-stalls'],
    ['x.yml', null, '0003-x'],
    ['../../etc/passwd', '../../..', '0003-passwd'],
    ['a.yaml', 'con', '0003-a-con'],
    ['💥', '💥', '0003'],
    ['Ärger.yaml', 'Größe', '0003-a-rger-gro-e'],
  ])('%s, %s: %s', (file, caseName, folder) => {
    expect(folderName(2, caseOf(0, { file, caseName }))).toBe(folder);
  });

  it.each(hostile)('is letters and digits, however long, for %j', (text) => {
    const name = folderName(9_999_998, caseOf(0, { file: text, caseName: text, judge: 'check' }));
    expect(name).toMatch(/^9999999(-[a-z0-9]+)*$/);
    expect(name.length).toBeLessThan(80);
  });

  it('is of one case only, even where names differ in nothing that is kept', () => {
    const cases = ['a b', 'a-b', 'A B', 'a/b'].map((caseName, index) => caseOf(index, { caseName }));
    expect(new Set(cases.map((one) => folderName(one.index, one))).size).toBe(4);
  });
});
