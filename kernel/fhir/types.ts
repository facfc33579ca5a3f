/** FHIR R4 types by their own names. Types only: nothing of this reaches the running program. */
export type * from '@medplum/fhirtypes';

import type { ExtractResource, ResourceType } from '@medplum/fhirtypes';

export type ResourceOf<T extends ResourceType> = ExtractResource<T>;
