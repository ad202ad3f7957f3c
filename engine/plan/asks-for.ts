/**
 * What programs ask of the world outside of the kernel.
 */
import type { Program, Service } from './instruction.ts';

/** Whether the program has a step that asks for such a service. */
export function asksFor({ instructions }: Program, service: Service): boolean {
  return instructions.some((one) => one.op === 'external' && one.service === service);
}
