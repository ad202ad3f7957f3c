/**
 * The word that a misspelt one was meant to be.
 */

const longest = 40;

/**
 * The candidate nearest to the word, if it is near: at most a third of the letters differ (one letter always may).
 *
 * Case, `-` and `_` do not count, and a swap of neighbours is one difference. Of equals, the first candidate.
 */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > longest) return undefined;
  const letters = plain(word);
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(letters, plain(candidate));
    const limit = Math.max(1, Math.floor(Math.max(letters.length, candidate.length) / 3));
    const isNear = distance <= limit && distance < Math.min(letters.length, candidate.length);
    if (isNear && (best === undefined || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** How many letters to insert, delete, replace or swap with a neighbour, none of them touched twice. O(a × b). */
export function editDistance(a: string, b: string): number {
  let twoBack: readonly number[] = [];
  let oneBack: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const differs = a[row - 1] === b[column - 1] ? 0 : 1;
      let least = Math.min(
        at(oneBack, column) + 1,
        at(current, column - 1) + 1,
        at(oneBack, column - 1) + differs,
      );
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwap) least = Math.min(least, at(twoBack, column - 2) + 1);
      current.push(least);
    }
    twoBack = oneBack;
    oneBack = current;
  }
  return at(oneBack, b.length);
}

function at(numbers: readonly number[], index: number): number {
  return numbers[index] ?? Number.POSITIVE_INFINITY;
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[-_ ]/g, '');
}
