/**
 * The registry of findings: every code, its title and its severity. Each code has a page in docs/codes.
 *
 * A code is never used for two things, and never given a new meaning.
 */
import type { Severity } from './diagnostic.ts';

type CodeTraits = { readonly title: string; readonly severity: Severity };

const error = (title: string) => ({ title, severity: 'error' }) as const;
const warning = (title: string) => ({ title, severity: 'warning' }) as const;

/** Found in the text and its structure, by `document`. */
export const documentCodes = {
  'binary-file': error('The file is not text'),
  'invalid-utf8': error('The file is not UTF-8'),
  'control-character': error('A control character in the text'),
  'file-too-large': error('The file is too large'),
  'empty-file': error('There is no scenario in the file'),
  'several-documents': error('Several documents in one file'),
  'yaml-syntax': error('The text is not YAML'),
  'yaml-tab': error('A tab indents a line'),
  'yaml-exclamation-mark': error('A `!` begins a YAML tag'),
  'yaml-colon': error('A `: ` in text makes it a mapping'),
  'yaml-comment': warning('A ` #` in text begins a comment'),
  'yaml-flow': error('Unquoted text breaks a `{ }` or `[ ]`'),
  'yaml-quotes': error('Text needs quotes'),
  'yaml-tag': error('A YAML tag'),
  'yaml-version': error('Another version of YAML'),
  'duplicate-key': error('A key stands twice'),
  'bad-key': error('A key is not text'),
  'bad-merge': error('`<<` merges something else than keys'),
  'unknown-alias': error('An alias has no anchor'),
  'circular-alias': error('An alias contains itself'),
  'aliases-too-large': error('Aliases expand to too much'),
  'too-deep': error('Too many levels of nesting'),
  'too-many-entries': error('Too many entries in one place'),
  'too-many-findings': error('Too many findings'),
  'missing-version': error('`concur: 1` is missing'),
  'unknown-version': error('Another version of the language'),
  'unknown-key': error('Unknown key'),
  'missing-key': error('A key is missing'),
  'conflicting-keys': error('Keys exclude each other'),
  'wrong-type': error('A value of another type'),
  'bad-value': error('A value that is not allowed here'),
  'number-out-of-range': error('A number is out of range'),
  'bad-duration': error('Not a duration'),
  'missing-verb': error('A step without a verb'),
  'several-verbs': error('A step with several verbs'),
  'bad-name': error('Not a name'),
  'reserved-name': error('A reserved name'),
  'duplicate-name': error('A name is defined twice'),
} as const satisfies Record<string, CodeTraits>;

/** Found in names, expressions and sizes, by `plan`. */
const planCodes = {
  'expression-syntax': error('An expression is not CEL'),
  'expression-too-long': error('An expression is too long'),
  'expression-type': error('Types do not fit'),
  'template-syntax': error('`${{` is never closed'),
  'unknown-name': error('Unknown name'),
  'unknown-attribute': error('Unknown attribute'),
  'unknown-function': error('Unknown function'),
  'bad-pattern': error('A regular expression that is wrong or can hang'),
  'not-a-value': error('Something that is not a value stands for one'),
  'not-an-array': error('Something that is not an array has an element taken'),
  'index-out-of-range': error('An array has no such element'),
  'not-known-here': error('A name that has no meaning here'),
  'not-constant': error('Not known before the run'),
  'bad-size': error('A size out of bounds'),
  'exec-refused': error('A command or a function, where none may run'),
  'missing-model': error('A command or a function without a model, where nothing real is run'),
  'bad-path': error('A path that leads out of the workspace'),
  'bad-reference': error('Not a reference to a resource or a task'),
  'wrong-kind': error('A verb that the resource does not have'),
  'no-effect': error('A key that has no effect here'),
  'outside-loop': error('`break` or `continue` outside a loop'),
  'recursive-routine': error('A routine uses itself'),
  'circular-needs': error('Tasks need each other'),
  'never-started': error('Tasks that nobody but themselves starts'),
  'not-in-teardown': error('A step that cannot be part of `teardown`'),
  'not-atomic': error('A step that cannot be part of one moment'),
  'program-too-large': error('A task has too many steps'),
  'unknown-param': error('Unknown parameter'),
  'bad-param': error('A value that the parameter cannot have'),
  'unknown-case': error('Unknown case'),
  'bad-bound': error('Not a bound'),
  'now-in-await': error('A use of `now` that `await` cannot wait for'),
  'now-in-until': warning('`now` in what a condition waits for'),
  'now-in-while': warning('A use of `now` that virtual time cannot foresee'),
  'random-in-await': warning('Something random in an `await`'),
  'missing-module': warning('The file of a function is not there'),
  'text-is-a-name': warning('Text that equals a name'),
  'unused-resource': warning('A resource that nobody uses'),
  'unused-routine': warning('A routine that nobody uses'),
  'never-acquired': warning('A lock is released but never acquired'),
  'never-read': warning('A bounded queue that nobody reads'),
  'process-own-copy': warning('A process writes its own copy of a var that others read'),
  'never-caught': warning('A `catch` that an earlier one leaves nothing for'),
  'daemon-starts-process': warning('A daemon process starts a process'),
} as const satisfies Record<string, CodeTraits>;

export const codes = { ...documentCodes, ...planCodes } as const satisfies Record<string, CodeTraits>;

export type Code = keyof typeof codes;
