/**
 * Scenarios of tests, planned: the plan, its listings, or the findings at line and column.
 */
import { loadDocument } from '../../engine/document/load.ts';
import { createPlan, type PlanOptions } from '../../engine/plan/create-plan.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { positionAt } from '../../engine/source/position.ts';
import { listing } from './listing.ts';

type Options = Partial<PlanOptions>;

const drawSeed = (): number => 7;

function load(text: string) {
  const source = { file: 'test.yaml', text: /^(concur|\{)/.test(text) ? text : `concur: 1\n${text}` };
  const { document, diagnostics } = loadDocument(source);
  if (document === undefined) throw new Error(`not a document: ${JSON.stringify(diagnostics, null, 2)}`);
  return { source, document };
}

/** The plan of a scenario that has no errors; `concur: 1` is put before it. */
export function planOf(text: string, options: Options = {}): Plan {
  const { document } = load(text);
  const { plan, diagnostics } = createPlan(document, { drawSeed, ...options });
  if (plan === undefined) throw new Error(`no plan: ${JSON.stringify(diagnostics, null, 2)}`);
  return plan;
}

/** The listing of a task's program, without the common indentation of templates in tests. */
export function programOf(text: string, name = 'main'): string {
  const plan = planOf(text);
  const program = plan.programs.find((one) => one.name === name);
  if (program === undefined) throw new Error(`no program ${name}`);
  return `\n${listing(plan, program)}\n`;
}

/** `line:column «place» code: message`, with the help behind a dash; lines count from `concur: 1` as 1. */
export function findingsIn(text: string, options: Options = {}): readonly string[] {
  const { source, document } = load(text);
  return createPlan(document, { drawSeed, ...options }).diagnostics.map(({ code, span, message, help }) => {
    const { line, column } = positionAt(source, span.start);
    const place = source.text.slice(span.start, span.end);
    return `${line}:${column} «${place}» ${code}: ${message}${help === undefined ? '' : ` — ${help}`}`;
  });
}
