/**
 * What V8 is told by the command and its children, beside what Node tells it.
 *
 * Node ends by waiting for the threads that compile; where one of them waits for the main thread to collect garbage, neither
 * ever goes on, and the process stays when all is said and done. From 24 on Node has code for the baseline compiled by such
 * threads. The thread that wants it compiles it in no time.
 */

/** The versions of Node whose V8 does so and knows the flag: it complains of one that it does not know. */
const FIRST = 24;
const LAST = 26;

/** The same for everybody, as V8 takes a code cache for the same flags only. */
export function v8Flags(version: string): readonly string[] {
  const major = Number(/^v(\d+)/.exec(version)?.[1]);
  return major >= FIRST && major <= LAST ? ['--no-concurrent-sparkplug'] : [];
}
