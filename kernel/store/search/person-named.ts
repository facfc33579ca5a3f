/** Whose rows alone a search is about, as far as one of its parameters says it. Pure. */
import { isId } from '../ids.ts';
import { indexedParametersOf } from './parameters.ts';

const PATIENT = /^(?:Patient\/)?([A-Za-z0-9\-.]{1,64})$/;

/** Id of the Patient that a parameter names, where it is the element by which rows belong to their person; else null. */
export function personNamed(type: string, params: readonly (readonly [string, string])[]): string | null {
  for (const [name, value] of params) {
    const [code = '', modifier] = name.split(':');
    if (modifier !== undefined && modifier !== 'Patient') continue;
    const parameter = indexedParametersOf(type).get(code);
    const isWhose = type === 'Patient' ? name === '_id' : parameter?.own === true;
    const id = isWhose ? PATIENT.exec(value)?.[1] : undefined;
    if (id === undefined || !isId(id)) continue;
    // A bare id may be of a group or a device where the parameter leads there, too: their rows belong to nobody.
    const isSure = value.startsWith('Patient/') || type === 'Patient' || code === 'patient';
    if (isSure || parameter?.targets.length === 1) return id;
  }
  return null;
}
