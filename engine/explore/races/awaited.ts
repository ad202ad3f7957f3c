/**
 * What `await`s read, as subjects with numbers: resources first, then vars, groups and points.
 */
import type { Read } from '../../expression/expression.ts';
import type { Plan } from '../../plan/plan.ts';

export function subjectNumbers(plan: Plan) {
  const variables = plan.resources.length;
  const groups = variables + plan.variables.length;
  const points = groups + plan.groups.length;
  return { variables, groups, points, size: points + plan.points.length };
}

/** By step: the subjects of its `await`. */
export function awaitedSubjects(plan: Plan): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, readonly number[]>();
  const numbers = subjectNumbers(plan);
  for (const instruction of plan.programs.flatMap((program) => program.instructions)) {
    if (instruction.op !== 'await') continue;
    const own = instruction.condition.reads.flatMap((read) => subjectsOfRead(numbers, read));
    found.set(instruction.step, [...(found.get(instruction.step) ?? []), ...own]);
  }
  return found;
}

function subjectsOfRead(numbers: ReturnType<typeof subjectNumbers>, read: Read): readonly number[] {
  switch (read.from) {
    case 'variable':
      return [numbers.variables + read.variable];
    case 'resource':
      return Array.from({ length: read.array ? read.count : 1 }, (_, index) => read.first + index);
    case 'group':
      return [numbers.groups + read.group];
    case 'point':
      return [numbers.points + read.point];
    case 'constant':
    case 'local':
    case 'task':
    case 'now':
    case 'env':
      return [];
    default:
      return read satisfies never;
  }
}
