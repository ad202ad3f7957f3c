/**
 * A name that nothing else has. (Node takes milliseconds to load what it takes, which most runs never need: so it is asked for
 * late.)
 */
export function uniqueName(): string {
  return process.getBuiltinModule('node:crypto').randomUUID();
}
