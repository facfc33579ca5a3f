/** A paper of the content about somebody: what it needs is read in the name of who prints, then filled. */
import {
  type Barcode,
  type CompiledPaper,
  compilePaper,
  type Facts,
  type PaperDefinition,
  type PaperFrame,
  paperOn,
} from '../../../engines/documents/index.ts';
import { requireCare } from '../../../kernel/access/care-acts.ts';
import type { Actor, Found, RecordSession } from '../../../kernel/access/contract.ts';
import type { Dated } from '../../../kernel/content/dated.ts';
import { Failure } from '../../../kernel/failure.ts';
import { personParameter, type Source } from '../../../kernel/fhir/person/index.ts';
import type {
  Organization,
  Questionnaire,
  QuestionnaireResponse,
  Resource,
  ResourceType,
} from '../../../kernel/fhir/types.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { patientOf } from '../../../kernel/store/compartment.ts';
import { vietnamDay } from '../../../kernel/text/vietnam-time.ts';
import { cardDigits, signCard } from '../cards/card.ts';
import { signCertificate } from '../cards/hcert-sign.ts';
import type { CardKeys } from '../cards/keys.ts';
import { ridOf } from '../cards/revoked.ts';
import { dayParts, isDemo, placeAndDay, unitOnPaper, versionOf } from '../paper.ts';
import type { Draft } from './issue.ts';
import { labelsOf } from './labels.ts';

export interface Drafting {
  kernel: Kernel;
  cardKeys: CardKeys;
  /** The very version of a form that a response names; null when it is not known here. */
  formOf(response: QuestionnaireResponse): Promise<Questionnaire | null>;
}

/** The version in force today that the actor may print. @throws Failure `not-found`, `forbidden` */
export function definitionFor({ kernel }: Drafting, actor: Actor, key: string): Dated<PaperDefinition> {
  const day = vietnamDay(kernel.settings.now());
  const paper = paperOn(kernel.content, key, day);
  if (!paper)
    throw new Failure('not-found', `Không có giấy “${key}” đang có hiệu lực: chọn giấy trong danh mục.`, {
      textEn: `No paper "${key}" is in force on ${day}`,
    });
  if (!paper.value.roles.some((role) => (actor.roles as string[]).includes(role)))
    throw new Failure('forbidden', `Vai trò của bạn không in “${paper.value.title.vi}”.`, {
      textEn: `Your role does not print "${paper.value.title.en}"`,
    });
  if (!paper.value.fields)
    throw new Failure('not-found', `“${paper.value.title.vi}” được in từ lượt khám: mở lượt khám rồi in.`, {
      textEn: `"${paper.value.title.en}" is printed from a visit`,
    });
  return paper;
}

/** @param reference `Type/id` of what the paper is about. @throws Failure `invalid-parameter`, what reading fails with */
export async function draftOf(
  drafting: Drafting,
  session: RecordSession,
  { key, from, value }: Dated<PaperDefinition>,
  reference: string,
): Promise<Draft> {
  const about = await readAbout(session, value, reference);
  const patientId = patientOf(about);
  if (patientId === null) throw noPerson(reference);
  await requireCare(drafting.kernel, session, 'paper', patientId);
  const patient = about.resourceType === 'Patient' ? about : await session.read('Patient', patientId);
  const paper = compilePaper(value);
  const found = await readSources(session, patientId, paper.sources, about);
  const form = value.answers ? await drafting.formOf(about as QuestionnaireResponse) : null;
  const { organization, authority } = await unitOf(session);
  const now = drafting.kernel.settings.now();
  const day = vietnamDay(now);
  const { actor } = session;
  const title = form?.title ?? value.title.vi;
  const frame: Omit<PaperFrame, 'number'> = {
    title,
    day: dayParts(day),
    placeAndDay: placeAndDay(organization, day),
    demo: isDemo(patient),
    unit: unitOnPaper({ organization, ...(authority ? { authority } : {}) }),
    author: { name: actor.roles.includes('citizen') ? '' : actor.name },
  };
  const sources = new Set([about, patient, ...[...found.values()].flat()]);
  return {
    key,
    version: from,
    definition: value,
    title,
    date: day,
    patient: patientId,
    about: `${about.resourceType}/${about.id}`,
    sources: [...sources].map(versionOf),
    labels: labelsOf(sources),
    unitCode: frame.unit.code,
    unit: actor.unit,
    author: {
      ...(actor.practitioner ? { reference: `Practitioner/${actor.practitioner}` } : {}),
      display: actor.name,
    },
    demo: frame.demo,
    async fill(number, fingerprint) {
      const facts: Facts = { patient, about, found, now, number, form };
      const codes = await codesOf(drafting, paper, value, facts, fingerprint);
      return { data: { ...paper.fill(facts), paper: { ...frame, number } }, codes };
    },
  };
}

async function readAbout(session: RecordSession, { about, title }: PaperDefinition, reference: string) {
  const [, type, id] = /^([A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(reference) ?? [];
  if (!type || !id || !about?.includes(type as ResourceType))
    throw new Failure(
      'invalid-parameter',
      `“${title.vi}” lập từ ${about?.join(', ')}: gửi subject dạng “${about?.[0]}/<id>”.`,
      { textEn: `subject must be a reference to ${about?.join(' or ')}`, expression: 'subject' },
    );
  const read = (await session.read(type as ResourceType, id)) as Resource;
  if ((read as { status?: string }).status === 'entered-in-error') throw takenBack(reference);
  return read;
}

const takenBack = (reference: string) =>
  new Failure('conflict', 'Nội dung này đã huỷ vì ghi nhầm nên không lập giấy được: mở bản còn hiệu lực.', {
    textEn: `${reference} was entered in error and is printed no more`,
    expression: 'subject',
  });

const noPerson = (reference: string) =>
  new Failure('business-rule', `“${reference}” không thuộc hồ sơ của người nào nên không lập giấy được.`, {
    textEn: `"${reference}" is of no person`,
    expression: 'subject',
  });

/** Pages of a source, so that no paper reads without end. */
const MOST_PAGES = 20;
const PAGE = '200';
const ABOUT = 'about';

/** The value `about` of a source stands for what the paper is about: `Observation?encounter=about`. */
async function readSources(
  session: RecordSession,
  patient: string,
  sources: readonly Source[],
  { resourceType, id }: Resource,
) {
  const found = new Map<string, readonly Resource[]>();
  for (const { key, type, params } of sources) {
    const whose: [string, string] = [personParameter(type)!, patient];
    const resources: Resource[] = [];
    const asked = params.map(([name, value]): [string, string] => [
      name,
      value === ABOUT ? `${resourceType}/${id}` : value,
    ]);
    let query: string | [string, string][] = [whose, ...asked, ['_count', PAGE]];
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const { matches, next }: Found<Resource> = await session.search(type, query);
      resources.push(...(matches as Resource[]));
      if (next === undefined) break;
      if (page === MOST_PAGES - 1) throw tooMany(key);
      query = next;
    }
    found.set(key, resources);
  }
  return found;
}

const tooMany = (key: string) =>
  new Failure('too-large', `Giấy này cần quá nhiều dữ liệu (${key}): thu hẹp truy vấn trong mẫu.`, {
    textEn: `The source "${key}" finds more than a paper can hold`,
  });

/** The unit of who prints; a citizen prints in the name of nobody's unit. */
async function unitOf(
  session: RecordSession,
): Promise<{ organization: Organization; authority?: Organization }> {
  const { unit } = session.actor;
  if (unit === null) return { organization: { resourceType: 'Organization' } };
  const organization = await session.read('Organization', unit);
  const above = organization.partOf?.reference?.match(/^Organization\/(.+)$/)?.[1];
  return above ? { organization, authority: await session.read('Organization', above) } : { organization };
}

async function codesOf(
  drafting: Drafting,
  paper: CompiledPaper,
  { codes = {} }: PaperDefinition,
  facts: Facts,
  fingerprint: string,
): Promise<Record<string, Barcode>> {
  const made: Record<string, Barcode> = {};
  for (const code of paper.codes) {
    const { name, kind } = code;
    made[name] = { kind, text: await textOfCode(drafting, code, codes[name]!, facts, fingerprint) };
  }
  return made;
}

/** @throws Failure `business-rule` when the record lacks what a certificate must say */
async function textOfCode(
  { kernel, cardKeys }: Drafting,
  { text, card, certificate }: CompiledPaper['codes'][number],
  definition: NonNullable<PaperDefinition['codes']>[string],
  facts: Facts,
  fingerprint: string,
): Promise<string> {
  const { now } = facts;
  if (card && definition.card)
    return cardDigits(
      signCard({
        definition: definition.card,
        resources: card(facts),
        issuer: kernel.issuer(),
        key: await cardKeys.signing(),
        now,
        ...(fingerprint === '' ? {} : { rid: ridOf(fingerprint) }),
      }),
    );
  if (!certificate || !definition.certificate) return text(facts);
  const rid = ridOf(fingerprint);
  const day = vietnamDay(now);
  const set = certificate({ ...facts, signing: { certificate: rid, issuer: kernel.issuer() } }, (table) =>
    kernel.content.inForce(table, day),
  );
  const { claim, country, days } = definition.certificate;
  return signCertificate({ claim, country, days, set, key: await cardKeys.signing(), now, rid });
}
