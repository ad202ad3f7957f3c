/**
 * Words for a POSIX shell, in commands that people copy.
 */
import { escapeHarmful } from './harmless.ts';

/** Quoted if a shell could take it for something else; what could do harm is written as `$'…'` writes it. */
export function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  const code = (point: number) => `\\U${point.toString(16).padStart(8, '0')}`;
  const isHarmless = escapeHarmful(word, code) === word;
  if (isHarmless) return `'${word.replaceAll("'", "'\\''")}'`;
  return `$'${escapeHarmful(word.replace(/[\\']/g, '\\$&'), code)}'`;
}
