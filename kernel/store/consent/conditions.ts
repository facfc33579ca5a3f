/** The conditions of a provision (R4 Consent.provision) but for who receives: period, labels, types, codes, purposes, actions. */
import type { Issue } from '../../failure.ts';
import { intervalOfPeriod } from '../../fhir/dates.ts';
import type { Coding, ConsentProvision } from '../../fhir/types.ts';
import { hash64 } from '../hash.ts';
import { RESOURCE_TYPES, typeNumber } from '../resource-types.ts';
import { tokenKey } from '../search/keys.ts';
import { mainCodeOf } from '../search/main-columns.ts';
import { securityBits } from '../search/owner.ts';
import type { Recipients } from './actors.ts';
import { fault } from './fault.ts';

/** A conjunction; a list is a choice, null = no condition. */
export interface Conditions {
  /** Each choice: bits that must all be set. */
  labels: number[];
  /** Each choice: names that must all be the reader's. */
  actors: string[][] | null;
  things: bigint[] | null;
  purposes: string[] | null;
  types: number[] | null;
  codes: bigint[] | null;
  holder: number | null;
  from: number | null;
  until: number | null;
  dataFrom: number | null;
  dataUntil: number | null;
  sources: string[];
}

export const OPEN: Conditions = {
  labels: [0],
  actors: null,
  things: null,
  purposes: null,
  types: null,
  codes: null,
  holder: null,
  from: null,
  until: null,
  dataFrom: null,
  dataUntil: null,
  sources: [],
};

const RESOURCE_CLASS = 'http://hl7.org/fhir/resource-types';
/** Reading, in the words of http://terminology.hl7.org/CodeSystem/consentaction. */
const READING = new Set(['access', 'use', 'disclose']);
/** Emergencies pass over every consent, so a rule about them could not be kept. */
const EMERGENCY = new Set(['ETREAT', 'BTG']);

type Own = Omit<Conditions, 'actors' | 'holder' | 'sources'>;

export function conditionsOf(
  provision: ConsentProvision,
  place: string,
  outermost: boolean,
): { conditions: Own; issues: Issue[] } {
  const issues: Issue[] = [];
  const say = (part: string, text: string, textEn: string) =>
    void issues.push(fault(`${place}.${part}`, text, textEn));
  refuseActions(provision, say);
  const period = provision.period ? intervalOfPeriod(provision.period) : null;
  const data = provision.dataPeriod ? intervalOfPeriod(provision.dataPeriod) : null;
  if (data !== null && !outermost) {
    say(
      'dataPeriod',
      'Khoảng ngày của dữ liệu chỉ ghi được ở quy định ngoài cùng.',
      'dataPeriod is carried out in the outermost provision only.',
    );
  }
  return {
    conditions: {
      labels: labelsOf(provision.securityLabel ?? [], say),
      purposes: purposesOf(provision, say),
      types: typesOf(provision.class ?? [], say),
      codes: codesOf(provision, say),
      things: thingsOf(provision, say),
      from: finite(period?.low),
      until: finite(period?.high),
      dataFrom: finite(data?.low),
      dataUntil: finite(data?.high),
    },
    issues,
  };
}

type Say = (part: string, text: string, textEn: string) => void;

function refuseActions({ action = [] }: ConsentProvision, say: Say): void {
  const codes = action.flatMap(({ coding }) => (coding ?? []).map(({ code }) => code ?? ''));
  if (action.length === 0 || codes.some((code) => READING.has(code))) return;
  say(
    'action',
    'Chỉ quy định được việc xem, dùng, cung cấp (access, use, disclose). Việc ghi hồ sơ do luật khám bệnh quy định.',
    'Only access, use and disclose are carried out; what is recorded is governed by law.',
  );
}

function labelsOf(labels: readonly Coding[], say: Say): number[] {
  if (labels.length === 0) return [0];
  return labels.map((label, at) => {
    const bits = securityBits([label]);
    if (bits === 0) {
      say(
        `securityLabel[${at}]`,
        `Nhãn "${label.code ?? ''}" không phải nhóm thông tin nhạy cảm mà hệ thống phân biệt. Bỏ nhãn để nói về toàn bộ hồ sơ.`,
        `The label "${label.code ?? ''}" is no category that resources are marked with here. Leave the label out to mean everything.`,
      );
    }
    return bits;
  });
}

function purposesOf({ purpose = [] }: ConsentProvision, say: Say): string[] | null {
  if (purpose.length === 0) return null;
  const codes = purpose.map(({ code }) => code ?? '');
  if (codes.some((code) => EMERGENCY.has(code))) {
    say(
      'purpose',
      'Cấp cứu luôn được xem hồ sơ và luôn được ghi lại; không quy định được cho mục đích này.',
      'Emergencies pass over consent and are always told; they cannot be a condition.',
    );
  }
  return codes;
}

function typesOf(classes: readonly Coding[], say: Say): number[] | null {
  if (classes.length === 0) return null;
  return classes.flatMap(({ system, code = '' }, at) => {
    const number = system === undefined || system === RESOURCE_CLASS ? typeNumber(code) : undefined;
    if (number !== undefined) return [number];
    say(
      `class[${at}]`,
      `Loại "${code}" không phải loại tài nguyên FHIR (${RESOURCE_CLASS}).`,
      `The class "${code}" is no resource type of ${RESOURCE_CLASS}.`,
    );
    return [];
  });
}

/** A code means the main code of whatever type has it. */
function codesOf({ code = [] }: ConsentProvision, say: Say): bigint[] | null {
  if (code.length === 0) return null;
  return code.flatMap(({ coding = [] }, at) => {
    const named = coding.filter((one) => one.code !== undefined);
    if (named.length === 0) say(`code[${at}]`, 'Mã phải có coding.code.', 'A code needs coding.code.');
    return named.flatMap(({ system = '', code: value }) =>
      mainParameters().map((q) => tokenKey(q, system, value!)),
    );
  });
}

let parameters: string[] | undefined;

function mainParameters(): string[] {
  parameters ??= RESOURCE_TYPES.flatMap((type) => {
    const parameter = mainCodeOf(type);
    return parameter ? [`${type}.${parameter.code}`] : [];
  });
  return parameters;
}

function thingsOf({ data = [] }: ConsentProvision, say: Say): bigint[] | null {
  if (data.length === 0) return null;
  return data.flatMap(({ meaning, reference }, at) => {
    const name = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(reference?.reference ?? '');
    if (meaning === 'instance' && name) return [hash64(name[0])];
    say(
      `data[${at}]`,
      'Chỉ nêu được chính tài nguyên đó (meaning = instance, reference = Loại/mã).',
      'Only meaning instance with a reference Type/id is carried out.',
    );
    return [];
  });
}

/** What lies within both; null when nothing can. */
export function narrowed(around: Conditions, own: Own, recipients: Recipients): Conditions | null {
  const [holder = null] = recipients.holders;
  const holders = around.holder !== null && holder !== null && around.holder !== holder;
  const both: Conditions = {
    labels: [...new Set(around.labels.flatMap((a) => own.labels.map((b) => a | b)))],
    actors: recipients.choices === null ? around.actors : bothOf(around.actors, recipients.choices),
    things: common(around.things, own.things),
    purposes: common(around.purposes, own.purposes),
    types: common(around.types, own.types),
    codes: common(around.codes, own.codes),
    holder: holder ?? around.holder,
    from: later(around.from, own.from),
    until: earlier(around.until, own.until),
    dataFrom: own.dataFrom ?? around.dataFrom,
    dataUntil: own.dataUntil ?? around.dataUntil,
    sources: [...new Set([...around.sources, ...recipients.sources])],
  };
  return holders ? null : both;
}

function bothOf(around: string[][] | null, own: string[][]): string[][] {
  return (around ?? [[]]).flatMap((a) => own.map((b) => [...new Set([...a, ...b])]));
}

function common<T>(a: T[] | null, b: T[] | null): T[] | null {
  if (a === null || b === null) return a ?? b;
  return a.filter((one) => b.includes(one));
}

function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function finite(ms: number | undefined): number | null {
  return ms !== undefined && Number.isFinite(ms) ? ms : null;
}
