/** Words in a row, as a sentence has them: `a`, `a and b`, `a, b and c`. */
export function enumeration(words: readonly string[], conjunction = 'and'): string {
  if (words.length <= 1) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}

/** The same with each word as code. */
export function codeEnumeration(words: readonly string[], conjunction = 'and'): string {
  return enumeration(
    words.map((word) => `\`${word}\``),
    conjunction,
  );
}
