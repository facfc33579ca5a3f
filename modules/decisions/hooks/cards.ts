/** Cards as CDS Hooks 2.0 writes them (Card Attributes). Pure. */
import {
  type Card,
  type CardLink,
  type CardSuggestion,
  LONGEST_SUMMARY,
} from '../../../engines/rules/index.ts';
import type { Content } from '../../../kernel/content/content.ts';
import { cs } from '../../../kernel/fhir/systems.ts';
import { cardId } from '../cards.ts';

const TOPICS = 'http://yba.vn/fhir/PlanDefinition';

/** @param base address of this program: a page of ours is told with it */
export function hookCard(card: Card, id: string, reasons: readonly object[], base: string): object {
  const { summary, detail, management, indicator, source, rule, ruleTitle, suggestions, links } = card;
  const isCut = summary.length >= LONGEST_SUMMARY;
  const paragraphs = [isCut ? summary : '', detail, management].filter((text) => text !== '');
  return {
    uuid: id,
    summary: isCut ? `${summary.slice(0, LONGEST_SUMMARY - 2)}…` : summary,
    ...(paragraphs.length === 0 ? {} : { detail: paragraphs.map(markdown).join('\n\n') }),
    indicator,
    source: {
      label: source.label,
      ...(source.url === null ? {} : { url: source.url }),
      topic: { system: TOPICS, code: rule, display: ruleTitle },
    },
    ...(suggestions.length === 0
      ? {}
      : { selectionBehavior: 'any', suggestions: suggestions.map((one, at) => hookSuggestion(one, id, at)) }),
    ...(reasons.length === 0 ? {} : { overrideReasons: reasons }),
    ...(links.length === 0 ? {} : { links: links.map((link) => hookLink(link, base)) }),
  };
}

function hookLink({ label, url, type, appContext, autolaunchable }: CardLink, base: string): object {
  return {
    label,
    url: url.startsWith('/') ? `${base}${url}` : url,
    type,
    ...(appContext === null ? {} : { appContext }),
    ...(autolaunchable ? { autolaunchable } : {}),
  };
}

/** What the client's system is to do by itself, once each however many cards ask for it. */
export function systemActions(cards: readonly Card[]): object[] {
  const actions = cards.flatMap((card) => card.systemActions.map(hookAction));
  return [...new Map(actions.map((one) => [JSON.stringify(one), one])).values()];
}

function hookAction({ label, type, resource, resourceId }: CardSuggestion): object {
  return { type, description: label, ...(type === 'delete' ? { resourceId } : { resource }) };
}

function hookSuggestion(one: CardSuggestion, id: string, at: number): object {
  return {
    label: one.label,
    uuid: cardId(id, String(at)),
    ...(one.recommended ? { isRecommended: true } : {}),
    actions: [hookAction(one)],
  };
}

/** Names and words of sources are no markup. */
const markdown = (text: string): string => text.replaceAll(/[\\`*_[\]<>#|]/g, '\\$&');

/** Coded reasons for going on: those that the rule names, else those in force that fit the kind; none for what nobody may go on against. */
export function overrideReasons(
  { hardStop, reasons, kind }: Card,
  content: Content,
  day: string,
  isEnglish: boolean,
): object[] {
  if (hardStop) return [];
  const rows = content.inForce('clinic/override-reasons', day);
  const fits =
    reasons.length > 0
      ? rows.filter((row) => reasons.some(({ code }) => code === row.code))
      : rows.filter((row) => row.kinds === '' || row.kinds!.split('|').includes(kind));
  return fits.map((row) => ({
    system: cs.overrideReason,
    code: row.code!,
    display: isEnglish ? row.name_en! : row.name_vi!,
  }));
}
