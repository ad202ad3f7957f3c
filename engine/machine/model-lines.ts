/**
 * What a command's model says that it writes, line by line.
 */
import type { Value, ValueMap } from '../expression/values/value.ts';
import { textFromValue } from '../expression/values/value-text.ts';
import { RECORD } from '../log/record.ts';
import type { Frame } from './frame.ts';

/** As of a real command: without line breaks, and what stands behind the last one too. */
function* linesOf(text: string): Iterable<string> {
  for (let at = 0; at < text.length; at = lineEnd(text, at) + 1) yield lineAt(text, at);
}

export function lineAt(text: string, at: number): string {
  const line = text.slice(at, lineEnd(text, at));
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

export function writtenTo(result: Value, stream: 'stdout' | 'stderr'): string {
  return textFromValue((result as ValueMap | null)?.[stream] ?? '');
}

export function printLines(frame: Frame, text: string): void {
  for (const line of linesOf(text)) {
    frame.enter();
    frame.k.recordTexts(RECORD.printed, frame.task, frame.step, [], [line]);
    frame.k.leave();
  }
}
