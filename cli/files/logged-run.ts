/**
 * A log that was read: with it the case, the parameters and the seed of the run that wrote it.
 */
import type { Log, SavedSchedule } from '../../engine/command.ts';
import type { Engine } from '../host.ts';
import { readText } from './read-source.ts';

export type LoggedRun = Pick<SavedSchedule, 'caseName' | 'set' | 'seed'> & { readonly log: Log };
export type Mistake = { readonly mistake: string };

const LOG_BEGINS = '{"concurLog"';

export function isLog(text: string): boolean {
  return text.startsWith(LOG_BEGINS);
}

export async function readLog(engine: Engine, file: string): Promise<LoggedRun | Mistake> {
  const read = await readText(file);
  return 'mistake' in read ? read : loggedRun(engine, file, read.text);
}

export function loggedRun(engine: Engine, file: string, text: string): LoggedRun | Mistake {
  const log = engine.parseLog(text);
  if ('problem' in log) return { mistake: `${file} is no log, at its line ${log.line}: ${log.problem}` };
  const { caseName, seed, params } = log.header;
  return { log, caseName, seed, set: engine.settingsOf(params) };
}
