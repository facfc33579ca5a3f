/** Where an extension may stand: StructureDefinition.context, R4 extensibility and defining-extensions. Pure. */
import { type ElementType, propertiesOf } from '../definitions/index.ts';
import type { StructureDefinitionJson } from './definition.ts';
import type { Extended } from './survey.ts';
import { ownerOf } from './tree.ts';

/** Names by which a context may call the place of an extension. */
interface Host {
  names: Set<string>;
  /** Address of the extension that it stands in. */
  extension: string | null;
}

/**
 * True unless every context that the definition names is another place than this. Contexts in FHIRPath are not asked.
 */
export function fitsContext({ context }: StructureDefinitionJson, extended: Extended): boolean {
  const contexts = Array.isArray(context) ? context : [];
  if (contexts.length === 0 || contexts.some(({ type }) => type === 'fhirpath')) return true;
  const host = hostOf(extended);
  if (host === null) return true;
  return contexts.some(({ type, expression = '' }) =>
    type === 'extension' ? host.extension === expression : host.names.has(bare(expression)),
  );
}

/** `Observation.value[x]` and `Observation.value` are one place. */
const bare = (expression: string) => expression.replaceAll('[x]', '');

/** Null where the path leaves R4's tables. */
function hostOf({ path, place, from, parent }: Extended): Host | null {
  const type = String(place.resource.resourceType);
  let at = [type];
  let here: ElementType = { code: type };
  // Without the extension itself and its index.
  for (const step of path.slice(from, -2)) {
    if (typeof step === 'number') continue;
    const owner = ownerOf(here.code);
    const property = owner === null ? undefined : propertiesOf(owner).get(step);
    if (!property) return null;
    const { element } = property;
    here = property.type;
    at = [...at.map((one) => `${one}.${element.name}`), `${owner}.${element.name}`, here.code];
  }
  const isResource = path.slice(from, -2).length === 0;
  // R4 says Element for anywhere, roots of resources too.
  const kinds = isResource
    ? ['Element', 'Resource', 'DomainResource', 'CanonicalResource', 'MetadataResource']
    : ['Element', ...(here.code.includes('.') ? ['BackboneElement'] : []), ...supertypes(here.code)];
  return { names: new Set([...at, ...kinds]), extension: parent };
}

const QUANTITIES = new Set(['Age', 'Count', 'Distance', 'Duration', 'SimpleQuantity', 'MoneyQuantity']);
const STRINGS = new Set(['code', 'id', 'markdown']);
const URIS = new Set(['url', 'canonical', 'oid', 'uuid']);

function supertypes(code: string): string[] {
  if (QUANTITIES.has(code)) return ['Quantity'];
  if (STRINGS.has(code)) return ['string'];
  return URIS.has(code) ? ['uri'] : [];
}
