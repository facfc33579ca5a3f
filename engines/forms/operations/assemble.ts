/** `Questionnaire/$assemble`: which form, and where its parts are found. */
import { Failure } from '../../../kernel/failure.ts';
import { readStoredJson } from '../../../kernel/fhir/json/read.ts';
import type { FhirSession } from '../../../kernel/fhir/session/session.ts';
import type { ElementDefinition, StructureDefinition } from '../../../kernel/fhir/types.ts';
import { type Assembled, assemble } from '../assemble/assemble.ts';
import type { AssemblySource } from '../assemble/source.ts';
import { askedForm, readForm } from './asked-form.ts';
import type { Parameter } from './input.ts';
import type { FormParts } from './parts.ts';

export async function assembleAsked(
  parts: FormParts,
  session: FhirSession,
  id: string | undefined,
  given: readonly Parameter[],
): Promise<Assembled> {
  const form = id === undefined ? await askedForm(parts, session, given) : await readForm(session, id);
  return assemble(form, sourceOf(parts, session));
}

/** Forms of the record and of the content, definitions of the record: as far as the client may see. */
export function sourceOf({ find }: FormParts, session: FhirSession): AssemblySource {
  return {
    form: (canonical) => find(session, canonical),
    async element(definition): Promise<ElementDefinition | null | undefined> {
      const [url = '', id = ''] = definition.split('#');
      const [address = '', version] = url.split('|');
      const { matches } = await session
        .searchStored('StructureDefinition', [
          ['url', address],
          ...(version === undefined ? [] : ([['version', version]] as [string, string][])),
          ['_count', '1'],
        ])
        .catch((error) => {
          if (error instanceof Failure) return { matches: [] };
          throw error;
        });
      const [found] = matches;
      if (!found) return null;
      const { snapshot, differential } = readStoredJson(found.body) as StructureDefinition;
      const elements = snapshot?.element ?? differential?.element ?? [];
      return elements.find((one) => one.id === id || one.path === id);
    },
  };
}
