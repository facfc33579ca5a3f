/** What of a resource profiles have a say in: which it declares, also inside, and the extensions it carries. Pure. */
import { isObject, type Json } from './definition.ts';
import { placeOf } from './items.ts';
import type { Place } from './run.ts';

type Path = readonly (string | number)[];

export interface Declared {
  resource: Json;
  type: string;
  path: Path;
  place: Place;
  profiles: readonly string[];
}

export interface Extended {
  value: Json;
  url: string;
  /** Stands in `modifierExtension`. */
  modifier: boolean;
  path: Path;
  place: Place;
  /** How much of the path leads to the resource that it is in. */
  from: number;
  /** Address of the extension that it stands in. */
  parent: string | null;
}

export interface Survey {
  declared: Declared[];
  extensions: Extended[];
}

const ABSOLUTE = /^[a-z][a-z0-9+.-]*:/i;
/** As deep as the base validation goes. */
const DEEPEST = 130;

/** @param resource right by R4's structure */
export function surveyOf(resource: Json): Survey {
  const survey: Survey = { declared: [], extensions: [] };
  const place: Place = { resource, container: resource, bundle: null, fullUrl: null };
  visitResource(resource, [String(resource.resourceType)], place, survey);
  return survey;
}

/** The way to what is looked at: one list for the whole walk, of which what is found keeps a copy. */
type Way = (string | number)[];

function visitResource(resource: Json, way: Way, place: Place, survey: Survey): void {
  const meta = resource.meta as Json | undefined;
  const profiles = Array.isArray(meta?.profile) ? meta.profile.filter((one) => typeof one === 'string') : [];
  if (profiles.length > 0) {
    const type = String(resource.resourceType);
    survey.declared.push({ resource, type, path: [...way], place, profiles });
  }
  visit(resource, way, place, survey);
}

function visit(value: Json, way: Way, place: Place, survey: Survey, from = way.length): void {
  if (way.length > DEEPEST) return;
  for (const key in value) {
    const child = value[key];
    if (typeof child !== 'object' || child === null) continue;
    // `_birthDate` is what FHIRPath calls birthDate.
    way.push(key.startsWith('_') ? key.slice(1) : key);
    if (Array.isArray(child)) {
      for (let at = 0; at < child.length; at++) {
        const one = child[at];
        if (!isObject(one)) continue;
        way.push(at);
        visitChild(one, key, way, place, survey, from, value);
        way.pop();
      }
    } else visitChild(child as Json, key, way, place, survey, from, value);
    way.pop();
  }
}

function visitChild(
  child: Json,
  key: string,
  way: Way,
  place: Place,
  survey: Survey,
  from: number,
  holder: Json,
): void {
  if (typeof child.resourceType === 'string' && (key === 'contained' || key === 'resource')) {
    visitResource(child, way, placeOf(child, key, place), survey);
    return;
  }
  const modifier = key === 'modifierExtension';
  if ((modifier || key === 'extension') && typeof child.url === 'string' && ABSOLUTE.test(child.url)) {
    const parent = typeof holder.url === 'string' ? holder.url : null;
    survey.extensions.push({ value: child, url: child.url, modifier, path: [...way], place, from, parent });
  }
  visit(child, way, place, survey, from);
}
