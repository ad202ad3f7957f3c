/**
 * What a new kind of resource costs: the hand-written files in which the newest one, the readers-writer lock, is named.
 * A file that joins them knows something of one kind that belongs into a table or a description; `CONTRIBUTING.md` has the
 * recipe, and says of each what leads to it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const named = /rwlock|readers-writer/i;

const files = ['engine', 'cli', 'schemas']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
  .filter((name) => /\.(ts|cts|mts|js)$/.test(name) && !name.includes('.generated.'));

const theHome = [
  'engine/document/language/resources.ts',
  'engine/expression/scope.ts',
  'engine/kernel/primitives/rwlock.ts',
  'engine/kernel/primitives/table.ts',
  'engine/plan/compile/resources/declare-resources.ts',
  'engine/plan/compile/resources/operation-of.ts',
  'engine/plan/operation.ts',
  'engine/plan/plan.ts',
  'engine/verdict/model/primitives/resource-record.ts',
  'engine/verdict/model/primitives/rwlock.ts',
  'engine/verdict/model/primitives/table.ts',
];

test('the newest kind of resource is named in its home alone', () => {
  const naming = files.filter((name) => named.test(readFileSync(name, 'utf8')));
  expect(naming.toSorted()).toEqual(theHome);
  expect(theHome.length).toBeLessThanOrEqual(12);
});
