/**
 * Commands and functions: what they are asked to be, in which surroundings, and what stands for them without real time.
 */
import { describe, expect, test } from 'vitest';
import { withoutModel } from '../../engine/plan/without-model.ts';
import { findingsIn, planOf, programOf } from './planned.ts';

describe('run', () => {
  test('a text for a shell, or a program with its arguments', () => {
    const text = `
vars: { x: 1 }
queues: { lines: , more: { count: 2 } }
main:
  - run: echo \${{ x }}
    as: r
  - run: [ls, "-l", "\${{ x }}", 5, true]
    codes: [0, "\${{ 1 + 1 }}", "\${{ x }}"]
    retry: { attempts: 3, delay: "\${{ x }}s" }
    into: lines
    stdin: \${{ x }}
    timeout: 3s
  - run: "true"
    cwd: \${{ r.stdout }}
    shell: bash
    into: more[x]
    timeout: 1s
    onTimeout: [ { print: late } ]
`;
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  .operand1 := {"command": "echo " + text(x)}
        1  r := run operand
        2  .operand2 := {"command": ["ls", "-l", text(x), "5", "true"], "stdin": text(x), "attempts": 3, "delay": text(x) + "s", "codes": [0, 2, x], "into": 0}
        3  run operand, after 3s raise
        4  .target3 := more[x]
        5  run {"command": "true", "cwd": text(r.stdout), "shell": "bash", "into": number}, after 1s jump 7
        6  jump 8
        7  print "late"
        8  end
      "
    `);
  });

  test('surroundings: of the step, over those of the task, over the general ones', () => {
    const text = `
defaults: { shell: bash, env: { A: "1", B: "\${{ x }}", C: c }, cwd: ./here }
vars: { x: 1 }
tasks:
  t:
    count: 2
    cwd: dir\${{ task.index }}
    shell: zsh
    env: { B: "\${{ task.name }}" }
    steps:
      - run: one
        env: { C: two }
        cwd: there
      - run: [two]
main:
  - start: t
  - run: three
`;
    expect(programOf(text, 't')).toMatchInlineSnapshot(`
      "
        0  run {"command": "one", "env": {"A": "1", "B": task.name, "C": "two"}, "cwd": "there", "shell": "zsh"}
        1  run {"command": ["two"], "env": {"A": "1", "B": task.name, "C": "c"}, "cwd": "dir" + text(task.index)}
        2  end
      "
    `);
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  .next0 := 1
        1  .limit1 := 3
        2  .id2 := next .next0 below .limit1, else jump 5
        3  task.start .id2 (null)
        4  jump 2
        5  .operand3 := {"command": "three", "env": {"A": "1", "B": text(x), "C": "c"}, "cwd": "./here", "shell": "bash"}
        6  run operand
        7  end
      "
    `);
  });

  test('a local hides a var in the step, not in what stands outside of it', () => {
    const text = `
defaults: { env: { A: "\${{ x }}" } }
vars: { x: 1 }
main:
  - let: { x: 2 }
  - run: echo \${{ x }}
    env: { B: "\${{ x }}" }
`;
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  x := 2
        1  .computed1 := text(x)
        2  .computed2 := {"A": text(x), "B": computed}
        3  run {"command": "echo " + text(x), "env": computed}
        4  end
      "
    `);
  });

  test('as all that a task does', () => {
    expect(programOf('tasks: { t: { run: ls } }\n', 't')).toMatchInlineSnapshot(`
      "
        0  run {"command": "ls"}
        1  end
      "
    `);
  });
});

test('call: a file and a name in it, and what it gets', () => {
  const text = `
vars: { x: 1 }
main:
  - call: ./work.mjs#go
    input: { a: "\${{ x }}" }
    as: y
    timeout: 1s
  - call: ./work.mjs
`;
  expect(programOf(text)).toMatchInlineSnapshot(`
    "
      0  .operand2 := {"module": "./work.mjs", "name": "go", "input": {"a": x}}
      1  y := call operand, after 1s raise
      2  call {"module": "./work.mjs", "name": "default", "input": null}
      3  end
    "
  `);
});

describe('models', () => {
  test('stand for a step, with what they do not say', () => {
    const text = `
vars: { x: 1 }
main:
  - run: ls
    model: { takes: 1s..2s, result: { stdout: hi } }
  - run: ls
    model: {}
  - run: ls
    model: { result: { code: "\${{ x }}" } }
  - call: ./work.mjs
    model: { takes: "\${{ x }}s", result: [1] }
`;
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  run {"command": "ls"}, modelled by 1s..2s {"code": 0, "stdout": "hi", "stderr": "", "seconds": 0.0}
        1  run {"command": "ls"}, modelled by 0s {"code": 0, "stdout": "", "stderr": "", "seconds": 0.0}
        2  run {"command": "ls"}, modelled by 0s {"code": x}
        3  call {"module": "./work.mjs", "name": "default", "input": null}, modelled by text(x) + "s" [1]
        4  end
      "
    `);
    expect(withoutModel(planOf(text))).toEqual([]);
  });

  test('where they are missing, the steps are named', () => {
    const text = `
routines: { r: [ { call: ./a.mjs } ] }
files: { f: a.json }
pools: { p: 1 }
tasks: { t: { run: ls } }
main:
  - start: t
  - use: r
  - use: r
  - run: pwd
    model: { result: { code: 0 } }
  - load: f
  - submit: p
    call: ./b.mjs
`;
    const plan = planOf(text);
    expect(withoutModel(plan).map((step) => [step.verb, step.text])).toEqual([
      ['call', 'call ./a.mjs'],
      ['run', 'run ls'],
      ['submit', 'submit p'],
    ]);
  });
});

describe('findings', () => {
  test.each<[string, readonly string[]]>([
    [
      'run: ls\ninto: l',
      [
        '5:11 «l» wrong-kind: `put` takes a queue, and `l` is a lock — a lock has `acquire`, `release` and `with`',
      ],
    ],
    [
      'run: [ls]\nshell: bash',
      ['5:5 «shell» no-effect: a list of words is run without a shell — write the command as one text'],
    ],
    [
      'run: ls\ncodes: [256, "${{ 1.5 }}"]',
      [
        '5:13 «256» bad-size: an exit code is a whole number from 0 to 255',
        '5:18 «"${{ 1.5 }}"» bad-size: an exit code is a whole number from 0 to 255',
      ],
    ],
    [
      'run: ls\nretry: { attempts: 0, delay: "${{ 5 }}" }',
      [
        '5:24 «0» bad-size: this must be a whole number from 1 to 1000',
        '5:34 «"${{ 5 }}"» bad-duration: 5 is not a duration: write text with a unit, such as "5s"',
      ],
    ],
    [
      'run: ${{ a }}\nenv: { A: "${{ b }}" }\ncwd: ${{ c }}\nstdin: ${{ d }}\nmodel: { takes: "${{ e }}", result: "${{ f }}" }',
      ['4:14 «a»', '5:20 «b»', '6:14 «c»', '7:16 «d»', '8:26 «e»', '8:46 «f»'].map(
        (place) =>
          `${place} unknown-name: nothing here is called \`${place.slice(-2, -1)}\` — text needs quotes of its own: '"${place.slice(-2, -1)}"'`,
      ),
    ],
    [
      'call: "#x"',
      [
        '4:11 «"#x"» bad-reference: this is not a function in a file — write a file and a name in it, such as `./work.mjs#run`',
      ],
    ],
    [
      'call: "./a.mjs#"',
      [
        '4:11 «"./a.mjs#"» bad-reference: this is not a function in a file — write a file and a name in it, such as `./work.mjs#run`',
      ],
    ],
  ])('%s', (step, findings) => {
    const text = `locks: [l]\nmain:\n  - ${step.replaceAll('\n', '\n    ')}\n  - acquire: l\n`;
    expect(findingsIn(text)).toEqual(findings);
  });

  test('in what stands outside of steps, once', () => {
    const text = `
defaults: { env: { A: "\${{ x }}" } }
tasks: { t: { cwd: "\${{ task.nam }}", steps: [ { run: ls }, { run: pwd } ] } }
`;
    expect(findingsIn(text)).toEqual([
      '3:28 «x» unknown-name: nothing here is called `x` — text needs quotes of its own: \'"x"\'',
      '4:30 «nam» unknown-attribute: `task` is the running task and has no `nam` — did you mean `name`?',
    ]);
  });
});
