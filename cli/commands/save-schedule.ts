/**
 * `concur run --virtual --save FILE`: the steps of a run that fails, kept so that they outlive edits of the scenario.
 */
import { harmless } from '../../engine/harmless.ts';
import { openLogFile } from '../files/log-file.ts';
import type { RunToDo } from './run-once.ts';

/** Says where it is and how to play it, or why there is none; nothing without `--save`. */
export async function saveSchedule({ engine, host, args, plan, source }: RunToDo): Promise<void> {
  const { save: path } = args;
  if (path === undefined) return;
  const say = (text: string): void => host.stderr.write(`concur: ${harmless(text)}\n`);
  const recorded = await engine.recordSchedule(plan, { source });
  if ('reason' in recorded) return say(`no schedule was saved: ${recorded.reason}`);
  const file = openLogFile(path, [source.file], 'schedule');
  if ('mistake' in file) return say(file.mistake);
  file.write(engine.scheduleDocument(recorded.saved));
  const problem = await file.close(host.interruptible());
  if (problem !== undefined) return say(problem);
  const command = engine.replayCommand({ startedAs: host.startedAs, file: args.file }, { file: path });
  say(`its steps are saved; play them with: ${command}`);
}
