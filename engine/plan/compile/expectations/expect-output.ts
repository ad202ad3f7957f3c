/**
 * What `expect` says of printed lines, and the bounds it counts with.
 */
import type { Path } from '../../../document/document.ts';
import type { Data, Output } from '../../../document/scenario.generated.ts';
import { patternProblem } from '../../../expression/functions/pattern.ts';
import { literalFromValue } from '../../../expression/values/value-text.ts';
import type { Bound, OutputCheck } from '../../expectations.ts';
import type { Planning } from '../planning.ts';

export function outputOf(planning: Planning, output: Output, path: Path): readonly OutputCheck[] {
  const { constants, document, report } = planning;
  const checks: OutputCheck[] = [];
  for (const check of ['equals', 'inOrder', 'contains', 'excludes'] as const) {
    const texts = output[check];
    if (texts === undefined) continue;
    const lines = texts.map((data, index) => constants.text({ data, path: [...path, check, index] }) ?? '');
    checks.push({ check, lines, span: document.spanAt([...path, check], 'key') });
  }
  for (const [text, written] of Object.entries(output.count ?? {})) {
    const times = boundOf(planning, written, [...path, 'count', text]);
    if (times !== undefined)
      checks.push({ check: 'count', text, times, span: document.spanAt([...path, 'count', text], 'key') });
  }
  output.matches?.forEach((pattern, index) => {
    const span = document.spanAt([...path, 'matches', index]);
    const problem = patternProblem(pattern);
    if (problem === undefined) checks.push({ check: 'matches', pattern, span });
    else report('bad-pattern', span, problem);
  });
  return checks;
}

/** `3`, `<= 3`, `${{ n }}`, `<= ${{ n }}` */
export function boundOf(
  { constants, document, report }: Planning,
  data: Data,
  path: Path,
): Bound | undefined {
  const value = constants.value({ data, path });
  if (value === undefined) return undefined;
  // A list of one number would read as that number.
  const text = typeof value === 'object' ? '' : String(value).trim();
  const match = /^(==|<=|>=|<|>)?\s*(\d+)$/.exec(text);
  if (match !== null)
    return { comparison: (match[1] ?? '==') as Bound['comparison'], value: Number(match[2]) };
  const help = 'write a whole number, or a comparison such as `"<= 3"`';
  report('bad-bound', document.spanAt(path), `${literalFromValue(value)} is not a bound`, { help });
  return undefined;
}
