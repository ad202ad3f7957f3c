/**
 * `atomic`: steps as one moment. Only those that never wait can be part of it, and whatever leaves it ends it.
 */
import type { Path } from '../../../document/document.ts';
import type { AtomicStep, Step, Verb } from '../../../document/scenario.generated.ts';
import type { StepContext } from './step-context.ts';

/** Which steps can be part of one moment. Of `for`, only what goes through a list; of `try` none, for an error ends the moment. */
const canBeAtomic = {
  print: true,
  sleep: false,
  let: true,
  set: true,
  update: true,
  atomic: true,
  await: false,
  acquire: false,
  release: true,
  with: false,
  put: false,
  get: false,
  task_done: true,
  close: true,
  send: false,
  receive: false,
  wait: false,
  signal: true,
  clear: true,
  notify: true,
  reset: true,
  abort: true,
  start: false,
  join: false,
  terminate: false,
  kill: false,
  submit: false,
  run: false,
  call: false,
  load: false,
  save: false,
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
  try: false,
  assert: true,
  fail: true,
  exit: false,
} as const satisfies Record<Verb, boolean>;

/** Inside another one it adds nothing. */
export function compileAtomic(context: StepContext, step: AtomicStep, path: Path): void {
  const { builder } = context;
  const body = (): void => context.steps({ ...context, isAtomic: true }, step.atomic, [...path, 'atomic']);
  if (context.isAtomic) {
    body();
    return;
  }
  const number = builder.step;
  builder.emit({ op: 'begin' });
  builder.guarded({
    body,
    cleanup() {
      builder.step = number;
      builder.emit({ op: 'commit' });
    },
  });
}

/** Reports a step inside `atomic` that cannot be part of one moment. */
export function checkAtomic(context: StepContext, step: Step, path: Path): void {
  if (!context.isAtomic) return;
  if (!canBeAtomic[step.verb]) reportNotAtomic(context, step.verb, path);
  if (step.raises === undefined) return;
  const { document, report } = context.planning;
  report('not-atomic', document.spanAt([...path, 'raises'], 'key'), '`raises` cannot be inside `atomic`', {
    help: 'an error ends the moment: put it on the `atomic` step',
  });
}

export function reportNotAtomic({ planning }: StepContext, verb: Verb, path: Path): void {
  const help =
    verb === 'try'
      ? 'an error ends the moment: put `try` around `atomic`'
      : 'one moment is made of steps that never wait and end at once, such as `set`, `update` or `signal`';
  const span = planning.document.spanAt([...path, verb], 'key');
  planning.report('not-atomic', span, `\`${verb}\` cannot be inside \`atomic\``, { help });
}
