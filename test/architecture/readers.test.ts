/**
 * What nobody reads does not compile: the types of the tables, each with one reader taken away. `npm run check` sees to the
 * expected errors; what is run here says that the tables with all their readers are whole.
 */
import { expect, test } from 'vitest';
import type { ResourceKind } from '../../engine/expression/scope.ts';
import { resourceKinds, traitsOf } from '../../engine/expression/scope.ts';
import type { Primitive } from '../../engine/kernel/primitive.ts';
import { semaphore as inKernel } from '../../engine/kernel/primitives/semaphore.ts';
import { primitiveOf } from '../../engine/kernel/primitives/table.ts';
import type { Resource } from '../../engine/plan/plan.ts';
import type { PrimitiveModel } from '../../engine/verdict/model/primitives/primitive-model.ts';
import { semaphore as inVerdict } from '../../engine/verdict/model/primitives/semaphore.ts';
import { modelOf } from '../../engine/verdict/model/primitives/table.ts';

type Kernels = { readonly [K in ResourceKind]: Primitive<K> };
type Models = { readonly [K in ResourceKind]: PrimitiveModel<K> };

test('an attribute that nobody reads', () => {
  const { free: _, ...kernel } = inKernel.attributes;
  // @ts-expect-error nothing reads `free` from memory
  const fromMemory: Primitive<'semaphore'>['attributes'] = kernel;
  const { free: __, ...verdict } = inVerdict.attributes;
  // @ts-expect-error nothing reads `free` from the model
  const fromModel: PrimitiveModel<'semaphore'>['attributes'] = verdict;
  expect([Object.keys(fromMemory), Object.keys(fromModel)]).not.toContain('free');
});

test('an operation that nobody does', () => {
  const { 'semaphore.release': _, ...rest } = inKernel.operations;
  // @ts-expect-error nothing releases
  const operations: Primitive<'semaphore'>['operations'] = rest;
  expect(Object.keys(operations)).toEqual(['semaphore.acquire']);
});

test('a description that leaves something out', () => {
  const { words: _, ...kernel } = inKernel;
  // @ts-expect-error nothing says what its words are
  const withoutWords: Primitive<'semaphore'> = kernel;
  const { why: __, ...verdict } = inVerdict;
  // @ts-expect-error nothing says why a wait never ends
  const withoutReason: PrimitiveModel<'semaphore'> = verdict;
  expect([withoutWords.words, withoutReason.why]).toEqual([undefined, undefined]);
});

test('a kind that is described nowhere', () => {
  const lacking = (kinds: Omit<Kernels, 'queue'>, models: Omit<Models, 'queue'>): void => {
    // @ts-expect-error there is no queue in the kernel
    const kernels: Kernels = kinds;
    // @ts-expect-error there is no queue in the verdict
    const verdicts: Models = models;
    void [kernels, verdicts];
  };
  expect(lacking).toBeTypeOf('function');
});

test.each(resourceKinds)('all attributes of a %s have a reader on both sides', (kind) => {
  const resource = { kind } as Resource;
  const names = Object.keys(traitsOf(kind).attributes).filter((name) => name !== 'waiting');
  expect(Object.keys(primitiveOf(resource).attributes).toSorted()).toEqual(names.toSorted());
  expect(Object.keys(modelOf(resource).attributes).toSorted()).toEqual(names.toSorted());
});
