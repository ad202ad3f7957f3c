/**
 * The main program: as written, or one that starts every task as its needs allow, waits for those that are no daemons, and
 * ends. What steps of others start is left to them. A start that is refused keeps nothing else from being started. The workers of pools are there before anything else.
 */
import type { Path } from '../../../document/document.ts';
import type { Planning } from '../planning.ts';
import type { StepContext } from '../steps/step-context.ts';
import { startedByMain } from './main-starts.ts';
import { launcherOf } from './needs.ts';
import { startProbers } from './ready.ts';
import { failIfRefused, guardedStart, mayBeRefused, startRows } from './refused-start.ts';
import { overReplicas } from './replicas.ts';
import type { Declaration } from './task-table.ts';

/**
 * Gives the steps that main is made of their numbers, which are to be the first of a scenario: what is drawn at random
 * depends on them.
 */
export function numberSteps(planning: Planning): void {
  const declarations = planning.tasks.declarations();
  for (const declaration of declarations) {
    if (declaration.body.is === 'worker') workerStep(planning, declaration);
  }
  if (planning.scenario.main !== undefined) return;
  const written = declarations.filter(isWritten);
  for (const declaration of written) startStep(planning, declaration);
  for (const declaration of written) if (declaration.daemon !== true) joinStep(planning, declaration);
}

export function compileMain(context: StepContext): void {
  const { planning } = context;
  const { scenario, tasks } = planning;
  const declarations = tasks.declarations();
  for (const declaration of declarations) {
    if (declaration.body.is !== 'worker') continue;
    context.builder.step = workerStep(planning, declaration);
    startRows(context, declaration, [declaration]);
  }
  if (scenario.main !== undefined) {
    context.steps(context, scenario.main, ['main']);
    return;
  }
  const written = declarations.filter(isWritten);
  const refusals = written.map((declaration) => startWritten(context, declaration));
  written.forEach((declaration, index) => {
    const refused = refusals[index];
    if (refused === undefined) return;
    context.builder.step = startStep(planning, declaration);
    failIfRefused(context, refused, declaration.span);
  });
  for (const declaration of written) if (declaration.daemon !== true) join(context, declaration);
}

function isWritten({ body }: Declaration): boolean {
  return body.is === 'task';
}

/** The slot where the error is if a start was refused. */
function startWritten(context: StepContext, declaration: Declaration): number | undefined {
  const { builder, planning } = context;
  builder.step = startStep(planning, declaration);
  const launcher = launcherOf(planning, declaration);
  const rows = launcher === undefined ? startedByMain(planning, declaration) : [launcher];
  const look = (): void => startProbers(context, declaration, 'main');
  if (launcher === undefined && mayBeRefused(planning, declaration))
    return guardedStart(context, declaration, rows, look);
  startRows(context, declaration, rows);
  look();
  return undefined;
}

/** What has needs cannot be joined before its launcher has decided. */
function join(context: StepContext, declaration: Declaration): void {
  const { builder, planning } = context;
  const launcher = launcherOf(planning, declaration);
  builder.step = joinStep(planning, declaration);
  const rows = startedByMain(planning, declaration);
  for (const row of launcher === undefined ? rows : [launcher, ...rows]) {
    overReplicas(context, row, (target) => {
      builder.emit({ op: 'operate', operation: 'task.join', target, operands: [] });
    });
  }
}

function workerStep(planning: Planning, worker: Declaration): number {
  return stepOf(planning, 'start', worker, [worker.name, '.start']);
}

function startStep(planning: Planning, declaration: Declaration): number {
  return stepOf(planning, 'start', declaration, ['tasks', declaration.name, '.start']);
}

function joinStep(planning: Planning, declaration: Declaration): number {
  return stepOf(planning, 'join', declaration, ['tasks', declaration.name, '.join']);
}

function stepOf({ steps }: Planning, verb: string, { name, span }: Declaration, path: Path): number {
  return steps.numberOf(path, () => ({ verb, text: `${verb} ${name}`, span }));
}
