/** Names that a form's expressions have from outside: what it is opened with, what it is put into, what is asked for it. Pure. */
import { isResourceName } from '../../kernel/fhir/definitions/elements.ts';
import type { Extension } from '../../kernel/fhir/types.ts';
import { EXT, type Extended, extensionsOf, partOf } from './extension.ts';
import { fault } from './fault.ts';
import type { Fault } from './form/types.ts';

/** @returns name → FHIR type, null where it may be of several. @param faults what is wrong with the declarations is added */
export function launchNames(root: Extended, faults: Fault[]): ReadonlyMap<string, string | null> {
  const names = new Map<string, string | null>();
  for (const [at, one] of extensionsOf(root, EXT.launchContext).entries()) {
    const name = launchName(one);
    const place = `Questionnaire.extension.where(url = '${EXT.launchContext}')[${at}]`;
    if (name === null) {
      faults.push(fault(place, 'launch-name', 'thiếu tên của bối cảnh', 'has no name'));
      continue;
    }
    if (names.has(name))
      faults.push(
        fault(place, 'duplicate-name', `tên %${name} được khai báo hai lần`, `declares %${name} twice`),
      );
    const types = (one.extension ?? []).filter(({ url }) => url === 'type').map((part) => part.valueCode);
    const [type = null] = types;
    names.set(name, types.length === 1 && type !== null && isResourceName(type) ? type : null);
  }
  for (const name of namesFromElsewhere(root)) names.set(name, null);
  return names;
}

/** `name` of a launchContext is a Coding in SDC, and an id in older forms. */
export function launchName(extension: Extension): string | null {
  const value = partOf(extension, 'name');
  if (typeof value === 'string') return value;
  const { code } = (value ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : null;
}

/** What a part of a modular form gets where it is put in, and answers to queries of the form (sourceQueries). */
function namesFromElsewhere(root: Extended): string[] {
  return [
    ...extensionsOf(root, EXT.assembleContext).flatMap(({ valueString }) => valueString ?? []),
    ...extensionsOf(root, EXT.sourceQueries).flatMap(({ valueReference }) =>
      valueReference?.reference?.startsWith('#') ? [valueReference.reference.slice(1)] : [],
    ),
  ];
}
