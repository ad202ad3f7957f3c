/**
 * Small scenarios drawn from a seed, of all of the language that a search can go through: vars that processes share or not,
 * threads, processes and daemons, all kinds of resources, pools, timeouts, handlers, computed operands, loops and chance. Each has
 * its vars as its outcome, and expects things that some orders break.
 */
import { createDraw, type Draw } from '../explore/random-scenario.ts';

const one = (draw: Draw, ...texts: readonly string[]): string => texts[draw(texts.length)] as string;

/** For some of the draws a wait has its time, and what is done when that is over. */
const patience = (draw: Draw): string =>
  one(
    draw,
    '',
    '',
    ', timeout: 0s',
    ', timeout: 20ms',
    ', timeout: 20ms, onTimeout: [ { update: { y: y + 5 } } ]',
  );

const simple: readonly ((draw: Draw) => string)[] = [
  (draw) => `set: { x: x + ${draw(2) + 1} }`,
  () => 'update: { y: y + 1 }',
  (draw) => `set: { x: ${one(draw, 'y', '6 / y', 'y - x')} }`,
  (draw) => `let: { v: ${one(draw, 'x', '4 / x', '"[ 7, 8 ][x]"', '"random(0, 1)"')} }`,
  () => 'update: { y: y + v }',
  (draw) => `assert: ${one(draw, 'x < 3', '6 / x > 1', 'y != 1')}`,
  (draw) =>
    `if: ${one(draw, 'x > y', '2 / y > 0', 'm.held', 'q.size > 0', 's.free == 0')}, then: [ { update: { y: y + 10 } } ]`,
  () => 'fail: "x was ${{ x }}"',
  (draw) => `acquire: ${one(draw, 'm', 'r', 'w.read', 'w.write', '"f[x % 2]"')}${patience(draw)}`,
  (draw) => `release: ${one(draw, 'm', 'r', 'w.read', 'w.write', '"f[y % 2]"')}`,
  (draw) => `acquire: s, permits: ${one(draw, '1', '2', 'x', 'x + 1')}${patience(draw)}`,
  (draw) => `release: s, permits: ${one(draw, '1', '2', 'y')}`,
  (draw) => `put: q, item: "${one(draw, '1', '${{ x }}')}"${patience(draw)}`,
  (draw) => `get: q, as: v${patience(draw)}`,
  (draw) => `put: p, item: 2, priority: ${one(draw, '0', 'x')}${patience(draw)}`,
  (draw) => `get: p, as: v${patience(draw)}`,
  () => 'task_done: q',
  (draw) => `join: q${patience(draw)}`,
  (draw) => `close: q, immediate: ${one(draw, 'true', 'false', 'x > 0')}`,
  () => 'send: t.left, item: "${{ y }}"',
  (draw) => `receive: t.right, as: v${patience(draw)}`,
  (draw) => `close: ${one(draw, 't.left', 't.right')}`,
  (draw) => one(draw, 'signal: e', 'clear: e'),
  (draw) => `wait: e${patience(draw)}`,
  (draw) => `wait: b${patience(draw)}`,
  (draw) => one(draw, 'abort: b', 'reset: b'),
  (draw) => `with: c, do: [ { wait: c${patience(draw)} }, { update: { x: x + 3 } } ]`,
  (draw) => `with: c, do: [ { wait: c, until: x > 0${patience(draw)} } ]`,
  (draw) => `with: c, do: [ { notify: c, count: ${one(draw, '1', 'all')} } ]`,
  (draw) =>
    `await: ${one(draw, 'x > 0', 'y == 1', '3 / x > 0', 'm.waiting > 0', 'one.failed > 0')}${patience(draw)}`,
  () => 'submit: crew, do: [ { update: { x: x + 4 } } ], as: h }, { join: h',
  (draw) => `choose: [ 1, ${draw(2) + 2} ], as: v`,
  () => 'sleep: 10ms',
  () => 'print: "${{ x }}"',
];

const nesting: readonly ((inner: string, draw: Draw) => string)[] = [
  (inner, draw) => `with: ${one(draw, 'm', 'r', 's', 'w.read', 'w.write', '"f[x % 2]"')}, do: [ ${inner} ]`,
  (inner, draw) => `with: [ m, r ]${one(draw, '', ', timeout: 20ms')}, do: [ ${inner} ]`,
  (inner, draw) => `repeat: ${one(draw, '2', 'x', '2 - y')}, do: [ ${inner} ]`,
  (inner) => `for: i, in: [ 1, 2 ], do: [ ${inner}, { if: y > 1, then: [ break ] } ]`,
  (inner) => `while: x < 1, do: [ ${inner}, { update: { x: x + 1 } } ]`,
  (inner, draw) =>
    `try: [ ${inner} ], catch: { ${one(draw, 'any', 'RuntimeError', 'ZeroDivisionError')}: [ { update: { y: y + 20 } } ] }`,
  (inner) => `try: [ ${inner} ], finally: [ { update: { y: y + 30 } } ]`,
  (inner) => `id: part, do: [ ${inner} ]`,
  (inner) => `atomic: [ { set: { x: x + 1 } }, { set: { y: x } } ] }, { if: y > 1, then: [ ${inner} ]`,
];

function drawStep(draw: Draw, depth: number): string {
  const pick = draw(simple.length + (depth > 0 ? 14 : 0));
  if (pick < simple.length) return `{ ${(simple[pick] as (typeof simple)[number])(draw)} }`;
  const wrap = nesting[draw(nesting.length)] as (typeof nesting)[number];
  return `{ ${wrap(drawStep(draw, depth - 1), draw)} }`;
}

const claims: readonly string[] = [
  'always: [ x < 3 ]',
  'finally: [ y < 10 ]',
  'peak: { q: "<= 1" }',
  'peak: { s: "<= 1" }',
  'vars: { x: 1 }',
  'overlap: { never: [ one, two ] }',
  'order: [ [ one, two ] ]',
  'output: { excludes: [ "3" ] }',
];

/** The scenario of that seed, as text. */
export function randomLanguage(seed: number): string {
  const draw = createDraw(seed + 900_001);
  const names = ['one', 'two', 'three'].slice(0, 2 + draw(2));
  const traits = (): string =>
    `{ fair: ${draw(4) === 0}, enabled: ${draw(9) !== 0}, onHolderExit: ${one(draw, 'keep', 'keep', 'release', 'fail')} }`;
  const tasks = names.map((name) => {
    const count = draw(5) === 0 ? 'count: 2, ' : '';
    const kind = draw(5) === 0 ? 'kind: process, ' : '';
    const daemon = draw(9) === 0 && name !== 'one' ? 'daemon: true, ' : '';
    const steps = Array.from({ length: 1 + draw(3) }, () => drawStep(draw, 1));
    return `  ${name}: { ${count}${kind}${daemon}let: { v: 1 }, steps: [ ${steps.join(', ')} ] }`;
  });
  const ends = names.map((name) => `${name}: [ finished, failed, terminated ]`);
  return `concur: 1
vars: { x: { value: 0, shared: ${draw(4) > 0} }, y: { value: 0, shared: true } }
locks: { m: ${traits()}, r: { kind: rlock }, f: { count: 2 } }
rwlocks: { w: ${one(draw, 'none', 'readers', 'writers')} }
semaphores: { s: { permits: ${draw(3)}, fair: ${draw(4) === 0}, bounded: ${draw(3) === 0} } }
conditions: { c: m }
events: [ e ]
barriers: { b: 2 }
queues: { q: { capacity: ${1 + draw(2)}, kind: ${one(draw, 'fifo', 'lifo')}, fair: ${draw(4) === 0} }, p: { capacity: 1, kind: priority } }
pipes: [ t ]
pools: { crew: 1 }
tasks:
${tasks.join('\n')}
expect:
  ${one(draw, ...claims)}
  deadlock: possible
  tasks: { ${ends.join(', ')} }
  outcome: "[ x, y ]"
  outcomes: [ { is: [ -1, -1 ], grade: allowed } ]
  others: allowed
`;
}
