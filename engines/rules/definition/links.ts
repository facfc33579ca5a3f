/** What may be opened from a card (CDS Hooks 2.0, Link): read of an action's extensions, refused with its place. Pure. */
import { refusedAt } from '../../../kernel/fhir/person/index.ts';
import type { Extension } from '../../../kernel/fhir/types.ts';
import { ruleExt } from './names.ts';
import type { RuleLink } from './rule.ts';

const TOKEN = /\{\{(.*?)\}\}/g;
/** What a link may ask of the call: ids alone, so that nothing of the record stands in an address. */
const TOKENS = new Set(['context.patientId', 'context.encounterId']);

/** @param place of the action's extensions */
export function readLinks(extensions: Extension[] | undefined, place: string): RuleLink[] {
  return (extensions ?? []).flatMap((one, at) =>
    one.url === ruleExt.link ? [readLink(one, `${place}[${at}]`)] : [],
  );
}

function readLink({ extension = [] }: Extension, place: string): RuleLink {
  const part = (name: string) => extension.find(({ url }) => url === name);
  const label = part('label')?.valueString ?? '';
  const url = part('url')?.valueUrl ?? '';
  const type = part('type')?.valueCode;
  const appContext = part('appContext')?.valueString ?? null;
  if (label === '')
    throw refusedAt(`${place}.label`, 'thiếu nhãn của liên kết', 'is missing: the label of the link');
  refuseAddress(url, `${place}.url`);
  if (type !== 'absolute' && type !== 'smart')
    throw refusedAt(`${place}.type`, 'phải là absolute hoặc smart', 'must be absolute or smart');
  if (appContext !== null && type !== 'smart')
    throw refusedAt(`${place}.appContext`, 'chỉ dùng với liên kết smart', 'is for links of type smart');
  const labelEn = (
    part('label') as { _valueString?: { extension?: Extension[] } } | undefined
  )?._valueString?.extension
    ?.find((one) => one.url === ruleExt.translation)
    ?.extension?.find((one) => one.url === 'content')?.valueString;
  return {
    label,
    labelEn: labelEn ?? label,
    url,
    type,
    appContext,
    autolaunchable: part('autolaunchable')?.valueBoolean === true,
  };
}

function refuseAddress(url: string, place: string): void {
  const isOwn = /^\/(?!\/)/.test(url);
  if (!isOwn && (!url.startsWith('https://') || !URL.canParse(url.replaceAll(TOKEN, 'x'))))
    throw refusedAt(
      place,
      'phải là địa chỉ https:// hoặc một trang của chương trình (bắt đầu bằng /)',
      'must be an https:// address or a page of this program (that begins with /)',
    );
  const unknown = [...url.matchAll(TOKEN)].map(([, name]) => name!).find((name) => !TOKENS.has(name));
  if (unknown !== undefined)
    throw refusedAt(
      place,
      `hỏi {{${unknown}}}; chỉ có ${[...TOKENS].join(', ')}`,
      `asks for {{${unknown}}}; there are ${[...TOKENS].join(', ')}`,
    );
}

/** The address with the ids of a call; null when it asks for one that the call has not. */
export function addressOf(
  { url }: Pick<RuleLink, 'url'>,
  ids: { patient: string | null; encounter: string | null },
): string | null {
  const known: Record<string, string | null> = {
    'context.patientId': ids.patient,
    'context.encounterId': ids.encounter,
  };
  const asked = [...url.matchAll(TOKEN)].map(([, name]) => known[name!] ?? null);
  if (asked.includes(null)) return null;
  return url.replaceAll(TOKEN, (_, name: string) => encodeURIComponent(known[name]!));
}
