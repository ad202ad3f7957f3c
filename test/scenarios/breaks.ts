/**
 * Ways to break the scenarios that ship: one edit of the file each, after which its expectations must notice.
 */

export type Edit = { readonly what: string; readonly from: string; readonly to: string };

export const breaks: Readonly<Record<string, readonly Edit[]>> = {
  'daemon-process': [{ what: 'the task is no daemon', from: 'daemon: true', to: 'daemon: false' }],
  'daemon-process-children': [
    { what: 'the tasks are no daemons', from: 'daemon: true', to: 'daemon: false' },
  ],
  'daemon-process-mixed': [
    { what: 'foo is no daemon', from: 'daemon: true', to: 'daemon: false' },
    { what: 'bar is a daemon too', from: 'bar:\n', to: 'bar:\n    daemon: true\n' },
    { what: 'they are threads', from: 'kind: process', to: 'kind: thread' },
  ],
  'daemon-thread': [{ what: 'the daemon is none', from: 'daemon: true', to: 'daemon: false' }],
  'daemon-thread-mixed': [
    { what: 'they are processes', from: 'kind: thread', to: 'kind: process' },
    { what: 'bar is a daemon too', from: 'bar:\n', to: 'bar:\n    daemon: true\n' },
  ],
  'mutex-processes': [
    { what: 'nothing is locked', from: 'locked: true', to: 'locked: false' },
    { what: 'everything is locked', from: 'locked: false', to: 'locked: true' },
  ],
  'mutex-threads': [
    { what: 'nothing is locked', from: 'locked: true', to: 'locked: false' },
    { what: 'everything is locked', from: 'locked: false', to: 'locked: true' },
    { what: 'the write is not that of the read', from: 'n: temp - 1', to: 'n: temp - 2' },
  ],
  toilet: [
    {
      what: 'the semaphore lets everyone in',
      from: `stall: \${{ params.stalls }}\n\ntasks`,
      to: `stall: { permits: "\${{ params.stalls }}", enabled: false }\n\ntasks`,
    },
    {
      what: 'the semaphore lets in one less',
      from: `stall: \${{ params.stalls }}\n\ntasks`,
      to: `stall: \${{ params.stalls - 1 }}\n\ntasks`,
    },
  ],
  'queue-fifo': [
    { what: 'it is a stack', from: 'kind: fifo', to: 'kind: lifo' },
    { what: 'there is room for a fourth', from: 'capacity: 3', to: 'capacity: 4' },
  ],
  'queue-lifo': [{ what: 'it is a queue', from: 'kind: lifo', to: 'kind: fifo' }],
  'queue-priority': [
    { what: 'the last becomes the first', from: 'priority: 10', to: 'priority: -10' },
    { what: 'the late one is not urgent', from: 'priority: 1 #', to: 'priority: 5 #' },
  ],
  'queue-processes': [
    { what: 'it is a stack', from: 'q: 3 #', to: 'q: { kind: lifo, capacity: 3 } #' },
    { what: 'there is room for a fourth', from: 'q: 3 #', to: 'q: 4 #' },
  ],
  'producer-consumer': [
    { what: 'no sentinel is put', from: '  - put: buffer\n    item: null\n', to: '' },
    { what: 'main does not join the producer', from: '  - join: producer\n', to: '' },
    { what: 'the buffer is a stack', from: 'queues: [buffer]', to: 'queues: { buffer: { kind: lifo } }' },
  ],
  tickets: [
    { what: 'nothing is ever locked', from: 'locked: true }', to: 'locked: false }' },
    { what: 'there are two tickets', from: 'content: { count: 1 }', to: 'content: { count: 2 }' },
  ],
  'pool-or-semaphore': [
    { what: 'the pool has one worker more', from: 'size: "${{ params.limit }}"', to: 'size: 5' },
    { what: 'the semaphore lets in one more', from: 'permit: ${{ params.limit }}', to: 'permit: 5' },
    { what: 'the workers are threads', from: 'kind: process, size', to: 'kind: thread, size' },
  ],
  pipe: [
    { what: 'the end is not closed', from: '      - close: line.left\n', to: '' },
    { what: 'the answers are wrong', from: 'n * n', to: 'n + n' },
  ],
  'queue-is-pipe-plus-lock': [
    {
      what: 'there is more room than said',
      from: 'free: { permits: "${{ params.room }}"',
      to: 'free: { permits: 3',
    },
    { what: 'each item is taken twice', from: 'seen + [item]', to: 'seen + [item, item]' },
  ],
  'primitives/on-holder-exit': [
    { what: 'nothing is given back', from: 'onHolderExit: release', to: 'onHolderExit: keep' },
    { what: 'nobody is told', from: 'onHolderExit: fail', to: 'onHolderExit: release' },
  ],
  'primitives/lock': [
    {
      what: 'the door does not lock',
      from: 'locks: [bathroom]',
      to: 'locks: { bathroom: { enabled: false } }',
    },
  ],
  'primitives/rlock': [
    {
      what: 'the thief does not expect it',
      from: '        raises: RuntimeError # cannot release un-acquired lock\n',
      to: '',
    },
  ],
  'primitives/rwlock': [
    { what: 'readers are not preferred', from: '{ prefer: readers,', to: '{ prefer: writers,' },
    { what: 'writers are not preferred', from: '{ prefer: writers,', to: '{ prefer: readers,' },
    { what: 'nobody is served in order', from: '{ fair: true,', to: '{ prefer: readers,' },
  ],
  'primitives/semaphore': [
    {
      what: 'the guard opens no space',
      from: '      - release: space # a permit more than before\n',
      to: '',
    },
    { what: 'there is room for all', from: 'space: 2', to: 'space: 3' },
  ],
  'primitives/bounded-semaphore': [
    { what: 'it is not bounded', from: 'bounded: true', to: 'bounded: false' },
  ],
  'primitives/condition': [
    { what: 'one call is enough', from: 'until: calls == 2', to: 'until: calls == 1' },
    { what: 'nobody notifies her', from: '          - notify: ward\n', to: '' },
  ],
  'primitives/event': [
    { what: 'it is not cleared', from: '  - clear: shot\n', to: '' },
    { what: 'nobody shoots', from: '  - signal: shot\n', to: '' },
  ],
  'primitives/barrier': [
    { what: 'two are enough', from: 'parties: 3', to: 'parties: 2' },
    { what: 'nobody breaks it', from: '          - abort: rest\n', to: '' },
  ],
  'primitives/queue-join': [
    { what: 'nobody joins', from: '  - join: plates\n', to: '' },
    { what: 'nothing is said to be done', from: '          - task_done: plates\n', to: '' },
  ],
  'primitives/queue-close': [
    { what: 'it is not closed', from: '      - close: counter\n', to: '' },
    {
      what: 'what is in it is dropped',
      from: '- close: counter\n',
      to: '- close: counter\n        immediate: true\n',
    },
  ],
  'primitives/pipe': [{ what: 'no end is closed', from: '      - close: tins.left\n', to: '' }],
  'primitives/vars': [
    { what: 'nothing is shared', from: 'shared: true', to: 'shared: false' },
    { what: 'both are threads', from: 'kind: process', to: 'kind: thread' },
  ],
  'primitives/atomic': [{ what: 'the moment is none', from: '- atomic:', to: '- do:' }],
  'primitives/pool': [
    { what: 'there are three ovens', from: 'ovens: 2 }\nmain', to: 'ovens: 3 }\nmain' },
    { what: 'nothing burns', from: 'i == 3', to: 'i == 9' },
    { what: 'nobody asks', from: '          - join: cake\n', to: '          - print: cake\n' },
  ],
  'primitives/file': [
    { what: 'a guest writes over the others', from: 'page.names + [task.item]', to: '[task.item]' },
  ],
  'primitives/fair': [{ what: 'the lock is not fair', from: '{ counter: { fair: true } }', to: '[counter]' }],
  'primitives/timeout': [
    { what: 'nobody talks', from: '  - acquire: phone # somebody talks, and does not stop\n', to: '' },
    { what: 'the box is larger', from: 'mail: 1', to: 'mail: 2' },
  ],
  'primitives/daemon': [{ what: 'the radio is none', from: '    daemon: true\n', to: '' }],
  'primitives/main': [{ what: 'two batons are handed over', from: 'baton + 1', to: 'baton + 2' }],
  'primitives/choose': [
    { what: 'something else is drawn', from: '- choose: [rock,', to: '- choose: [well, fire,' },
  ],
  'primitives/for-from': [
    { what: 'the box is not closed', from: '      - close: box\n', to: '' },
    { what: 'the clerk does not stop', from: '        until: order == "stop"\n', to: '' },
  ],
  'primitives/use': [
    { what: 'nothing is returned from', from: '        - return\n', to: '        - let: { x: 1 }\n' },
    { what: 'another recipe is followed', from: 'portions + n', to: 'portions + 1' },
  ],
  'primitives/try': [
    {
      what: 'nobody catches what is full',
      from: '          Full:\n            - print: two',
      to: '          Empty:\n            - print: two',
    },
    {
      what: 'the plate does not fall',
      from: '          - fail: a plate falls\n',
      to: '          - print: a plate\n',
    },
  ],
  'primitives/await': [
    { what: 'one passenger is missing', from: 'count: 4', to: 'count: 3' },
    { what: 'one more comes', from: 'count: 4', to: 'count: 5' },
  ],
  'primitives/deadlock': [
    { what: 'nobody is careless', from: 'careful: false', to: 'careful: true' },
    { what: 'nobody is careful', from: 'careful: true', to: 'careful: false' },
  ],
};
