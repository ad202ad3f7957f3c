/**
 * Steps that decide what comes next: branches, ways out of loops, routines.
 */
import type { Path } from '../../../document/document.ts';
import type {
  BreakStep,
  ContinueStep,
  DoStep,
  ReturnStep,
  Steps,
  ThenStep,
  UseStep,
} from '../../../document/scenario.generated.ts';
import { suggestion } from '../../../expression/report.ts';
import { nounOf } from '../../../expression/scope.ts';
import { createTaskScope, type TaskScope } from '../resources/name-table.ts';
import { carried, computed, constant, type StepContext } from './step-context.ts';

export function compileThen(context: StepContext, step: ThenStep, path: Path): void {
  const { builder } = context;
  const condition = computed(context, step.if, [...path, 'if'], 'bool');
  const [otherwise, done] = [builder.label(), builder.label()] as const;
  if (condition !== undefined)
    builder.emitLater((at) => ({ op: 'branch', condition, otherwise: at(otherwise) }));
  context.steps(context, step.then, [...path, 'then']);
  if (step.else !== undefined) builder.emitLater((at) => ({ op: 'jump', to: at(done) }));
  builder.place(otherwise);
  if (step.else !== undefined) context.steps(context, step.else, [...path, 'else']);
  builder.place(done);
}

export function compileDo(context: StepContext, step: DoStep, path: Path): void {
  context.steps(context, step.do, [...path, 'do']);
}

export function compileBreak(context: StepContext, _step: BreakStep, path: Path): void {
  leaveLoop(context, 'break', path);
}

export function compileContinue(context: StepContext, _step: ContinueStep, path: Path): void {
  leaveLoop(context, 'continue', path);
}

function leaveLoop({ builder, planning }: StepContext, verb: 'break' | 'continue', path: Path): void {
  if (builder.leaveLoop(verb === 'break' ? 'exit' : 'next')) return;
  const help = 'it belongs into the steps of `repeat`, `for` or `while`';
  planning.report('outside-loop', planning.document.spanAt(path), `\`${verb}\` is not inside a loop`, {
    help,
  });
}

/** Ends the routine, or the task's steps. */
export function compileReturn({ builder }: StepContext, _step: ReturnStep): void {
  builder.leaveRoutine();
}

/** Routines within routines: the compiler nests as deep as they do. */
const mostRoutines = 100;

/** Puts a routine's steps in place, with locals of their own; `input` is what they are given. */
export function compileUse(context: StepContext, step: UseStep, path: Path): void {
  const { builder, planning, scope } = context;
  const { report, scenario, document } = planning;
  const span = document.spanAt([...path, 'use']);
  const steps = scenario.routines?.[step.use];
  const slot = builder.hidden('input');
  const input =
    step.input === undefined ? constant(null, span) : carried(context, step.input, [...path, 'input']);
  if (input !== undefined) builder.emit({ op: 'evaluate', expressions: [input], slots: [slot] });
  if (steps === undefined) {
    const binding = scope.lookup(step.use);
    const routines = Object.keys(scenario.routines ?? {});
    if (binding === undefined)
      report('unknown-name', span, `there is no routine \`${step.use}\``, {
        help: suggestion(step.use, routines),
      });
    else report('wrong-kind', span, `\`use\` takes a routine, and \`${step.use}\` is ${nounOf(binding)}`);
    return;
  }
  planning.uses.addRoutine(step.use);
  if (context.routines.includes(step.use)) {
    const way = [...context.routines.slice(context.routines.indexOf(step.use)), step.use].join(' → ');
    report('recursive-routine', span, `the routine \`${step.use}\` uses itself`, { help: way });
    return;
  }
  if (context.routines.length >= mostRoutines) {
    report('too-deep', span, `more than ${mostRoutines} routines use each other`, { help: 'write a loop' });
    return;
  }
  const exit = builder.label();
  const own = createTaskScope(context.names, step.use);
  forgetLocals(context, own, steps);
  const inner = { ...context, scope: own, routines: [...context.routines, step.use] };
  own.withInput(slot, () => builder.routine(exit, () => context.steps(inner, steps, ['routines', step.use])));
  builder.place(exit);
}

/** Each use has locals of its own: those that this one may not set have nothing of an earlier one in them. */
function forgetLocals({ builder, planning }: StepContext, own: TaskScope, steps: Steps): void {
  const names = localsNotAlwaysSet(steps);
  if (names.length === 0) return;
  const unset = constant(0n, planning.document.spanAt([]));
  builder.emit({
    op: 'evaluate',
    expressions: names.map(() => unset),
    slots: names.map((name) => builder.local(own.slotName(name))),
  });
}

function localsNotAlwaysSet(steps: Steps): readonly string[] {
  const set = new Set<string>();
  const others = new Set<string>();
  for (const step of steps) {
    const names = localsSetBy(step);
    const isCertain = !('if' in step || 'do' in step);
    for (const name of isCertain ? names : []) set.add(name);
    for (const name of localsWithin(step)) if (!set.has(name)) others.add(name);
  }
  return Array.from(others);
}

/** By the step itself, not by those in it. */
function localsSetBy(step: object): readonly string[] {
  const { as, let: values } = step as { readonly as?: unknown; readonly let?: unknown };
  return [
    ...(typeof as === 'string' ? [as] : []),
    ...(typeof values === 'object' && values !== null ? Object.keys(values) : []),
  ];
}

function localsWithin(data: unknown): readonly string[] {
  if (typeof data !== 'object' || data === null) return [];
  return [...localsSetBy(data), ...Object.values(data).flatMap(localsWithin)];
}
