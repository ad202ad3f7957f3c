/**
 * The built command, run as users run it: in a pipe, with an exit code.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export const root = fileURLToPath(new URL('../../', import.meta.url));

type Options = { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> };

/** Runs a program to its end and keeps what it wrote. */
export function command(program: string, args: readonly string[], options: Options = {}): Promise<Ended> {
  const { cwd = root, env = {} } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** `concur …` in a directory. */
export function concurIn(cwd: string, ...args: readonly string[]): Promise<Ended> {
  return command(process.execPath, [join(root, 'dist/concur.js'), ...args], { cwd });
}

/** `concur …` at the top of the project. */
export function concur(...args: readonly string[]): Promise<Ended> {
  return concurIn(root, ...args);
}

/** What tasks printed, in order: a pipe gets each line as `task | line`. */
export function printedLines({ stdout }: Ended): readonly string[] {
  return stdout.split('\n').flatMap((line) => {
    const printed = /^[A-Za-z_]\w*(?:\[\d+\])? \| (.*)$/.exec(line);
    return printed ? [printed[1] ?? ''] : [];
  });
}
