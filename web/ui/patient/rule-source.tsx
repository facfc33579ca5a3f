/** What a card stands on; opened where it has an address (CDS-03: the evidence is one press away). */
import { t } from '../i18n/language.ts';
import { Text } from '../layout/text.tsx';

/** @param url https, else the name alone is shown */
export function RuleSource({ label, url }: { label: string; url: string | null }) {
  const words = t('ui.rules.source', 'Nguồn: {source}', { source: label });
  return (
    <Text size={12} tone="soft" as="p">
      {url?.startsWith('https://') ? (
        <a href={url} target="_blank" rel="noopener noreferrer">
          {words}
        </a>
      ) : (
        words
      )}
    </Text>
  );
}
