/**
 * No instruction writes more of core than was declared of it: tasks go on one instruction at a time, and after each of them all of
 * core is compared. What a declaration leaves to the state (who ends with whom) is taken from the kernel's own.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StepSpans } from '../../engine/explore/step-spans.ts';
import { loadCases, type Plan } from '../../engine/index.ts';
import { footprintOf } from '../../engine/kernel/footprint.ts';
import { CONTROL, STATE, TASK } from '../../engine/kernel/memory/layout.ts';
import { stateOf } from '../../engine/kernel/memory/task-block.ts';
import { createStream } from '../../engine/machine/random.ts';
import type { Instruction } from '../../engine/plan/instruction.ts';
import { NOBODY } from '../../engine/simulate/chooser.ts';
import { Stepper } from '../../engine/simulate/stepper.ts';
import { passTime } from '../../engine/simulate/time.ts';
import { root } from '../scenarios/concur-command.ts';
import { planOf, planOfFile } from './checked.ts';
import { randomScenario } from './random-scenario.ts';

const MOST = 2_000;
const models = ['inc', 'lu', 'pc', 'phil', 'queue-conserves', 'readers-writers', 'sct-wronglock', 'toilet'];
const shipped = readdirSync(join(root, 'scenarios'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.yaml'),
);

type Told = { readonly looked: Set<string>; compared: number };

/** Which words the instruction may write, from the beginning of core; undefined where only the state says it. */
function declared(stepper: Stepper, spans: StepSpans, task: number, instruction: Instruction, pc: number) {
  const { k } = stepper;
  if (instruction.op === 'end') return spans.ofEnd(task) ?? spans.of(task, pc);
  const known = spans.of(task, pc);
  if (known !== undefined || instruction.op !== 'operate' || instruction.target.kind === 'slot') return known;
  const regions = footprintOf(k, instruction.operation, task, instruction.target.id);
  return Int32Array.from(
    regions.flatMap(({ start, end }) => [start - k.layout.coreStart, end - k.layout.coreStart]),
  );
}

/** One instruction of a task; gives the words that it has written undeclared. */
function stepOne(stepper: Stepper, spans: StepSpans, task: number, told: Told) {
  const { k } = stepper;
  const { coreStart, coreEnd } = k.layout;
  const pc = k.words[(k.layout.taskAt[task] as number) + TASK.pc] as number;
  const { instructions } = k.plan.programs[k.plan.tasks[task]?.program ?? 0]!;
  const instruction = instructions[pc]!;
  const may = declared(stepper, spans, task, instruction, pc);
  const before = k.words.slice(coreStart, coreEnd);
  const exit = stepper.doStep(task, new Uint8Array(instructions.length).fill(1));
  // An error that nobody takes ends the task: what that may write is declared of no other instruction.
  const isOwnEnd = exit !== 'ended' || instruction.op === 'end';
  if (may === undefined || !isOwnEnd) return { instruction, missed: [] };
  told.looked.add(instruction.op);
  told.compared++;
  const after = k.words.subarray(coreStart, coreEnd);
  const isDeclared = (index: number): boolean => {
    for (let at = 0; at < may.length; at += 2)
      if (index >= (may[at] as number) && index < (may[at + 1] as number)) return true;
    return false;
  };
  const missed = [...before.keys()].filter((index) => before[index] !== after[index] && !isDeclared(index));
  return { instruction, missed };
}

function follow(plan: Plan, told: Told): void {
  const chance = createStream(1);
  const stepper: Stepper = new Stepper(plan, {
    chooser: { turn: () => NOBODY },
    makeRoom: () => {
      stepper.k.words[CONTROL.ringTail] = stepper.k.words[CONTROL.ringHead] as number;
    },
    meter: { spent: 0 },
    small: { unboundedCells: 64, ringWords: 1 << 16 },
  });
  const spans = new StepSpans(stepper.k, stepper.k.layout.coreEnd);
  for (let count = 0; count < MOST && stepper.isOver() === undefined; count++) {
    if (stepper.isIdle()) {
      if (stepper.serve() !== undefined) return;
      if (stepper.isIdle() && passTime(stepper, () => false) !== undefined) return;
      continue;
    }
    const index = Math.floor(chance() * stepper.ready.length);
    const [task] = stepper.ready.splice(index, 1) as [number];
    stepper.waits.taken(task);
    if (stateOf(stepper.k, task) !== STATE.live) continue;
    const { instruction, missed } = stepOne(stepper, spans, task, told);
    expect(missed, `${plan.name}: task ${task} at ${instruction.op}`).toEqual([]);
  }
}

describe('after each instruction all of core is compared', () => {
  const told: Told = { looked: new Set(), compared: 0 };

  it.each(Array.from({ length: 40 }, (_, index) => index + 1))('random scenario %d', async (number) => {
    follow(await planOf(randomScenario(number)), told);
  });

  it.each(models)('%s', async (name) => {
    follow(await planOfFile(`test/models/${name}.yaml`), told);
  });

  it.each(shipped)('%s', async (name) => {
    const file = join('scenarios', name);
    const text = readFileSync(join(root, file), 'utf8');
    for (const { plan } of await loadCases({ file, text }, { seed: 1, mode: 'virtual', forCheck: true }))
      if (plan !== undefined) follow(plan, told);
  });

  it('nearly every instruction there is', () => {
    expect(told.compared).toBeGreaterThan(3_000);
    expect([...told.looked].sort()).toMatchInlineSnapshot(`
      [
        "assert",
        "assign",
        "await",
        "begin",
        "branch",
        "copy",
        "each",
        "end",
        "enter",
        "evaluate",
        "jump",
        "leave",
        "next",
        "operate",
        "print",
        "raise",
        "reraise",
        "resolve",
        "sleep",
        "update",
        "write",
      ]
    `);
  });
});
