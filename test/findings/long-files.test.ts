/** Files as long as they may be are loaded while the run hears its timeout and Ctrl-C, and in a time that grows with them only. */
import { describe, expect, it } from 'vitest';
import { concur } from '../e2e/concur-run.ts';
import { scratch } from '../e2e/scratch.ts';

async function loaded(path: string, script: string, steps: string): Promise<string> {
  const write = `node -e ${JSON.stringify(`require('fs').writeFileSync(process.env.CONCUR_WORKSPACE + '/${path}', ${script})`)}`;
  const text = `concur: 1
seed: 1
timeout: 100s
files: { f: { path: ${path} } }
main: [ { run: ${JSON.stringify(write)} }, { load: f, as: x }, ${steps} ]
`;
  return (await concur(['run', scratch(`${path}-load.yaml`, text)])).stdout;
}

const keys = (count: number, more = '') =>
  `'{' + Array.from({ length: ${count} }, (_, i) => '"k' + i + '": ' + i).join(', ') + '${more}}'`;

const shown = (expression: string) => `{ print: "$${'{{'} ${expression} }}" }`;

describe.each(['json', 'yaml'])('%s', (format) => {
  it('with very many keys', async () => {
    const said = await loaded(`many.${format}`, keys(100_000), shown('x.k99999'));
    expect(said).toContain('main | 99999');
  });

  it('with integers that no double holds', async () => {
    const text = `'[ 9007199254740993, 1.5E2, "a \\\\\\" b E", { "a" : [ ] } ]'`;
    const said = await loaded(`exact.${format}`, text, shown('x'));
    expect(said).toContain('main | [9007199254740993,150.0,"a \\" b E",{"a":[]}]');
  });
});

it('a key that is there twice is an error in YAML', async () => {
  const said = await loaded('twice.yaml', keys(1000, ', k7: 1'), '{ print: done }');
  expect(said).toContain('ValueError: twice.yaml is not yaml: the key `k7` is there twice');
});

it('YAML that is none is told with its place', async () => {
  const said = await loaded('broken.yaml', "'[ 1 }'", '{ print: done }');
  expect(said).toMatch(/broken.yaml is not yaml: .* at line 1, column \d+/);
});
