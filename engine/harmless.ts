/**
 * What the command needs before the engine is loaded: a mistake in its arguments is told without it.
 */
export { escapeHarmful, harmless, harmlessLines, withoutCommands } from './source/harmless.ts';
