/**
 * `needs`, `ready`, `retry` and `timeout` of tasks: what the planner makes of them.
 */
import { describe, expect, test } from 'vitest';
import { findingsIn, planOf, programOf } from './planned.ts';

describe('needs', () => {
  const text = `
events: [up]
tasks:
  db: { ready: { event: up }, steps: [ { signal: up } ] }
  web: { count: 2, needs: [db], steps: [ { print: web } ] }
  log: { daemon: true, needs: { db: ready, web: started }, steps: [ { print: log } ] }
  mend: { needs: { web: failed, db: ended, log: ready }, steps: [ { print: mend } ] }
`;

  test('a task that needs others has a launcher, which main starts in its place', () => {
    const { groups, tasks } = planOf(text);
    expect(groups.map(({ name, made }) => [name, made])).toEqual([
      ['main', undefined],
      ['db', undefined],
      ['web', undefined],
      ['log', undefined],
      ['mend', undefined],
      ['start of web', 'helper'],
      ['start of log', 'helper'],
      ['start of mend', 'helper'],
    ]);
    expect(tasks.at(-1)).toMatchObject({ name: 'start of mend', kind: 'thread', daemon: false });
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  task.start db (null)
        1  task.start start of web (null)
        2  task.start start of log (null)
        3  task.start start of mend (null)
        4  task.join db
        5  task.join start of web
        6  .next0 := 2
        7  .limit1 := 4
        8  .id2 := next .next0 below .limit1, else jump 11
        9  task.join .id2
       10  jump 8
       11  task.join start of mend
       12  task.join mend
       13  end
      "
    `);
  });

  test('the launcher waits until the needs are met, or until one of them never can be', () => {
    expect(programOf(text, 'start of web')).toMatchInlineSnapshot(`
      "
        0  await (db.finished == 1) || (db.failed + db.terminated + db.skipped > 0)
        1  unless !((db.failed + db.terminated + db.skipped > 0)) jump 8
        2  .next0 := 2
        3  .limit1 := 4
        4  .id2 := next .next0 below .limit1, else jump 7
        5  task.start .id2 (null)
        6  jump 4
        7  jump 13
        8  .next3 := 2
        9  .limit4 := 4
       10  .id5 := next .next3 below .limit4, else jump 13
       11  task.skip .id5 ((db.failed > 0 ? "\`db\` failed" : db.terminated > 0 ? "\`db\` was terminated" : "\`db\` was skipped"))
       12  jump 10
       13  end
      "
    `);
    expect(programOf(text, 'start of log')).toMatchInlineSnapshot(`
      "
        0  await ((up.set) && (weigh(web.running) + weigh(web.finished) + weigh(web.failed) + weigh(web.terminated) == 2)) || ((weigh(db.finished) + weigh(db.failed) + weigh(db.terminated) + weigh(db.skipped) == 1 && !up.set) || (web.skipped > 0))
        1  unless !(((weigh(db.finished) + weigh(db.failed) + weigh(db.terminated) + weigh(db.skipped) == 1 && !up.set) || (web.skipped > 0))) jump 4
        2  task.start log (null)
        3  jump 5
        4  task.skip log (((weigh(db.finished) + weigh(db.failed) + weigh(db.terminated) + weigh(db.skipped) == 1 && !up.set) ? "\`db\` ended without setting \`up\`" : "\`web\` was skipped"))
        5  end
      "
    `);
    expect(programOf(text, 'start of mend')).toMatchInlineSnapshot(`
      "
        0  await ((weigh(web.finished) + weigh(web.failed) + weigh(web.terminated) + weigh(web.skipped) == 2 && web.failed > 0) && ((weigh(db.finished) + weigh(db.failed) + weigh(db.terminated) + weigh(db.skipped) == 1) && (weigh(log.running) + weigh(log.finished) + weigh(log.failed) + weigh(log.terminated) == 1))) || ((weigh(web.finished) + weigh(web.failed) + weigh(web.terminated) + weigh(web.skipped) == 2 && web.failed == 0) || (log.skipped > 0))
        1  unless !(((weigh(web.finished) + weigh(web.failed) + weigh(web.terminated) + weigh(web.skipped) == 2 && web.failed == 0) || (log.skipped > 0))) jump 4
        2  task.start mend (null)
        3  jump 5
        4  task.skip mend (((weigh(web.finished) + weigh(web.failed) + weigh(web.terminated) + weigh(web.skipped) == 2 && web.failed == 0) ? "\`web\` did not fail" : "\`log\` was skipped"))
        5  end
      "
    `);
  });

  test('steps of the planner stand at what they are for', () => {
    const plan = planOf(text);
    const source = `concur: 1\n${text}`;
    const shown = plan.steps.map((step) => [step.text, source.slice(step.span.start, step.span.end)]);
    expect(shown).toContainEqual(['needs web: failed, db: ended, log: ready', 'needs']);
    expect(shown).toContainEqual(['start web', 'web']);
  });

  test('none at all are met', () => {
    expect(programOf('tasks: { a: { needs: [], steps: [] } }\n', 'start of a')).toMatchInlineSnapshot(`
      "
        0  await true
        1  task.start a (null)
        2  end
      "
    `);
  });

  test.each<[string, readonly string[]]>([
    [
      '{ a: { needs: [b], steps: [] }, b: { needs: { a: failed }, steps: [] } }',
      ['2:54 «a» circular-needs: `a` needs itself — a → b → a'],
    ],
    ['{ a: { needs: [a], steps: [] } }', ['2:23 «a» circular-needs: `a` needs itself — a → a']],
    [
      '{ a: { needs: [main, l, x], steps: [ { acquire: l } ] } }',
      [
        '2:23 «main» wrong-kind: `needs` names tasks, and `main` is the main program',
        '2:29 «l» wrong-kind: `needs` names tasks, and `l` is a lock',
        '2:32 «x» unknown-name: there is no task `x`',
      ],
    ],
    [
      '{ a: { ready: { event: l }, steps: [ { acquire: l } ] }, b: { needs: { a: ready }, steps: [] } }',
      ['2:31 «l» bad-reference: `l` is no event — write the name of an event'],
    ],
  ])('%s', (tasks, findings) => {
    expect(findingsIn(`tasks: ${tasks}\nlocks: [l]\n`).filter((one) => !one.includes('unused'))).toEqual(
      findings,
    );
  });

  test('have no effect under a written main', () => {
    const text =
      'events: [e]\ntasks: { a: { ready: { event: e }, steps: [] }, b: { needs: [a], steps: [] } }\nmain: { start: [a, b] }\n';
    const help = '`main` starts what it starts; wait there with `join` or `await`';
    expect(findingsIn(text)).toEqual([
      `3:15 «ready» no-effect: \`ready\` goes without a \`main\` — ${help}`,
      `3:54 «needs» no-effect: \`needs\` goes without a \`main\` — ${help}`,
    ]);
  });
});

describe('attempts', () => {
  const text = `
defaults: { timeout: 5s }
tasks:
  a: { count: 2, timeout: 1s..2s, retry: { attempts: 3, delay: 100ms }, let: { x: 1 }, steps: [ { print: a }, return ] }
  b: { steps: [ { print: b } ] }
`;

  test('retry goes round, with a pause, until the attempts are used up', () => {
    const text =
      'tasks: { a: { retry: { attempts: 2, delay: 0s..1s }, let: { x: 1 }, steps: [ { fail: a } ] } }\n';
    expect(programOf(text, 'a')).toMatchInlineSnapshot(`
      "
        0  .attempt0 := 0
        1  x := 1
        2  raise Exception "a"
        3  end
        4  .attempt0 := attempt + 1
        5  unless attempt < 2 jump 8
        6  sleep 0s..1s
        7  jump 1
        8  reraise .error1
      errors at 1..2 go to 4 in .error1
      "
    `);
    expect(programOf('tasks: { a: { retry: { attempts: 1 }, steps: [ { print: a } ] } }\n', 'a')).toBe(
      '\n  0  print "a"\n  1  end\n',
    );
  });

  test('a timer stands beside each attempt, and terminates the task', () => {
    const { groups, variables } = planOf(text);
    expect(groups.map(({ name, count, made }) => [name, count, made])).toEqual([
      ['main', 1, undefined],
      ['a', 2, undefined],
      ['b', 1, undefined],
      ['timeout of a', 6, 'helper'],
      ['timeout of b', 1, 'helper'],
    ]);
    expect(variables).toMatchObject([{ name: 'a.attempt', shared: true, array: true, initial: [0n, 0n] }]);
    expect(programOf(text, 'a')).toMatchInlineSnapshot(`
      "
        0  .attempt0 := 0
        1  .timer2 := timeout of a[task.index * 3 + attempt]
        2  task.start .timer2 (null)
        3  x := 1
        4  print "a"
        5  end
        6  end
        7  .attempt0 := attempt + 1
        8  .index4 := task.index
        9  write a.attempt[.index4] from .attempt0
       10  unless attempt < 3 jump 13
       11  sleep 100ms
       12  jump 1
       13  reraise .error1
      errors at 1..4 go to 7 in .error1
      "
    `);
    expect(programOf(text, 'timeout of a')).toMatchInlineSnapshot(`
      "
        0  await replicas[task.index / 3].state in ["finished", "failed", "terminated", "skipped"] || attempts[task.index / 3] > task.index % 3, after 1s..2s jump 2
        1  jump 4
        2  .target0 := a[task.index / 3]
        3  task.timeOut .target0
        4  end
      "
    `);
    expect(programOf(text, 'b')).toMatchInlineSnapshot(`
      "
        0  .timer0 := timeout of b[task.index]
        1  task.start .timer0 (null)
        2  print "b"
        3  end
      "
    `);
    expect(programOf(text, 'timeout of b')).toMatchInlineSnapshot(`
      "
        0  await replicas[task.index].state in ["finished", "failed", "terminated", "skipped"], after 5s jump 2
        1  jump 4
        2  .target0 := b[task.index]
        3  task.timeOut .target0
        4  end
      "
    `);
  });

  test('what is wrong with them', () => {
    const text =
      'tasks: { a: { timeout: "${{ 5 }}", retry: { attempts: "${{ 0 }}", delay: "${{ 1 }}" }, steps: [] } }\n';
    expect(findingsIn(text)).toEqual([
      '2:24 «"${{ 5 }}"» bad-duration: 5 is not a duration: write text with a unit, such as "5s"',
      '2:55 «"${{ 0 }}"» bad-size: this must be from 1 to 1000, and is 0',
      '2:74 «"${{ 1 }}"» bad-duration: 1 is not a duration: write text with a unit, such as "1s"',
    ]);
  });
});
