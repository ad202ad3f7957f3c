/**
 * How the command was started, for commands that it tells people to copy.
 */

/**
 * `npx concur` where it is one of a project's packages, or of npx's own: no shell finds it by its name alone.
 *
 * @param script what Node was told to run, links not followed
 */
export function startedAs(script: string): string {
  return /[\\/]node_modules[\\/]\.bin[\\/][^\\/]+$/.test(script) ? 'npx concur' : 'concur';
}
