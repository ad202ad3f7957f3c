/**
 * A suite for a pipe, a file or a CI log: each line is written at once.
 */
import type { SuiteReporter } from './suite.ts';
import { createSuiteText, type SuiteTextOptions } from './suite-text.ts';

export function createSuitePlain(
  options: SuiteTextOptions & { readonly write: (text: string) => void },
): SuiteReporter {
  const textOf = createSuiteText(options);
  return {
    async begin() {},
    handle(event) {
      const text = textOf(event);
      if (text !== '') options.write(text);
    },
    async end() {},
  };
}
