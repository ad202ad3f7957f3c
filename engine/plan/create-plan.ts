/**
 * Document → Plan: the planner's entrance.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { hasErrors } from '../diagnostic/finding.ts';
import type { Document } from '../document/document.ts';
import { createExpressionComposer } from '../expression/compose-expression.ts';
import { createCollector, type Report } from '../expression/report.ts';
import type { ValueMap } from '../expression/values/value.ts';
import { caseIndexOf, expectEntries } from './compile/cases.ts';
import { createConstants } from './compile/constants.ts';
import { checkSettings } from './compile/expectations/check-settings.ts';
import { compileExpectations } from './compile/expectations/compile-expectations.ts';
import { parametersOf } from './compile/parameters.ts';
import { createStepTable, createTable, createUses, type Planning } from './compile/planning.ts';
import {
  declareResources,
  declareVariables,
  resourceSections,
} from './compile/resources/declare-resources.ts';
import { createNameTable, parameterScope } from './compile/resources/name-table.ts';
import { warnOfOwnCopies } from './compile/resources/own-copies.ts';
import { declarePoints } from './compile/steps/points.ts';
import { compilePrograms, finishPrograms } from './compile/tasks/compile-program.ts';
import { declareTasks } from './compile/tasks/declare-tasks.ts';
import { withStarts } from './compile/tasks/main-starts.ts';
import { checkNeeds } from './compile/tasks/needs.ts';
import { createStarts } from './compile/tasks/starts.ts';
import { createTaskTable } from './compile/tasks/task-table.ts';
import { teardownOf } from './compile/tasks/teardown.ts';
import { warnOfResources, warnOfRoutines } from './compile/warnings.ts';
import type { MissingModule } from './missing-module.ts';
import type { Mode } from './mode.ts';
import type { Plan } from './plan.ts';
import { withoutModel } from './without-model.ts';

export { caseNames } from './compile/cases.ts';

export type PlanOptions = {
  /** One of `caseNames`; without it the file as it stands. */
  readonly caseName?: string;
  /** Parameters as text, over the file's and the case's: read as the type that the parameter has. */
  readonly set?: Readonly<Record<string, string>>;
  /** 0 … 2^32 - 1; over the file's. */
  readonly seed?: number;
  /** Commands and functions of the user's own are findings. */
  readonly noExec?: true;
  /** It is to be checked: parameters of `check` count. */
  readonly forCheck?: true;
  /** In virtual time nothing real is run: a command, function or probe without a model is a finding. */
  readonly mode?: Mode;
  /** Looks for the file of a function; undefined where it is there. Without it nobody looks. */
  readonly missingModule?: (module: string) => MissingModule | undefined;
  /** Asked where neither option nor file has a seed; 0 … 2^32 - 1. */
  drawSeed(): number;
};

export type PlanResult = {
  /** Missing if there is an error among the findings. */
  readonly plan?: Plan;
  readonly diagnostics: readonly Diagnostic[];
};

const defaultTimeoutUs = 600e6;

/**
 * Compiles a scenario: every name resolved, every size known, every step an instruction, every expression checked.
 *
 * All findings are collected; whatever is in the document, nothing is thrown but faults of this program.
 */
export function createPlan(document: Document, options: PlanOptions): PlanResult {
  const { report, diagnostics } = createCollector();
  const caseIndex =
    options.caseName === undefined ? undefined : caseIndexOf(document, options.caseName, report);
  const params = parametersOf(
    document,
    { caseIndex, set: options.set, forCheck: options.forCheck === true },
    report,
  );
  const planning = createPlanning(document, params, report, options);
  checkNeeds(planning);
  declareResources(planning);
  declareVariables(planning);
  declareTasks(planning);
  for (const name of Object.keys(planning.scenario.routines ?? {}))
    planning.names.declare(name, { kind: 'routine' });
  const points = declarePoints(planning);
  compilePrograms(planning);
  const expect = compileExpectations(planning, expectEntries(document, caseIndex));
  const check = checkSettings(planning, caseIndex);
  // Next to an unknown name, an unused one is mostly its other side.
  if (!hasErrors(diagnostics())) {
    warnOfResources(planning);
    warnOfRoutines(planning);
  }
  const settings = { ...settingsOf(planning), check };
  if (hasErrors(diagnostics())) return { diagnostics: diagnostics() };
  const { seed: fileSeed } = document.scenario;
  const seed = options.seed ?? (fileSeed === undefined ? options.drawSeed() : Number(fileSeed));
  const caseName = options.caseName === undefined ? {} : { caseName: options.caseName };
  const compiled = { ...compiledParts(planning), points, expect };
  const plan: Plan = { ...settings, ...caseName, params, seed, ...compiled };
  if (options.mode === 'virtual') reportMissingModels(plan, report);
  warnOfOwnCopies(planning, plan, report);
  const found = diagnostics();
  return hasErrors(found) ? { diagnostics: found } : { plan, diagnostics: found };
}

function reportMissingModels(plan: Plan, report: Report): void {
  const help = 'say how long it lasts and what it returns: `model: { takes: 1s, result: … }`';
  for (const { span, text } of withoutModel(plan))
    report('missing-model', span, `in virtual time, \`${text}\` needs a \`model\``, { help });
}

function compiledParts(planning: Planning) {
  const { resources, steps, tasks, variables } = planning;
  return {
    resources: resources.list(),
    variables: variables.list(),
    programs: finishPrograms(planning),
    tasks: withStarts(planning),
    groups: tasks.groups(),
    processes: tasks.processes(),
    steps: steps.list(),
    ...teardownOf(planning),
  };
}

function createPlanning(
  document: Document,
  params: ValueMap,
  report: Report,
  { noExec, missingModule }: PlanOptions,
): Planning {
  const names = createNameTable(params);
  const composer = createExpressionComposer(document, report);
  const constants = createConstants(composer, parameterScope(names, declaredNames(document)), report);
  const { scenario } = document;
  return {
    document,
    scenario,
    mayExecute: noExec !== true,
    missingModule: missingModule ?? (() => undefined),
    report,
    composer,
    constants,
    names,
    steps: createStepTable(),
    uses: createUses(),
    resources: createTable(),
    variables: createTable(),
    tasks: createTaskTable(),
    starts: createStarts(),
    builders: new Map(),
  };
}

/** Everything that has a name of its own, beside parameters. */
function declaredNames({ scenario }: Document): ReadonlySet<string> {
  const { vars, tasks } = scenario;
  const sections = [vars, tasks, ...resourceSections.map((section) => scenario[section])];
  return new Set(sections.flatMap((section) => Object.keys(section ?? {})));
}

function settingsOf({ document, scenario, constants }: Planning) {
  const { file } = document.source;
  return {
    name: scenario.name ?? baseName(file),
    ...(scenario.description === undefined ? {} : { description: scenario.description }),
    file,
    timeoutUs:
      constants.microseconds({ data: scenario.timeout, path: ['timeout'] }, defaultTimeoutUs) ??
      defaultTimeoutUs,
    ...(scenario.secrets === undefined ? {} : { secrets: scenario.secrets }),
    mainIsWritten: scenario.main !== undefined,
    failFast: constants.flag({ data: scenario.failFast, path: ['failFast'] }, false),
  };
}

/** `scenarios/toilet.yaml` is `toilet`. */
function baseName(file: string): string {
  const last = file.split(/[\\/]/).at(-1) ?? file;
  return last.replace(/(.)\.[^.]*$/, '$1');
}
