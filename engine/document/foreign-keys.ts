/**
 * What users of GitHub Actions, Compose, Python and their like would type, and what it is called here.
 */

type Advice = {
  /** Only where this key, or one of these verbs, may stand. */
  readonly where?: string;
  /** What to write; `where` itself without it. */
  readonly say?: string;
};

/** By the key in lower case, without `-` and `_`. Of several, the first that fits the place. */
const advice: Readonly<Record<string, readonly Advice[]>> = {
  // The file
  version: [{ where: 'concur', say: 'write `concur: 1`' }],
  services: [{ where: 'tasks' }],
  jobs: [{ where: 'tasks' }],
  threads: [{ where: 'tasks', say: 'write `tasks`, each with `kind: thread`' }],
  processes: [{ where: 'tasks', say: 'write `tasks`, each with `kind: process`' }],
  on: [{ where: 'concur', say: 'remove it: a scenario runs when it is told to' }],
  mutex: [{ where: 'locks' }],
  mutexes: [{ where: 'locks' }],
  lock: [
    { where: 'locks' },
    { where: 'acquire', say: 'write `- with: the_lock` and `do:`, or `- acquire: the_lock`' },
  ],
  rlock: [{ where: 'locks', say: 'write `locks: { name: rlock }`' }],
  rlocks: [{ where: 'locks', say: 'write `locks: { name: rlock }`' }],
  variables: [{ where: 'vars' }],
  globals: [{ where: 'vars' }],
  state: [{ where: 'vars' }],
  parameters: [{ where: 'params' }],
  inputs: [{ where: 'params' }, { where: 'input' }],
  invariant: [{ where: 'expect', say: 'write `expect: { always: [ … ] }`' }, { where: 'always' }],
  invariants: [{ where: 'expect', say: 'write `expect: { always: [ … ] }`' }, { where: 'always' }],
  asserts: [{ where: 'expect', say: 'write `expect: { finally: [ … ] }`' }],
  expected: [{ where: 'expect' }],
  strategy: [
    {
      where: 'each',
      say: 'write `count`, or `each` with a list; variants of the whole scenario are `cases`',
    },
    { where: 'cases' },
  ],
  matrix: [
    {
      where: 'each',
      say: 'write `count`, or `each` with a list; variants of the whole scenario are `cases`',
    },
    { where: 'cases' },
  ],
  failfast: [{ where: 'failFast' }, { say: '`failFast` is a key of the scenario' }],
  timeoutminutes: [{ where: 'timeout', say: 'write `timeout: 5m`' }],
  timeoutseconds: [{ where: 'timeout', say: 'write `timeout: 5s`' }],
  timeoutms: [{ where: 'timeout', say: 'write `timeout: 500ms`' }],
  concurrency: [
    { where: 'semaphores', say: 'write `semaphores`, or `pools`' },
    { where: 'pool', say: 'write `pool` with one of `pools`' },
  ],
  // A task
  dependson: [{ where: 'needs' }],
  requires: [{ where: 'needs' }],
  after: [{ where: 'needs' }],
  continueonerror: [
    { where: 'failFast', say: 'remove it: without `failFast` a failed task stops no other' },
    {
      say: 'remove it: a failed task stops no other; catch errors with `try`, expect them with `raises` or `expect: { tasks: … }`',
    },
  ],
  ignoreerrors: [{ say: 'catch errors with `try`, or expect them with `raises`' }],
  restart: [
    {
      where: 'terminate',
      say: 'write `- terminate: the_task`, `- join: the_task` and `- start:` of another replica: a task runs once',
    },
    {
      where: 'retry',
      say: 'write `retry: { attempts: 3, delay: 1s }`: its steps are tried again when they fail',
    },
  ],
  stopsignal: [{ where: 'stop', say: 'write `stop: { signal: SIGINT }`' }],
  killsignal: [{ where: 'stop', say: 'write `stop: { signal: SIGINT }`' }],
  stopgraceperiod: [{ where: 'stop', say: 'write `stop: { grace: 10s }`' }],
  graceperiod: [{ where: 'grace' }, { where: 'stop', say: 'write `stop: { grace: 10s }`' }],
  terminationgraceperiodseconds: [{ where: 'stop', say: 'write `stop: { grace: 10s }`' }],
  timeoutstopsec: [{ where: 'stop', say: 'write `stop: { grace: 10s }`' }],
  killtimeout: [{ where: 'stop', say: 'write `stop: { grace: 10s }`' }],
  prestop: [{ where: 'stop', say: 'write `stop: { run: ./stop.sh }`' }],
  execstop: [{ where: 'stop', say: 'write `stop: { run: ./stop.sh }`' }],
  shutdown: [{ where: 'stop', say: 'write `stop: { run: ./stop.sh }`' }, { where: 'terminate' }],
  retries: [{ where: 'retry', say: 'write `retry: { attempts: 3 }`' }],
  healthcheck: [{ where: 'ready', say: 'write `ready`, with `port`, `http`, `log`, `run` or `event`' }],
  replicas: [{ where: 'count' }],
  scale: [{ where: 'count' }],
  deploy: [{ where: 'count', say: 'write `count` for replicas' }],
  instances: [{ where: 'count' }],
  parallel: [{ where: 'count', say: 'write `count` for replicas, or `tasks` with several' }],
  command: [{ where: 'run' }],
  cmd: [{ where: 'run' }],
  script: [{ where: 'run' }],
  exec: [{ where: 'run' }],
  shell: [{ where: 'run' }],
  entrypoint: [{ where: 'run' }],
  environment: [{ where: 'env' }],
  workingdirectory: [{ where: 'cwd' }],
  workingdir: [{ where: 'cwd' }],
  runson: [{ where: 'kind', say: 'remove it, or write `kind: thread` or `kind: process`' }],
  image: [{ where: 'run', say: 'remove it: tasks run on this machine; `run` starts a command' }],
  ports: [{ where: 'ready', say: 'write `ready: { port: 8080 }`' }],
  target: [{ where: 'steps' }],
  do: [{ where: 'steps' }],
  body: [{ where: 'do' }, { where: 'steps' }],
  tasks: [{ where: 'steps' }],
  args: [
    { where: 'input' },
    { where: 'each', say: 'write `each` with a list, or give `input` where it is started' },
  ],
  daemonic: [{ where: 'daemon' }],
  type: [{ where: 'kind' }],
  maxparallel: [{ where: 'pool', say: 'write `pool` with one of `pools`' }],
  workers: [{ where: 'size' }, { where: 'pools' }],
  maxworkers: [{ where: 'size' }],
  // Resources
  maxsize: [{ where: 'capacity' }],
  size: [{ where: 'capacity' }],
  initial: [{ where: 'value' }, { where: 'permits' }],
  default: [{ where: 'value' }],
  value: [{ where: 'permits' }, { where: 'item' }, { where: 'set' }],
  limit: [{ where: 'permits' }, { where: 'capacity' }],
  fairness: [{ where: 'fair' }],
  reentrant: [{ where: 'kind', say: 'write `kind: rlock`' }],
  // Steps
  steps: [{ where: 'do' }, { where: 'then' }],
  name: [{ where: 'id' }],
  when: [{ where: 'if' }],
  unless: [{ where: 'if', say: 'write `if: "!( … )"`' }],
  elif: [{ where: 'else', say: 'write `else:` with `- if: …` and `then:` in it' }],
  elseif: [{ where: 'else', say: 'write `else:` with `- if: …` and `then:` in it' }],
  jointimeout: [{ where: 'timeout' }, { say: 'write `- join: the_task` with `timeout: 5s`' }],
  blocking: [{ where: 'timeout', say: 'write `timeout: 0s` for not waiting' }],
  block: [{ where: 'timeout', say: 'write `timeout: 0s` for not waiting' }],
  nowait: [{ where: 'timeout', say: 'write `timeout: 0s`' }],
  register: [{ where: 'as' }],
  result: [{ where: 'as' }],
  n: [{ where: 'count' }, { where: 'permits' }],
  times: [{ where: 'repeat' }],
  loop: [{ where: 'repeat', say: 'write `repeat`, `for` or `while`' }],
  foreach: [{ where: 'for', say: 'write `for: x`, `in: list`, `do:`' }],
  withitems: [{ where: 'for', say: 'write `for: x`, `in: list`, `do:`' }],
  except: [{ where: 'catch' }],
  rescue: [{ where: 'catch' }],
  ensure: [{ where: 'finally' }],
  echo: [{ where: 'print' }],
  log: [{ where: 'print' }],
  puts: [{ where: 'print' }],
  say: [{ where: 'print' }],
  delay: [{ where: 'sleep' }],
  sleepfor: [{ where: 'sleep' }],
  pause: [{ where: 'sleep' }],
  unlock: [{ where: 'release' }],
  synchronized: [{ where: 'with' }],
  waitfor: [{ where: 'wait', say: 'write `wait: the_condition` with `until: …`, or `await: …`' }],
  waituntil: [{ where: 'await' }],
  notifyall: [{ where: 'notify', say: 'write `notify: the_condition` with `count: all`' }],
  notifyone: [{ where: 'notify' }],
  broadcast: [{ where: 'notify', say: 'write `notify: the_condition` with `count: all`' }],
  isset: [{ where: 'await', say: 'read `the_event.set` in an expression' }],
  putnowait: [{ where: 'put', say: 'write `put` with `timeout: 0s`' }],
  getnowait: [{ where: 'get', say: 'write `get` with `timeout: 0s`' }],
  enqueue: [{ where: 'put' }],
  push: [{ where: 'put' }],
  dequeue: [{ where: 'get' }],
  pop: [{ where: 'get' }],
  recv: [{ where: 'receive' }],
  spawn: [{ where: 'start' }],
  fork: [{ where: 'start' }],
  stop: [{ where: 'terminate', say: 'write `- terminate: the_task`; `stop` says how a command is stopped' }],
  raise: [{ where: 'fail' }],
  throw: [{ where: 'fail' }],
  uses: [{ where: 'use' }],
  include: [{ where: 'use' }],
  pass: [{ where: 'do', say: 'write `do: []`' }],
  assign: [{ where: 'set', say: 'write `set` for vars, `let` for task-local variables' }],
  increment: [{ where: 'update', say: 'write `update: { n: n + 1 }`' }],
  exitcode: [{ where: 'exitCode' }],
};

/**
 * What to write instead of a key from elsewhere.
 *
 * @param known the keys that may stand there
 */
export function foreignAdvice(
  key: string,
  known: readonly string[],
): { readonly meant?: string; readonly say: string } | undefined {
  const plain = key.toLowerCase().replaceAll(/[-_ ]/g, '');
  const found = Object.hasOwn(advice, plain) ? advice[plain] : undefined;
  const fitting = found?.find(({ where }) => where === undefined || known.includes(where));
  if (fitting === undefined) return undefined;
  const { where, say } = fitting;
  if (where === undefined) return { say: say ?? '' };
  return { meant: where, say: say ?? `write \`${where}\`` };
}
