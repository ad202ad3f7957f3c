/**
 * Writes everything that follows from the tables of the language: the schema for editors and the page of all keys (both
 * committed), the types and the compiled validators (made before every type check, test or bundle).
 *
 * `build.js` runs it in the root of the repository.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { editorSchema } from './editor-schema.ts';
import { referencePage } from './reference-page.ts';
import { typescriptTypes } from './typescript.ts';
import { validationSchemas } from './validation-schema.ts';

/**
 * Writes the files that differ from what they should be.
 *
 * @param withPages whether docs are among them: a build must not make true what a test asks of them
 */
export async function generate({ withPages }: { readonly withPages: boolean }): Promise<void> {
  await Promise.all([
    write('schemas/scenario.schema.json', schemaText()),
    ...(withPages ? [write('docs/reference.md', referencePage())] : []),
    write('engine/document/scenario.generated.ts', typescriptTypes()),
    write('engine/document/validators.generated.js', validatorsCode()),
    write('engine/document/validators.generated.d.ts', validatorsTypes),
  ]);
}

/** The committed schema's text. */
export function schemaText(): string {
  return `${JSON.stringify(editorSchema(), null, 2)}\n`;
}

/** Ours are the messages, made of the data and the schema beside it. What is not inlined is compiled once. */
const ajvOptions = {
  strict: true,
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  inlineRefs: false,
  messages: false,
} as const;

const validatorsTypes = `/** Compiled by ajv from the tables of the language: do not edit. */
import type { ValidateFunction } from 'ajv';

export declare const validators: { readonly [name: string]: ValidateFunction };
`;

/**
 * The validators as one ES module, under their schemas' names.
 *
 * @throws Error if ajv's code asks for a runtime: it would call \`require\`, which ES modules lack (a bug in concur)
 */
function validatorsCode(): string {
  const ajv = new Ajv({ ...ajvOptions, code: { source: true, esm: true } });
  const { entries, parts } = validationSchemas();
  for (const [name, schema] of [...parts, ...entries]) ajv.addSchema(schema, name);
  const names = new Map([...entries.keys()].map((name, index) => [`entry${index}`, name]));
  const code = moduleCode(ajv, Object.fromEntries(names));
  if (code.includes('require('))
    throw new Error('bug in concur: the validators need a runtime; leave out the keyword that does');
  const table = [...names].map(([exported, name]) => `${JSON.stringify(name)}: ${exported}`);
  return `${code}\nexport const validators = { ${table.join(', ')} };\n`;
}

function moduleCode(ajv: Ajv, exported: { readonly [name: string]: string }): string {
  const generateCode = standaloneCode.default;
  return generateCode(ajv, exported);
}

/** Others may be reading: a file is replaced whole, and only when it changes. */
async function write(file: string, text: string): Promise<void> {
  const old = await readFile(file, 'utf8').catch(() => undefined);
  if (old === text) return;
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}.new`;
  await writeFile(fresh, text);
  await rename(fresh, file);
}
