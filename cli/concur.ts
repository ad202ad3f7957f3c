/**
 * The command: wiring only. What was asked for is in `arguments.ts`, what happens in the commands, which are loaded when
 * they are needed.
 */
import { type Invocation, parseArguments } from './commands/arguments.ts';
import { type Ending, exitCodes, worstEnding } from './exit-code.ts';
import { reasonFor } from './files/read-source.ts';
import { type Host, sayBroken, sayBug, sayMistake } from './host.ts';
import { type Interruption, watchSignals } from './interruption.ts';
import { openScreen, type Screen, type ScreenListener } from './keys.ts';
import { createOutput } from './output.ts';
import { startedAs } from './started-as.ts';
import { versionOfPackage } from './version.ts';

const version = versionOfPackage(import.meta.url);

const host = createHost();

process.on('uncaughtException', (error) => leave(sayBroken(host, error)));
// Every way out is through `leave`: if everybody waits for what never comes, that must not look like success.
process.on('beforeExit', () => leave(sayBug(host, 'there is nothing left to wait for')));

carryOut(parseArguments(process.argv.slice(2), version)).then(leave, (error: unknown) =>
  leave(sayBroken(host, error)),
);

async function carryOut(invocation: Invocation): Promise<Ending> {
  switch (invocation.command) {
    case 'run':
      return (await import('./commands/run-command.ts')).runCommand(invocation, host);
    case 'test':
      return (await import('./commands/test-command.ts')).testCommand(invocation, host);
    case 'report':
      return (await import('./suite/report-command.ts')).reportCommand(invocation, host);
    case 'check':
      return (await import('./commands/check-command.ts')).checkCommand(invocation, host);
    case 'replay':
      return (await import('./commands/replay-command.ts')).replayCommand(invocation, host);
    case 'validate':
      return (await import('./commands/validate-command.ts')).validateCommand(invocation, host);
    case 'explain':
      return (await import('./commands/explain-command.ts')).explainCommand(invocation, host);
    case 'list':
      return (await import('./commands/list-command.ts')).listCommand(invocation, host);
    case 'init':
      return (await import('./commands/init-command.ts')).initCommand(invocation, host);
    case 'templates':
      return (await import('./commands/init-command.ts')).templatesCommand(host);
    case 'schema':
      return (await import('./commands/schema-command.ts')).schemaCommand(host);
    case 'say':
      host.stdout.write(invocation.text);
      return 'passed';
    case 'mistake':
      return sayMistake(host, invocation.message);
    default:
      return invocation satisfies never;
  }
}

function createHost(): Host {
  const { stdout, stderr, env } = process;
  let interruption: Interruption | undefined;
  const interruptible = () => {
    interruption ??= watchSignals({ source: process, exit: (code) => process.exit(code), after });
    return interruption;
  };
  return {
    version,
    startedAs: startedAs(process.argv[1] ?? '', import.meta.url),
    env,
    stdout: { ...createOutput(stdout, () => interruptible().outputClosed()), facts: factsOf(stdout) },
    stderr: { ...createOutput(stderr, () => {}), facts: factsOf(stderr) },
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    screen: process.stdin.isTTY && stdout.isTTY ? openOwnScreen : undefined,
    now: () => performance.now(),
    every,
    interruptible,
  };
}

function openOwnScreen(listener: ScreenListener): Screen {
  const { stdin, stdout } = process;
  const atExit = (callback: () => void) => {
    process.on('exit', callback);
    return () => process.off('exit', callback);
  };
  return openScreen(
    { stdin, stdout, atExit, interrupt: () => process.kill(process.pid, 'SIGINT') },
    listener,
  );
}

function after(ms: number, callback: () => void): void {
  setTimeout(callback, ms).unref();
}

function every(ms: number, callback: () => void): () => void {
  const timer = setInterval(callback, ms).unref();
  return () => clearInterval(timer);
}

function factsOf({ isTTY, columns }: NodeJS.WriteStream) {
  return { isTTY: isTTY === true, columns };
}

/** Whatever is still there when all is said and done must not keep the process alive. */
function leave(ending: Ending): void {
  void flush(ending).then((final) => process.exit(exitCodes[final].code));
}

/** A verdict that could not be written is none; a reader who left after it has seen enough. */
async function flush(ending: Ending): Promise<Ending> {
  await host.stdout.flushed();
  const problem = host.stdout.problem();
  if (problem !== undefined)
    host.stderr.write(`concur: cannot write standard output: ${reasonFor(problem)}\n`);
  await host.stderr.flushed();
  if (problem === undefined) return ending;
  // Nobody left: what stopped the run is what the machine did not take.
  return ending === 'outputClosed' ? 'inconclusive' : worstEnding([ending, 'inconclusive']);
}
