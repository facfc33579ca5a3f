/** Parameters as answers. Pure. */

export interface OutParameter {
  name: string;
  [value: string]: unknown;
}

/** What is undefined is left out. */
export function parametersOf(list: readonly (OutParameter | undefined)[]): object {
  return { resourceType: 'Parameters', parameter: list.filter((one) => one !== undefined) };
}

/** `value('result', 'valueBoolean', true)`; undefined when there is no value. */
export function value(name: string, kind: string, given: unknown): OutParameter | undefined {
  return given === undefined ? undefined : { name, [kind]: given };
}
