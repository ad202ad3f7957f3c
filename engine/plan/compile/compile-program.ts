/**
 * One program for each task declaration, and one for main: as written, or as the planner makes it.
 */
import type { Path } from '../../document/document.ts';
import type { Program } from '../instruction.ts';
import { compileSteps } from './compile-steps.ts';
import type { Declaration } from './declare-tasks.ts';
import { declareLocals } from './local-verbs.ts';
import { createTaskScope } from './name-table.ts';
import type { Planning } from './planning.ts';
import {
  createProgramBuilder,
  mostInstructions,
  type ProgramBuilder,
  ProgramTooLarge,
} from './program-builder.ts';
import { constant, type StepContext } from './step-context.ts';
import { overNumbers } from './task-verbs.ts';

/** The program of the declaration; the whole list is needed by a main that the planner makes. */
export function compileProgram(
  planning: Planning,
  declaration: Declaration,
  declarations: readonly Declaration[],
): Program {
  const builder = createProgramBuilder(declaration.name);
  try {
    compileBody(planning, declaration, declarations, builder);
    builder.step = -1;
    builder.emit({ op: 'end' });
    return builder.finish();
  } catch (error) {
    if (!(error instanceof ProgramTooLarge)) throw error;
    const message = `\`${declaration.name}\` has more than ${mostInstructions} instructions`;
    const help = 'routines and `finally` are put in place wherever they are used';
    planning.report('program-too-large', planning.document.spanAt(pathOf(declaration), 'key'), message, {
      help,
    });
    return { name: declaration.name, instructions: [], handlers: [], slots: [] };
  }
}

function pathOf({ name, written }: Declaration): Path {
  return written === undefined ? ['main'] : ['tasks', name];
}

function compileBody(
  planning: Planning,
  declaration: Declaration,
  declarations: readonly Declaration[],
  builder: ProgramBuilder,
): void {
  const { written, kind, daemon } = declaration;
  const path = pathOf(declaration);
  const context: StepContext = {
    planning,
    builder,
    scope: createTaskScope(planning.names),
    isDaemonProcess: kind === 'process' && daemon === true,
    routines: [],
    mayFail: false,
    steps: compileSteps,
  };
  if (written !== undefined) {
    if (written.let !== undefined) compileTaskLocals(context, written.let, [...path, 'let']);
    compileSteps(context, written.steps, [...path, 'steps']);
  } else if (planning.scenario.main !== undefined) {
    compileSteps(context, planning.scenario.main, path);
  } else {
    compileMain(context, declarations.slice(1));
  }
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

/** Without `main`: starts every task, waits for every one that is no daemon, and ends. */
function compileMain(context: StepContext, declarations: readonly Declaration[]): void {
  const { builder, planning } = context;
  const { document, steps } = planning;
  const forEach = (verb: 'start' | 'join', { name, first, count, array }: Declaration): void => {
    const path = ['tasks', name];
    const span = document.spanAt(path, 'key');
    builder.step = steps.numberOf([...path, `.${verb}`], () => ({ verb, text: `${verb} ${name}`, span }));
    const operands = verb === 'start' ? [constant(null, span)] : [];
    if (array) {
      overNumbers(context, first, count, (target) => {
        builder.emit({ op: 'operate', operation: `task.${verb}`, target, operands });
      });
    } else {
      builder.emit({
        op: 'operate',
        operation: `task.${verb}`,
        target: { kind: 'fixed', id: first },
        operands,
      });
    }
  };
  for (const declaration of declarations) forEach('start', declaration);
  for (const declaration of declarations) if (declaration.daemon !== true) forEach('join', declaration);
}
