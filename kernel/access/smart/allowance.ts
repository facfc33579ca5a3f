/**
 * What the scopes of a token leave of a type: everything, or what one of several alternatives lets through. `patient/…` is
 * of the patient of the launch, a query narrows to what matches it; several scopes are alternatives. Pure.
 */
import type { Resource, ResourceType } from '../../fhir/types.ts';
import { patientOf } from '../../store/compartment.ts';
import type { Alternative, StoredVersion } from '../../store/contract.ts';
import { resourceTest } from '../../store/search/index.ts';
import { probedTypes, type Targets } from '../bounds.ts';
import type { Actor } from '../contract.ts';
import type { Action } from '../decide.ts';
import { effectiveScopes } from '../scopes.ts';

export type Allowance = 'all' | readonly Alternative[];

/** Types that speak of no person: who may read a patient's record may read what it refers to there. */
const OF_NOBODY: ReadonlySet<string> = new Set([
  'ActivityDefinition',
  'CapabilityStatement',
  'CatalogEntry',
  'ChargeItemDefinition',
  'CodeSystem',
  'ConceptMap',
  'DeviceDefinition',
  'Endpoint',
  'GraphDefinition',
  'HealthcareService',
  'ImplementationGuide',
  'InsurancePlan',
  'Library',
  'Location',
  'Measure',
  'Medication',
  'MedicationKnowledge',
  'NamingSystem',
  'ObservationDefinition',
  'OperationDefinition',
  'Organization',
  'OrganizationAffiliation',
  'PlanDefinition',
  'Practitioner',
  'PractitionerRole',
  'Questionnaire',
  'SearchParameter',
  'SpecimenDefinition',
  'StructureDefinition',
  'StructureMap',
  'Substance',
  'TerminologyCapabilities',
  'ValueSet',
]);

/** What of a type an actor's token leaves; `all` for who acts without a token. */
export function allowanceOf(actor: Actor, action: Action, type: string): Allowance {
  if (actor.scopes === undefined) return 'all';
  const alternatives: Alternative[] = [];
  for (const scope of effectiveScopes(actor.scopes, actor.roles.includes('system-client'))) {
    if ((scope.type !== '*' && scope.type !== type) || !scope.actions.has(action)) continue;
    const confined = scope.level === 'patient' && !OF_NOBODY.has(type);
    if (!confined && scope.query === undefined) return 'all';
    alternatives.push({
      ...(confined ? { persons: launchPersons(actor) } : {}),
      query: scope.query ?? [],
    });
  }
  return alternatives;
}

const launchPersons = ({ launch }: Actor): string[] =>
  launch?.patient === undefined || launch.patient === null ? [] : [launch.patient];

/** Whether versions lie within the token; a deleted one shows nothing that a query could match. */
export function versionFilter(actor: Actor, action: Action): (version: StoredVersion) => boolean {
  if (actor.scopes === undefined) return () => true;
  const byType = new Map<string, (version: StoredVersion) => boolean>();
  return (version) => {
    const known =
      byType.get(version.type) ?? testOfVersions(allowanceOf(actor, action, version.type), version.type);
    byType.set(version.type, known);
    return known(version);
  };
}

function testOfVersions(allowance: Allowance, type: ResourceType): (version: StoredVersion) => boolean {
  if (allowance === 'all') return () => true;
  const tests = testsOf(allowance, type);
  return (version) => {
    const person = version.type === 'Patient' ? version.id : version.patient;
    const near = tests.filter(
      ({ persons }) => persons === undefined || (person !== null && persons.includes(person)),
    );
    if (near.length === 0) return false;
    if (near.some(({ test }) => test === null)) return true;
    if (version.deleted) return false;
    const resource = JSON.parse(version.body.toString('utf8')) as Resource;
    return near.some(({ test }) => test!(resource));
  };
}

/** Whether a resource as it will be lies within the token. */
export function mayHold(actor: Actor, action: Action, resource: Resource): boolean {
  const allowance = allowanceOf(actor, action, resource.resourceType);
  if (allowance === 'all') return true;
  const person = patientOf(resource);
  return testsOf(allowance, resource.resourceType).some(
    ({ persons, test }) =>
      (persons === undefined || (person !== null && persons.includes(person))) &&
      (test === null || test(resource)),
  );
}

function testsOf(alternatives: readonly Alternative[], type: ResourceType) {
  return alternatives.map(({ persons, query }) => ({
    persons,
    test: query.length === 0 ? null : resourceTest(type, query),
  }));
}

/** How a search is narrowed: only rows of these persons anywhere, and matches that fulfil one of the alternatives. */
export interface SearchLimits {
  patients?: string[];
  anyOf?: readonly Alternative[];
}

/**
 * @returns null when the search asks what lies outside of the token: a chain, `_has` or `_filter` through resources that
 * only some of may be seen tells of the others
 */
export function searchLimits(
  actor: Actor,
  type: string,
  params: readonly [string, string][],
  targetsOf: Targets,
): SearchLimits | null {
  if (actor.scopes === undefined) return {};
  const own = allowanceOf(actor, 'search', type);
  const limits: SearchLimits = own === 'all' ? {} : { anyOf: own };
  const patients = own === 'all' ? null : personsOf(own);
  for (const probed of probedTypes({ type, params }, targetsOf)) {
    const allowance = allowanceOf(actor, 'search', probed);
    if (allowance === 'all') continue;
    const persons = allowance.every(({ query }) => query.length === 0) ? personsOf(allowance) : null;
    // A person's rows are looked through only from rows of persons.
    if (persons === null || OF_NOBODY.has(type)) return null;
    limits.patients = limits.patients?.filter((one) => persons.includes(one)) ?? persons;
  }
  if (patients !== null)
    limits.patients = limits.patients?.filter((one) => patients.includes(one)) ?? patients;
  return limits;
}

/** The persons that all alternatives are confined to; null when one is not. */
function personsOf(alternatives: readonly Alternative[]): string[] | null {
  if (alternatives.some(({ persons }) => persons === undefined)) return null;
  return [...new Set(alternatives.flatMap(({ persons = [] }) => persons))];
}

/**
 * Whether criteria of a conditional write tell only of what the token shows: everything of the type, or one person's who is
 * named. What else matched would be told by the answer.
 */
export function criteriaWithin(
  actor: Actor,
  type: string,
  params: readonly [string, string][],
  targetsOf: Targets,
): boolean {
  const limits = searchLimits(actor, type, params, targetsOf);
  if (limits === null) return false;
  const { patients, anyOf = [] } = limits;
  if (patients === undefined && anyOf.length === 0) return true;
  if (patients === undefined || anyOf.some(({ query }) => query.length > 0)) return false;
  const names = type === 'Patient' ? ['_id'] : ['patient', 'subject', 'beneficiary'];
  return params.some(
    ([name, value]) => names.includes(name) && patients.includes(value.replace(/^Patient\//, '')),
  );
}
