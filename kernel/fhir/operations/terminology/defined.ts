/** An operation as its OperationDefinition states it: what is read, what is served, what `/metadata` announces. */
import type { OperationDefinition, ResourceType } from '../../types.ts';

export interface DefinedParameter {
  name: string;
  use: 'in' | 'out';
  min: number;
  max: '1' | '*';
  /** Undefined when it has parts. */
  type?: string;
  part?: readonly DefinedParameter[];
}

export interface DefinedOperation {
  /** Without the `$`. */
  name: string;
  resource: ResourceType;
  /** On one resource, too: `CodeSystem/x/$validate-code`. */
  instance: boolean;
  title: string;
  description: string;
  parameters: readonly DefinedParameter[];
}

/** `date:dateTime`, `property:code*`: inputs are optional. */
export function inputs(...lines: string[]): DefinedParameter[] {
  return lines.map((line) => parameter('in', 0, line));
}

/** Outputs: `name:string!` is always there. */
export function outputs(...lines: string[]): DefinedParameter[] {
  return lines.map((line) => parameter('out', line.endsWith('!') ? 1 : 0, line.replace('!', '')));
}

/** A parameter of parts. */
export function withParts(use: 'in' | 'out', name: string, ...parts: DefinedParameter[]): DefinedParameter {
  return { name, use, min: 0, max: '*', part: parts };
}

function parameter(use: 'in' | 'out', min: number, line: string): DefinedParameter {
  const [name = '', type = ''] = line.split(':');
  return { name, use, min, max: type.endsWith('*') ? '*' : '1', type: type.replace('*', '') };
}

/** `CodeSystem-lookup`: the id of the definition here, and the end of HL7's canonical. */
export function idOf({ resource, name }: DefinedOperation): string {
  return `${resource}-${name}`;
}

/** HL7's: inputs and outputs are theirs, every one is carried out. */
export function canonicalOf(operation: DefinedOperation): string {
  return `http://hl7.org/fhir/OperationDefinition/${idOf(operation)}`;
}

/** The resource that is served at `/fhir/OperationDefinition/<id>`. */
export function definitionOf(operation: DefinedOperation): OperationDefinition {
  const { name, resource, instance, title, description } = operation;
  return {
    resourceType: 'OperationDefinition',
    id: idOf(operation),
    url: canonicalOf(operation),
    version: '4.0.1',
    name: title.replaceAll(' ', ''),
    title,
    status: 'active',
    kind: 'operation',
    description,
    affectsState: false,
    code: name,
    resource: [resource],
    system: false,
    type: true,
    instance,
    parameter: operation.parameters.map(asDefined),
  } as OperationDefinition;
}

function asDefined({ part, ...rest }: DefinedParameter): object {
  return part === undefined ? rest : { ...rest, part: part.map(asDefined) };
}
