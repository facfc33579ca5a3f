/** The operations of terminology by their OperationDefinitions: HL7's, with all of their inputs and outputs, every one carried out. */
import type { ResourceType } from '../../types.ts';
import {
  input,
  type Operation,
  type OperationParameter,
  output,
  type Words,
  withParts,
} from '../definition.ts';
import { TERMINOLOGY_WORDS } from './words.ts';

interface Defined {
  /** Without the `$`. */
  name: string;
  resource: ResourceType;
  /** On the type (and on one resource, when `instance`), or on the whole system. */
  at: Operation['at'];
  title: Words;
  description: Words;
  parameters: readonly OperationParameter[];
}

/** With HL7's address: `CodeSystem-lookup`. */
export function defined({ resource, ...one }: Defined): Operation {
  return {
    ...one,
    definition: `http://hl7.org/fhir/OperationDefinition/${resource}-${one.name}`,
    version: '4.0.1',
    resource: [resource],
  };
}

/** `date:dateTime`, `property:code*`, `name:string!`; what each means is in `words.ts`. */
export function inputs(...lines: string[]): OperationParameter[] {
  return lines.map((line) => input(line, ...wordsOf(line)));
}

/** Outputs: `name:string!` is always there. */
export function outputs(...lines: string[]): OperationParameter[] {
  return lines.map((line) => output(line, ...wordsOf(line)));
}

/** A parameter of parts that may repeat. */
export function repeatedParts(
  use: 'in' | 'out',
  name: string,
  ...parts: OperationParameter[]
): OperationParameter {
  const make = use === 'in' ? input : output;
  return withParts(make(`${name}*`, ...wordsOf(name)), ...parts);
}

function wordsOf(line: string): readonly [string, string] {
  const name = /^[\w-]+/.exec(line)![0];
  const words = TERMINOLOGY_WORDS[name];
  if (words === undefined) throw new Error(`parameter ${name} has no words in words.ts`);
  return words;
}
