/**
 * The conditions of a provision (R4 Consent.provision): period, labels, types, codes, purposes, actions, recipients. What
 * cannot be said in a rule is bounded from both sides: `most` holds everything that may be meant, `least` nothing that may
 * not be meant.
 */
import { intervalOfPeriod } from '../../fhir/dates.ts';
import type { Coding, ConsentProvision } from '../../fhir/types.ts';
import { hash64 } from '../hash.ts';
import { typeNumber } from '../resource-types.ts';
import { tokenKey } from '../search/keys.ts';
import { securityBits } from '../search/owner.ts';
import { actorsOf } from './actors.ts';
import { codedParameters } from './coded-parameters.ts';
import type { Known } from './known.ts';

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
  holders: number[] | null;
  from: number | null;
  until: number | null;
  dataFrom: number | null;
  dataUntil: number | null;
  sources: string[];
}

/** Both bounds of what is meant; null = nothing. The same where it can be said exactly. */
export interface Bounds {
  most: Conditions | null;
  least: Conditions | null;
}

const OPEN_CONDITIONS: Conditions = {
  labels: [0],
  actors: null,
  things: null,
  purposes: null,
  types: null,
  codes: null,
  holders: null,
  from: null,
  until: null,
  dataFrom: null,
  dataUntil: null,
  sources: [],
};

export const OPEN: Bounds = { most: OPEN_CONDITIONS, least: OPEN_CONDITIONS };

/** Says that a part of the provision is not carried out as it stands. `told`: the text itself says what is done instead. */
export type Say = (part: string, text: string, textEn: string, instead?: 'told') => void;

const RESOURCE_CLASS = 'http://hl7.org/fhir/resource-types';
/** Reading, in the words of http://terminology.hl7.org/CodeSystem/consentaction. */
const READING = new Set(['access', 'use', 'disclose']);
/** The rest of the code system: what is put into the record is governed by law, and no rule of reading. */
const WRITING = new Set(['collect', 'correct']);
/** Emergencies pass over every consent. */
const EMERGENCY = new Set(['ETREAT', 'BTG']);

/** What lies within what is around and what the provision itself says. */
export function boundsOf(provision: ConsentProvision, around: Bounds, known: Known, say: Say): Bounds {
  const actions = actionsOf(provision, say);
  const own = ownBounds(provision, known, say);
  const most = actions.most ? both(around.most, own.most) : null;
  const least = actions.least ? both(around.least, own.least) : null;
  // Two ranges of days cannot be one condition: what overlaps both need not overlap what they share.
  if (most !== null && hasDays(around.most) && hasDays(own.most)) {
    say(
      'dataPeriod',
      'Khoảng ngày của dữ liệu bên trong khoảng ngày khác không thực hiện được.',
      'A dataPeriod within another dataPeriod is not carried out.',
    );
    return {
      most: { ...most, dataFrom: around.most!.dataFrom, dataUntil: around.most!.dataUntil },
      least: null,
    };
  }
  return { most, least: least !== null && isEmpty(least) ? null : least };
}

function hasDays(conditions: Conditions | null): boolean {
  return conditions !== null && (conditions.dataFrom !== null || conditions.dataUntil !== null);
}

function isEmpty({ labels, actors, things, purposes, types, codes, holders }: Conditions): boolean {
  return [labels, actors, things, purposes, types, codes, holders].some((list) => list?.length === 0);
}

/** A list of which some members cannot be said: nothing is left out of the most, nothing added to the least. */
interface Choice<T> {
  said: T[];
  whole: boolean;
}

function mostOf<T>(choice: Choice<T> | null): T[] | null {
  return choice === null || !choice.whole ? null : choice.said;
}

function ownBounds(
  provision: ConsentProvision,
  known: Known,
  say: Say,
): { most: Conditions; least: Conditions } {
  const period = provision.period ? intervalOfPeriod(provision.period) : null;
  const data = provision.dataPeriod ? intervalOfPeriod(provision.dataPeriod) : null;
  const labels = labelsOf(provision.securityLabel ?? [], say);
  const types = typesOf(provision.class ?? [], say);
  const codes = codesOf(provision, mostOf(types), say);
  const things = thingsOf(provision, say);
  const { choices, choicesWhole, holders, holdersMost, sources } = actorsOf(
    provision.actor ?? [],
    known,
    say,
  );
  const exact = {
    purposes: purposesOf(provision, say),
    from: finite(period?.low),
    until: finite(period?.high),
    dataFrom: finite(data?.low),
    dataUntil: finite(data?.high),
    sources,
  };
  return {
    most: {
      ...exact,
      labels: mostOf(labels) ?? [0],
      types: mostOf(types),
      codes: mostOf(codes),
      things: mostOf(things),
      actors: choicesWhole ? choices : null,
      holders: holdersMost,
    },
    least: {
      ...exact,
      labels: labels?.said ?? [0],
      types: types?.said ?? null,
      codes: codes?.said ?? null,
      things: things?.said ?? null,
      actors: choices,
      holders,
    },
  };
}

/** Whether the provision speaks of reading at all: at most, and surely. */
function actionsOf({ action = [] }: ConsentProvision, say: Say): { most: boolean; least: boolean } {
  const codes = action.flatMap(({ coding }) => (coding ?? []).map(({ code }) => code ?? ''));
  if (action.length === 0) return { most: true, least: true };
  const writing = codes.filter((code) => WRITING.has(code));
  const unknown = codes.filter((code) => !READING.has(code) && !WRITING.has(code));
  if (writing.length > 0) {
    say(
      'action',
      `Chỉ quy định được việc xem, dùng, cung cấp (access, use, disclose); "${writing.join(', ')}" do luật khám bệnh quy định, ở đây không có tác dụng.`,
      `Only access, use and disclose are carried out; what is recorded ("${writing.join(', ')}") is governed by law, and has no effect here.`,
    );
  }
  if (unknown.length > 0 || codes.length === 0) {
    say(
      'action',
      `Không hiểu hành động "${unknown.join(', ')}".`,
      `The action "${unknown.join(', ')}" is not known; access, use and disclose are.`,
    );
  }
  const least = codes.some((code) => READING.has(code));
  return { most: least || unknown.length > 0 || codes.length === 0, least };
}

function labelsOf(labels: readonly Coding[], say: Say): Choice<number> | null {
  if (labels.length === 0) return null;
  const said = labels.flatMap((label, at) => {
    const bits = securityBits([label]);
    if (bits !== 0) return [bits];
    say(
      `securityLabel[${at}]`,
      `Nhãn "${label.code ?? ''}" không phải nhóm thông tin nhạy cảm mà hệ thống phân biệt. Bỏ nhãn để nói về toàn bộ hồ sơ.`,
      `The label "${label.code ?? ''}" is no category that resources are marked with here. Leave the label out to mean everything.`,
    );
    return [];
  });
  return { said, whole: said.length === labels.length };
}

function purposesOf({ purpose = [] }: ConsentProvision, say: Say): string[] | null {
  if (purpose.length === 0) return null;
  const codes = purpose.map(({ code }) => code ?? '');
  if (codes.some((code) => EMERGENCY.has(code))) {
    say(
      'purpose',
      'Cấp cứu luôn được xem hồ sơ và luôn được ghi lại; quy định cho mục đích này không chặn được.',
      'Emergencies pass over consent and are always told; a condition on them does not keep them out.',
    );
  }
  return codes;
}

function typesOf(classes: readonly Coding[], say: Say): Choice<number> | null {
  if (classes.length === 0) return null;
  const said = classes.flatMap(({ system, code = '' }, at) => {
    const number = system === undefined || system === RESOURCE_CLASS ? typeNumber(code) : undefined;
    if (number !== undefined) return [number];
    say(
      `class[${at}]`,
      `Loại "${code}" không phải loại tài nguyên FHIR (${RESOURCE_CLASS}).`,
      `The class "${code}" is no resource type of ${RESOURCE_CLASS}.`,
    );
    return [];
  });
  return { said, whole: said.length === classes.length };
}

/** A code means a resource in which it is found (R4): in the main code, a category, a component, a reason, a coded value. */
function codesOf(
  { code = [] }: ConsentProvision,
  types: readonly number[] | null,
  say: Say,
): Choice<bigint> | null {
  if (code.length === 0) return null;
  let whole = true;
  const said = code.flatMap(({ coding = [] }, at) => {
    const named = coding.filter((one) => one.code !== undefined);
    if (named.length === 0) {
      whole = false;
      say(`code[${at}]`, 'Mã phải có coding.code.', 'A code needs coding.code.');
    } else {
      say(
        `code[${at}]`,
        'Mã được tìm trong mọi coding mà dữ liệu được tìm kiếm theo: mã chính, nhóm, thành phần, lý do, kết quả dạng mã. Mã trong phần mở rộng, trong tài nguyên lồng bên trong và nội dung chỉ ghi bằng chữ không được nhận ra; muốn chắc chắn, hãy nêu loại dữ liệu hoặc nhãn nhạy cảm.',
        'The code is looked for in every coding that the data is searched by: main code, category, components, reasons, coded values. Codes in extensions and contained resources and what is only written in words are not recognised; to be sure name a class or a securityLabel.',
        'told',
      );
    }
    return named.flatMap(({ system = '', code: value }) =>
      codedParameters(types).map((q) => tokenKey(q, system, value!)),
    );
  });
  return { said, whole };
}

/** Meanings of http://hl7.org/fhir/consent-data-meaning that hold the named resource itself. */
const WITH_ITSELF = new Set(['instance', 'related', 'dependents']);

function thingsOf({ data = [] }: ConsentProvision, say: Say): Choice<bigint> | null {
  if (data.length === 0) return null;
  let whole = true;
  const said = data.flatMap(({ meaning, reference }, at) => {
    const name = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(reference?.reference ?? '');
    if (meaning !== 'instance' || !name) {
      whole = false;
      say(
        `data[${at}]`,
        'Chỉ nêu được chính tài nguyên đó (meaning = instance, reference = Loại/mã).',
        'Only meaning instance with a reference Type/id is carried out.',
      );
    }
    return name && WITH_ITSELF.has(meaning) ? [hash64(name[0])] : [];
  });
  return { said, whole };
}

function both(around: Conditions | null, own: Conditions): Conditions | null {
  if (around === null) return null;
  refuseMany(around.labels.length, own.labels.length);
  return {
    labels: [...new Set(around.labels.flatMap((a) => own.labels.map((b) => a | b)))],
    actors: own.actors === null ? around.actors : bothOf(around.actors, own.actors),
    things: common(around.things, own.things),
    purposes: common(around.purposes, own.purposes),
    types: common(around.types, own.types),
    codes: common(around.codes, own.codes),
    holders: common(around.holders, own.holders),
    from: later(around.from, own.from),
    until: earlier(around.until, own.until),
    dataFrom: own.dataFrom ?? around.dataFrom,
    dataUntil: own.dataUntil ?? around.dataUntil,
    sources: [...new Set([...around.sources, ...own.sources])],
  };
}

/** More choices than one Consent may make; whoever reads it says so. */
export class TooManyChoices extends Error {}

/** Rows of one Consent: choices of labels times choices of recipients. */
export const MOST_CHOICES = 500;

/** Fails with `TooManyChoices` before they are made. */
export function refuseMany(...numbers: readonly number[]): void {
  if (numbers.reduce((product, one) => product * one, 1) > MOST_CHOICES) throw new TooManyChoices();
}

function bothOf(around: string[][] | null, own: string[][]): string[][] {
  refuseMany(around?.length ?? 1, own.length);
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
