/**
 * Runs with their logs, for tests: written as a file would be, and read again.
 */
import { createLogWriter, type Log, type Plan, parseLog, run, type Verdict } from '../../engine/index.ts';

export type Logged = { readonly log: Log; readonly verdict: Verdict; readonly violation: string | null };

export async function logged(plan: Plan, mode: 'real' | 'virtual' = 'virtual'): Promise<Logged> {
  let text = '';
  const write = (lines: string): void => {
    text += lines;
  };
  const writer = createLogWriter(plan, { mode, write });
  const { verdict, violation } = await run(plan, { mode, handle: (event) => writer.handle(event) });
  writer.end();
  const log = parseLog(text);
  if ('problem' in log) throw new Error(log.problem);
  return { log, verdict, violation: violation?.text ?? null };
}
