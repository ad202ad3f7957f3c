/**
 * The main program: as written, or one that starts every task as its needs allow, waits for those that are no daemons, and
 * ends. The workers of pools are there before anything else.
 */
import type { Path } from '../../document/document.ts';
import { launcherOf } from './needs.ts';
import { startProbers } from './ready.ts';
import { overReplicas } from './replicas.ts';
import { constant, type StepContext } from './step-context.ts';
import type { Declaration } from './task-table.ts';

export function compileMain(context: StepContext): void {
  const { planning } = context;
  const { scenario, tasks } = planning;
  const declarations = tasks.declarations();
  for (const declaration of declarations) {
    if (declaration.body.is !== 'worker') continue;
    context.builder.step = stepOf(context, 'start', declaration, [declaration.name, '.start']);
    start(context, declaration);
  }
  if (scenario.main !== undefined) {
    context.steps(context, scenario.main, ['main']);
    return;
  }
  const written = declarations.filter(({ body }) => body.is === 'task');
  for (const declaration of written) {
    context.builder.step = stepOf(context, 'start', declaration, ['tasks', declaration.name, '.start']);
    start(context, launcherOf(planning, declaration) ?? declaration);
  }
  for (const declaration of written) if (declaration.daemon !== true) join(context, declaration);
}

function start(context: StepContext, declaration: Declaration): void {
  const nothing = constant(null, declaration.span);
  overReplicas(context, declaration, (target) => {
    context.builder.emit({ op: 'operate', operation: 'task.start', target, operands: [nothing] });
  });
  startProbers(context, declaration);
}

/** What has needs cannot be joined before its launcher has decided. */
function join(context: StepContext, declaration: Declaration): void {
  const { builder, planning } = context;
  const launcher = launcherOf(planning, declaration);
  builder.step = stepOf(context, 'join', declaration, ['tasks', declaration.name, '.join']);
  for (const joined of launcher === undefined ? [declaration] : [launcher, declaration]) {
    overReplicas(context, joined, (target) => {
      builder.emit({ op: 'operate', operation: 'task.join', target, operands: [] });
    });
  }
}

function stepOf({ planning }: StepContext, verb: string, { name, span }: Declaration, path: Path): number {
  return planning.steps.numberOf(path, () => ({ verb, text: `${verb} ${name}`, span }));
}
