/** What decision support says of a person whose record is open: what, why, what to do, from where; one press takes a suggestion up, a reason sets the card aside. */
import { useState } from 'react';
import type { PersonCard } from '../../../kernel/person-card.ts';
import { api } from '../data/api.ts';
import { useMutation, useQuery } from '../data/query.ts';
import { hasRole, useMe } from '../data/session.ts';
import { Notice } from '../feedback/notice.tsx';
import { toast } from '../feedback/toast.tsx';
import { Button } from '../form/button.tsx';
import { SelectField } from '../form/select-field.tsx';
import { TextField } from '../form/text-field.tsx';
import { language, t } from '../i18n/language.ts';
import { Row, Stack } from '../layout/layout.tsx';
import { Text } from '../layout/text.tsx';
import { Link } from '../route/link.tsx';
import { RuleSource } from './rule-source.tsx';

const TONE = { high: 'danger', moderate: 'look', low: 'info' } as const;

/**
 * @param props.dispensing MedicationRequests that are about to be handed out: the cards are about them
 * @param props.seen changes with what was saved: the rules are asked again
 * @param props.onTaken a suggestion was written to the record: what is shown besides is read again
 */
export function RuleCards(props: {
  patient: string;
  encounter?: string;
  dispensing?: readonly string[];
  seen?: string | number;
  onTaken?: () => void;
}) {
  const { patient, encounter = '', dispensing = [], seen = '' } = props;
  const base = `/api/decisions/people/${encodeURIComponent(patient)}/cards`;
  const asked = new URLSearchParams({
    ...(encounter === '' ? {} : { encounter }),
    ...(dispensing.length === 0 ? {} : { dispensing: dispensing.join(',') }),
  }).toString();
  const query = asked === '' ? '' : `?${asked}`;
  const read = useQuery<{ cards: PersonCard[] }>(['rule-cards', patient, query, seen], `${base}${query}`, {
    keep: true,
  });
  const mayDecide = hasRole(useMe(), ['doctor', 'station-head']);
  const cards = read.data?.cards ?? [];
  if (read.error)
    return (
      <Notice
        tone="look"
        title={t('ui.rules.failed', 'Chưa hỏi được quy tắc cảnh báo')}
        acts={<Button onPress={read.refresh}>{t('ui.retry', 'Thử lại')}</Button>}
      >
        {read.error.message}
      </Notice>
    );
  if (cards.length === 0) return null;
  return (
    <section aria-label={t('ui.rules', 'Cảnh báo về người bệnh')} aria-live="polite">
      <Stack gap={8}>
        {cards.map((card) => (
          <RuleCard
            key={card.id}
            card={card}
            path={(act) => `${base}/${card.id}/${act}${query}`}
            mayDecide={mayDecide}
            onTaken={props.onTaken}
          />
        ))}
      </Stack>
    </section>
  );
}

interface CardProps {
  card: PersonCard;
  path: (act: 'accept' | 'override') => string;
  mayDecide: boolean;
  onTaken: (() => void) | undefined;
}

function RuleCard({ card, path, mayDecide, onTaken }: CardProps) {
  const [setting, setSetting] = useState(false);
  const accept = useMutation((suggestion: number) => api.post(path('accept'), { suggestion }), {
    refreshes: [['rule-cards']],
  });
  return (
    <Notice
      tone={TONE[card.severity]}
      title={card.title}
      acts={
        mayDecide &&
        card.reasons.length > 0 &&
        !setting && (
          <Button kind="quiet" onPress={() => setSetting(true)}>
            {t('ui.rules.aside', 'Để qua…')}
          </Button>
        )
      }
    >
      <Stack gap={8}>
        <Text as="p">{card.detail}</Text>
        {card.management && <Text as="p">{card.management}</Text>}
        <RuleSource {...card.source} />
        {card.links.length > 0 && (
          <Row gap={16} wrap>
            {card.links.map(({ label, url }) =>
              url.startsWith('/') ? (
                <Link key={url} to={url}>
                  {label}
                </Link>
              ) : (
                <a key={url} href={url} target="_blank" rel="noopener">
                  {label}
                </a>
              ),
            )}
          </Row>
        )}
        {mayDecide && card.suggestions.length > 0 && (
          <Row gap={8} wrap>
            {card.suggestions.map((label, at) => (
              <Button
                key={label}
                busy={accept.busy}
                onPress={() =>
                  void accept.run(at).then(
                    () => {
                      toast(t('ui.rules.done', 'Đã ghi vào hồ sơ'));
                      onTaken?.();
                    },
                    () => {},
                  )
                }
              >
                {label}
              </Button>
            ))}
          </Row>
        )}
        {accept.error && <Text as="p">{accept.error.message}</Text>}
        {setting && <Aside card={card} path={path} onClose={() => setSetting(false)} />}
      </Stack>
    </Notice>
  );
}

function Aside(props: Pick<CardProps, 'card' | 'path'> & { onClose: () => void }) {
  const { card, path, onClose } = props;
  const [reason, setReason] = useState('');
  const [text, setText] = useState('');
  const override = useMutation(() => api.post(path('override'), { reason, text }), {
    refreshes: [['rule-cards']],
  });
  const choices = language() === 'en' ? card.reasonsEn : card.reasons;
  return (
    <Stack gap={8}>
      <Row gap={12} align="end" wrap>
        <SelectField
          label={t('ui.rules.reason', 'Để qua, vì')}
          width={280}
          value={reason}
          onChange={setReason}
          empty={t('ui.rules.choose', 'Chưa chọn lý do')}
          choices={choices.map(({ code, display }) => ({ value: code, label: display }))}
        />
        <TextField label={t('ui.rules.words', 'Ghi rõ')} width={220} value={text} onChange={setText} />
        <Button
          kind="primary"
          busy={override.busy}
          disabled={reason === ''}
          onPress={() => void override.run(undefined).catch(() => {})}
        >
          {t('ui.rules.keep', 'Ghi lý do')}
        </Button>
        <Button kind="quiet" onPress={onClose}>
          {t('ui.cancel', 'Thôi')}
        </Button>
      </Row>
      {override.error && <Text as="p">{override.error.message}</Text>}
    </Stack>
  );
}
