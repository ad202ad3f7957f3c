/**
 * `concur check --from LOG`: what it prints, and how it ends.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { concur } from '../scenarios/concur-command.ts';
import { scratch } from './scratch.ts';

const text = `concur: 1
params: { tasks: 2 }
vars: { n: 0 }
tasks:
  adder:
    count: \${{ params.tasks }}
    steps:
      - set: { n: n + 1 }
expect:
  outcome: n
cases:
  - { name: three, params: { tasks: 3 } }
  - { name: four, params: { tasks: 4 } }
`;
const file = scratch('lost.yaml', text);
const log = scratch('run.jsonl');
const run = (...args: readonly string[]) => concur('run', file, '--log', log, ...args);

describe('concur check --from', () => {
  it.each([[[]], [['--virtual', '--seed', '3']]])(
    'says that a run is among what it found, %j',
    async (args) => {
      expect((await run('--case', 'three', ...args)).code).toBe(0);
      const { code, stdout, stderr } = await concur('check', file, '--from', log);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/lost \(three\): passed in all interleavings\n/);
      expect(stdout).toMatch(
        /\n {2}the run of `.*run\.jsonl` ended as an interleaving does: adder: 3 finished; n = \d\n/,
      );
      expect(stdout).not.toContain('four');
    },
  );

  it('takes the parameters of the log, and says it as JSON', async () => {
    await run('--case', 'four', '--set', 'tasks=2');
    const { code, stdout } = await concur('check', file, '--from', log, '--json');
    const document = JSON.parse(stdout);
    expect({ code, outcome: document.outcome }).toEqual({ code: 0, outcome: 'passed' });
    expect(document.cases).toHaveLength(1);
    expect(document.cases[0]).toMatchObject({
      case: 'four',
      run: { log, explored: true, end: expect.stringMatching(/^adder: 2 finished; n = \d$/), reason: null },
    });
  });

  it('has no verdict on a run that was stopped', async () => {
    await run('--case', 'three');
    const lines = readFileSync(log, 'utf8').split('\n');
    const cut = scratch('cut.jsonl', `${lines.slice(0, 6).join('\n')}\n`);
    const { code, stdout } = await concur('check', file, '--from', cut);
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /\n {2}not judged: the run of `.*cut\.jsonl` \(the log stops before its run does\)\n/,
    );
    const json = await concur('check', file, '--from', cut, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      outcome: 'inconclusive',
      cases: [{ run: { explored: null } }],
    });
  });

  it('says where a log is of another scenario', async () => {
    await run('--case', 'three');
    const other = scratch('other.yaml', text.replace('n + 1', 'n + 2'));
    const { code, stdout, stderr } = await concur('check', other, '--from', log);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^concur: the log does not fit .*other\.yaml: the scenario was edited since: /);
  });

  it.each([
    [['--case', 'three'], "takes the case from the log: leave out '--case'"],
    [['--set', 'tasks=3'], "takes the parameters from the log: leave out '--set'"],
    [[file], 'takes one scenario: that of the log'],
  ])('with %j is a mistake', async (more, mistake) => {
    const { code, stderr } = await concur('check', file, '--from', log, ...more);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(mistake) });
  });

  it('with what is no log is a mistake', async () => {
    const { code, stderr } = await concur('check', file, '--from', file);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/is no log, at its line 1/) });
  });
});
