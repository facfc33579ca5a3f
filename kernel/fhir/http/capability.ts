/** `/metadata`: what this server does, made from the same tables that do it. Pure. R4 capabilitystatement.html. */
import { auditParameters } from '../../access/audit-events.ts';
import { oauthAddresses } from '../../access/smart/configuration.ts';
import { isCompartment } from '../definitions/index.ts';
import { CARRIERS, RENDERED, resourceTypes } from '../names.ts';
import { type Operation, operationsOn } from '../operations/definition.ts';
import {
  GUIDE,
  SERVER,
  SUBSCRIPTION_PROFILE,
  TOPIC_CANONICAL,
  WEBSOCKET,
} from '../subscriptions/backport.ts';
import { websocketOf } from '../subscriptions/socket-address.ts';
import type {
  CapabilityStatement,
  CapabilityStatementRestResource,
  CapabilityStatementRestResourceSearchParam,
  ResourceType,
} from '../types.ts';

export interface CapabilityParts {
  searchParameters(type: ResourceType): readonly AnnouncedParameter[];
  /** Values of `_include` and `_revinclude`. */
  includes(type: ResourceType): { include: string[]; revinclude: string[] };
  software: { version: string; started: string };
  /** Every operation of the program. */
  operations: readonly Operation[];
  /** Canonical addresses of the topics that can be subscribed to. */
  topics(): readonly string[];
  /** Profiles of the program's own by which resources of a type can be checked, by their canonical addresses. */
  supportedProfiles(type: ResourceType): readonly string[];
}

type Interaction = NonNullable<CapabilityStatementRestResource['interaction']>[number]['code'];

export interface AnnouncedParameter {
  name: string;
  type: string;
  /** Canonical address, for parameters that are not R4's. */
  definition?: string;
  /** Without the colon. */
  modifiers?: readonly string[];
}

const READS: Interaction[] = ['read', 'search-type'];
const ALL: Interaction[] = [
  'read',
  'vread',
  'update',
  'patch',
  'delete',
  'history-instance',
  'history-type',
  'create',
  'search-type',
];

/** Types that have addresses. */
export const announcedTypes: readonly ResourceType[] = resourceTypes.filter((type) => !CARRIERS.has(type));

/** @param base address of the interface, `http://host/fhir` */
export function capabilityStatement(base: string, parts: CapabilityParts): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: parts.software.started,
    publisher: 'Y Bạ',
    kind: 'instance',
    instantiates: ['http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data', SERVER],
    implementationGuide: [GUIDE],
    software: { name: 'Y Bạ', version: parts.software.version },
    implementation: { description: 'Y Bạ, FHIR R4', url: base },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    patchFormat: ['application/json-patch+json', 'application/fhir+json'],
    rest: [
      {
        mode: 'server',
        extension: [{ url: WEBSOCKET, valueUri: websocketOf(base) }],
        security: {
          service: [
            {
              coding: [
                {
                  system: 'http://terminology.hl7.org/CodeSystem/restful-security-service',
                  code: 'SMART-on-FHIR',
                },
              ],
            },
          ],
          description: 'SMART App Launch 2.2 and Backend Services; see .well-known/smart-configuration.',
          extension: [oauthAddresses(base)],
        },
        resource: announcedTypes.map((type) => announcedResource(type, parts)),
        interaction: [
          { code: 'transaction' },
          { code: 'batch' },
          { code: 'history-system' },
          { code: 'search-system' },
        ],
        operation: parts.operations.filter(({ at }) => at.includes('system')).map(announced),
        compartment: resourceTypes.filter(isCompartment).map(compartmentOf),
      },
    ],
  };
}

/** Canonical address of R4's definition: `RelatedPerson` is `relatedPerson` there. */
function compartmentOf(type: string): string {
  return `http://hl7.org/fhir/CompartmentDefinition/${type[0]!.toLowerCase()}${type.slice(1)}`;
}

/** What is done with a type. */
export function announcedResource(
  type: ResourceType,
  { searchParameters, includes, operations, topics, supportedProfiles }: CapabilityParts,
): CapabilityStatementRestResource {
  const profiles = [...(type === 'Subscription' ? [SUBSCRIPTION_PROFILE] : []), ...supportedProfiles(type)];
  const readOnly = RENDERED.has(type);
  const searchParam = (readOnly ? auditParameters : searchParameters(type)).map(
    ({ name, type: kind, definition }: AnnouncedParameter) =>
      ({ name, type: kind, ...(definition && { definition }) }) as CapabilityStatementRestResourceSearchParam,
  );
  return {
    type: type as CapabilityStatementRestResource['type'],
    profile: `http://hl7.org/fhir/StructureDefinition/${type}`,
    ...(profiles.length > 0 && { supportedProfile: profiles }),
    ...(type === 'Subscription' && {
      extension: topics().map((valueCanonical) => ({ url: TOPIC_CANONICAL, valueCanonical })),
    }),
    interaction: (readOnly ? READS : ALL).map((code) => ({ code })),
    ...(readOnly
      ? {}
      : {
          versioning: 'versioned-update',
          readHistory: true,
          updateCreate: true,
          conditionalCreate: true,
          conditionalRead: 'full-support',
          conditionalUpdate: true,
          conditionalDelete: 'single',
          operation: operationsOn(operations, type).map(announced),
        }),
    ...(readOnly
      ? {}
      : { searchInclude: includes(type).include, searchRevInclude: includes(type).revinclude }),
    ...(searchParam.length > 0 ? { searchParam } : {}),
  };
}

const announced = ({ name, definition }: Operation) => ({ name, definition });
