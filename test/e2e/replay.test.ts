/**
 * The built command plays again what went wrong: a real run by its log, a virtual run by the steps that it saved.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { concur } from '../scenarios/concur-command.ts';
import { scratch } from './scratch.ts';

/** The last lines say what failed, and where. */
function failures(stdout: string): readonly string[] {
  const lines = stdout.split('\n').map((line) => line.trim());
  const end = lines.findLastIndex((line) => / failed in /.test(line));
  return lines.slice(end + 1).filter((line) => line !== '' && !line.startsWith('run it again'));
}

scratch('answers.mjs', 'export const one = () => 41;\n');

/** Each fails for certain, if for other reasons than others. */
const failing = {
  'threads that lock each other out': `
locks: [left, right]
barriers: { both: 2 }
tasks:
  anna: { steps: [ { with: left, do: [ { wait: both }, { with: right, do: [ { print: anna } ] } ] } ] }
  ben: { steps: [ { with: right, do: [ { wait: both }, { with: left, do: [ { print: ben } ] } ] } ] }`,
  'processes that lose an update': `
vars: { n: { value: 0, shared: true } }
barriers: { both: 3 }
tasks:
  adder:
    kind: process
    count: 3
    steps: [ { let: { seen: n } }, { wait: both }, { set: { n: seen + 1 } } ]
expect: { vars: { n: 3 } }`,
  'a wait that is too short': `
events: [ go ]
tasks:
  late: { steps: [ { sleep: 300ms }, { signal: go } ] }
  early: { steps: [ { wait: go, timeout: 20ms } ] }`,
  'a command that says something else each time': `
vars: { said: { value: "", shared: true } }
tasks:
  speaker:
    kind: process
    count: 2
    steps:
      - run: echo $$
        as: out
      - print: \${{ out.stdout }} it was
      - set: { said: out.stdout }
expect: { vars: { said: nothing } }`,
  'a function, a command that fails, and files': `
vars: { n: 0 }
files: { note: { path: note.txt, content: first } }
tasks:
  asks: { steps: [ { call: ./answers.mjs#one, as: got }, { set: { n: got } }, { assert: n == 42 } ] }
  fails: { steps: [ { load: note, as: text }, { save: note, value: second }, { run: exit 3 } ] }`,
};

describe('a real run that failed', () => {
  it.each(Object.entries(failing))('%s fails alike by its log', async (name, text) => {
    const file = scratch(`${name.replaceAll(' ', '-')}.yaml`, `concur: 1${text}\n`);
    const log = scratch(`${name.replaceAll(' ', '-')}.jsonl`);
    const ran = await concur('run', file, '--log', log);
    expect(ran.code, ran.stdout + ran.stderr).toBe(1);
    for (let time = 0; time < 3; time++) {
      const again = await concur('replay', file, log);
      expect(again.code, again.stdout + again.stderr).toBe(1);
      expect(failures(again.stdout)).toEqual(failures(ran.stdout));
    }
  });

  it('is told where the scenario was edited', async () => {
    const text = failing['a wait that is too short'];
    const file = scratch('edited.yaml', `concur: 1${text}\n`);
    const log = scratch('edited.jsonl');
    await concur('run', file, '--log', log);
    scratch('edited.yaml', `concur: 1${text.replace('300ms', '301ms')}\n`);
    const { code, stderr } = await concur('replay', file, log);
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('the scenario was edited since: `sleep 300ms` is `sleep 301ms` now'),
    });
  });
});

const lost = `concur: 1
vars: { n: 0 }
tasks:
  adder:
    count: 2
    steps:
      - set: { n: n + 1 }
expect:
  vars: { n: 2 }
`;

describe('a virtual run that fails', () => {
  const file = scratch('lost.yaml', lost);
  const saved = scratch('way.json');
  const save = () => concur('run', '--virtual', '--repeat', '50', '--seed', '1', '--save', saved, file);

  it('is saved, and played with the scenario edited nearby', async () => {
    const { code, stderr } = await save();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /its steps are saved; play them with: .*concur.* replay .*lost\.yaml .*way\.json/,
      ),
    });
    expect(JSON.parse(readFileSync(saved, 'utf8')).concurSchedule).toBe(1);
    const nearby = scratch('nearby.yaml', lost.replace('steps:', 'steps:\n      - print: before'));
    const again = await concur('replay', nearby, saved);
    expect(again.code, again.stderr).toBe(1);
    expect(again.stdout).toContain('expected, but not met: n == 2');
  });

  it('is told where the schedule does not fit any more', async () => {
    await save();
    const there = scratch('there.yaml', lost.replace('n + 1', 'n + 2'));
    const { code, stderr } = await concur('replay', there, saved);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(
        /does not fit .*at its step 1, adder\[\d\] · set n = n \+ 1 · 1st time: no step is/,
      ),
    });
  });

  it('is saved for virtual runs only', async () => {
    const { code, stderr } = await concur('run', '--save', saved, file);
    expect(code).toBe(2);
    expect(stderr).toContain("option '--save' is for runs in virtual time");
  });
});
