/** Allergy to a substance, to its group, or to one that cross-reacts as `content/drug/cross-reactivity.csv` says. */
import { cs } from '../../kernel/fhir/systems.ts';
import type { AllergyIntolerance } from '../../kernel/fhir/types.ts';
import type { Alert, Severity } from './alert.ts';
import { codesIn } from './concepts.ts';
import { identityOf, implicatedOf, type Taken } from './medicine.ts';
import { groupsNamed, ingredientsNamed } from './names.ts';
import type { AllergyTables, CrossGroup } from './tables.ts';

interface KnownAllergy {
  text: string;
  reaction: string;
  ingredients: Set<string>;
  groups: CrossGroup[];
  grave: boolean;
  /** Neither an ingredient nor a group was recognised, and it may be a medicine. */
  unknownMedicine: boolean;
}

/** SNOMED CT "no known allergy" and its medicine variant are positive statements, not allergies. */
const NO_ALLERGY = new Set(['716186003', '409137002']);

export function allergyAlerts(
  lines: Taken[],
  allergies: AllergyIntolerance[],
  tables: AllergyTables,
): Alert[] {
  const known = allergies.filter(isHeld).map((allergy) => read(allergy, tables));
  const alerts = known.flatMap((allergy) => lines.flatMap((line) => alertFor(line, allergy, tables) ?? []));
  const unread = lines.length > 0 ? known.filter((allergy) => allergy.unknownMedicine).map(unreadAlert) : [];
  return [...alerts, ...unread];
}

/** Refuted, mistaken, inactive and resolved ones never alert. */
function isHeld(allergy: AllergyIntolerance): boolean {
  const codes = (concept: AllergyIntolerance['code']) => (concept?.coding ?? []).map(({ code }) => code);
  const statuses = codes(allergy.clinicalStatus);
  if (codes(allergy.verificationStatus).some((code) => code === 'refuted' || code === 'entered-in-error'))
    return false;
  if (statuses.length > 0 && !statuses.includes('active')) return false;
  return !codesIn(allergy.code, cs.snomed).some((code) => NO_ALLERGY.has(code));
}

/** By the codes of what it is an allergy to and of what the reactions came from; by the words where no code is known here. */
function read(allergy: AllergyIntolerance, tables: AllergyTables): KnownAllergy {
  const causes = [allergy.code, ...(allergy.reaction ?? []).map(({ substance }) => substance)];
  const coded = new Set(causes.flatMap((one) => codesIn(one, cs.ingredient)));
  const texts = causes.flatMap((one) => [one?.text, ...(one?.coding ?? []).map(({ display }) => display)]);
  const said = texts.filter((one) => one !== undefined);
  const text = said.join(' ; ');
  const byCode = [
    ...[...coded].filter((code) => tables.ingredients.has(code)),
    ...causes.flatMap((one) => codesIn(one, cs.atc)).flatMap((atc) => ingredientsOfAtc(atc, tables)),
  ];
  const codedGroups = tables.groups.filter((group) => coded.has(group.code));
  const isCoded = byCode.length > 0 || codedGroups.length > 0;
  const ingredients = new Set(isCoded ? byCode : ingredientsNamed(text, tables));
  const groups = [...new Set([...codedGroups, ...groupsNamed(text, tables)])];
  return {
    text: (said[0] ?? [...coded].join(', ')).replace(/^dị ứng (với )?/iu, ''),
    reaction: reactionText(allergy),
    ingredients,
    groups,
    grave:
      allergy.criticality === 'high' || (allergy.reaction ?? []).some((one) => one.severity === 'severe'),
    unknownMedicine: ingredients.size === 0 && groups.length === 0 && mayBeMedicine(allergy.category ?? []),
  };
}

/** Food and surroundings are none; what is not said may be one. */
function mayBeMedicine(categories: string[]): boolean {
  return categories.length === 0 || categories.some((one) => one === 'medication' || one === 'biologic');
}

const SUBSTANCE_LENGTH = 7;

/** ATC of a substance or of a combination; a shorter code is a class and means all of its substances. */
function ingredientsOfAtc(atc: string, tables: AllergyTables): string[] {
  if (atc.length >= SUBSTANCE_LENGTH) {
    return [...(tables.byAtc.get(atc) ?? []), ...(tables.contentOfAtc.get(atc) ?? [])];
  }
  return [...tables.byAtc].flatMap(([code, ingredients]) => (code.startsWith(atc) ? ingredients : []));
}

function reactionText(allergy: AllergyIntolerance): string {
  const names = (allergy.reaction ?? []).flatMap((one) =>
    one.manifestation.flatMap((sign) => sign.text ?? sign.coding?.[0]?.display ?? []),
  );
  return names.length > 0 ? ` (${names.join(', ')})` : '';
}

function alertFor(line: Taken, allergy: KnownAllergy, tables: AllergyTables): Alert | null {
  const same = line.ingredients.filter((code) => allergy.ingredients.has(code));
  const nameOf = (code: string) => tables.ingredients.get(code)?.name ?? code;
  if (same.length > 0) {
    return alert(line, 'high', same, {
      title: `Người bệnh dị ứng ${same.map(nameOf).join(', ')}`,
      reason: `Hồ sơ ghi dị ứng ${allergy.text}${allergy.reaction}; ${line.name} chứa ${same.map(nameOf).join(', ')}.`,
      source: 'Tiền sử dị ứng của người bệnh',
    });
  }
  const group = worstGroup(line, allergy, tables);
  if (!group) return null;
  const members = line.ingredients.filter((code) => group.reaches.has(code));
  return alert(line, severityOf(group, allergy), [`~${group.code}`, ...members], {
    title: `Có thể dị ứng chéo: ${members.map(nameOf).join(', ')}`,
    reason: `Hồ sơ ghi dị ứng ${allergy.text}${allergy.reaction}. ${group.name}: ${group.reason}.`,
    source: group.source,
  });
}

const SEVERITIES: readonly Severity[] = ['high', 'moderate', 'low'];

/** A named group counts as it is; an allergy to one member reaches what its groups reach. The worst of them is told. */
function worstGroup(line: Taken, allergy: KnownAllergy, tables: AllergyTables): CrossGroup | null {
  const reached = tables.groups.filter(
    (group) =>
      allergy.groups.includes(group) || [...allergy.ingredients].some((code) => group.ingredients.has(code)),
  );
  const hit = reached.filter((group) => line.ingredients.some((code) => group.reaches.has(code)));
  const rank = (group: CrossGroup) => SEVERITIES.indexOf(severityOf(group, allergy));
  return hit.sort((a, b) => rank(a) - rank(b))[0] ?? null;
}

const severityOf = ({ severity, severityWhenGrave }: CrossGroup, { grave }: KnownAllergy): Severity =>
  grave ? severityWhenGrave : severity;

function alert(
  line: Taken,
  severity: Severity,
  codes: string[],
  words: { title: string; reason: string; source: string },
): Alert {
  return {
    key: `di-ung:${[...codes].sort().join('+')}:${identityOf(line)}`,
    kind: 'di-ung',
    severity,
    needsReason: true,
    management: 'Chọn thuốc khác nhóm; nếu vẫn cần dùng, ghi rõ lý do và chuẩn bị xử trí phản vệ.',
    implicated: [implicatedOf(line)],
    ...words,
  };
}

function unreadAlert(allergy: KnownAllergy): Alert {
  return {
    key: `khong-kiem-tra-duoc:di-ung:${allergy.text}`,
    kind: 'khong-kiem-tra-duoc',
    severity: 'low',
    needsReason: false,
    title: `Dị ứng "${allergy.text}" chưa đối chiếu được`,
    reason: 'Tiền sử dị ứng này không ghi theo danh mục hoạt chất nên máy không so được với đơn.',
    management: 'Bác sĩ tự đối chiếu và sửa lại tiền sử dị ứng theo hoạt chất.',
    source: 'Tiền sử dị ứng của người bệnh',
    implicated: [],
  };
}
