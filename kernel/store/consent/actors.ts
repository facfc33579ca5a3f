/** Whom a provision names (R4 Consent.provision.actor): recipients as names of the reader, and who holds the data. */
import type { CareTeam, ConsentProvisionActor, PractitionerRole, Resource } from '../../fhir/types.ts';
import { organizationNumber } from '../search/owner.ts';
import type { Say } from './conditions.ts';

/** A CareTeam or PractitionerRole by `Type/id`: null when there is none, undefined when it was not looked for. */
export type LookUp = (name: string) => Resource | null | undefined;
/** Ids of an Organization and all that is part of it; undefined when it was not looked for. */
export type PartsLookUp = (id: string) => readonly string[] | undefined;

/** What a Consent is read with. */
export interface Known {
  lookUp: LookUp;
  partsOf: PartsLookUp;
}

export interface Recipients {
  /** Each choice: names that must all be the reader's. Null = no recipient is named. */
  choices: string[][] | null;
  /** False when the choices leave somebody out who is meant. */
  choicesWhole: boolean;
  /** Numbers of the facilities that hold what is meant, with their departments and sites; null = no holder is named. */
  holders: number[] | null;
  holdersWhole: boolean;
  /** What the choices were read from, or would be. */
  sources: string[];
}

/** v3 ParticipationType: who receives. An actor whose role has no code is one who receives. */
const RECEIVING = new Set(['PRCP', 'IRCP', 'REFT', 'NOT']);
const HOLDING = 'CST';
/** Types that are themselves a name of a reader. */
const NAMES = new Set(['Organization', 'Practitioner', 'Patient', 'RelatedPerson']);
/** Teams in teams; a circle ends here, too. */
const DEEPEST = 3;

export function actorsOf(
  actors: readonly ConsentProvisionActor[],
  { lookUp, partsOf }: Known,
  say: Say,
): Recipients {
  const found: Recipients = {
    choices: null,
    choicesWhole: true,
    holders: null,
    holdersWhole: true,
    sources: [],
  };
  for (const [at, { role, reference }] of actors.entries()) {
    const codes = (role?.coding ?? []).flatMap(({ code }) => (code === undefined ? [] : [code]));
    const named = reference?.reference ?? '';
    const [, type = '', id = ''] = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(named) ?? [];
    if (codes.includes(HOLDING)) {
      const holders = type === 'Organization' ? (partsOf(id) ?? [id]).map(organizationNumber) : [];
      found.holders = [...(found.holders ?? []), ...holders];
      if (holders.length > 0) {
        sayUnknownHolder(say, at);
        continue;
      }
      found.holdersWhole = false;
      sayUnserved(say, at, named);
      continue;
    }
    const serves = codes.length === 0 || codes.some((code) => RECEIVING.has(code));
    const { choices, whole } = serves
      ? choicesOf(type, id, lookUp, found.sources, DEEPEST)
      : { choices: [], whole: false };
    found.choices = [...(found.choices ?? []), ...choices];
    if (whole) continue;
    found.choicesWhole = false;
    if (serves) sayUnserved(say, at, named);
    else sayUnservedRole(say, at, codes);
  }
  return found;
}

interface Choices {
  choices: string[][];
  /** False when somebody is meant who cannot be told. */
  whole: boolean;
}

function choicesOf(type: string, id: string, lookUp: LookUp, sources: string[], depth: number): Choices {
  if (NAMES.has(type)) return { choices: [[`${type}/${id}`]], whole: true };
  if (depth === 0 || (type !== 'PractitionerRole' && type !== 'CareTeam'))
    return { choices: [], whole: false };
  const resource = lookUp(`${type}/${id}`);
  // Who is not there yet may come: the rules are read again then.
  sources.push(`${type}/${id}`);
  if (!resource) return { choices: [], whole: resource === undefined };
  if (type === 'PractitionerRole') return { choices: roleOf(resource as PractitionerRole), whole: true };
  const members = ((resource as CareTeam).participant ?? []).flatMap(({ member }) => member?.reference ?? []);
  const found = members.map((member) => {
    const [, of = '', key = ''] = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(member) ?? [];
    return choicesOf(of, key, lookUp, sources, depth - 1);
  });
  return { choices: found.flatMap(({ choices }) => choices), whole: found.every(({ whole }) => whole) };
}

/** The practitioner while at the organization. An ended role is nobody. */
function roleOf({ active, practitioner, organization }: PractitionerRole): string[][] {
  const names = [practitioner, organization].flatMap((one) => one?.reference ?? []);
  return active === false || names.length === 0 ? [] : [names];
}

function sayUnservedRole(say: Say, at: number, codes: readonly string[]): void {
  say(
    `actor[${at}].role`,
    `Vai trò "${codes.join(', ')}" không thực hiện được: dùng PRCP hoặc IRCP (người nhận), CST (cơ sở đang giữ dữ liệu).`,
    `The role "${codes.join(', ')}" is not carried out: use PRCP or IRCP (who receives) or CST with an Organization (who holds the data).`,
  );
}

function sayUnknownHolder(say: Say, at: number): void {
  say(
    `actor[${at}].reference`,
    'Tính theo cơ sở ghi trên dữ liệu, nếu không có thì theo cơ sở của lượt khám; gồm cả khoa và cơ sở trực thuộc. Dữ liệu không ghi cả hai thì bị hạn chế theo khi từ chối, và không được mở thêm khi cho phép.',
    'Who holds data is the facility that it names, else that of its visit, with all that is part of it. What names neither is denied with the rest by a denial, and not opened by a permission.',
    'told',
  );
}

function sayUnserved(say: Say, at: number, reference: string): void {
  say(
    `actor[${at}].reference`,
    `"${reference}" không phải cơ sở, người hành nghề, vai trò, nhóm chăm sóc hay người dân mà hệ thống biết đầy đủ.`,
    `"${reference}" is no Organization, Practitioner, PractitionerRole, CareTeam, Patient or RelatedPerson that is wholly known here.`,
  );
}
