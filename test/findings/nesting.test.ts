/**
 * However deeply a text nests, the parser's stack does not overflow: it is a finding, with its place.
 */
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../engine/index.ts';

async function findingsOf(text: string): Promise<readonly string[]> {
  const { plan, diagnostics } = await loadScenario({ file: 'deep.yaml', text });
  expect(plan).toBeUndefined();
  return diagnostics.map(({ code, span }) => `${code} at ${span.start}`);
}

describe('more than 200 levels', () => {
  it.each<[string, string, number]>([
    ['of lists in one line, and a line that is indented less', `${'- '.repeat(5000)}\na: 1\n`, 400],
    ['of lists in one line', '- '.repeat(60_000), 400],
    ['of lists twice', `${'- '.repeat(5000)}\n${'- '.repeat(5000)}\na: 1\n`, 400],
    ['of keys', `${'? '.repeat(5000)}\na: 1\n`, 400],
    ['of lists as keys', `${'? - '.repeat(5000)}\na: 1\n`, 400],
    ['of brackets', `${'['.repeat(9000)}\n]`, 200],
    ['of braces', `${'{ a: '.repeat(9000)}\na: 1\n`, 1000],
    [
      'of blocks',
      `main:\n${Array.from({ length: 600 }, (_, depth) => `${' '.repeat(depth + 1)}a:`).join('\n')}\nb: 1\n`,
      20_703,
    ],
  ])('%s', async (_name, text, place) => {
    expect(await findingsOf(text)).toEqual([`too-deep at ${place}`]);
  });
});
