/**
 * What the command needs before the engine is loaded: a mistake in its arguments is told without it.
 */
export { harmless, harmlessLines, withoutCommands } from './source/harmless.ts';
export { shellWord } from './source/shell-word.ts';
