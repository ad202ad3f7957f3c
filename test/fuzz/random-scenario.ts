/**
 * Small scenarios drawn from a seed: a few threads that share locks, semaphores, conditions, barriers and queues, fair and
 * not, enabled and not, and take, wait, notify, abort and close at random, with timeouts and with numbers that are computed.
 * Most of them end in an error or a deadlock; all are legal.
 */

type Draw = (count: number) => number;

/** Numerical Recipes' generator: good enough to choose between a few steps. */
function createDraw(seed: number): Draw {
  let state = Math.imul(seed + 1, 2654435761) >>> 0;
  return (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
}

/** A number from 1, written out or computed; or for half of the draws what is there if none is given. */
function number(draw: Draw, key: string, most: number): string {
  const chosen = 1 + draw(most);
  return [``, ``, `, ${key}: ${chosen}`, `, ${key}: "n - n + ${chosen}"`][draw(4)] ?? '';
}

function timeout(draw: Draw): string {
  const ms = [0, 1, 5, 20][draw(4)] ?? 0;
  return draw(2) === 0 ? '' : `, timeout: ${ms}ms`;
}

/** A timeout that is over is an error for some, nothing for others. */
function patience(draw: Draw): string {
  const given = timeout(draw);
  return given === '' || draw(3) === 0 ? given : `${given}, onTimeout: [ { set: { n: n + 1 } } ]`;
}

const steps: readonly ((draw: Draw, inner: string) => string)[] = [
  (draw) => `acquire: ${lockOf(draw)}${patience(draw)}`,
  (draw) => `release: ${lockOf(draw)}`,
  (draw, inner) => `with: ${lockOf(draw)}${timeout(draw)}, do: [ ${inner} ]`,
  (draw, inner) => `with: ${lockOf(draw)}${timeout(draw)}, do: [ ${inner} ]`,
  (draw) => `acquire: s${number(draw, 'permits', 3)}${patience(draw)}`,
  (draw) => `acquire: s${number(draw, 'permits', 3)}${patience(draw)}`,
  (draw) => `release: s${number(draw, 'permits', 3)}`,
  (_draw, inner) => `with: s, do: [ ${inner} ]`,
  (draw) => `with: c, do: [ { wait: c${patience(draw)} } ]`,
  (draw) => `with: c, do: [ { wait: c${patience(draw)} } ]`,
  (draw) => `with: c, do: [ { notify: c${number(draw, 'count', 2)} } ]`,
  (_draw, inner) => `with: c, do: [ { notify: c, count: all }, ${inner} ]`,
  (draw) => `wait: b${patience(draw)}`,
  (draw) => `wait: b${patience(draw)}`,
  () => `reset: b`,
  () => `abort: b`,
  (draw) => `put: p, item: n, priority: "n % 3"${patience(draw)}`,
  (draw) => `put: q, item: 1${patience(draw)}`,
  (draw) => `get: ${['q', 'p'][draw(2)]}, as: v${patience(draw)}`,
  (draw) => `get: ${['q', 'p'][draw(2)]}, as: v${patience(draw)}`,
  () => 'task_done: q',
  (draw) => `join: q${timeout(draw)}`,
  (draw) => `close: q, immediate: "n % 2 == ${draw(2)}"`,
  () => 'set: { n: n + 1 }',
  (draw) => `sleep: ${draw(10)}ms`,
  (_draw, inner) => `repeat: 2, do: [ ${inner} ]`,
  (_draw, inner) => `try: [ ${inner} ], catch: { any: [ { set: { n: n + 1 } } ] }`,
  (_draw, inner) => `try: [ ${inner} ], catch: { any: [] }`,
];

function lockOf(draw: Draw): string {
  return ['l', 'r', 'm'][draw(3)] ?? 'l';
}

function drawStep(draw: Draw, depth: number): string {
  const step = steps[draw(steps.length)];
  const inner = depth > 0 ? drawStep(draw, depth - 1) : '{ sleep: 1ms }';
  return `{ ${step?.(draw, inner) ?? ''} }`;
}

function traits(draw: Draw, isHeld = true): string {
  const exits = ['keep', 'release', 'fail'][draw(3)];
  const fair = `fair: ${draw(2) === 0}`;
  return isHeld ? `${fair}, enabled: ${draw(10) !== 0}, onHolderExit: ${exits}` : fair;
}

/** The scenario of that seed, as text. */
export function randomScenario(seed: number): string {
  const draw = createDraw(seed);
  const tasks = ['one', 'two', 'three'].map((name) => {
    const daemon = draw(9) === 0 ? 'daemon: true, ' : '';
    const count = 1 + draw(2);
    const drawn = Array.from({ length: 2 + draw(4) }, () => drawStep(draw, 2));
    return `  ${name}: { count: ${count}, ${daemon}let: { v: 0 }, steps: [ ${drawn.join(', ')} ] }`;
  });
  const order = ['fifo', 'lifo'][draw(2)];
  return `concur: 1
vars: { n: { value: 0, shared: true } }
locks: { l: { ${traits(draw)} }, m: { ${traits(draw)} }, r: { kind: rlock, ${traits(draw)} } }
semaphores: { s: { permits: ${draw(4)}, bounded: ${draw(2) === 0}, ${traits(draw)} } }
conditions: { c: { lock: ${lockOf(draw)} } }
barriers: { b: ${1 + draw(3)} }
queues: { q: { capacity: ${draw(3)}, kind: ${order}, ${traits(draw, false)} }, p: { capacity: 2, kind: priority, ${traits(draw, false)} } }
tasks:
${tasks.join('\n')}
expect: { deadlock: certain, tasks: { one: finished } }
`;
}
