/**
 * Commands do not outlive the runner, not even where that is killed and can do nothing about it any more.
 *
 * A small shell reads from a pipe which process groups there are, and kills those that are left when the pipe ends, as it
 * does when the runner dies. (A child can ask the system to die with its parent; a shell's commands would not.)
 */
import { type ChildProcess, spawn } from 'node:child_process';

export type CommandGuard = {
  /** From now on that process group goes with the runner; until what is returned is called. */
  readonly watch: (group: number) => () => void;
  /** Watches nothing any more; settles when the guard is gone. */
  readonly close: () => Promise<void>;
};

const SCRIPT = `
trap '' HUP INT TERM
groups=' '
while read -r what group; do
  case $what in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group"; done
`;

/** Starts when the first command does: a run without commands pays nothing. */
export function createCommandGuard(): CommandGuard {
  let shell: ChildProcess | undefined;
  return {
    watch: (group) => {
      shell ??= startShell();
      const { stdin } = shell;
      stdin?.write(`+ ${group}\n`);
      return () => stdin?.write(`- ${group}\n`);
    },
    close: async () => {
      if (shell?.pid === undefined || shell.exitCode !== null || shell.signalCode !== null) return;
      const ended = new Promise((resolve) => shell?.once('close', resolve));
      shell.ref();
      shell.stdin?.end();
      await ended;
    },
  };
}

/** In a session of its own: what the terminal sends to the runner does not reach it. */
function startShell(): ChildProcess {
  const shell = spawn('/bin/sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // A machine without that shell, or a guard that was killed: then nobody guards.
  shell.on('error', () => {});
  shell.stdin?.on('error', () => {});
  shell.unref();
  return shell;
}
