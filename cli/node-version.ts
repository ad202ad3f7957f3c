/**
 * Which versions of Node the command runs on: asked before anything else is loaded, as what is loaded may not even parse.
 */

/** Undefined if that version is served; otherwise one line for the user. */
export function nodeMistake(version: string): string | undefined {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const isServed = major > 22 || (major === 22 && minor >= 3) || (major === 20 && minor >= 19);
  return isServed
    ? undefined
    : `concur: needs Node 20.19 or newer, or 22.3 or newer: this is Node ${version}\n`;
}
