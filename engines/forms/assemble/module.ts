/** Whether a form may be put into another, and what goes along with its items: SDC, modular forms. Pure. */
import type { Extension, Questionnaire, Resource } from '../../../kernel/fhir/types.ts';
import { EXT, type Extended, extensionsOf } from '../extension.ts';
import { launchName } from '../launch.ts';
import { contextNeeded, type Setting } from './prefix.ts';
import { cannotAssemble } from './source.ts';

const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';

/** What would be lost at the root of a form that is put in: it belongs to a group of it. */
const NOT_AT_ROOT = [
  EXT.definitionExtract,
  EXT.extractionContext,
  EXT.populationContext,
  EXT.observationExtract,
  EXT.observationCategory,
  EXT.observationLinkPeriod,
  EXT.preferredTerminologyServer,
  EXT.templateExtract,
  EXT.templateExtractContext,
];
/** What both forms must say alike, where the one that is put in says it. */
const ALIKE = [
  `${SDC}endpoint`,
  `${SDC}entryMode`,
  `${SDC}performerType`,
  'http://hl7.org/fhir/StructureDefinition/rendering-criticalExtension',
];

/** @throws Failure `business-rule` with the place of the item that names the form */
export function refuseUnfit(
  part: Questionnaire,
  whole: Questionnaire,
  setting: Setting,
  place: string,
): void {
  const name = part.url ?? '';
  const refuse = (vi: string, en: string) => {
    throw cannotAssemble(place, `Không ghép được ${name}: ${vi}.`, `${name} cannot be put in: ${en}.`);
  };
  const root = part as Extended;
  if (extensionsOf(root, `${SDC}questionnaireAdaptive`).length > 0)
    refuse('nó là biểu mẫu thích ứng', 'it is adaptive');
  if (root.modifierExtension?.length) refuse('nó có modifierExtension', 'it has modifier extensions');
  for (const url of NOT_AT_ROOT)
    if (extensionsOf(root, url).length > 0)
      refuse(`${url} đứng ở gốc; hãy đặt vào một nhóm`, `${url} stands at its root: put it into a group`);
  for (const needed of contextNeeded(part))
    if (!setting.names.has(needed))
      refuse(`nơi ghép không có %${needed}`, `%${needed}, which it needs, is not known where it is put in`);
  for (const [label, own, other] of compared(part, whole))
    if (own.some((one) => !other.includes(one)))
      refuse(`${label} khác với biểu mẫu chứa nó`, `its ${label} differs from that of the form around it`);
}

function* compared(part: Questionnaire, whole: Questionnaire): Generator<[string, string[], string[]]> {
  const text = (values: readonly unknown[] | undefined) => (values ?? []).map((one) => JSON.stringify(one));
  const single = (value: unknown) => text(value === undefined ? [] : [value]);
  yield ['meta.security', text(part.meta?.security), text(whole.meta?.security)];
  yield ['implicitRules', single(part.implicitRules), single(whole.implicitRules)];
  yield ['language', single(part.language), single(whole.language)];
  for (const url of ALIKE)
    yield [url, text(extensionsOf(part as Extended, url)), text(extensionsOf(whole as Extended, url))];
}

/** What the assembled form has at its root, from all parts. */
export interface Gathered {
  contained: Map<string, Resource>;
  launch: Map<string, Extension>;
  libraries: Map<string, Extension>;
  /** `url|version` of every part, in order of their being found. */
  from: Set<string>;
}

const LIBRARY = 'http://hl7.org/fhir/StructureDefinition/cqf-library';

/** Adds what goes to the root, and gives what goes to the item around: constraints and variables. */
export function gather(part: Questionnaire, into: Gathered): Extension[] {
  const root = part as Extended;
  for (const one of part.contained ?? []) if (one.id !== undefined) into.contained.set(one.id, one);
  for (const one of extensionsOf(root, EXT.launchContext)) {
    const name = launchName(one);
    if (name !== null && !into.launch.has(name)) into.launch.set(name, one);
  }
  for (const one of extensionsOf(root, LIBRARY)) into.libraries.set(JSON.stringify(one), one);
  if (part.url) into.from.add(part.version ? `${part.url}|${part.version}` : part.url);
  return [
    ...extensionsOf(root, EXT.targetConstraint),
    ...extensionsOf(root, EXT.constraint),
    ...extensionsOf(root, EXT.variable),
  ];
}

/** @throws Failure when two variables of one item have one name */
export function refuseSameNames(extensions: readonly Extension[], place: string): void {
  const names = extensions.flatMap(({ url, valueExpression }) =>
    url === EXT.variable && valueExpression?.name ? [valueExpression.name] : [],
  );
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw cannotAssemble(
      place,
      `Sau khi ghép, biến %${twice} được khai báo hai lần.`,
      `After assembly the variable %${twice} is declared twice.`,
    );
}
