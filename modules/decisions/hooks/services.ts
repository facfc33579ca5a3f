/** The services of a day: one for each hook at which a rule speaks, with what is to be sent along. CDS Hooks 2.0, Discovery. Pure. */
import { factSources, type Hook, type Rule, TRIGGERS } from '../../../engines/rules/index.ts';
import { type MemberOf, personParameter, type Source } from '../../../kernel/fhir/person/index.ts';

export interface Service {
  id: string;
  hook: Hook;
  rules: readonly Rule[];
  memberOf: MemberOf;
  /** Prefetch key → what it stands for; the person's own is `patient`. */
  sources: ReadonlyMap<string, Source>;
}

export const serviceId = (hook: Hook): string => `yba-${hook}`;

/** @param rules that speak */
export function servicesOf(rules: readonly Rule[], memberOf: MemberOf): Service[] {
  return TRIGGERS.flatMap((hook) => {
    const own = rules.filter(({ actions }) => actions.some(({ triggers }) => triggers.includes(hook)));
    if (own.length === 0) return [];
    return [
      {
        id: serviceId(hook),
        hook,
        rules: own,
        memberOf,
        sources: new Map(factSources(own).map((one, at) => [keyOf(one, at), one])),
      },
    ];
  });
}

/** `AllergyIntolerance` → `allergyIntolerance`; queries are numbered behind their type. */
function keyOf({ key, type }: Source, at: number): string {
  const name = type.charAt(0).toLowerCase() + type.slice(1);
  return key === type ? name : `${name}${at}`;
}

/** A FHIR query with a prefetch token. */
export function templateOf({ key, type, params }: Source): string {
  const parameter = personParameter(type)!;
  const person = parameter === 'patient' ? '{{context.patientId}}' : 'Patient/{{context.patientId}}';
  const asked = key === type ? params.map(([name, value]) => `${name}=${value}`).join('&') : split(key);
  return `${type}?${asked === '' ? '' : `${asked}&`}${parameter}=${person}${INCLUDED[type] ?? ''}`;
}

/** What belongs to resources of a type and is of no person: the medicines that orders refer to. */
const INCLUDED: Readonly<Record<string, string>> = {
  MedicationRequest: '&_include=MedicationRequest:medication',
};

/** `Condition?code=I10` → `code=I10`, as the rule has written it. */
const split = (query: string): string => query.slice(query.indexOf('?') + 1);

/** The answer of discovery. */
export function discovery(services: readonly Service[], isEnglish: boolean): object {
  return {
    services: services.map(({ id, hook, rules, sources }) => ({
      hook,
      id,
      title: isEnglish ? `Y Bạ: ${hook}` : `Y Bạ – ${hook}`,
      description: `${isEnglish ? 'Rules' : 'Quy tắc'}: ${rules.map((rule) => (isEnglish ? rule.titleEn : rule.title)).join('; ')}.`,
      prefetch: {
        patient: 'Patient/{{context.patientId}}',
        ...Object.fromEntries([...sources].map(([key, source]) => [key, templateOf(source)])),
      },
      usageRequirements: isEnglish
        ? 'Send all prefetch keys, or call with an access token of this server.'
        : 'Gửi đủ các khóa prefetch, hoặc gọi bằng mã truy cập của máy chủ này.',
    })),
  };
}
