/**
 * What commands need of the process they run in, so that nothing else of them knows it.
 */
import { harmless, harmlessLines, withoutCommands } from '../engine/harmless.ts';
import { machineFault } from './files/read-source.ts';
import type { Interruption } from './interruption.ts';
import type { Screen, ScreenListener } from './keys.ts';
import type { Output } from './output.ts';

export type StreamFacts = { readonly isTTY: boolean; readonly columns: number | undefined };

export type Host = {
  readonly version: string;
  /** How the command was started, for commands to copy: `concur`, `npx concur`. */
  readonly startedAs: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output & { readonly facts: StreamFacts };
  readonly stderr: Output & { readonly facts: StreamFacts };
  /** The terminal's size now; for a live view. */
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** A screen of its own, and each key that is pressed; undefined where nobody can press any. */
  readonly screen: ((listener: ScreenListener) => Screen) | undefined;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly every: (ms: number, callback: () => void) => () => void;
  /** From the first call on, signals stop the run instead of the process: not before there is something to stop. */
  readonly interruptible: () => Interruption;
};

/** The engine is loaded by the command that needs it: `--help` does not wait for it. */
export type Engine = typeof import('../engine/command.ts');

/** One line about what the user did wrong. */
export function sayMistake(host: Host, message: string): 'invalid' {
  host.stderr.write(`concur: ${harmless(message)}\n`);
  return 'invalid';
}

/** What is ours to mend. */
export function sayBug(host: Host, error: unknown, seed?: number): 'bug' {
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const where = seed === undefined ? '' : `, seed ${seed}`;
  host.stderr.write(
    withoutCommands(
      `bug in concur ${host.version}${where}: please report it, with the scenario\n${harmlessLines(details).join('\n')}\n`,
    ),
  );
  return 'bug';
}

/** What broke the command: a fault of the machine, in a sentence, or a bug of ours. */
export function sayBroken(host: Host, error: unknown, seed?: number): 'inconclusive' | 'bug' {
  const fault = machineFault(error);
  if (fault === undefined) return sayBug(host, error, seed);
  host.stderr.write(`concur: ${harmless(fault)}\n`);
  return 'inconclusive';
}

/** How findings are shown on that stream. */
export function renderOptions(
  engine: Engine,
  { env, startedAs }: Host,
  { facts }: { readonly facts: StreamFacts },
) {
  const { colour } = engine.chooseUse({ ...facts, env });
  return {
    colour,
    startedAs,
    ...(facts.columns === undefined || facts.columns === 0 ? {} : { columns: facts.columns }),
  };
}
