/**
 * Small scenarios drawn from a seed in which tasks go on for ever, or nearly, and something is awaited. All of them have few
 * states: nothing only ever grows.
 */
type Draw = (count: number) => number;

function createDraw(seed: number): Draw {
  let state = (seed * 2654435761 + 99) >>> 0;
  return (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
}

const simple: readonly ((draw: Draw) => string)[] = [
  (draw) => `set: { x: ${draw(3)} }`,
  () => 'update: { x: (x + 1) % 3 }',
  (draw) => `set: { y: ${draw(2)} }`,
  () => 'update: { x: y, y: x % 2 }',
  (draw) => `await: x == ${draw(3)}`,
  () => 'await: y == 1, timeout: 1s, as: ok',
  () => 'put: q, item: 1',
  () => 'get: q, as: v',
  () => 'get: q, timeout: 0s, as: v, onTimeout: []',
  () => 'put: o, item: 1',
  () => 'get: o, as: v',
  () => 'acquire: n, timeout: 1s, as: ok } , { if: ok, then: [ { release: n } ]',
  () => 'sleep: 1s',
  () => 'signal: e',
  () => 'clear: e',
  () => 'wait: e, timeout: 1s, as: ok',
  () => 'choose: [0, 1], as: v',
  () => 'if: v == 1, then: [ { set: { x: 1 } } ]',
  () => 'with: c, do: [ { notify: c, count: all } ]',
  () => 'with: c, do: [ { wait: c, timeout: 1s, as: ok } ]',
];

const nesting: readonly ((inner: string, draw: Draw) => string)[] = [
  (inner) => `with: m, do: [ ${inner} ]`,
  (inner) => `with: g, do: [ ${inner} ]`,
  (inner) => `with: s, do: [ ${inner} ]`,
  (inner) => `with: b.read, do: [ ${inner} ]`,
  (inner) => `with: b.write, do: [ ${inner} ]`,
  (inner, draw) => `while: x != ${draw(3)}, do: [ ${inner} ]`,
  (inner, draw) => `if: x == ${draw(3)}, then: [ ${inner} ]`,
];

function drawStep(draw: Draw, depth: number): string {
  if (depth > 0 && draw(2) === 0)
    return `{ ${(nesting[draw(nesting.length)] as (typeof nesting)[number])(drawStep(draw, depth - 1), draw)} }`;
  return `{ ${(simple[draw(simple.length)] as (typeof simple)[number])(draw)} }`;
}

const awaited: readonly string[] = [
  'eventually: [ x == 2 ]',
  'eventually: [ y == 1 ]',
  'eventually: [ x == 1 && y == 0 ]',
  'leadsTo: [ { when: x == 1, then: x == 2 } ]',
  'leadsTo: [ { when: y == 1, then: y == 0 } ]',
  'leadsTo: [ { when: m.held, then: "!m.held" } ]',
  'eventually: [ two.finished == 1 ]',
  'leadsTo: [ { when: x == 0, then: one.finished == 1 } ]',
];

/** The scenario of that seed, as text. */
export function randomAwaited(seed: number): string {
  const draw = createDraw(seed);
  const names = ['one', 'two', 'three'].slice(0, 2 + draw(2));
  const tasks = names.map((name) => {
    const steps = Array.from({ length: 1 + draw(3) }, () => drawStep(draw, 1)).join(', ');
    const body = draw(5) < 3 ? `{ while: 'true', do: [ ${steps} ] }` : steps;
    const daemon = draw(6) === 0 ? 'daemon: true, ' : '';
    return `  ${name}: { ${daemon}let: { v: 0, ok: true }, steps: [ ${body} ] }`;
  });
  return `concur: 1
vars: { x: 0, y: 0 }
locks: { m: {}, n: {}, g: { fair: true } }
semaphores: { s: 1 }
rwlocks: { b: { prefer: readers } }
conditions: [c]
events: [e]
queues: { q: 1, o: { capacity: 1, fair: true } }
tasks:
${tasks.join('\n')}
expect:
  ${awaited[draw(awaited.length)]}
  deadlock: possible
`;
}
