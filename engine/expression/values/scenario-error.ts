/**
 * What goes wrong inside a scenario, by Python's names: `ZeroDivisionError`, `KeyError`, `Full`, `RuntimeError` …
 *
 * It is thrown by expressions and by operations, caught by the machine and, unless a `catch` of the scenario takes it,
 * ends the task as failed. It never means a fault of this program.
 */
export class ScenarioError extends Error {
  /**
   * @param name as a scenario's `catch` and `raises` say it
   * @param message plain, one line, without the name
   */
  constructor(name: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}

/** As Python prints it: the name alone where there is no message. */
export function errorText({ name, message }: { readonly name: string; readonly message: string }): string {
  return message === '' ? name : `${name}: ${message}`;
}
