/** A fact that an answer gave and gives no longer is taken back: marked as entered in error, where its type can say so. Pure. */
import { requiredCodes } from '../../../kernel/fhir/definitions/codes.ts';
import { type Element, elementsOf } from '../../../kernel/fhir/definitions/elements.ts';
import type { BundleEntry, Resource } from '../../../kernel/fhir/types.ts';

const WRONG = 'entered-in-error';

/** The element that says of a resource of this type that it was entered in error, with the system of that code. */
function errorElement(type: string): { element: Element; system: string } | null {
  for (const element of elementsOf(type)) {
    const codes = element.codes === undefined ? undefined : requiredCodes(element.codes);
    for (const [system, known] of codes ?? []) if (known.has(WRONG)) return { element, system };
  }
  return null;
}

/** Whether the resource says already that it holds no longer. */
export function isTakenBack(resource: Resource): boolean {
  const found = errorElement(resource.resourceType);
  if (!found) return isActivated(resource.resourceType) && elementValue(resource, 'active') === false;
  const value = elementValue(resource, found.element.name);
  if (typeof value === 'string') return value === WRONG;
  const { coding } = (value ?? {}) as { coding?: { code?: string }[] };
  return coding?.some(({ code }) => code === WRONG) === true;
}

/**
 * The entry that takes a resource back, of the very version that was read: its status says `entered-in-error`; of a type that
 * has no such status `active` is false; of any other the resource is deleted, which keeps its earlier versions.
 */
export function takenBack(resource: Resource): BundleEntry {
  const { resourceType, id, meta } = resource;
  const url = `${resourceType}/${id}`;
  const ifMatch = meta?.versionId === undefined ? {} : { ifMatch: `W/"${meta.versionId}"` };
  const found = errorElement(resourceType);
  if (!found && !isActivated(resourceType)) return { request: { method: 'DELETE', url, ...ifMatch } };
  const said = found ? { [found.element.name]: wrongIn(found) } : { active: false };
  const { clinicalStatus: _, ...rest } = resource as Resource & { clinicalStatus?: unknown };
  // R4 con-5 and ait-2: what was entered in error has no clinical status.
  const kept = found?.element.name === 'verificationStatus' ? rest : resource;
  return {
    fullUrl: url,
    resource: { ...kept, ...said } as Resource,
    request: { method: 'PUT', url, ...ifMatch },
  };
}

function wrongIn({ element, system }: { element: Element; system: string }): unknown {
  return element.types[0]?.code === 'code' ? WRONG : { coding: [{ system, code: WRONG }] };
}

const isActivated = (type: string) =>
  elementsOf(type).some(({ name, types }) => name === 'active' && types[0]?.code === 'boolean');

const elementValue = (resource: Resource, name: string) =>
  (resource as unknown as Record<string, unknown>)[name];
