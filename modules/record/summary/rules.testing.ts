/**
 * The rules of the International Patient Summary that a summary of this program must keep, in our words: for each the profile of
 * the guide that states it (versions 1.1.0 and 2.0.1; where they differ, the stricter), and what breaks it.
 */
import type {
  Bundle,
  Composition,
  CompositionSection,
  Patient,
  Resource,
} from '../../../kernel/fhir/types.ts';

type Elements = Record<string, unknown>;

export interface Rule {
  /** Profile and element. */
  source: string;
  rule: string;
  /** What of the document breaks it. */
  faults(document: Document): string[];
}

/** A summary with its parts at hand. */
export interface Document {
  bundle: Bundle;
  text: string;
  composition: Composition;
  resources: Resource[];
}

export function documentOf(text: string): Document {
  const bundle = JSON.parse(text) as Bundle;
  const resources = (bundle.entry ?? []).map(({ resource }) => resource!);
  return { bundle, text, composition: resources[0] as Composition, resources };
}

const LOINC = 'http://loinc.org';
const ABSENT = 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips';
const REASON = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason';

/** Sections of the guide: LOINC code, types of their entries, and whether a summary must have them. */
const SECTIONS: Record<string, { types: string[]; required?: boolean }> = {
  '11450-4': { types: ['Condition'], required: true },
  '48765-2': { types: ['AllergyIntolerance'], required: true },
  '10160-0': { types: ['MedicationStatement', 'MedicationRequest'], required: true },
  '11369-6': { types: ['Immunization'] },
  '30954-2': { types: ['Observation', 'DiagnosticReport'] },
  '47519-4': { types: ['Procedure'] },
  '46264-8': { types: ['DeviceUseStatement'] },
  '42348-3': { types: ['Consent'] },
  '104605-1': { types: ['Flag'] },
  '47420-5': { types: ['Condition', 'ClinicalImpression'] },
  '11348-0': { types: ['Condition'] },
  '10162-6': { types: ['Observation'] },
  '18776-5': { types: ['CarePlan', 'ImmunizationRecommendation'] },
  '29762-2': { types: ['Observation'] },
  '8716-3': { types: ['Observation'] },
};

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const when = (broken: boolean, fault: string) => (broken ? [fault] : []);

/** What of a type breaks a rule. */
function each(type: string, isKept: (elements: Elements) => boolean): Rule['faults'] {
  return ({ resources }) =>
    resources
      .filter(({ resourceType }) => resourceType === type)
      .filter((one) => !isKept(one as unknown as Elements))
      .map(({ resourceType, id }) => `${resourceType}/${id}`);
}

/** A form of `name[x]` is there, or the reason for its absence. */
const has = (elements: Elements, name: string) =>
  Object.entries(elements).some(([key, value]) => {
    if (key === name || new RegExp(`^${name}[A-Z]`).test(key)) return value !== undefined;
    return new RegExp(`^_${name}([A-Z]|$)`).test(key) && JSON.stringify(value).includes(REASON);
  });

const isReadable = ({ family, given, text, ...rest }: { family?: string; given?: string[]; text?: string }) =>
  family !== undefined || given !== undefined || text !== undefined || has(rest as Elements, 'text');

const isConcept = (value: unknown) => {
  const { coding = [], text } = (value ?? {}) as {
    coding?: { system?: string; code?: string }[];
    text?: string;
  };
  return text !== undefined || coding.some(({ code }) => code !== undefined);
};

const leadsToPatient = (element: string) => (elements: Elements) =>
  /Patient\/[^/]+$/.test((elements[element] as { reference?: string } | undefined)?.reference ?? '');

const entriesOf = ({ bundle }: Document, section: CompositionSection) =>
  (section.entry ?? []).map(
    ({ reference }) => bundle.entry!.find(({ fullUrl }) => fullUrl === reference)?.resource,
  );

const ofSections =
  (broken: (section: CompositionSection, document: Document) => boolean): Rule['faults'] =>
  (document) =>
    (document.composition.section ?? [])
      .filter((section) => broken(section, document))
      .map(({ title }) => `section ${title}`);

const sectionCode = ({ code }: CompositionSection) => code?.coding?.[0]?.code ?? '';

const DOCUMENT: Rule[] = [
  {
    source: 'Bundle-uv-ips: type, identifier, timestamp',
    rule: 'a document with an identifier of a system and an instant with its zone',
    faults: ({ bundle }) => [
      ...when(bundle.type !== 'document', 'type'),
      ...when(!bundle.identifier?.system || !bundle.identifier.value, 'identifier'),
      ...when(!INSTANT.test(bundle.timestamp ?? ''), 'timestamp'),
    ],
  },
  {
    source: 'Bundle-uv-ips: entry.fullUrl, search, request, response; R4 bdl-7, bdl-8',
    rule: 'every entry has an absolute address of its own that names its resource, and is no answer of a search or batch',
    faults: ({ bundle }) => {
      const urls = bundle.entry!.map(({ fullUrl = '' }) => fullUrl);
      return [
        ...when(new Set(urls).size !== urls.length, 'an address twice'),
        ...bundle.entry!.flatMap(({ fullUrl = '', resource, ...rest }) => [
          ...when(Object.keys(rest).length > 0, `${fullUrl} has ${Object.keys(rest)}`),
          ...when(!/^(urn:uuid:|https?:\/\/)/.test(fullUrl) || fullUrl.includes('/_history/'), fullUrl),
          ...when(!fullUrl.endsWith(resource?.id ?? '?'), `${fullUrl} is not ${resource?.id}`),
        ]),
      ];
    },
  },
  {
    source: 'Bundle-uv-ips: bdl-ips-1, entry:composition, entry:patient',
    rule: 'the Composition first and alone, and one Patient',
    faults: ({ resources }) => [
      ...when(resources[0]?.resourceType !== 'Composition', 'first entry'),
      ...when(resources.filter((one) => one.resourceType === 'Composition').length !== 1, 'Compositions'),
      ...when(resources.filter((one) => one.resourceType === 'Patient').length !== 1, 'Patients'),
    ],
  },
  {
    source: 'R4 documents.html; IPS "Design Conventions"',
    rule: 'every reference leads to an entry, or to a contained resource, or has no address at all',
    faults: danglingReferences,
  },
];

function danglingReferences({ bundle }: Document): string[] {
  const urls = new Set(bundle.entry!.map(({ fullUrl }) => fullUrl));
  return bundle.entry!.flatMap(({ fullUrl = '', resource }) => {
    const base = /^(https?:\/\/.*)\/[A-Z][A-Za-z]+\/[^/]+$/.exec(fullUrl)?.[1];
    const contained = ((resource as { contained?: Resource[] }).contained ?? []).map(({ id }) => `#${id}`);
    return [...JSON.stringify(resource).matchAll(/"reference":"([^"]*)"/g)]
      .map((found) => found[1]!)
      .filter((one) => !urls.has(one) && !urls.has(`${base}/${one}`) && ![...contained, '#'].includes(one))
      .map((one) => `${resource?.resourceType}/${resource?.id} → ${one}`);
  });
}

const COMPOSITION: Rule[] = [
  {
    source: 'Composition-uv-ips: status, type, subject, date, author, title, identifier, text',
    rule: 'a final patient summary (LOINC 60591-5) with subject, author, date with zone, title, identifier and narrative',
    faults: ({ composition: { status, type, subject, date, author, title, identifier, text } }) => [
      ...when(status !== 'final', 'status'),
      ...when(type?.coding?.[0]?.system !== LOINC || type.coding[0].code !== '60591-5', 'type'),
      ...when(!subject?.reference, 'subject'),
      ...when(!INSTANT.test(date ?? ''), 'date'),
      ...when(author.length === 0 || author.some(({ reference }) => !reference), 'author'),
      ...when(!title, 'title'),
      ...when(!identifier?.value, 'identifier'),
      ...when(!text?.div, 'text'),
    ],
  },
  {
    source: 'Composition-uv-ips: event:careProvisioningEvent',
    rule: 'what it is about is the provision of care (PCPR), until a time with its zone',
    faults: ({ composition: { event = [] } }) =>
      when(
        event[0]?.code?.[0]?.coding?.[0]?.code !== 'PCPR' || !INSTANT.test(event[0].period?.end ?? ''),
        'event',
      ),
  },
  {
    source:
      'Composition-uv-ips: section:sectionProblems, sectionAllergies, sectionMedications 1..1; others 0..1',
    rule: 'the three sections that a summary must have, and none twice; codes are those of the guide',
    faults: ({ composition: { section = [] } }) => {
      const codes = section.map(sectionCode);
      const required = Object.entries(SECTIONS).filter(([, one]) => one.required);
      return [
        ...required.filter(([code]) => !codes.includes(code)).map(([code]) => `no ${code}`),
        ...when(new Set(codes).size !== codes.length, 'a section twice'),
        ...codes.filter((code) => !(code in SECTIONS)).map((code) => `unknown ${code}`),
      ];
    },
  },
  {
    source:
      'Composition-uv-ips: section.title, code, text 1..1; section.section 0..0; emptyReason 0..0 (1.1.0)',
    rule: 'each has title, LOINC code and narrative, no sections of its own and no emptyReason',
    faults: ofSections(
      ({ title, code, text, section, emptyReason }) =>
        !title ||
        code?.coding?.[0]?.system !== LOINC ||
        !text?.div ||
        Boolean(section) ||
        Boolean(emptyReason),
    ),
  },
  {
    source: 'Composition-uv-ips: section.entry; ips-comp-1',
    rule: 'each has entries, of the types of the section and in the document',
    faults: ofSections((section, document) => {
      const types = entriesOf(document, section).map((one) => one?.resourceType ?? 'nothing');
      return (
        types.length === 0 || types.some((type) => !SECTIONS[sectionCode(section)]?.types.includes(type))
      );
    }),
  },
  {
    source: 'R4 narrative.html, txt-1, txt-2; IPS "Narrative and Language Translation"',
    rule: 'narratives are XHTML in Vietnamese that say something and hold nothing active',
    faults: ofSections(({ text }) => {
      const div = text?.div ?? '';
      const isXhtml =
        /^<div xmlns="http:\/\/www.w3.org\/1999\/xhtml" lang="vi" xml:lang="vi">.+<\/div>$/s.test(div);
      return !isXhtml || /<(script|form|input|iframe|object)|\son\w+=/i.test(div) || !/>[^<\s]/.test(div);
    }),
  },
  {
    source: 'CodeSystem absent-unknown-uv-ips (1.1.0)',
    rule: 'what stands for "nothing is known" stands alone in its section',
    faults: ofSections((section, document) => {
      const entries = entriesOf(document, section);
      return entries.some((one) => JSON.stringify(one).includes(ABSENT)) && entries.length > 1;
    }),
  },
];

const RESOURCES: Rule[] = [
  {
    source: 'Patient-uv-ips: name 1..*, ips-pat-1, birthDate 1..1',
    rule: 'a name of which each can be read, and a birth date; or why not',
    faults: each('Patient', (one) => {
      const { name = [] } = one as unknown as Patient;
      return name.length > 0 && name.every((each) => isReadable(each as never)) && has(one, 'birthDate');
    }),
  },
  {
    source: 'Condition-uv-ips: code 1..1, subject.reference 1..1; verificationStatus',
    rule: 'a code, of the person, not entered in error',
    faults: each(
      'Condition',
      (one) =>
        isConcept(one.code) &&
        leadsToPatient('subject')(one) &&
        !JSON.stringify(one.verificationStatus ?? '').includes('entered-in-error'),
    ),
  },
  {
    source: 'AllergyIntolerance-uv-ips: code 1..1, patient.reference 1..1; verificationStatus',
    rule: 'a code, of the person, not entered in error',
    faults: each(
      'AllergyIntolerance',
      (one) =>
        isConcept(one.code) &&
        leadsToPatient('patient')(one) &&
        !JSON.stringify(one.verificationStatus ?? '').includes('entered-in-error'),
    ),
  },
  {
    source: 'MedicationStatement-uv-ips: medication[x], subject.reference, effective[x] 1..1',
    rule: 'a medication, of the person, and since when, or why not',
    faults: each(
      'MedicationStatement',
      (one) => has(one, 'medication') && leadsToPatient('subject')(one) && has(one, 'effective'),
    ),
  },
  {
    source: 'MedicationRequest-uv-ips: medication[x], subject.reference, doNotPerform, status',
    rule: 'a medication, of the person; no order to leave it, and none in error',
    faults: each(
      'MedicationRequest',
      (one) =>
        has(one, 'medication') &&
        leadsToPatient('subject')(one) &&
        one.doNotPerform !== true &&
        one.status !== 'entered-in-error',
    ),
  },
  {
    source: 'Medication-uv-ips: code 1..1',
    rule: 'a code',
    faults: each('Medication', (one) => isConcept(one.code)),
  },
  {
    source: 'Immunization-uv-ips: vaccineCode, occurrence[x] 1..1, patient.reference',
    rule: 'a vaccine, when, and of the person',
    faults: each(
      'Immunization',
      (one) => isConcept(one.vaccineCode) && has(one, 'occurrence') && leadsToPatient('patient')(one),
    ),
  },
  {
    source: 'Procedure-uv-ips: code, performed[x] 1..1, subject.reference',
    rule: 'a code, of the person, and when, or why not',
    faults: each(
      'Procedure',
      (one) => isConcept(one.code) && has(one, 'performed') && leadsToPatient('subject')(one),
    ),
  },
  {
    source:
      'Observation-results-uv-ips: status, code, subject, effective[x] dateTime|Period, performer 1..*, ips-2, ips-3',
    rule: 'a code, of the person, when, by whom, and a value; or why not; each component too',
    faults: each('Observation', (one) => {
      const parts = (one.component ?? []) as Elements[];
      const hasValue = (each: Elements) => has(each, 'value') || each.dataAbsentReason !== undefined;
      return (
        isConcept(one.code) &&
        leadsToPatient('subject')(one) &&
        (has(one, 'effectiveDateTime') || one.effectivePeriod !== undefined) &&
        ((one.performer ?? []) as unknown[]).length > 0 &&
        (hasValue(one) || parts.length > 0 || one.hasMember !== undefined) &&
        parts.every(hasValue) &&
        one.status !== 'entered-in-error'
      );
    }),
  },
  {
    source: 'DiagnosticReport-uv-ips: code, subject.reference, effective[x] 1..1, status',
    rule: 'a code, of the person, and when, or why not; not in error',
    faults: each(
      'DiagnosticReport',
      (one) =>
        isConcept(one.code) &&
        leadsToPatient('subject')(one) &&
        has(one, 'effective') &&
        one.status !== 'entered-in-error',
    ),
  },
  {
    source: 'DeviceUseStatement-uv-ips: subject.reference, timing[x] 1..1, device',
    rule: 'a device, of the person, and since when, or why not',
    faults: each(
      'DeviceUseStatement',
      (one) => has(one, 'timing') && leadsToPatient('subject')(one) && one.device !== undefined,
    ),
  },
  {
    source: 'Flag-alert-uv-ips: status = active, code, subject.reference',
    rule: 'an active alert about the person',
    faults: each(
      'Flag',
      (one) => one.status === 'active' && isConcept(one.code) && leadsToPatient('subject')(one),
    ),
  },
  {
    source: 'Organization-uv-ips: name 1..1; Practitioner-uv-ips: name 1..*',
    rule: 'a name, or why not',
    faults: (document) => [
      ...each('Organization', (one) => has(one, 'name'))(document),
      ...each('Practitioner', (one) => {
        const names = (one.name ?? []) as Parameters<typeof isReadable>[0][];
        return names.length > 0 && names.every(isReadable);
      })(document),
    ],
  },
  {
    source: 'Specimen-uv-ips: type 1..1',
    rule: 'a type',
    faults: each('Specimen', (one) => isConcept(one.type)),
  },
];

export const IPS_RULES: readonly Rule[] = [...DOCUMENT, ...COMPOSITION, ...RESOURCES];
