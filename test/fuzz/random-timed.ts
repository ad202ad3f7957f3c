/**
 * Small scenarios drawn from a seed in which it matters how long things take: sleeps, timeouts and models, of fixed lengths and
 * of ranges, few enough that many are over at the same instant. Each has its vars as its outcome.
 */
import { createDraw, type Draw } from '../explore/random-scenario.ts';

const one = (draw: Draw, ...texts: readonly string[]): string => texts[draw(texts.length)] as string;

const length = (draw: Draw): string =>
  one(draw, '10ms', '10ms', '20ms', '20ms', '30ms', '15ms', '10ms..20ms', '10ms..30ms', '0ms..10ms');

const late = ', onTimeout: [ { update: { y: y + 5 } } ]';

const patience = (draw: Draw, ...then: readonly string[]): string =>
  draw(3) === 0 ? '' : `, timeout: ${one(draw, length(draw), length(draw), '0s')}${one(draw, late, ...then)}`;

const told = (draw: Draw): string => patience(draw, ', as: ok');

const simple: readonly ((draw: Draw) => string)[] = [
  (draw) => `sleep: ${length(draw)}`,
  (draw) => `sleep: ${length(draw)}`,
  (draw) => `sleep: ${length(draw)}`,
  (draw) => `set: { x: x + ${draw(2) + 1} }`,
  () => 'update: { y: y * 2 }',
  () => 'if: x > 1, then: [ { update: { y: y + 3 } } ]',
  (draw) => `put: q, item: 1${patience(draw)}`,
  (draw) => `get: q, as: v${patience(draw)}`,
  () => 'signal: e',
  (draw) => `wait: e${told(draw)}`,
  (draw) => `wait: b${told(draw)}`,
  (draw) => `acquire: s${told(draw)}`,
  () => 'release: s',
  (draw) => `with: c, do: [ { wait: c${told(draw)} }, { update: { x: x + 10 } } ]`,
  (draw) => `with: c, do: [ { notify: c${one(draw, '', ', count: all')} } ]`,
  (draw) => `await: ${one(draw, 'x > 0', 'y > 0', 'x > 2')}${told(draw)}`,
  (draw) => `run: work, model: { takes: ${length(draw)} }`,
  () => 'run: work, model: { takes: 20ms }, timeout: 10ms, onTimeout: [ { update: { y: y + 7 } } ]',
  () => 'run: work, model: { takes: 10ms..15ms }, timeout: 20ms, as: r',
  () => 'choose: [ 1, 2 ], as: v',
];

const nesting: readonly ((inner: string, draw: Draw) => string)[] = [
  (inner) => `with: m, do: [ ${inner} ]`,
  (inner, draw) => `with: m, timeout: ${length(draw)}, do: [ ${inner} ]`,
  (inner, draw) => `acquire: m${told(draw)} }, { ${inner.slice(1, -1)}`,
  (inner) => `repeat: 2, do: [ ${inner}, { sleep: 10ms } ]`,
  (inner) => `try: [ ${inner} ], catch: { any: [ { update: { y: y + 20 } } ] }`,
  (inner, draw) => `while: x < 1, do: [ ${inner}, { sleep: ${one(draw, '10ms', '5ms..10ms')} } ]`,
];

function drawStep(draw: Draw, depth: number): string {
  const pick = draw(simple.length + (depth > 0 ? 10 : 0));
  if (pick < simple.length) return `{ ${(simple[pick] as (typeof simple)[number])(draw)} }`;
  const wrap = nesting[draw(nesting.length)] as (typeof nesting)[number];
  return `{ ${wrap(drawStep(draw, depth - 1), draw)} }`;
}

/** The scenario of that seed, as text. */
export function randomTimed(seed: number): string {
  const draw = createDraw(seed + 500_001);
  const names = ['one', 'two', 'three'].slice(0, 2 + draw(2));
  const tasks = names.map((name) => {
    const count = draw(5) === 0 ? 'count: 2, ' : '';
    const kind = draw(5) === 0 ? 'kind: process, ' : '';
    const daemon = draw(7) === 0 && name !== 'one' ? 'daemon: true, ' : '';
    const steps = Array.from({ length: 1 + draw(4) }, () => drawStep(draw, 1));
    return `  ${name}: { ${count}${kind}${daemon}let: { v: 0, ok: true, r: 0 }, steps: [ ${steps.join(', ')} ] }`;
  });
  const ends = names.map((name) => `${name}: [ finished, failed, terminated ]`);
  return `concur: 1
vars: { x: { value: 0, shared: true }, y: { value: 0, shared: true } }
locks: { m: { fair: ${draw(4) === 0} } }
semaphores: { s: { permits: ${draw(3)}, fair: ${draw(4) === 0} } }
queues: { q: 1 }
events: [ e ]
conditions: [ c ]
barriers: { b: 2 }
tasks:
${tasks.join('\n')}
expect:
  deadlock: possible
  tasks: { ${ends.join(', ')} }
  outcome: "[ x, y ]"
  outcomes: [ { is: [ -1, -1 ], grade: allowed } ]
  others: allowed
`;
}
