/** Whom a provision names (R4 Consent.provision.actor): recipients as names of the reader, and who holds the data. */
import type { Issue } from '../../failure.ts';
import type { CareTeam, ConsentProvisionActor, PractitionerRole, Resource } from '../../fhir/types.ts';
import { organizationNumber } from '../search/owner.ts';
import { fault } from './fault.ts';

/** A CareTeam or PractitionerRole by `Type/id`: null when there is none, undefined when it was not looked for. */
export type LookUp = (name: string) => Resource | null | undefined;

export interface Recipients {
  /** Each choice: names that must all be the reader's. Null = no recipient is named. */
  choices: string[][] | null;
  /** Numbers of the facilities that hold what is meant. */
  holders: number[];
  /** What the choices were read from. */
  sources: string[];
  issues: Issue[];
}

/** v3 ParticipationType: who receives. An actor whose role has no code is one who receives. */
const RECEIVING = new Set(['PRCP', 'IRCP', 'REFT', 'NOT']);
const HOLDING = 'CST';
/** Types that are themselves a name of a reader. */
const NAMES = new Set(['Organization', 'Practitioner', 'Patient', 'RelatedPerson']);

export function actorsOf(
  actors: readonly ConsentProvisionActor[],
  place: string,
  lookUp: LookUp,
): Recipients {
  const found: Recipients = { choices: null, holders: [], sources: [], issues: [] };
  for (const [at, { role, reference }] of actors.entries()) {
    const here = `${place}[${at}]`;
    const codes = (role?.coding ?? []).flatMap(({ code }) => (code === undefined ? [] : [code]));
    const [, type = '', id = ''] =
      /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(reference?.reference ?? '') ?? [];
    if (codes.includes(HOLDING) && type === 'Organization') {
      found.holders.push(organizationNumber(id));
    } else if (codes.length > 0 && !codes.some((code) => RECEIVING.has(code))) {
      found.issues.push(unservedRole(here, codes));
    } else {
      const choices = choicesOf(type, id, lookUp, found.sources);
      if (choices === null) found.issues.push(unserved(here, reference?.reference ?? ''));
      found.choices = [...(found.choices ?? []), ...(choices ?? [])];
    }
  }
  return found;
}

/** Null when the reference names nobody that reads. */
function choicesOf(type: string, id: string, lookUp: LookUp, sources: string[]): string[][] | null {
  if (NAMES.has(type)) return [[`${type}/${id}`]];
  if (type !== 'PractitionerRole' && type !== 'CareTeam') return null;
  const resource = lookUp(`${type}/${id}`);
  if (resource === null) return null;
  sources.push(`${type}/${id}`);
  if (resource === undefined) return [];
  if (type === 'PractitionerRole') return roleOf(resource as PractitionerRole);
  const members = ((resource as CareTeam).participant ?? []).map(({ member }) => member?.reference ?? '');
  const choices: string[][] = [];
  for (const member of members) {
    const [, of = '', key = ''] = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(member) ?? [];
    if (of === 'CareTeam') continue;
    choices.push(...(choicesOf(of, key, lookUp, sources) ?? []));
  }
  return choices;
}

/** The practitioner while at the organization. An ended role is nobody. */
function roleOf({ active, practitioner, organization }: PractitionerRole): string[][] {
  const names = [practitioner, organization].flatMap((one) => one?.reference ?? []);
  return active === false || names.length === 0 ? [] : [names];
}

function unservedRole(place: string, codes: readonly string[]): Issue {
  return fault(
    `${place}.role`,
    `Vai trò "${codes.join(', ')}" không thực hiện được: dùng PRCP hoặc IRCP (người nhận), CST (cơ sở đang giữ dữ liệu).`,
    `The role "${codes.join(', ')}" is not carried out: use PRCP or IRCP (who receives) or CST with an Organization (who holds the data).`,
  );
}

function unserved(place: string, reference: string): Issue {
  return fault(
    `${place}.reference`,
    `"${reference}" không phải cơ sở, người hành nghề, vai trò, nhóm chăm sóc hay người dân có trong hệ thống.`,
    `"${reference}" is no Organization, Practitioner, PractitionerRole, CareTeam, Patient or RelatedPerson that is known here.`,
  );
}
