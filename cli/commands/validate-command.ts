/**
 * `concur validate`: what is wrong with scenarios, without running them.
 */
import type { Diagnostic, Source } from '../../engine/command.ts';
import { harmless, withoutCommands } from '../../engine/harmless.ts';
import type { Ending } from '../exit-code.ts';
import { loadPlans } from '../files/load.ts';
import { readSource } from '../files/read-source.ts';
import { type Engine, type Host, renderOptions, sayMistake } from '../host.ts';
import type { ValidateArguments } from './arguments.ts';

type Checked = { readonly source: Source; readonly diagnostics: readonly Diagnostic[] };

export async function validateCommand({ files, json }: ValidateArguments, host: Host): Promise<Ending> {
  const engine = await import('../../engine/command.ts');
  const checked: Checked[] = [];
  let ending: Ending = 'passed';
  for (const file of files) {
    const read = await readSource(file);
    if ('mistake' in read) {
      ending = sayMistake(host, read.mistake);
      continue;
    }
    const { diagnostics } = await loadPlans(engine, read.source, { set: [] });
    checked.push({ source: read.source, diagnostics });
    if (!json) host.stdout.write(findingsText(engine, host, { source: read.source, diagnostics }));
    if (engine.hasErrors(diagnostics)) ending = 'invalid';
  }
  if (json) host.stdout.write(engine.jsonText(engine.findingsJson(checked)));
  else {
    const all = checked.flatMap(({ diagnostics }) => diagnostics);
    host.stdout.write(engine.explainHint(all, renderOptions(engine, host, host.stdout)));
  }
  return ending;
}

function findingsText(engine: Engine, host: Host, { source, diagnostics }: Checked): string {
  if (diagnostics.length > 0) {
    return engine.renderDiagnostics(diagnostics, source, renderOptions(engine, host, host.stdout));
  }
  return withoutCommands(`${source.file === '-' ? 'standard input' : harmless(source.file)}: valid\n`);
}
