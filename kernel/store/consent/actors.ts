/** Whom a provision names (R4 Consent.provision.actor): recipients as names of the reader, and who holds the data. */
import type { CareTeam, ConsentProvisionActor, Group, PractitionerRole } from '../../fhir/types.ts';
import { organizationNumber } from '../search/owner.ts';
import type { Say } from './conditions.ts';
import { type Held, heldBy } from './holders.ts';
import { DEEPEST, type Known, type LookUp } from './known.ts';

export interface Recipients {
  /** Each choice: names that must all be the reader's. Null = no recipient is named. */
  choices: string[][] | null;
  /** False when the choices leave somebody out who is meant. */
  choicesWhole: boolean;
  /** Numbers of the facilities that are named as holders, with their departments and sites; null = no holder is named. */
  holders: number[] | null;
  /** Those that hold at least what is meant; null = no holder is named, or nobody can say which. */
  holdersMost: number[] | null;
  /** What the choices were read from, or would be. */
  sources: string[];
}

/** v3 ParticipationType: who receives. An actor whose role has no code is one who receives. */
const RECEIVING = new Set(['PRCP', 'IRCP', 'REFT', 'NOT']);
const HOLDING = 'CST';
/** Types that are themselves a name of a reader. */
const NAMES = new Set(['Organization', 'Practitioner', 'Patient', 'RelatedPerson']);
/** Types whose content says who is meant. */
const NAMING = new Set(['PractitionerRole', 'CareTeam', 'Group']);

export function actorsOf(
  actors: readonly ConsentProvisionActor[],
  { lookUp, partsOf }: Known,
  say: Say,
): Recipients {
  const found: Recipients = {
    choices: null,
    choicesWhole: true,
    holders: null,
    holdersMost: null,
    sources: [],
  };
  const held: Held[] = [];
  for (const [at, { role, reference }] of actors.entries()) {
    const codes = (role?.coding ?? []).flatMap(({ code }) => (code === undefined ? [] : [code]));
    const named = reference?.reference ?? '';
    const [, type = '', id = ''] = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(named) ?? [];
    if (codes.includes(HOLDING)) {
      held.push(heldBy(named, lookUp, found.sources));
      sayHolder(say, at, named, held.at(-1)!);
      continue;
    }
    const serves = codes.length === 0 || codes.some((code) => RECEIVING.has(code));
    const { choices, whole } = serves
      ? choicesOf(type, id, lookUp, found.sources, [])
      : { choices: [], whole: false };
    found.choices = [...(found.choices ?? []), ...choices];
    if (whole) continue;
    found.choicesWhole = false;
    if (serves) sayUnserved(say, at, named);
    else sayUnservedRole(say, at, codes);
  }
  if (held.length === 0) return found;
  const numbers = (ids: readonly string[]) =>
    ids.flatMap((id) => (partsOf(id) ?? [id]).map(organizationNumber));
  found.holders = numbers(held.flatMap(({ least }) => least));
  if (held.every(({ most }) => most !== null))
    found.holdersMost = numbers(held.flatMap(({ most }) => most ?? []));
  return found;
}

interface Choices {
  choices: string[][];
  /** False when somebody is meant who cannot be told. */
  whole: boolean;
}

/** @param above teams around this one: a team that holds itself adds nobody */
function choicesOf(
  type: string,
  id: string,
  lookUp: LookUp,
  sources: string[],
  above: readonly string[],
): Choices {
  const name = `${type}/${id}`;
  if (NAMES.has(type)) return { choices: [[name]], whole: true };
  if (above.includes(name)) return { choices: [], whole: true };
  if (above.length === DEEPEST || !NAMING.has(type)) return { choices: [], whole: false };
  const resource = lookUp(name);
  // Who is not there yet may come: the rules are read again then.
  if (!sources.includes(name)) sources.push(name);
  if (!resource) return { choices: [], whole: resource === undefined };
  if (type === 'PractitionerRole') return { choices: roleOf(resource as PractitionerRole), whole: true };
  const { members, isWhole } =
    type === 'Group' ? membersOf(resource as Group) : participantsOf(resource as CareTeam);
  const found = members.map((member) => {
    const [, of = '', key = ''] = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(member) ?? [];
    return choicesOf(of, key, lookUp, sources, [...above, name]);
  });
  const choices = new Map(found.flatMap((one) => one.choices.map((names) => [names.join(' '), names])));
  return { choices: [...choices.values()], whole: isWhole && found.every(({ whole }) => whole) };
}

interface Members {
  /** References. */
  members: string[];
  /** False when somebody belongs to it who is not listed. */
  isWhole: boolean;
}

function participantsOf({ participant = [] }: CareTeam): Members {
  return { members: participant.flatMap(({ member }) => member?.reference ?? []), isWhole: true };
}

/** Those who are listed and have not left; who only fits the description of a group (`actual` false) is not listed. */
function membersOf({ active, actual, member = [] }: Group): Members {
  if (active === false) return { members: [], isWhole: true };
  const listed = member.filter(({ inactive }) => inactive !== true);
  return { members: listed.flatMap(({ entity }) => entity.reference ?? []), isWhole: actual };
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
    `The role "${codes.join(', ')}" is not carried out: use PRCP or IRCP (who receives) or CST (who holds the data).`,
  );
}

function sayHolder(say: Say, at: number, named: string, { most, least }: Held): void {
  if (most === null) {
    sayUnserved(say, at, named);
    return;
  }
  if (least.length === 0)
    say(
      `actor[${at}].reference`,
      `"${named}" giữ dữ liệu qua cơ sở của nó: khi từ chối, mọi dữ liệu của các cơ sở ấy bị hạn chế; khi cho phép, không mở thêm gì. Muốn mở, hãy nêu cơ sở.`,
      `"${named}" holds data by its Organizations: a denial takes all that they hold, a permission opens nothing. To open, name the Organization.`,
      'told',
    );
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
    `"${reference}" không phải cơ sở, người hành nghề, vai trò, nhóm hay người dân mà hệ thống biết đầy đủ.`,
    `"${reference}" is no Organization, Practitioner, PractitionerRole, CareTeam, Group, Patient or RelatedPerson that is wholly known here.`,
  );
}
