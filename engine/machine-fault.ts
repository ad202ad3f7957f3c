/**
 * What the command needs to tell a fault of the machine from a bug, before the rest of the engine is loaded, and where that
 * cannot be.
 */
export { lackIn } from './hosts/machine-fault.ts';
