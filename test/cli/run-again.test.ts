import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunArguments } from '../../cli/commands/arguments.ts';
import { startedAs } from '../../cli/started-as.ts';
import { runAgainCommand } from '../../engine/report/text/run-again.ts';
import { shellWord } from '../../engine/source/shell-word.ts';

const NPX = '/home/me/.npm/_npx/1f2e';

describe('the command that repeats a run', () => {
  const args: RunArguments = {
    command: 'run',
    file: 'a.yaml',
    set: [],
    repeat: 10,
    mode: 'real',
    detail: 'verbose',
    strict: false,
    logValues: false,
    json: true,
    log: 'x.jsonl',
  };

  it.each([
    [{}, {}, 'concur run a.yaml --seed 7'],
    [{ mode: 'virtual' }, {}, 'concur run a.yaml --virtual --seed 7'],
    [
      { timeout: '30s' },
      { caseName: 'five stalls' },
      "concur run a.yaml --case 'five stalls' --timeout 30s --seed 7",
    ],
    [
      {
        set: [
          ['a', '1'],
          ['b', "it's"],
        ],
      },
      {},
      "concur run a.yaml --set a=1 --set 'b=it'\\''s' --seed 7",
    ],
    [{ file: '-odd.yaml' }, {}, 'concur run ./-odd.yaml --seed 7'],
    [{ file: '-' }, {}, 'concur run - --seed 7'],
  ] as const)('%j %j', (options, run, command) => {
    expect(runAgainCommand({ ...(args as RunArguments), ...options, seed: 7, ...run })).toBe(command);
  });

  it.each([
    ['/usr/local/bin/concur', '/usr/local/lib', 'concur'],
    ['/home/me/clone/dist/concur.js', '/home/me/clone', 'concur'],
    ['/home/me/project/node_modules/.bin/concur', '/home/me/project/node_modules', 'npx concur'],
    [`${NPX}/node_modules/.bin/concur`, `${NPX}/node_modules`, 'npx -p concur-scenarios concur'],
    [`${NPX}/node_modules/.bin/concur`, '/home/me/clone', 'npx concur'],
  ])('begins as %s in %s was started', (script, folder, words) => {
    const started = startedAs(script, `file://${folder}/concur-scenarios/dist/concur-main.js`);
    expect(started).toBe(words);
    const command = runAgainCommand({ ...args, startedAs: started, seed: 7 });
    expect(command).toBe(`${words} run a.yaml --seed 7`);
  });

  it('is read by a shell as the same words, whatever they are, and shows no control character', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\0'));
    const hostile = fc.constantFrom(
      'a\u001b[2Jb',
      "'\n",
      '$(id)',
      '\\',
      '`x`',
      '!!',
      '*',
      '\u202e',
      '\u0085',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(word, hostile), { minLength: 1, maxLength: 5 }), (words) => {
        const line = words.map(shellWord).join(' ');
        expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
        const read = execFileSync('bash', ['--norc', '-c', `printf '%s\\0' ${line}`], {
          env: { LC_ALL: 'C.UTF-8' },
        });
        expect(read.toString().split('\0').slice(0, -1)).toEqual(words);
      }),
      { numRuns: 30 },
    );
  });
});
