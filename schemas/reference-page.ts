/**
 * docs/reference.md: every key of the language with its type, default and meaning, from the tables themselves.
 *
 * The page is never written by hand, so it cannot tell of another language than the one that is checked and run; what
 * needs more words than a row has is in docs/language.md.
 */
import { controlVerbs } from '../engine/document/language/control-verbs.ts';
import type { Place } from '../engine/document/language/places.ts';
import { scenarioShape } from '../engine/document/language/scenario-keys.ts';
import type { Key, Keys, ObjectShape, Rule, Shape } from '../engine/document/language/shape.ts';
import { taskVerbs } from '../engine/document/language/task-verbs.ts';
import { valueVerbs } from '../engine/document/language/value-verbs.ts';
import {
  isVerb,
  modifiers,
  stepKeys,
  stepRules,
  type VerbName,
  verbTable,
  waiting,
} from '../engine/document/language/verbs.ts';
import { waitVerbs } from '../engine/document/language/wait-verbs.ts';

const preamble = `# All keys

Made by \`node build.js --generate\` from the tables that scenarios are checked with: do not edit. What it all means, with
examples, is told in [the language](language.md); *expression* and *text* in
[expressions and text](language.md#expressions-and-text).`;

const groups = [
  { title: 'Steps that compute, read, write and say', verbs: valueVerbs },
  { title: 'Steps on resources and time', verbs: waitVerbs },
  { title: 'Steps on tasks, pools, commands and functions', verbs: taskVerbs },
  { title: 'Steps that say which steps are done', verbs: controlVerbs },
];

/** What a place takes, in a word or two. */
const placeWords = {
  version: '`1`',
  text: 'text',
  name: 'a name',
  local: 'a name',
  data: 'any value',
  parameter: 'a scalar or a list',
  template: 'text, or any value',
  line: 'text',
  elements: 'a list',
  command: 'a command',
  computed: 'an expression',
  condition: 'an expression, true or false',
  amount: 'a number or an expression',
  collection: 'a list or an expression',
  size: 'a whole number',
  integer: 'a whole number',
  seed: '0 to 4294967295',
  flag: '`true` or `false`',
  yes: '`true`',
  duration: 'a duration',
  reference: 'a name or an element',
  bound: 'a number or `"<= 3"`',
} as const satisfies Record<Place, string>;

const keyWords = { name: 'name', use: 'name', target: 'name or cell', text: 'text' } as const;

/** The text of docs/reference.md. */
export function referencePage(): string {
  const shapes = new Map<string, ObjectShape>();
  collect(scenarioShape, shapes);
  const steps = [
    `## Every step\n\n${table(modifiers)}`,
    `## Every step that can wait\n\n${table(waiting)}`,
    ...groups.flatMap(({ title, verbs }) => [`## ${title}`, ...Object.keys(verbs).filter(isVerb).map(verb)]),
  ];
  return `${[preamble, ...[...shapes.values()].map(section), ...steps].join('\n\n')}\n`;
}

/** The objects of the language in the order in which a reader meets them. */
function collect(shape: Shape, shapes: Map<string, ObjectShape>): void {
  if (shape.is === 'list' || shape.is === 'map' || shape.is === 'nullable') collect(shape.of, shapes);
  if (shape.is !== 'object' || shapes.has(shape.type) || isCaseExpect(shape)) return;
  shapes.set(shape.type, shape);
  for (const { shape: inner } of Object.values(shape.keys)) collect(inner, shapes);
}

/** As `expect`, with `null` for every key: no page wants it twice. */
function isCaseExpect({ type }: ObjectShape): boolean {
  return type === 'CaseExpect';
}

function section(shape: ObjectShape): string {
  const short =
    shape.shorthand === undefined
      ? []
      : [`A value alone, without the object, is its \`${shape.shorthand}\`.`];
  return [
    `## ${headingOf(shape)}`,
    ...short,
    table(shape.keys, shape.shorthand),
    ...rulesText(shape.rules),
  ].join('\n\n');
}

function verb(name: VerbName): string {
  const { description, example, waits, bare } = verbTable[name];
  const shared = new Set<Key>([...Object.values(modifiers), ...Object.values(waiting)]);
  const own = Object.entries(stepKeys(name)).filter(([, key]) => !shared.has(key));
  const notes = [
    ...(waits ? ['It can wait: [`timeout`, `onTimeout`](#every-step-that-can-wait).'] : []),
    ...(bare ? [`\`- ${name}\` is short for \`- ${name}: true\`.`] : []),
  ];
  return [
    `### \`${name}\``,
    [description, ...notes].join(' '),
    `\`\`\`yaml\n${example}\n\`\`\``,
    table(
      Object.fromEntries(
        own.map(([key, entry]) => [key, key === name ? { ...entry, description: 'The verb.' } : entry]),
      ),
    ),
    ...rulesText(stepRules(name).filter((rule) => !('needs' in rule && rule.key === 'onTimeout'))),
  ].join('\n\n');
}

function table(keys: Keys, shorthand?: string): string {
  const rows = Object.entries(keys).map(([name, key]) => {
    const byDefault = key.required ? '**required**' : defaultText(key);
    const shown = name === shorthand ? `**\`${name}\`**` : `\`${name}\``;
    return `| ${[shown, typeText(key.shape), byDefault, key.description].map(inCell).join(' | ')} |`;
  });
  return ['| key | takes | without it | means |', '|---|---|---|---|', ...rows].join('\n');
}

/** A default that is written in YAML is shown as YAML. */
function defaultText({ default: byDefault = '' }: Key): string {
  return /^(?:[a-z]+|\[.*\]|[0-9]+[a-z]*)$/.test(byDefault) && byDefault !== 'none'
    ? `\`${byDefault}\``
    : byDefault;
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function typeText(shape: Shape): string {
  switch (shape.is) {
    case 'leaf':
      return placeWords[shape.place];
    case 'choice':
      return shape.of.map((word) => `\`${word}\``).join(', ');
    case 'list':
      return shape.single ? `${typeText(shape.of)}; or a list` : `a list: ${typeText(shape.of)}`;
    case 'oneOrMany':
      return `${placeWords[shape.place]}; or a list`;
    case 'map':
      return `${keyWords[shape.key]} → ${typeText(shape.of)}${shape.names ? '; or a list of names' : ''}`;
    case 'object':
      return isCaseExpect(shape)
        ? '[`expect`](#expect), its keys or `null`'
        : `[${shape.noun}](#${anchorOf(shape)})`;
    case 'steps':
      return 'steps';
    case 'nullable':
      return `${typeText(shape.of)}, or \`null\``;
    default:
      return shape satisfies never;
  }
}

function headingOf({ noun }: ObjectShape): string {
  return `${noun.charAt(0).toUpperCase()}${noun.slice(1)}`;
}

/** As GitHub makes it of the heading. */
function anchorOf(shape: ObjectShape): string {
  return headingOf(shape)
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}

function rulesText(rules: readonly Rule[] = []): readonly string[] {
  return rules.length === 0 ? [] : [rules.map(ruleText).join(' ')];
}

function ruleText(rule: Rule): string {
  switch (rule.rule) {
    case 'exactlyOne':
      return `Exactly one of ${listed(rule.of)}.`;
    case 'atLeastOne':
      return `At least one of ${listed(rule.of)}.`;
    case 'atMostOne':
      return `At most one of ${listed(rule.of)}.`;
    case 'with':
      return `\`${rule.key}\` only together with \`${rule.needs}\`.`;
    default:
      return rule satisfies never;
  }
}

function listed(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
