/**
 * Small scenarios for tests of supervision, for threads and for processes alike.
 */

export const kinds = ['thread', 'process'] as const;
export type Kind = (typeof kinds)[number];

/** One holds a lock and sleeps, two wait for it; each says when it is so far. `done` comes only if nobody is stopped. */
export function holderAndWaiters(
  kind: Kind,
  {
    sleep = '1h',
    bystander = sleep,
    timeout = '2h',
  }: Partial<Record<'sleep' | 'bystander' | 'timeout', string | undefined>> = {},
): string {
  return `
concur: 1
name: waiting
timeout: ${timeout}
locks: [mutex]
events: [taken]
defaults: { kind: ${kind} }
tasks:
  holder:
    steps:
      - with: mutex
        do:
          - print: holds the lock in \${{ task.pid }}
          - signal: taken
          - sleep: ${sleep}
      - print: done
  waiter:
    count: 2
    steps:
      - wait: taken
      - print: waits in \${{ task.pid }}
      - with: mutex
        do:
          - print: done
  bystander:
    steps:
      - print: is there in \${{ task.pid }}
      - sleep: ${bystander}
      - print: done
`;
}

/** All four tasks are where they will stay. */
export const allThere = /^(?=.*holds the lock)(?=.*waits in.*waits in)(?=.*is there)/s;

/** Two locks, taken in opposite order by two tasks that meet in between. */
export function oppositeOrder(kind: Kind): string {
  return `concur: 1
name: opposite
timeout: 1h
locks: [left, right]
vars: { arrived: { value: 0, shared: true } }
defaults: { kind: ${kind} }
tasks:
  one:
    steps:
      - acquire: left
      - update: { arrived: arrived + 1 }
      - await: arrived == 2
      - acquire: right
  two:
    steps:
      - acquire: right
      - update: { arrived: arrived + 1 }
      - await: arrived == 2
      - acquire: left
`;
}

/** Quick work through locks and queues, so that a process is often inside the shared state: a target for random kills. */
export function busy(kind: Kind, rounds: number): string {
  return `
concur: 1
name: busy
timeout: 1h
locks: [mutex]
queues: { line: 4 }
vars: { n: { value: 0, shared: true } }
defaults: { kind: ${kind} }
tasks:
  worker:
    count: 2
    steps:
      - print: begins in \${{ task.pid }}
      - repeat: ${rounds}
        do:
          - with: mutex
            do:
              - update: { n: n + 1 }
  producer:
    steps:
      - print: begins in \${{ task.pid }}
      - repeat: ${rounds}
        do:
          - put: line
            item: 1
  consumer:
    steps:
      - print: begins in \${{ task.pid }}
      - repeat: ${rounds}
        do:
          - get: line
expect:
  vars: { n: ${2 * rounds} }
`;
}

/** Says something every few milliseconds, until it is stopped. */
export function chatty(kind: Kind): string {
  return `
concur: 1
name: chatty
timeout: 1h
defaults: { kind: ${kind} }
tasks:
  talker:
    count: 2
    steps:
      - while: true
        do:
          - print: still here
          - sleep: 5ms
`;
}
