/**
 * `$assemble`: a modular form with the forms that its items refer to put in, http://hl7.org/fhir/uv/sdc/modular.html. Each part is
 * put in with the linkIdPrefix of its place; what cannot be put in refuses the whole. Pure but for what it asks of the source.
 */
import type { Issue } from '../../../kernel/failure.ts';
import type { Extension, Questionnaire, QuestionnaireItem } from '../../../kernel/fhir/types.ts';
import { EXT, type Extended, extensionOf, extensionsOf } from '../extension.ts';
import { fromDefinition } from './definition.ts';
import { type Gathered, gather, refuseSameNames, refuseUnfit } from './module.ts';
import { NO_SETTING, prefixed, type Setting, settingOf } from './prefix.ts';
import { type AssemblySource, cannotAssemble } from './source.ts';

const EXPECTATION = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-assemble-expectation';
/** Items of an assembled form. */
const MOST_ITEMS = 5_000;

export interface Assembled {
  form: Questionnaire;
  issues: readonly Issue[];
}

export const isModular = (form: Questionnaire): boolean => refers(form.item);

const refers = (items: readonly QuestionnaireItem[] | undefined): boolean =>
  (items ?? []).some(
    (one) => extensionOf(one as Extended, EXT.subQuestionnaire) !== undefined || refers(one.item),
  );

/** @throws Failure `business-rule` with the place of what cannot be put together */
export async function assemble(form: Questionnaire, source: AssemblySource): Promise<Assembled> {
  const work = new Assembly(form, source);
  return work.whole();
}

/** What put an item into the form. */
interface Origin {
  /** Into the Questionnaire that is assembled. */
  place: string;
  url: string;
}

class Assembly {
  readonly #form: Questionnaire;
  readonly #source: AssemblySource;
  readonly #issues: Issue[] = [];
  readonly #gathered: Gathered = {
    contained: new Map(),
    launch: new Map(),
    libraries: new Map(),
    from: new Set(),
  };
  #count = 0;
  /** Where items of other forms come from: the place that names the form, and its address. */
  readonly #from = new WeakMap<QuestionnaireItem, Origin>();

  constructor(form: Questionnaire, source: AssemblySource) {
    this.#form = form;
    this.#source = source;
  }

  async whole(): Promise<Assembled> {
    const form = this.#form;
    gather(form, this.#gathered);
    this.#gathered.from.clear();
    const setting = settingOf(form as Extended, 'Questionnaire', NO_SETTING);
    const lineage = [form.url ?? ''];
    const { items, extensions } = await this.#items(form.item, 'Questionnaire', setting, lineage);
    refuseTwins(items, (item) => this.#from.get(item) ?? null);
    return { form: this.#finished(items, extensions), issues: this.#issues };
  }

  /** @returns items with every reference replaced, and what their holder gets from the forms that were put in */
  async #items(
    given: readonly QuestionnaireItem[] | undefined,
    place: string,
    setting: Setting,
    lineage: readonly string[],
  ): Promise<{ items: QuestionnaireItem[]; extensions: Extension[] }> {
    const items: QuestionnaireItem[] = [];
    const extensions: Extension[] = [];
    for (const [at, item] of (given ?? []).entries()) {
      const here = `${place}.item[${at}]`;
      const reference = extensionOf(item as Extended, EXT.subQuestionnaire)?.valueCanonical;
      if (reference === undefined) {
        items.push(await this.#item(item, here, setting, lineage));
        continue;
      }
      const part = await this.#part(item, reference, here, setting, lineage);
      items.push(...part.items);
      extensions.push(...part.extensions);
    }
    return { items, extensions };
  }

  async #item(
    given: QuestionnaireItem,
    place: string,
    above: Setting,
    lineage: readonly string[],
  ): Promise<QuestionnaireItem> {
    this.#count += 1;
    if (this.#count > MOST_ITEMS)
      throw cannotAssemble(
        place,
        `Biểu mẫu ghép lại có hơn ${MOST_ITEMS} mục.`,
        `The assembled form has more than ${MOST_ITEMS} items.`,
      );
    const item = await fromDefinition(given, place, this.#source, this.#issues);
    const setting = settingOf(item as Extended, place, above);
    const { items, extensions } = await this.#items(item.item, place, setting, lineage);
    const all = [...(item.extension ?? []), ...extensions];
    refuseSameNames(all, place);
    const { item: _, extension: __, ...rest } = item;
    return {
      ...(all.length > 0 ? { extension: all } : {}),
      ...rest,
      ...(items.length > 0 ? { item: items } : {}),
    } as QuestionnaireItem;
  }

  async #part(
    { type }: QuestionnaireItem,
    reference: string,
    place: string,
    setting: Setting,
    lineage: readonly string[],
  ): Promise<{ items: QuestionnaireItem[]; extensions: Extension[] }> {
    if (type !== 'display')
      throw cannotAssemble(
        `${place}.type`,
        'Chỉ mục kiểu display được thay bằng biểu mẫu khác (subQuestionnaire).',
        'Only a display item may be replaced by another form (subQuestionnaire).',
      );
    const found = await this.#source.form(reference);
    if (!found)
      throw cannotAssemble(
        place,
        `Không có biểu mẫu ${reference}.`,
        `There is no Questionnaire ${reference}.`,
      );
    const url = found.url ?? reference;
    if (lineage.includes(url))
      throw cannotAssemble(
        place,
        `Biểu mẫu ${url} chứa chính nó: ${[...lineage, url].join(' → ')}.`,
        `The form ${url} contains itself: ${[...lineage, url].join(' → ')}.`,
      );
    refuseUnfit(found, this.#form, setting, place);
    const part = prefixed(found, setting.prefix);
    const extensions = gather(part, this.#gathered);
    const within = settingOf(found as Extended, place, setting);
    const inside = await this.#items(part.item, place, within, [...lineage, url]);
    for (const one of inside.items) if (!this.#from.has(one)) this.#from.set(one, { place, url });
    return { items: inside.items, extensions: [...extensions, ...inside.extensions] };
  }

  #finished(items: QuestionnaireItem[], extensions: readonly Extension[]): Questionnaire {
    const { id: _, meta, extension, contained: __, item: ___, version, ...rest } = this.#form;
    const { contained, launch, libraries, from } = this.#gathered;
    const kept = (extension ?? []).filter(({ url }) => url !== EXPECTATION && url !== EXT.launchContext);
    const expectation = expectationOf(this.#form);
    const all: Extension[] = [
      ...(expectation === null ? [] : [{ url: EXPECTATION, valueCode: expectation }]),
      ...[...from].map((valueCanonical) => ({ url: EXT.assembledFrom, valueCanonical })),
      ...launch.values(),
      ...kept,
      ...extensions,
      ...[...libraries.values()].filter(
        (one) => !kept.some((own) => JSON.stringify(own) === JSON.stringify(one)),
      ),
    ];
    refuseSameNames(all, 'Questionnaire');
    const { versionId: _v, lastUpdated: _l, ...said } = meta ?? {};
    return {
      ...rest,
      ...(Object.keys(said).length > 0 ? { meta: said } : {}),
      ...(contained.size > 0 ? { contained: [...contained.values()] } : {}),
      ...(all.length > 0 ? { extension: all } : {}),
      ...(version === undefined ? {} : { version: `${version}-assembled` }),
      ...(items.length > 0 ? { item: items } : {}),
    } as Questionnaire;
  }
}

/** `assemble-root-or-child` → `independent-root-or-child`; a root alone needs no word any more. */
function expectationOf(form: Questionnaire): string | null {
  const [told] = extensionsOf(form as Extended, EXPECTATION);
  const code = told?.valueCode;
  return code === undefined || code === 'assemble-root' ? null : code.replace(/^assemble-/, 'independent-');
}

/** @param originOf null for an item of the form itself */
function refuseTwins(
  items: readonly QuestionnaireItem[],
  originOf: (item: QuestionnaireItem) => Origin | null,
): void {
  const seen = new Map<string, Origin | null>();
  const walk = (
    list: readonly QuestionnaireItem[] | undefined,
    place: string,
    above: Origin | null,
  ): void => {
    for (const [at, one] of (list ?? []).entries()) {
      const { linkId, item } = one;
      const here = `${place}.item[${at}]`;
      const origin = originOf(one) ?? above;
      const other = seen.get(linkId);
      if (other !== undefined)
        throw cannotAssemble(
          `${here}.linkId`,
          `Sau khi ghép, linkId "${linkId}" có hai lần: ${nameVi(other)} và ${nameVi(origin)}. Hãy đặt linkIdPrefix cho phần được ghép.`,
          `After assembly the linkId "${linkId}" is there twice: ${nameEn(other)} and ${nameEn(origin)}. Declare a linkIdPrefix for the part.`,
        );
      seen.set(linkId, origin);
      walk(item, here, origin);
    }
  };
  walk(items, 'Questionnaire', null);
}

const nameVi = (of: Origin | null) =>
  of ? `trong ${of.url} (ghép tại ${of.place})` : 'trong chính biểu mẫu';
const nameEn = (of: Origin | null) => (of ? `in ${of.url} (put in at ${of.place})` : 'in the form itself');
