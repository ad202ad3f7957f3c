/**
 * One program for each task declaration: as written in the scenario, or as the planner makes it.
 *
 * Work that steps hand to pools is declared and compiled while the program with the step is; so programs are finished only
 * when all are compiled.
 */
import type { Path } from '../../../document/document.ts';
import type { Task as ScenarioTask } from '../../../document/scenario.generated.ts';
import type { Program } from '../../instruction.ts';
import type { Planning } from '../planning.ts';
import { createTaskScope } from '../resources/name-table.ts';
import { isProcessPool } from '../resources/pool-of.ts';
import { compileSteps } from '../steps/compile-steps.ts';
import { declareLocals } from '../steps/local-verbs.ts';
import { compileWorker } from '../steps/pool-verbs.ts';
import type { StepContext, Surroundings } from '../steps/step-context.ts';
import { compileAttempts, compileTimer } from './attempts.ts';
import { compileMain, numberSteps } from './main-program.ts';
import { checkStarts } from './main-starts.ts';
import { compileLauncher } from './needs.ts';
import { mostInstructions, ProgramBuilder, ProgramTooLarge } from './program-builder.ts';
import { compileProber } from './ready.ts';
import type { Declaration } from './task-table.ts';
import { compileTeardown, teardownScope } from './teardown.ts';

/**
 * Compiles all programs, those included that are found on the way.
 *
 * Programs of the planner's own come last: what main starts depends on what the steps of others do.
 */
export function compilePrograms(planning: Planning): void {
  const { scenario, tasks } = planning;
  const declarations = tasks.declarations();
  const isWritten = ({ body }: Declaration): boolean =>
    body.is === 'task' || (body.is === 'main' && scenario.main !== undefined);
  numberSteps(planning);
  for (const declaration of declarations.filter(isWritten)) compileProgram(planning, declaration);
  if (scenario.main === undefined) checkStarts(planning);
  for (const declaration of declarations) {
    if (!isWritten(declaration)) compileProgram(planning, declaration);
  }
}

/** By group number; only where nothing was wrong. */
export function finishPrograms({ builders, tasks }: Planning): readonly Program[] {
  return tasks.declarations().map(({ group, name }) => {
    const builder = builders.get(group);
    if (builder === undefined) throw new Error(`bug in concur: ${name} was never compiled`);
    return builder.finish();
  });
}

function compileProgram(planning: Planning, declaration: Declaration): void {
  const { builders } = planning;
  const builder = builders.get(declaration.group) ?? new ProgramBuilder(declaration.name);
  try {
    if (declaration.body.is !== 'work') compileBody(contextOf(planning, declaration, builder), declaration);
    builder.settle();
    builders.set(declaration.group, builder);
  } catch (error) {
    if (!(error instanceof ProgramTooLarge)) throw error;
    const message = `\`${declaration.name}\` has more than ${mostInstructions} instructions`;
    const help = 'routines and `finally` are put in place wherever they are used';
    planning.report('program-too-large', declaration.span, message, { help });
  }
}

function contextOf(planning: Planning, declaration: Declaration, builder: ProgramBuilder): StepContext {
  const { kind, daemon, pool, body } = declaration;
  const names = body.is === 'teardown' ? teardownScope(planning.names, body.outcome) : planning.names;
  return {
    planning,
    builder,
    declaration,
    names,
    scope: createTaskScope(names),
    isDaemonProcess:
      pool === undefined ? kind === 'process' && daemon === true : isProcessPool(planning, pool),
    surroundings: surroundingsOf(planning, declaration),
    isAtomic: false,
    isTeardown: body.is === 'teardown',
    rounds: 1,
    routines: [],
    mayFail: false,
    steps: compileSteps,
  };
}

function surroundingsOf(planning: Planning, { body, name }: Declaration): readonly Surroundings[] {
  const { scenario } = planning;
  const general = { written: scenario.defaults ?? {}, path: ['defaults'] };
  if (body.is === 'prober') return surroundingsOf(planning, body.of);
  return body.is === 'task' ? [general, { written: body.written, path: ['tasks', name] }] : [general];
}

function compileBody(context: StepContext, declaration: Declaration): void {
  const { body } = declaration;
  switch (body.is) {
    case 'main':
      compileMain(context);
      return;
    case 'task':
      compileAttempts(context, body.written, (attempt) => compileTask(attempt, body.written));
      return;
    case 'worker':
      compileWorker(context, body.pool);
      return;
    case 'launcher':
      compileLauncher(context, body.of);
      return;
    case 'prober':
      compileProber(context, declaration);
      return;
    case 'timer':
      compileTimer(context, declaration);
      return;
    case 'teardown':
      compileTeardown(context);
      return;
    case 'work':
      return;
  }
}

function compileTask(context: StepContext, written: ScenarioTask): void {
  const path = ['tasks', context.declaration.name];
  if (written.let !== undefined) compileTaskLocals(context, written.let, [...path, 'let']);
  compileSteps(context, written.steps, [...path, 'steps']);
}

function compileTaskLocals(
  context: StepContext,
  values: Parameters<typeof declareLocals>[1],
  path: Path,
): void {
  const { builder, planning } = context;
  const text = `let ${Object.keys(values).join(', ')}`;
  builder.step = planning.steps.numberOf(path, () => ({
    verb: 'let',
    text,
    span: planning.document.spanAt(path, 'key'),
  }));
  declareLocals(context, values, path);
}
