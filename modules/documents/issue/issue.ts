/**
 * Issuing: the paper that was issued of the same versions of the record, or a new one that is kept. The facts were read in the
 * name of who prints, so policy has decided; the paper is written by the room itself, because who may print (a cashier) need
 * not be one who may write clinical documents.
 */
import type { Barcode, Documents, PaperDefinition } from '../../../engines/documents/index.ts';
import type { RecordSession } from '../../../kernel/access/contract.ts';
import { cs, sid } from '../../../kernel/fhir/systems.ts';
import type { Coding, DocumentReference } from '../../../kernel/fhir/types.ts';
import type { InTurn } from '../../../kernel/in-turn.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { vietnamInstant } from '../../../kernel/text/vietnam-time.ts';
import { takeNumber } from './numbers.ts';
import {
  aboutOf,
  bytesOf,
  definitionOf,
  fingerprintIn,
  fingerprintOf,
  type IssuedPaper,
  isPaper,
  referenceOf,
} from './reference.ts';

/** Everything that a paper is made of, before it has a number. */
export interface Draft {
  key: string;
  /** First day of the version. */
  version: string;
  definition: PaperDefinition;
  /** As it is called on the paper: a form's own title; left out: of the definition. */
  title?: string;
  /** ISO day whose template is used. */
  date: string;
  patient: string;
  about: string;
  sources: readonly string[];
  /** Of the categories of sensitive data that its sources belong to. */
  labels: readonly Coding[];
  encounter?: string;
  /** Facility code of the unit, for its numbers. */
  unitCode: string;
  /** Organization id. */
  unit: string | null;
  author: { reference?: string; display: string };
  demo: boolean;
  /** A number that the record has given already (a prescription's). */
  number?: string;
  /** What the template reads and its codes, once there is a number. @param fingerprint '' for a paper that is not kept */
  fill(number: string, fingerprint: string): Promise<{ data: unknown; codes: Record<string, Barcode> }>;
  /** Instant stated in the PDF; left out: of the issue. */
  createdAt?: string;
}

export interface Printed {
  bytes: Buffer;
  /** Null for a paper that is not kept. */
  document: DocumentReference | null;
  /** False when it had been issued before. */
  isNew: boolean;
}

export interface Issuing {
  kernel: Kernel;
  documents: Documents;
  /** One issue of a paper at a time in this process; the record decides between processes. */
  inTurn: InTurn;
}

export async function issuePaper(parts: Issuing, draft: Draft): Promise<Printed> {
  if (draft.definition.kept === false) {
    const { data, codes } = await draft.fill(draft.number ?? '', '');
    return { bytes: await set(parts, draft, data, codes, at(parts)), document: null, isNew: true };
  }
  const fingerprint = fingerprintOf(draft.key, draft.sources);
  return parts.inTurn(`paper ${draft.patient} ${draft.key}`, async () => {
    const system = parts.kernel.gate.system('papers');
    const issued = await issuedBefore(system, draft);
    const same = issued.filter((each) => originOf(each) === fingerprint);
    // A paper is its unit's: who prints elsewhere neither gets it nor puts another, made of what is seen there, in its place.
    const own = issued.filter((each) => unitOf(each) === draft.unit);
    const standing = own.find((each) => originOf(each) === fingerprint && each.status === 'current');
    if (standing) return { bytes: bytesOf(standing), document: standing, isNew: false };
    // What was cancelled or replaced stays so: asked for again it is a new paper with a number of its own.
    const next = same.length === 0 ? fingerprint : `${fingerprint}-${same.length + 1}`;
    const before = own.find((each) => each.status === 'current' && aboutOf(each) === draft.about) ?? null;
    return keep(parts, system, draft, next, before);
  });
}

/** Papers of the same key that the person has, newest first. */
async function issuedBefore(system: RecordSession, draft: Draft): Promise<DocumentReference[]> {
  const found = await system.search('DocumentReference', [
    ['patient', draft.patient],
    ['type', `${cs.paper}|${draft.key}`],
    ['_sort', '-date'],
    ['_count', '1000'],
  ]);
  return found.matches.filter((each) => isPaper(each) && definitionOf(each).key === draft.key);
}

const unitOf = ({ custodian }: DocumentReference): string | null =>
  custodian?.reference?.replace(/^Organization\//, '') ?? null;

const originOf = (document: DocumentReference): string => fingerprintIn(document).split('-')[0]!;

async function keep(
  parts: Issuing,
  system: RecordSession,
  draft: Draft,
  fingerprint: string,
  before: DocumentReference | null,
): Promise<Printed> {
  const issuedAt = at(parts);
  const number = draft.number ?? (await numberFor(parts, draft, fingerprint, issuedAt));
  const { data, codes } = await draft.fill(number, fingerprint);
  const bytes = await set(parts, draft, data, codes, issuedAt);
  const paper: IssuedPaper = {
    ...draft,
    title: draft.title ?? draft.definition.title.vi,
    ...(draft.definition.type ? { type: draft.definition.type } : {}),
    number,
    fingerprint,
    at: issuedAt,
    replaces: before?.id ?? null,
    bytes,
  };
  const identifier = `${sid.paperSource}|${fingerprint}`;
  const answer = await system.transaction({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        resource: referenceOf(paper),
        request: {
          method: 'POST',
          url: 'DocumentReference',
          ifNoneExist: `patient=${draft.patient}&identifier=${encodeURIComponent(identifier)}`,
        },
      },
      ...(before
        ? [
            {
              resource: { ...before, status: 'superseded' as const },
              request: {
                method: 'PUT' as const,
                url: `DocumentReference/${before.id}`,
                ifMatch: `W/"${before.meta?.versionId}"`,
              },
            },
          ]
        : []),
    ],
  });
  const id = /DocumentReference\/([^/]+)/.exec(answer.entry?.[0]?.response?.location ?? '')?.[1] ?? '';
  const document = await system.read('DocumentReference', id);
  return {
    bytes: bytesOf(document),
    document,
    isNew: answer.entry?.[0]?.response?.status?.startsWith('201') ?? false,
  };
}

async function numberFor(
  { kernel }: Issuing,
  { definition: { number }, unitCode }: Draft,
  fingerprint: string,
  issuedAt: string,
): Promise<string> {
  if (!number) return '';
  const period = number.each === 'year' ? issuedAt.slice(0, 4) : '';
  return takeNumber(kernel.pool, fingerprint, { unit: unitCode, series: number.series, period }, number.as);
}

function set(
  { documents }: Issuing,
  { key, date, definition, createdAt }: Draft,
  data: unknown,
  codes: Record<string, Barcode>,
  issuedAt: string,
): Promise<Buffer> {
  const standard = definition.standard ?? 'a-2b';
  return documents.renderPaper(key, date, data, { codes, createdAt: createdAt ?? issuedAt, standard });
}

const at = ({ kernel }: Issuing): string => vietnamInstant(kernel.settings.now());
