/**
 * Commands and the run's folder do not outlive the runner, not even where that is killed and can do nothing about it any
 * more.
 *
 * What leads a session of its own is in no group that is known here. All commands of a run therefore have a mark in their
 * environment, as CI runners do it, and whoever still has it at the end of the run is killed.
 *
 * A small shell reads from a pipe which process groups there are, and kills those that are left when the pipe ends, as it
 * does when the runner dies. (A child can ask the system to die with its parent; a shell's commands would not.) It is told
 * of a group only when that has lived for a moment: until then the mark is enough, and most commands are over by then.
 */
import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { uniqueName } from '../processes/unique-name.ts';

export type CommandGuard = {
  /** The environment of all commands and functions of this run: that of the runner, and the mark. */
  readonly environment: NodeJS.ProcessEnv;
  /** Whatever has the mark goes with the run, also where no command of it is known: functions start what they like. */
  readonly watchAll: () => void;
  /** From now on that process group goes with the runner; until what is returned is called. */
  readonly watch: (group: number) => () => void;
  /** From now on that folder is removed if the runner is killed; who ends in good order removes it before `close`. */
  readonly watchFolder: (folder: string) => void;
  /** Kills what is left of the commands; settles when it is done. After it, there are to be no new ones. */
  readonly sweep: () => Promise<void>;
  /** Watches nothing any more; settles when the guard is gone. */
  readonly close: () => Promise<void>;
};

/** Whoever takes this out of its environment is left alone. */
const MARK = 'CONCUR_RUN';

const SCRIPT = `
trap '' HUP INT TERM PIPE
groups=' '
folder=''
sweep() {
  for group in $groups; do kill -s KILL -- "-$group"; done
  for round in 1 2 3 4 5; do
    left=''
    for file in $(grep -lsF "$1" /proc/[0-9]*/environ); do
      file=\${file#/proc/}
      kill -s KILL "\${file%/environ}" && left=1
    done
    [ -n "$left" ] || break
  done
}
while read -r what group; do
  case $what in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% $group *} \${groups#* $group }" ;;
    folder) folder=$(printf %b "$group") ;;
    sweep) sweep "$1"; echo ;;
    close) exit ;;
  esac
done
sweep "$1"
case $folder in */concur-*) rm -rf -- "$folder" ;; esac
`;

/** How long a group lives before the shell is told of it. */
const TELL_MS = 25;

/** Starts with the first command, or the folder: a run without them pays nothing. */
export function createCommandGuard(): CommandGuard {
  let shell: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  const untold = new Set<number>();
  let environment: NodeJS.ProcessEnv | undefined;
  let mark: string | undefined;
  const markOfRun = () => {
    mark ??= uniqueName();
    return mark;
  };
  const guarding = () => {
    shell ??= startShell(`${MARK}=${markOfRun()}`);
    return shell;
  };
  const tell = (): void => {
    timer = undefined;
    if (untold.size > 0) shell?.stdin?.write(Array.from(untold, (group) => `+ ${group}\n`).join(''));
    untold.clear();
  };
  return {
    get environment() {
      environment ??= { ...process.env, [MARK]: markOfRun() };
      return environment;
    },
    watchAll: () => void guarding(),
    watchFolder: (folder) => {
      guarding().stdin?.write(`folder ${inOneLine(folder)}\n`);
    },
    watch: (group) => {
      const { stdin } = guarding();
      untold.add(group);
      timer ??= setTimeout(tell, TELL_MS).unref();
      return () => {
        if (!untold.delete(group)) stdin?.write(`- ${group}\n`);
      };
    },
    sweep: async () => {
      clearTimeout(timer);
      if (!isAlive(shell)) return;
      const swept = new Promise((resolve) => shell?.once('exit', resolve).stdout?.once('data', resolve));
      shell.ref();
      // Somebody may have frozen it: nobody waits for that.
      shell.kill('SIGCONT');
      shell.stdin?.write('sweep\n');
      await swept;
    },
    close: async () => {
      if (!isAlive(shell)) return;
      // Not `close`: once the shell has gone, nothing keeps the event loop waiting for the end of its output.
      const ended = new Promise((resolve) => shell?.once('exit', resolve));
      shell.ref();
      // Somebody may have frozen it: nobody waits for that.
      shell.kill('SIGCONT');
      shell.stdin?.end('close\n');
      await ended;
    },
  };
}

/** As `printf %b` reads it: a path may have a line break in it, and what the shell takes for the folder is deleted. */
function inOneLine(path: string): string {
  return path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function isAlive(shell: ChildProcess | undefined): shell is ChildProcess {
  return shell?.pid !== undefined && shell.exitCode === null && shell.signalCode === null;
}

/** In a session of its own: what the terminal sends to the runner does not reach it. */
function startShell(mark: string): ChildProcess {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'concur-guard', mark], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  // A machine without that shell, or a guard that was killed: then nobody guards.
  shell.on('error', () => {});
  shell.stdin?.on('error', () => {});
  (shell.stdout as Socket | null)?.unref();
  shell.unref();
  return shell;
}
