/**
 * Steps to instructions: one compiler for each verb, and around it what every step may have (`if`, `id`, `raises`).
 */
import type { Path } from '../../../document/document.ts';
import type { modifiers } from '../../../document/language/verbs.ts';
import type { Step, Steps, Verb } from '../../../document/scenario.generated.ts';
import { compileCall, compileRun } from '../commands/external-verbs.ts';
import { checkAtomic, compileAtomic } from './atomic-verb.ts';
import { compileClose } from './close-verb.ts';
import { compileNotify } from './condition-verbs.ts';
import {
  compileBreak,
  compileContinue,
  compileDo,
  compileReturn,
  compileThen,
  compileUse,
} from './control-verbs.ts';
import { checkRaises, compileRaises, compileTry } from './error-verbs.ts';
import { compileLoad, compileSave } from './file-verbs.ts';
import {
  compileAssert,
  compileAwait,
  compileChoose,
  compileExit,
  compileFail,
  compileLet,
  compilePrint,
  compileSleep,
} from './local-verbs.ts';
import { compileFor, compileRepeat, compileWhile } from './loop-verbs.ts';
import {
  compileAbort,
  compileAcquire,
  compileClear,
  compileGet,
  compilePut,
  compileReceive,
  compileRelease,
  compileReset,
  compileSend,
  compileSignal,
  compileTaskDone,
} from './resource-verbs.ts';
import { computed, resultSlot, type StepContext } from './step-context.ts';
import { numberOfStep } from './step-text.ts';
import { compileSubmit } from './submit-verb.ts';
import { compileJoin, compileKill, compileStart, compileTerminate } from './task-verbs.ts';
import { checkTeardown } from './teardown-verbs.ts';
import { compileSet, compileUpdate } from './variable-verbs.ts';
import { compileWait } from './wait-verb.ts';
import { compileWith } from './with-verb.ts';

type StepOf<V extends Verb> = Extract<Step, { readonly verb: V }>;

const compilers = {
  print: compilePrint,
  sleep: compileSleep,
  let: compileLet,
  set: compileSet,
  update: compileUpdate,
  atomic: compileAtomic,
  await: compileAwait,
  acquire: compileAcquire,
  release: compileRelease,
  with: compileWith,
  put: compilePut,
  get: compileGet,
  task_done: compileTaskDone,
  close: compileClose,
  send: compileSend,
  receive: compileReceive,
  wait: compileWait,
  signal: compileSignal,
  clear: compileClear,
  notify: compileNotify,
  reset: compileReset,
  abort: compileAbort,
  start: compileStart,
  join: compileJoin,
  terminate: compileTerminate,
  kill: compileKill,
  submit: compileSubmit,
  run: compileRun,
  call: compileCall,
  load: compileLoad,
  save: compileSave,
  repeat: compileRepeat,
  for: compileFor,
  while: compileWhile,
  // biome-ignore lint/suspicious/noThenProperty: a verb of the language; this table is never awaited
  then: compileThen,
  do: compileDo,
  break: compileBreak,
  continue: compileContinue,
  return: compileReturn,
  choose: compileChoose,
  use: compileUse,
  try: compileTry,
  assert: compileAssert,
  fail: compileFail,
  exit: compileExit,
} as const satisfies { [V in Verb]: (context: StepContext, step: StepOf<V>, path: Path) => void };

export function compileSteps(context: StepContext, steps: Steps, path: Path): void {
  for (const [index, step] of steps.entries()) compileStep(context, step, [...path, index]);
}

type Compile = (context: StepContext) => void;

/** What each modifier puts around a step, the outermost first. */
const wrappers = {
  if: guardedBy,
  id: inPoint,
  raises: raising,
} as const satisfies {
  readonly [M in keyof typeof modifiers]: (
    context: StepContext,
    step: Step,
    path: Path,
    compile: Compile,
  ) => void;
};

function compileStep(context: StepContext, step: Step, path: Path): void {
  const { builder } = context;
  const outer = builder.step;
  builder.step = numberOfStep(context.planning, step, path);
  checkAtomic(context, step, path);
  checkTeardown(context, step, path);
  checkRaises(context, step, path);
  const verb = compilers[step.verb] as (context: StepContext, step: Step, path: Path) => void;
  const compile = Object.values(wrappers).reduceRight<Compile>(
    (inner, wrapper) => (within) => wrapper(within, step, path, inner),
    (within) => verb(within, step, path),
  );
  compile(context);
  if ('as' in step && step.as !== undefined && isUnknown(context, step.as)) resultSlot(context, step.as);
  builder.step = outer;
}

function raising(context: StepContext, { raises }: Step, path: Path, compile: Compile): void {
  if (raises === undefined) compile(context);
  else compileRaises(context, raises, path, () => compile({ ...context, mayFail: true }));
}

/** What could not be compiled has a result all the same: that it has none would be said once more wherever it is read. */
function isUnknown({ scope }: StepContext, name: string): boolean {
  return scope.lookup(name)?.kind !== 'local';
}

/** `if` as a guard. Of a step with `then` it is the condition. */
function guardedBy(context: StepContext, step: Step, path: Path, compile: Compile): void {
  if (step.verb === 'then' || step.if === undefined) {
    compile(context);
    return;
  }
  const { builder } = context;
  const condition = computed(context, step.if, [...path, 'if'], 'bool');
  const done = builder.label();
  if (condition !== undefined) builder.emitLater((at) => ({ op: 'branch', condition, otherwise: at(done) }));
  compile(context);
  builder.place(done);
}

/** A step with an `id` is entered, and left on every way out. */
function inPoint(context: StepContext, step: Step, _path: Path, compile: Compile): void {
  const { builder, planning } = context;
  const number = builder.step;
  const binding = step.id === undefined ? undefined : planning.names.lookup(step.id);
  if (binding?.kind !== 'point') {
    compile(context);
    return;
  }
  const { point } = binding;
  const leave = (): void => {
    builder.step = number;
    builder.emit({ op: 'leave', point });
  };
  builder.emit({ op: 'enter', point });
  builder.guarded({
    body: () => compile(context),
    cleanup: leave,
    handler(slot) {
      leave();
      builder.emit({ op: 'reraise', slot });
    },
  });
}
