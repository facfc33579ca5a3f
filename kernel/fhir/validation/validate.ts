/** The front of validation: a resource, or anything that claims to be one. */
import type { Issue } from '../../failure.ts';
import { isResourceName, resourceTypeNames } from '../definitions/index.ts';
import { checkObject, compile } from './compile.ts';
import { checkContained } from './contained.ts';
import { Context, type Json } from './context.ts';
import { checkIdentifiers } from './identifiers.ts';
import { suggest } from './suggest.ts';

/**
 * Everything that is wrong with a resource by the base definitions of R4: structure, formats, required codes, references
 * and invariants (README.md lists them); numbers of a form that the State fixes; units. No error among them = valid. Never throws. At most 100 issues.
 * @param resource parsed JSON, of any shape
 */
export function validateResource(resource: unknown): Issue[] {
  const context = new Context(checkResource);
  if (typeof resource !== 'object' || resource === null || Array.isArray(resource)) {
    context.report(
      'structure',
      'Cần một tài nguyên FHIR: một đối tượng JSON có resourceType.',
      'A FHIR resource is needed: a JSON object with resourceType.',
    );
    return context.issues;
  }
  context.root = resource as Json;
  const type = (resource as Json).resourceType;
  context.path.push(typeof type === 'string' && isResourceName(type) ? type : 'Resource');
  checkResource(resource as Json, context);
  return context.issues;
}

function checkResource(value: Json, context: Context): void {
  const type = value.resourceType;
  if (typeof type !== 'string' || !isResourceName(type)) {
    unknownType(type, context);
    return;
  }
  context.resource = value;
  checkObject(compile(type), value, context);
  if (value.identifier !== undefined) checkIdentifiers(value, context);
  if (value.contained !== undefined) checkContained(value, context);
}

function unknownType(type: unknown, context: Context): void {
  if (typeof type !== 'string') {
    context.report('required', 'Thiếu resourceType.', 'resourceType is missing.', 'resourceType');
    return;
  }
  const near = suggest(type, resourceTypeNames);
  context.report(
    'value',
    `FHIR R4 không có loại tài nguyên "${type}"${near ? `; có phải "${near}"?` : '.'}`,
    `FHIR R4 has no resource type "${type}"${near ? `; is "${near}" meant?` : '.'}`,
    'resourceType',
  );
}
