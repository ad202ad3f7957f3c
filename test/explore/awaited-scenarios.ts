/**
 * Small scenarios in which something is awaited, with what is known of each: whether it comes however long it takes.
 */

/**
 * Of what is awaited: it comes; it need not, as a run ends without it, or nobody can go on; it need not, as others go on for ever:
 * only where nothing promises an order, or even where everybody has turns.
 */
export type Answer = 'comes' | 'ends' | 'deadlock' | 'unordered' | 'in vain';

export const scene = (scenario: string): string => `concur: 1\n${scenario}`;

export const turnstile = (fair: boolean): string => `
locks: { turnstile: { fair: ${fair} } }
tasks:
  runner: { steps: [ { while: 'true', do: [ { with: turnstile, do: [ { id: runs, print: x } ] } ] } ] }
  walker: { steps: [ { with: turnstile, do: [ { id: walks, print: x } ] } ] }
expect: { eventually: [ walks.ended > 0 ] }`;

export const peterson = (waits: string): string => `
vars: { flag: { value: false, count: 2 }, slate: 0 }
tasks:
  neighbour:
    count: 2
    let: { other: 1 - task.index }
    steps:
      - while: 'true'
        do:
          - set: { "flag[task.index]": true }
          - set: { slate: other }
          - while: ${waits}
            do: []
          - id: draw
            if: task.index == 0
            then: [ { id: first, print: x } ]
          - set: { "flag[task.index]": false }
expect: { leadsTo: [ { when: "flag[0]", then: first.running > 0 } ] }`;

export const spinLock = `
vars: { taken: false }
tasks:
  worker:
    count: 2
    let: { before: true }
    steps:
      - while: 'true'
        do:
          - let: { before: true }
          - while: before
            do: [ { update: { taken: true }, as: before } ]
          - if: task.index == 0
            then: [ { id: first, print: x } ]
          - set: { taken: false }
expect: { eventually: [ first.running > 0 ] }`;

export const ticketLock = (draw: string): string => `
vars: { next: 0, shown: 0 }
tasks:
  customer:
    count: 2
    let: { mine: 0 }
    steps:
      - while: 'true'
        do:
          ${draw}
          - await: shown == mine
          - if: task.index == 0
            then: [ { id: first, print: x } ]
          - set: { shown: (shown + 1) % 4 }
expect: { eventually: [ first.running > 0 ] }`;

export const drawn = '- update: { next: (next + 1) % 4 }\n            as: mine';

export const greedy = (inside: string): string => `
vars: { n: 0 }
locks: [m]
tasks:
  greedy: { steps: [ ${inside} ] }
  other: { steps: [ { with: m, do: [ { set: { n: 1 } } ] } ] }
expect: { eventually: [ n == 1 ] }`;

const wakeUp = (look: string): string => `
vars: { ready: false, eaten: false }
conditions: [bell]
tasks:
  guest: { steps: [ ${look}, { set: { eaten: true } } ] }
  cook: { steps: [ { with: bell, do: [ { set: { ready: true } }, { notify: bell } ] } ] }
expect: { eventually: [ eaten ], deadlock: possible }`;

const ticker = (again: string): string => `
vars: { tick: 0 }
tasks:
  clock:
    steps: [ { while: 'true', do: [ { sleep: 1s }, ${again} ] } ]
expect: { leadsTo: [ { when: tick == 1, then: tick == 0 } ] }`;

const signalled = (waits: string, signals: string): string => `
vars: { up: false }
events: [bell]
tasks:
  ringer: { steps: [ { while: 'true', do: [ ${signals} ] } ] }
  sleeper: { steps: [ ${waits}, { id: awake, print: x } ] }
expect: { eventually: [ awake.ended > 0 ] }`;

const rival = (fair: boolean): string => `
queues: { q: { capacity: 1, fair: ${fair} } }
tasks:
  rival: { steps: [ { while: 'true', do: [ { put: q, item: 1 } ] } ] }
  modest: { steps: [ { put: q, item: 2 }, { id: had, print: x } ] }
  taker: { steps: [ { while: 'true', do: [ { get: q, as: item } ] } ] }
expect: { eventually: [ had.ended > 0 ] }`;

export const writer = (lock: string): string => `
rwlocks: { book: ${lock} }
tasks:
  reader: { count: 2, steps: [ { while: 'true', do: [ { with: book.read, do: [ { id: reads, print: x } ] } ] } ] }
  writer: { steps: [ { with: book.write, do: [ { id: writes, print: x } ] } ] }
expect: { eventually: [ writes.ended > 0 ] }`;

const polite = (last: string): string => `
vars: { eaten: false }
locks: { left: {}, right: {} }
tasks:
  a: { let: { got: false }, steps: [ { while: '!got', do: [ { acquire: left }, { acquire: right, timeout: 0s, as: got }, { if: '!got', then: [ { release: left } ] } ] }, { set: { eaten: true } }, { release: right }, { release: left } ] }
  b: { let: { got: false }, steps: [ ${last} ] }
expect: { leadsTo: [ { when: 'true', then: eaten } ] }`;

const giving = `{ while: '!got', do: [ { acquire: right }, { acquire: left, timeout: 0s, as: got }, { if: '!got', then: [ { release: right } ] } ] }, { set: { eaten: true } }, { release: left }, { release: right }`;

const coin = (draw: string): string => `
vars: { heads: false }
tasks:
  player: { let: { side: 0 }, steps: [ { while: '!heads', do: [ ${draw}, { set: { heads: side == 1 } } ] } ] }
expect: { eventually: [ heads ] }`;

const patient = (timeout: string): string => `
vars: { had: false }
locks: [m]
tasks:
  holder: { steps: [ { while: 'true', do: [ { with: m, do: [ { sleep: 1s } ] } ] } ] }
  asker:
    let: { got: false }
    steps:
      - while: '!got'
        do: [ { acquire: m, ${timeout} as: got } ]
      - set: { had: true }
      - release: m
expect: { eventually: [ had ] }`;

const permits = (fair: boolean): string => `
semaphores: { s: { permits: 2, fair: ${fair} } }
tasks:
  small: { count: 2, steps: [ { while: 'true', do: [ { with: s, do: [ { id: works, print: x } ] } ] } ] }
  large: { steps: [ { acquire: s, permits: 2 }, { id: had, print: x }, { release: s, permits: 2 } ] }
expect: { eventually: [ had.ended > 0 ] }`;

const handed = (stops: string): string => `
vars: { n: 0, done: false }
tasks:
  worker: { steps: [ { while: '${stops}', do: [ { set: { n: 1 - n } } ] }, { set: { done: true } } ] }
  boss: { steps: [ { join: worker }, { set: { n: 5 } } ] }
expect: { eventually: [ done && worker.finished == 1 ] }`;

export const rows: readonly (readonly [string, string, Answer])[] = [
  ['a turnstile without an order', turnstile(false), 'unordered'],
  ['a fair turnstile', turnstile(true), 'comes'],
  ["Peterson's lock", peterson(`flag[other] && slate == other`), 'comes'],
  ["Peterson's lock without its slate", peterson('flag[other]'), 'in vain'],
  ['a spin lock', spinLock, 'in vain'],
  ['a ticket lock', ticketLock(drawn), 'comes'],
  [
    'a ticket lock with two moves to a number',
    ticketLock('- let: { mine: next }\n          - set: { next: (mine + 1) % 4 }'),
    'deadlock',
  ],
  ['a greedy loop beside a lock', greedy(`{ while: 'true', do: [ { set: { n: n } } ] }`), 'comes'],
  ['a loop that only looks', greedy(`{ while: n == 0, do: [] }`), 'comes'],
  ['a greedy loop with a lock', greedy(`{ with: m, do: [ { while: 'true', do: [] } ] }`), 'in vain'],
  [
    'a wake-up that is lost',
    wakeUp(`{ if: '!ready', then: [ { with: bell, do: [ { wait: bell } ] } ] }`),
    'deadlock',
  ],
  ['a wake-up that is not', wakeUp(`{ with: bell, do: [ { wait: bell, until: ready } ] }`), 'comes'],
  ['a ticker', ticker('{ set: { tick: 1 - tick } }'), 'comes'],
  ['a ticker that sticks', ticker('{ set: { tick: 1 } }'), 'in vain'],
  ['an event signalled for ever', signalled('{ wait: bell }', '{ signal: bell }, { clear: bell }'), 'comes'],
  [
    'a var that is true again and again',
    signalled('{ await: up }', '{ set: { up: true } }, { set: { up: false } }'),
    'unordered',
  ],
  ['a bounded queue with an endless rival', rival(false), 'unordered'],
  ['a fair one', rival(true), 'comes'],
  ['a writer under overlapping readers', writer('{ prefer: readers }'), 'in vain'],
  ['a writer who is preferred', writer('{ prefer: writers }'), 'comes'],
  ['a writer in order of arrival', writer('{ fair: true }'), 'comes'],
  ['two that give way to each other', polite(giving), 'in vain'],
  [
    'one that does not',
    polite(`{ acquire: left }, { acquire: right }, { release: right }, { release: left }`),
    'comes',
  ],
  ['a coin', coin('{ choose: [0, 1], as: side }'), 'in vain'],
  ['two heads', coin('{ choose: [1, 1], as: side }'), 'comes'],
  ['a random number', coin('{ let: { side: "random(0, 1)" } }'), 'in vain'],
  ['a wait that ends in time, again and again', patient('timeout: 1s,'), 'in vain'],
  ['a wait without an end', patient(''), 'unordered'],
  ['two permits at once, beside those who need one', permits(false), 'in vain'],
  ['the same in order', permits(true), 'comes'],
  ['a worker that need not stop', handed('!done'), 'in vain'],
  ['a worker that stops', handed('n == 0'), 'comes'],
  [
    'what an end comes before',
    `
vars: { n: 0 }
tasks: { t: { count: 2, steps: [ { set: { n: n + 1 } } ] } }
expect: { eventually: [ n == 2 ] }`,
    'ends',
  ],
  [
    'what ends in another order only',
    `
vars: { n: 0 }
tasks: { a: { steps: [ { set: { n: 1 } } ] }, b: { steps: [ { set: { n: 2 } } ] } }
expect: { leadsTo: [ { when: n == 1, then: n == 2 } ] }`,
    'ends',
  ],
];
