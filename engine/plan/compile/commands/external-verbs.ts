/**
 * Commands and functions of the user's own: `run` and `call`.
 */
import type { Path } from '../../../document/document.ts';
import type { CallStep, Model, Retry, RunStep } from '../../../document/scenario.generated.ts';
import type { Duration, Expression } from '../../../expression/expression.ts';
import type { Value } from '../../../expression/values/value.ts';
import type { Span } from '../../../source/source.ts';
import { completeResult } from '../../command-result.ts';
import type { Instruction, Service, Target } from '../../instruction.ts';
import { complete } from '../complete.ts';
import { ANYTHING, type Planning } from '../planning.ts';
import { referenceOf, targetOf } from '../resources/reference.ts';
import { type ActionsField, withActions } from '../steps/barrier-verbs.ts';
import { numberOf } from '../steps/file-verbs.ts';
import {
  carried,
  carriedText,
  constant,
  durationOf,
  readBefore,
  resultSlot,
  type StepContext,
} from '../steps/step-context.ts';
import { type Timed, timed, timeoutField } from '../steps/timed.ts';
import { backoffOf } from '../tasks/backoff.ts';
import { surroundingFields } from '../tasks/surroundings.ts';
import { commandOf, isRefused, listOf } from './command-text.ts';
import { type Field, mapOf } from './request.ts';
import { graceOf, stopFields } from './stopping.ts';

export function compileRun(context: StepContext, step: RunStep, path: Path): void {
  const span = context.planning.document.spanAt(path);
  const queue = queueOf(context, step, path);
  const fields = complete([
    commandOf(context, step.run, path),
    ...surroundingFields(context, step, path),
    ...inputOf(context, step, path),
    ...retryOf(context, step, path),
    ...codesOf(context, step, path),
    ...intoOf(step, queue, span),
    ...stopFields(context, step, path),
  ]);
  const grace = graceOf(context, step, path);
  const model = modelOf(context, step.model, path, completeResult);
  const result = step.as === undefined ? undefined : resultSlot(context, step.as);
  if (fields === undefined || model === undefined || grace === undefined) return;
  const request = mapOf(context, fields, span);
  const feeds = queue === undefined ? {} : { feeds: queue };
  const isKept = step.model !== undefined && (queue !== undefined || step.retry !== undefined);
  const kept = isKept ? { scratch: context.builder.hidden(queue === undefined ? 'attempt' : 'lines') } : {};
  const asked = { service: 'run', request, ...model, ...grace, ...feeds, ...kept } as const;
  emitExternal(context, asked, step, result, path);
}

export function compileCall(context: StepContext, step: CallStep, path: Path): void {
  const { document } = context.planning;
  const span = document.spanAt([...path, 'call']);
  const input =
    step.input === undefined ? constant(null, span) : carried(context, step.input, [...path, 'input']);
  const fields = callFields(context, step.call, input, [...path, 'call']);
  const model = modelOf(context, step.model, path, (value) => value);
  const result = step.as === undefined ? undefined : resultSlot(context, step.as);
  const grace = graceOf(context, {}, path);
  if (fields === undefined || model === undefined || grace === undefined) return;
  const request = mapOf(context, fields, span);
  const scratch = context.builder.hidden('call');
  const asked = { service: 'call', request, scratch, ...model, ...grace } as const;
  withActions(context, path, (actions) => emitExternal(context, { ...asked, actions }, step, result, path));
}

/** `./file.mjs#name`; without a name, the default export. */
export function callFields(
  { planning, declaration }: StepContext,
  text: string,
  input: Expression | undefined,
  path: Path,
): readonly Field[] | undefined {
  const span = planning.document.spanAt(path);
  if (isRefused(planning, path, 'functions')) return undefined;
  const [, module = '', name = 'default'] = /^([^#]*)(?:#(.*))?$/s.exec(text) ?? [];
  if (module.trim() === '' || name === '') {
    const help = 'write a file and a name in it, such as `./work.mjs#run`';
    planning.report('bad-reference', span, 'this is not a function in a file', { help });
    return undefined;
  }
  if (input === undefined) return undefined;
  planning.uses.add(ANYTHING, 'call');
  planning.starts.addFunction(declaration);
  warnOfMissing(planning, module.trim(), span);
  return [
    ['module', constant(module.trim(), span)],
    ['name', constant(name.trim(), span)],
    ['input', input],
  ];
}

/** It may still be made before it is called, by a command; and in virtual time a model does without it. */
function warnOfMissing({ missingModule, report }: Planning, module: string, span: Span): void {
  const missing = missingModule(module);
  if (missing === undefined) return;
  const { path, instead } = missing;
  const help = `it would be ${path}; paths are relative to the scenario's file`;
  report('missing-module', span, `there is no file \`${module}\``, {
    help: instead === undefined ? help : `did you mean \`${instead}\`? ${help}`,
  });
}

type Asked = {
  readonly service: Service;
  readonly request: Expression;
  readonly feeds?: Target;
  readonly scratch?: number;
  readonly model?: Extract<Instruction, { readonly op: 'external' }>['model'];
  readonly actions?: ActionsField;
  readonly grace?: Duration;
};

function emitExternal(
  context: StepContext,
  { model, actions, ...asked }: Asked,
  step: Timed,
  result: number | undefined,
  path: Path,
): void {
  const request = readBefore(context, asked.request);
  timed(context, step, path, false, (rule) => {
    context.builder.emitLater((at) => ({
      op: 'external',
      ...asked,
      request,
      ...timeoutField(rule, at),
      ...(result === undefined ? {} : { result }),
      ...(model === undefined ? {} : { model }),
      ...actions?.(at),
    }));
  });
}

function inputOf(context: StepContext, { stdin }: RunStep, path: Path): readonly (Field | undefined)[] {
  if (stdin === undefined) return [];
  const text = carriedText(context, { data: stdin, path: [...path, 'stdin'] });
  return [text === undefined ? undefined : ['stdin', text]];
}

function retryOf(context: StepContext, { retry }: RunStep, path: Path): readonly (Field | undefined)[] {
  const { planning } = context;
  const fields: (Field | undefined)[] = [];
  if (retry?.attempts !== undefined) {
    const at = [...path, 'retry', 'attempts'];
    const attempts = carried(context, retry.attempts, at);
    const isWrong = attempts !== undefined && !isWhole(attempts, 1n, 1000n);
    if (isWrong)
      planning.report('bad-size', planning.document.spanAt(at), 'this must be a whole number from 1 to 1000');
    fields.push(attempts === undefined || isWrong ? undefined : ['attempts', attempts]);
  }
  if (retry?.delay !== undefined) {
    const at = [...path, 'retry', 'delay'];
    const delay = carriedText(context, { data: retry.delay, path: at });
    const known = durationOf(context, retry.delay, at);
    fields.push(delay === undefined || known === undefined ? undefined : ['delay', delay]);
  }
  if (retry !== undefined) fields.push(...growthOf(planning, retry, [...path, 'retry']));
  return fields;
}

/** How the waits between attempts grow; both are known before the run. */
function growthOf(planning: Planning, retry: Retry, path: Path): readonly (Field | undefined)[] {
  const span = planning.document.spanAt(path, 'key');
  const { backoff, maxDelayUs } = backoffOf(planning, retry, path);
  return [
    ...(retry.backoff === undefined ? [] : [['backoff', constant(BigInt(backoff), span)] as const]),
    ...(retry.maxDelay === undefined ? [] : [['maxDelay', constant(`${maxDelayUs}us`, span)] as const]),
  ];
}

function codesOf(context: StepContext, { codes }: RunStep, path: Path): readonly (Field | undefined)[] {
  if (codes === undefined) return [];
  const { planning } = context;
  const found = codes.map((data, index) => {
    const at = [...path, 'codes', index];
    const code = carried(context, data, at);
    if (code === undefined || isWhole(code, 0n, 255n)) return code;
    planning.report('bad-size', planning.document.spanAt(at), 'an exit code is a whole number from 0 to 255');
    return undefined;
  });
  const known = complete(found);
  const span = planning.document.spanAt([...path, 'codes']);
  return [known === undefined ? undefined : ['codes', listOf(known, span)]];
}

/** What is computed later is looked at later. */
function isWhole({ constant: value }: Expression, min: bigint, max: bigint): boolean {
  if (value === undefined) return true;
  return typeof value === 'bigint' && value >= min && value <= max;
}

function queueOf(context: StepContext, { into }: RunStep, path: Path): Target | undefined {
  const reference = into === undefined ? undefined : referenceOf(context, into, [...path, 'into'], 'put');
  return reference === undefined ? undefined : targetOf(context, reference);
}

/** Undefined, where what is written is no queue. */
function intoOf({ into }: RunStep, queue: Target | undefined, span: Span): readonly (Field | undefined)[] {
  if (into === undefined) return [];
  return [queue === undefined ? undefined : ['into', numberOf(queue, span)]];
}

/** What stands for the step without real time; undefined if anything was reported. */
export function modelOf(
  context: StepContext,
  model: Model | undefined,
  path: Path,
  completed: (value: Value) => Value,
): Pick<Asked, 'model'> | undefined {
  if (model === undefined) return {};
  const at = [...path, 'model'];
  const takes = durationOf(context, model.takes ?? '0s', [...at, 'takes']);
  const result =
    model.result === undefined
      ? constant(null, context.planning.document.spanAt(at, 'key'))
      : carried(context, model.result, [...at, 'result']);
  const stops = model.stops === undefined ? undefined : durationOf(context, model.stops, [...at, 'stops']);
  if (takes === undefined || result === undefined) return undefined;
  if (model.stops !== undefined && stops === undefined) return undefined;
  const value = result.constant;
  return {
    model: {
      takes,
      ...(stops === undefined ? {} : { stops }),
      result: value === undefined ? result : constant(completed(value), result.span),
    },
  };
}
