/**
 * Which steps `teardown` may have: those that need nobody else. The run is over, and its tasks, locks and queues with it.
 */
import type { Path } from '../../../document/document.ts';
import type { Step, Verb } from '../../../document/scenario.generated.ts';
import type { StepContext } from './step-context.ts';

const canTearDown = {
  print: true,
  sleep: true,
  let: true,
  set: false,
  update: false,
  atomic: false,
  await: false,
  acquire: false,
  release: false,
  with: false,
  put: false,
  get: false,
  task_done: false,
  close: false,
  send: false,
  receive: false,
  wait: false,
  signal: false,
  clear: false,
  notify: false,
  reset: false,
  abort: false,
  start: false,
  join: false,
  terminate: false,
  kill: false,
  submit: false,
  run: true,
  call: true,
  load: true,
  save: true,
  repeat: true,
  for: true,
  while: true,
  // biome-ignore lint/suspicious/noThenProperty: a verb of the language; this table is never awaited
  then: true,
  do: true,
  break: true,
  continue: true,
  return: true,
  choose: true,
  use: true,
  try: true,
  assert: true,
  fail: true,
  exit: false,
} as const satisfies Record<Verb, boolean>;

/** Reports a step inside `teardown` that has nobody to work with. */
export function checkTeardown(context: StepContext, step: Step, path: Path): void {
  if (!context.isTeardown || canTearDown[step.verb]) return;
  const span = context.planning.document.spanAt([...path, step.verb], 'key');
  const help = 'use steps such as `run`, `call`, `load`, `save`, `print`, `if`, `try`';
  context.planning.report('not-in-teardown', span, `\`${step.verb}\` cannot be inside \`teardown\``, {
    help,
  });
}
