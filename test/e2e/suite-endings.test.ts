/**
 * Every way in which a run can end, in a suite: the exit code and what each report says of it. None calls passed what did not pass.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ConcurRun } from './concur-run.ts';
import { scratch } from './scratch.ts';

type Way = { readonly code: number; readonly outcome: string; readonly junit: string; readonly text: string };

const failed = { code: 1, outcome: 'failed', junit: 'failures="1" errors="0"' } as const;
const grow = `{ let: { a: '"0123456789abcdef"' } }, { repeat: 30, do: [ { let: { a: a + a } } ] }`;

const ways: Readonly<Record<string, Way>> = {
  passes: { code: 0, outcome: 'passed', junit: 'failures="0" errors="0"', text: 'main: [ { print: x } ]' },
  fails: { ...failed, text: 'main: [ { fail: x } ]' },
  'ends in a deadlock': { ...failed, text: 'events: [ e ]\nmain: [ { wait: e } ]' },
  'has no time left': { ...failed, text: 'timeout: 300ms\nmain: [ { sleep: 1h } ]' },
  'fails when all is over': { ...failed, text: 'main: [ { print: x } ]\nteardown: [ { fail: x } ]' },
  'has a command that is killed': { ...failed, text: 'main: [ { run: "kill -9 $$" } ]' },
  'has a worker that dies, its work joined by nobody': {
    ...failed,
    text: 'pools: { w: { kind: process, size: 1 } }\nmain: [ { submit: w, do: [ { exit: 1 } ] }, { try: [ { join: w } ], catch: { any: [] } } ]',
  },
  'runs out of what there is': {
    code: 3,
    outcome: 'inconclusive',
    junit: 'failures="0" errors="1"',
    text: `main: [ ${grow} ]`,
  },
  'is no scenario': {
    code: 2,
    outcome: 'invalid',
    junit: 'failures="0" errors="1"',
    text: 'main: [ { prnt: x } ]',
  },
};

test.each(Object.entries(ways))('a run that %s', { timeout: 120_000 }, async (name, way) => {
  const file = scratch(`${name.replaceAll(/\W/g, '-')}.yaml`, `concur: 1\n${way.text}\n`);
  const reports = Object.fromEntries(
    ['junit', 'tap', 'json'].map((reporter) => [reporter, scratch(`${name.length}.${reporter}`)]),
  );
  const reporters = Object.entries(reports).flatMap(([reporter, path]) => [
    '--reporter',
    `${reporter}=${path}`,
  ]);
  await using run = new ConcurRun(['test', ...reporters, '--reporter', 'github', file], { input: '' });
  const { code, stdout } = await run.ended;
  const read = (reporter: string): string => readFileSync(reports[reporter] as string, 'utf8');
  const isPassed = way.outcome === 'passed';
  expect({
    code,
    json: (JSON.parse(read('json')) as { outcome: string }).outcome,
    junit: /<testsuites [^>]*?(failures="\d+" errors="\d+")/.exec(read('junit'))?.[1],
    tap: /^(not ok|ok) 1 /m.exec(read('tap'))?.[1],
    isAnnotated: stdout.includes('::error'),
  }).toEqual({
    code: way.code,
    json: way.outcome,
    junit: way.junit,
    tap: isPassed ? 'ok' : 'not ok',
    isAnnotated: !isPassed,
  });
});
