/**
 * How the command was started, for commands that it tells people to copy.
 */

/**
 * `npx concur` where it is one of a project's packages: no shell finds it by its name alone. Where npx fetched it for this
 * once, a plain `npx concur` would fetch another package of that name; in a clone of the package, npx links to that.
 *
 * @param script what Node was told to run, links not followed
 * @param module where the command's own code is
 */
export function startedAs(script: string, module: string): string {
  if (!/[\\/]node_modules[\\/]\.bin[\\/][^\\/]+$/.test(script)) return 'concur';
  return /[\\/]_npx[\\/]/.test(module) ? 'npx -p concur-scenarios concur' : 'npx concur';
}
