/**
 * A line as an AuditEvent by IHE BALP 1.1.3: Create, Read, Update, Delete and Query with and without a patient, the token's
 * use, sign-in and emergency by DICOM's codes. Pure.
 */
import type { AuditEvent, Coding } from '../../fhir/types.ts';
import type { AuditRow } from '../audit-reading.ts';
import { type Act, actOf, isQuery } from './acts.ts';

const BALP = 'https://profiles.ihe.net/ITI/BALP';
const PROFILE = `${BALP}/StructureDefinition/IHE.BasicAudit`;
const DCM = 'http://dicom.nema.org/resources/ontology/DCM';
const REASONS = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const PARTICIPATION = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType';
const ROLES = 'http://terminology.hl7.org/CodeSystem/object-role';
const ENTITIES = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';
const JTI = 'urn:ietf:params:oauth:jti:';

const OUTCOMES = { ok: '0', refused: '4', failed: '8' } as const;
export const OUTCOME_CODES: Readonly<Record<string, AuditRow['outcome']>> = {
  0: 'ok',
  4: 'refused',
  8: 'failed',
};

const coded = (system: string, code: string, display: string) => ({ coding: [{ system, code, display }] });
const SOURCE = coded(DCM, '110153', 'Source Role ID');
const DESTINATION = coded(DCM, '110152', 'Destination Role ID');
const TOKEN_USER = coded(
  `${BALP}/CodeSystem/UserAgentTypes`,
  'UserOauthAgent',
  'User OAuth Agent participant',
);
const PERSON: Coding = { system: ENTITIES, code: '1', display: 'Person' };
const OBJECT: Coding = { system: ENTITIES, code: '2', display: 'System Object' };
const PATIENT: Coding = { system: ROLES, code: '1', display: 'Patient' };
const RESOURCE: Coding = { system: ROLES, code: '4', display: 'Domain Resource' };
const QUERY: Coding = { system: ROLES, code: '24', display: 'Query' };

type Agent = AuditEvent['agent'][number];
type Entity = NonNullable<AuditEvent['entity']>[number];

/** @param server address of the program, as others reach it */
export function auditEventOf(row: AuditRow, server: string): AuditEvent {
  const [purpose = '', reason] = row.why.split(/: (.*)/s);
  const act = actOf(row.action, row.what);
  const purposes = [
    {
      coding: [{ system: REASONS, code: purpose }],
      ...(reason === undefined ? {} : { text: reason }),
    },
  ];
  const profiles = profilesOf(row, act);
  return {
    resourceType: 'AuditEvent',
    id: row.id,
    meta: {
      versionId: '1',
      lastUpdated: row.at,
      ...(profiles.length === 0 ? {} : { profile: profiles }),
    },
    type: act.type,
    subtype: act.subtypes,
    action: act.letter,
    recorded: row.at,
    outcome: OUTCOMES[row.outcome],
    purposeOfEvent: purposes,
    agent: agentsOf(row, act, server, purposes),
    source: {
      ...(row.unit === null ? {} : { site: row.unit }),
      observer: row.unit === null ? { display: 'Y Bạ' } : { reference: `Organization/${row.unit}` },
      type: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/security-source-type',
          code: '4',
          display: 'Application Server',
        },
      ],
    },
    entity: entitiesOf(row, act),
  };
}

/** Only what succeeded follows a pattern of BALP; refusals are events of R4's "Access Denied". */
function profilesOf(row: AuditRow, act: Act): string[] {
  if (row.outcome !== 'ok') return [];
  const code = act.subtypes[0]?.code ?? '';
  const kind = PATTERNS[code];
  const token = row.token === null ? [] : [`${PROFILE}.OAUTHaccessTokenUse.Minimal`];
  if (act.type.code !== 'rest' || kind === undefined) return token;
  if (kind !== 'Query' && !isReference(row.what.split(' ', 1)[0]!)) return token;
  return [`${PROFILE}.${row.patient === null ? '' : 'Patient'}${kind}`, ...token];
}

const PATTERNS: Record<string, string> = {
  create: 'Create',
  read: 'Read',
  vread: 'Read',
  update: 'Update',
  delete: 'Delete',
  'search-type': 'Query',
};

/** What a read asks flows to the client, everything else to the server (BALP, note of Query). */
function agentsOf(row: AuditRow, act: Act, server: string, purposes: Agent['purposeOfUse']): Agent[] {
  const reads = act.letter === 'R';
  const machine = !isPerson(row);
  const client: Agent = {
    type: reads ? DESTINATION : SOURCE,
    who: { display: row.client ?? (machine ? row.who : 'Y Bạ web'), ...(machine ? identified(row) : {}) },
    ...(machine ? { altId: row.who, role: [roleOf(row)] } : {}),
    requestor: machine,
    network: row.ip === '' ? { address: '127.0.0.1', type: '2' } : { address: row.ip, type: '2' },
  };
  const user: Agent = {
    type: coded(
      PARTICIPATION,
      reads || act.letter === 'E' ? 'IRCP' : 'AUT',
      reads || act.letter === 'E' ? 'information recipient' : 'author (originator)',
    ),
    who: whoOf(row),
    role: [roleOf(row)],
    altId: row.who,
    ...(row.whoDisplay === '' ? {} : { name: row.whoDisplay }),
    requestor: true,
    ...(purposes ? { purposeOfUse: purposes } : {}),
  };
  return [
    client,
    {
      type: reads ? SOURCE : DESTINATION,
      who: { display: 'Y Bạ' },
      requestor: false,
      network: { address: server, type: '5' },
    },
    ...(machine ? [] : [user]),
    ...(row.token === null
      ? []
      : [{ type: TOKEN_USER, who: whoOf(row), requestor: true, policy: [`${JTI}${row.token}`] }]),
  ];
}

const isPerson = ({ whoDisplay, who }: AuditRow) =>
  !whoDisplay.startsWith('Client/') && !who.startsWith('system:');

/** In what capacity somebody acted: a person at a screen, or a machine. */
export const AGENT_ROLES = 'http://terminology.hl7.org/CodeSystem/extra-security-role-type';

export function agentRole(row: AuditRow): 'humanuser' | 'dataprocessor' {
  return isPerson(row) ? 'humanuser' : 'dataprocessor';
}

function roleOf(row: AuditRow) {
  const code = agentRole(row);
  return coded(AGENT_ROLES, code, code === 'humanuser' ? 'human user' : 'data processor');
}

const identified = ({ who }: AuditRow) => ({ identifier: { value: who } });

function whoOf(row: AuditRow) {
  return isReference(row.whoDisplay)
    ? { reference: row.whoDisplay }
    : { display: row.whoDisplay || row.who, ...identified(row) };
}

const isReference = (text: string) =>
  /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}(\/_history\/[A-Za-z0-9\-.]{1,64})?$/.test(text) &&
  !text.startsWith('Client/');

function entitiesOf(row: AuditRow, act: Act): Entity[] {
  const patient: Entity[] =
    row.patient === null
      ? []
      : [{ what: { reference: `Patient/${row.patient}` }, type: PERSON, role: PATIENT }];
  const transaction: Entity[] =
    row.request === null
      ? []
      : [
          {
            what: { identifier: { value: row.request } },
            type: { system: `${BALP}/CodeSystem/BasicAuditEntityType`, code: 'XrequestId' },
          },
        ];
  const touched = isQuery(act) ? [queryOf(row.what)] : row.what.split(' ').map(touchedOf);
  return [...patient, ...touched, ...transaction];
}

/** The request as it came, byte by byte (entity.query), and in words. */
function queryOf(what: string): Entity {
  return {
    type: OBJECT,
    role: QUERY,
    description: what.slice(0, 1000),
    query: Buffer.from(what, 'utf8').toString('base64'),
  };
}

/** One resource is the event's object; further ones of the same commit carry their own type, so that the first stands out. */
function touchedOf(what: string, i: number): Entity {
  if (!isReference(what)) return { type: OBJECT, name: what.slice(0, 1000) };
  const type =
    i === 0
      ? OBJECT
      : { system: 'http://hl7.org/fhir/resource-types', code: what.slice(0, what.indexOf('/')) };
  return { what: { reference: what }, type, role: RESOURCE };
}
