/**
 * `--save FILE`: the steps of a run in virtual time that fails, or of what a check found, kept so that they outlive edits of the
 * scenario.
 */
import type { CheckResult, Source } from '../../engine/command.ts';
import { harmless } from '../../engine/harmless.ts';
import { openLogFile } from '../files/log-file.ts';
import type { Engine, Host } from '../host.ts';
import type { CheckArguments } from './check-arguments.ts';
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

type OfCheck = { readonly engine: Engine; readonly host: Host; readonly args: CheckArguments };

/** The first way that breaks something; what was there before is kept where nothing does. @returns a mistake */
export async function saveWay(
  { engine, host, args }: OfCheck,
  { file: scenario }: Source,
  { counterexample, verdict }: CheckResult,
): Promise<string | undefined> {
  if (args.save === undefined || counterexample === null) return undefined;
  const { saved } = counterexample;
  const breaks = engine.brokenText(verdict) ?? 'deadlock';
  const file = openLogFile(args.save, [scenario], 'schedule');
  if ('mistake' in file) return file.mistake;
  file.write(engine.scheduleDocument({ ...saved, set: Object.fromEntries(args.set), breaks }));
  return file.close(host.interruptible());
}
