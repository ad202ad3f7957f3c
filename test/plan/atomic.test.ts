/**
 * `atomic`: every way out of it ends the moment, and nothing inside can wait.
 */
import { expect, test } from 'vitest';
import { findingsIn, programOf } from './planned.ts';

test('every way out passes a commit; an error ends the moment by itself', () => {
  const text = `
locks: [l]
events: [go]
vars: { n: 0 }
routines: { r: [ { if: n > 9, then: [return] }, { signal: go } ] }
main:
  - repeat: 3
    do:
      - with: l
        do:
          - atomic:
              - set: { n: n + 1 }
              - if: n > 2
                then: [break]
              - if: n > 5
                then: [return]
              - use: r
              - atomic: [ { id: inner, update: { n: n + 2 } } ]
  - atomic: [ { fail: x } ]
    raises: Exception
`;
  expect(programOf(text)).toMatchInlineSnapshot(`
    "
      0  .limit1 := 3
      1  .count0 := 0
      2  next .count0 below .limit1, else jump 25
      3  lock.acquire l
      4  begin
      5  .value3 := n + 1
      6  write n from .value3
      7  unless n > 2 jump 11
      8  commit
      9  lock.release l
     10  jump 25
     11  unless n > 5 jump 15
     12  commit
     13  lock.release l
     14  end
     15  .input4 := null
     16  unless n > 9 jump 18
     17  jump 19
     18  event.signal go
     19  enter inner
     20  update n = n + 2
     21  leave inner
     22  commit
     23  lock.release l
     24  jump 2
     25  begin
     26  raise Exception "x"
     27  commit
     28  raise AssertionError "expected Exception, and the step did not fail"
     29  end
     30  leave inner
     31  reraise .error5
     32  lock.release l
     33  reraise .error2
     34  unless !(error.name in ["BaseException", "SystemExit", "KeyboardInterrupt", "GeneratorExit", "BaseExceptionGroup"]) jump 36
     35  jump 37
     36  reraise .error6
     37  jump 29
    errors at 20..20 go to 30 in .error5
    errors at 4..8 go to 32 in .error2
    errors at 11..12 go to 32 in .error2
    errors at 15..22 go to 32 in .error2
    errors at 30..31 go to 32 in .error2
    errors at 25..27 go to 34 in .error6
    "
  `);
});

const help =
  'one moment is made of steps that never wait and end at once, such as `set`, `update` or `signal`';

test.each<[string, readonly string[]]>([
  ['sleep: 1s', [`10:9 «sleep» not-atomic: \`sleep\` cannot be inside \`atomic\` — ${help}`]],
  ['await: 1 > 0', [`10:9 «await» not-atomic: \`await\` cannot be inside \`atomic\` — ${help}`]],
  ['{ with: l, do: [] }', [`10:11 «with» not-atomic: \`with\` cannot be inside \`atomic\` — ${help}`]],
  ['{ get: q, timeout: 0s }', [`10:11 «get» not-atomic: \`get\` cannot be inside \`atomic\` — ${help}`]],
  ['exit: 1', [`10:9 «exit» not-atomic: \`exit\` cannot be inside \`atomic\` — ${help}`]],
  ['run: ls', [`10:9 «run» not-atomic: \`run\` cannot be inside \`atomic\` — ${help}`]],
  ['{ for: x, from: q, do: [] }', [`10:11 «for» not-atomic: \`for\` cannot be inside \`atomic\` — ${help}`]],
  ['{ for: x, in: [1], do: [] }', []],
  ['use: r', [`4:20 «sleep» not-atomic: \`sleep\` cannot be inside \`atomic\` — ${help}`]],
  ['atomic: [ { join: q } ]', [`10:21 «join» not-atomic: \`join\` cannot be inside \`atomic\` — ${help}`]],
  [
    '{ try: [], finally: [] }',
    [
      '10:11 «try» not-atomic: `try` cannot be inside `atomic` — an error ends the moment: put `try` around `atomic`',
    ],
  ],
  [
    '{ release: l, raises: RuntimeError }',
    [
      '10:23 «raises» not-atomic: `raises` cannot be inside `atomic` — an error ends the moment: put it on the `atomic` step',
    ],
  ],
  ['release: l', []],
  ['close: q', []],
])('%s', (step, findings) => {
  const head = 'locks: [l]\nqueues: [q]\nroutines: { r: [ { sleep: 1s } ] }\n';
  const main = 'main:\n  - use: r\n  - with: l\n    do: [ { put: q, item: 1 } ]\n  - atomic:\n';
  expect(findingsIn(`${head}${main}      - ${step}\n`)).toEqual(findings);
});
