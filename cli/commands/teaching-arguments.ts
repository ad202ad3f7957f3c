/**
 * The commands that teach, as data: `explain`, `list`, `init`, `schema`.
 */
import type { Command } from 'commander';

export type ExplainArguments = {
  readonly command: 'explain';
  /** As written; without it all codes are listed. */
  readonly code?: string;
};

export type ListArguments = {
  readonly command: 'list';
  /** Files and directories; none: those that come with concur. */
  readonly paths: readonly string[];
  readonly json: boolean;
};

export type InitArguments = {
  readonly command: 'init';
  readonly template: string;
  /** Where it is written; without it, a name after the template. */
  readonly output?: string;
  readonly force: boolean;
};

export type TeachingArguments =
  | ExplainArguments
  | ListArguments
  | InitArguments
  | { readonly command: 'templates' }
  | { readonly command: 'schema' };

type Found = (invocation: TeachingArguments) => void;

/** Adds the commands to the program; what was asked for is handed to `found`. */
export function addTeachingCommands(program: Command, found: Found): void {
  addExplain(program, found);
  addList(program, found);
  addInit(program, found);
  program
    .command('schema')
    .description('print the JSON schema of scenarios, for editors')
    .addHelpText('after', schemaExamples)
    .action(() => found({ command: 'schema' }));
}

function addExplain(program: Command, found: Found): void {
  program
    .command('explain')
    .description('explain an error or a warning, with an example; without a code, list all codes')
    .argument('[code]', 'the word in brackets: unknown-key in error[unknown-key]')
    .addHelpText('after', explainExamples)
    .action((code: string | undefined) => {
      found({ command: 'explain', ...(code === undefined ? {} : { code }) });
    });
}

function addList(program: Command, found: Found): void {
  program
    .command('list')
    .description('list scenarios with their descriptions; by default those that come with concur')
    .argument('[paths...]', 'files, or directories with scenarios in them')
    .option('--json', 'print a JSON document')
    .addHelpText('after', listExamples)
    .action((paths: readonly string[], { json }: { readonly json?: true }) => {
      found({ command: 'list', paths, json: json === true });
    });
}

type InitOptions = { readonly output?: string; readonly force?: true; readonly list?: true };

function addInit(program: Command, found: Found): void {
  program
    .command('init')
    .description('write a new scenario to start from')
    .argument('[template]', 'which one: see --list', 'minimal')
    .option('-o, --output <file>', 'where to write it; - is standard output')
    .option('--force', 'overwrite a file that exists')
    .option('--list', 'list the templates')
    .addHelpText('after', initExamples)
    .action((template: string, { output, force, list }: InitOptions) => {
      if (list) return found({ command: 'templates' });
      const where = output === undefined ? {} : { output };
      return found({ command: 'init', template, ...where, force: force === true });
    });
}

const explainExamples = `
Examples:
  concur explain unknown-key
  concur explain                    every code with its title`;

const listExamples = `
Examples:
  concur list                       those that come with concur
  concur list tests/ toilet.yaml
  concur list --json | jq -r '.scenarios[].file'`;

const initExamples = `
Examples:
  concur init                       writes minimal.yaml
  concur init processes -o server.yaml
  concur init --list`;

const schemaExamples = `
Examples:
  concur schema > concur.schema.json
and as the first line of a scenario:
  # yaml-language-server: $schema=concur.schema.json`;
