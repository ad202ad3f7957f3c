/**
 * Small scenarios drawn from a seed: two or three tasks that share vars, a lock, a semaphore, a queue, an event, a condition
 * and a barrier, with loops, timeouts, errors and daemons. Each has its vars as its outcome.
 */

const NAMES = ['one', 'two', 'three'];

export type Draw = (count: number) => number;

/** Numerical Recipes' generator: good enough to choose between a few steps. */
export function createDraw(seed: number): Draw {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
}

const simple: readonly ((draw: Draw) => string)[] = [
  (draw) => `set: { x: x + ${draw(2) + 1} }`,
  (draw) => `update: { y: y * 2 + ${draw(2)} }`,
  () => 'set: { y: x }',
  () => 'sleep: 10ms',
  () => 'if: x > 2, then: [ { fail: too much } ]',
  () => 'put: q, item: 1, timeout: 20ms, onTimeout: [ { update: { y: y + 5 } } ]',
  () => 'get: q, as: v, timeout: 30ms, onTimeout: [ { update: { y: y + 7 } } ]',
  () => 'put: q, item: 2',
  () => 'get: q, as: v',
  () => 'signal: e',
  () => 'clear: e',
  () => 'wait: e, timeout: 50ms, as: ok',
  () => 'wait: e',
  () => 'wait: b, timeout: 40ms, onTimeout: [ { update: { y: y + 11 } } ]',
  () =>
    'with: c, do: [ { wait: c, timeout: 25ms, as: ok }, { if: ok, then: [ { update: { x: x + 10 } } ] } ]',
  () => 'with: c, do: [ { notify: c } ]',
  () => 'await: x > 0, timeout: 60ms, as: ok',
  (draw) => `choose: [ 1, ${draw(2) + 2} ], as: v`,
];

const nesting: readonly ((inner: string, draw: Draw) => string)[] = [
  (inner) => `with: m, do: [ ${inner} ]`,
  (inner) => `with: s, do: [ ${inner} ]`,
  (inner) => `acquire: m, timeout: 0s, as: ok }, { if: ok, then: [ ${inner}, { release: m } ]`,
  (inner) => `repeat: 2, do: [ ${inner} ]`,
  (inner) => `try: [ ${inner} ], catch: { any: [ { update: { y: y + 100 } } ] }`,
  (inner) => `atomic: [ { set: { x: x + 1 } }, { set: { y: y + 1 } } ] }, { if: y > 1, then: [ ${inner} ]`,
];

function drawStep(draw: Draw, depth: number): string {
  const pick = draw(simple.length + (depth > 0 ? 6 : 0));
  if (pick < simple.length) return `{ ${(simple[pick] as (typeof simple)[number])(draw)} }`;
  const wrap = nesting[draw(nesting.length)] as (typeof nesting)[number];
  return `{ ${wrap(drawStep(draw, depth - 1), draw)} }`;
}

/** The scenario of that seed, as text. */
export function randomScenario(seed: number): string {
  const draw = createDraw(seed);
  const tasks = NAMES.slice(0, 2 + draw(2)).map((name) => {
    const count = draw(4) === 0 ? 'count: 2, ' : '';
    const kind = draw(5) === 0 ? 'kind: process, ' : '';
    const daemon = draw(9) === 0 && name !== 'one' ? 'daemon: true, ' : '';
    const steps = Array.from({ length: 1 + draw(3) }, () => drawStep(draw, 1));
    return `  ${name}: { ${count}${kind}${daemon}let: { v: 0, ok: true }, steps: [ ${steps.join(', ')} ] }`;
  });
  const ends = NAMES.slice(0, tasks.length).map((name) => `${name}: [ finished, failed, terminated ]`);
  return `concur: 1
vars: { x: { value: 0, shared: true }, y: { value: 0, shared: true } }
locks: { m: { enabled: ${draw(8) !== 0}, fair: ${draw(6) === 0} } }
semaphores: { s: 2 }
queues: { q: 1 }
events: [ e ]
conditions: [ c ]
barriers: { b: 2 }
tasks:
${tasks.join('\n')}
expect:
  tasks: { ${ends.join(', ')} }
  outcome: "[ x, y ]"
  outcomes: [ { is: [ -1, -1 ], grade: allowed } ]
  others: allowed
`;
}
