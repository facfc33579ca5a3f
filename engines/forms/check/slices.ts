/** Slices that a form extracts into must be those of its profiles. Pure. */
import type { Questionnaire } from '../../../kernel/fhir/types.ts';
import { EXT, extensionsOf, partOf } from '../extension.ts';
import { type Profiles, unknownSlices } from '../extract/profile.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../form/types.ts';
import { questionsOf } from '../question.ts';

/** @param profiles as far as they are known; what is said of others is not judged */
export function sliceFaults(questionnaire: Questionnaire, profiles: Profiles): Fault[] {
  return questionsOf(questionnaire).all.flatMap(({ item, place }) => [
    ...faultsOf(item.definition, `${place}.definition`, profiles),
    ...extensionsOf(item, EXT.definitionExtractValue).flatMap((one, at) =>
      faultsOf(
        partOf(one, 'definition'),
        `${place}.extension.where(url = '${EXT.definitionExtractValue}')[${at}]`,
        profiles,
      ),
    ),
  ]);
}

function faultsOf(definition: unknown, place: string, profiles: Profiles): Fault[] {
  if (typeof definition !== 'string') return [];
  const [address = '', path = ''] = definition.split('#');
  const profile = profiles.get(address);
  return (profile ? unknownSlices(profile, path) : []).map((slice) =>
    fault(
      place,
      'type',
      `nêu lát "${slice}", thứ ${address} không có`,
      `names the slice "${slice}", which ${address} does not have`,
    ),
  );
}
