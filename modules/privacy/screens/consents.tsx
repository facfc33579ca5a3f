/** Who may look at the record: what counts now, what a restriction cannot hide, and the history of decisions. */
import { useState } from 'react';
import {
  api,
  Badge,
  Button,
  Empty,
  formatDateTime,
  Loaded,
  Notice,
  Panel,
  Row,
  Stack,
  Text,
  t,
  toast,
  useMutation,
  useQuery,
} from '../../../web/ui/index.ts';
import type { ConsentLine } from '../consent-routes.ts';
import { Decide } from './decide.tsx';
import type { PersonLine } from './person-line.ts';
import { said } from './said.ts';

/** `GET /api/citizen/consents`. */
export interface ConsentsAnswer {
  rows: ConsentLine[];
  changes: { id: string; at: string; action: string; consent: string; name: string }[];
  limits: { vi: string; en: string; ground: { vi: string; en: string } }[];
  categories: { code: string; vi: string; en: string }[];
}

export function Consents(props: { person: PersonLine }) {
  const { patient } = props.person;
  const path = `/api/citizen/consents?patient=${encodeURIComponent(patient)}`;
  const read = useQuery<ConsentsAnswer>(['citizen-consents', patient], path);
  return <Loaded read={read}>{(answer) => <Decisions person={props.person} answer={answer} />}</Loaded>;
}

function Decisions(props: { person: PersonLine; answer: ConsentsAnswer }) {
  const { rows, changes, limits } = props.answer;
  const [deciding, setDeciding] = useState<'deny' | 'permit' | null>(null);
  const active = rows.filter((row) => row.active);
  const past = rows.filter((row) => !row.active);
  return (
    <Stack gap={16}>
      <Text as="p">
        {t(
          'privacy.consents.say',
          'Nơi đang khám cho bạn được xem hồ sơ để chữa bệnh. Bạn có thể hạn chế, hoặc cho thêm người xem. Thay đổi có hiệu lực ngay.',
        )}
      </Text>
      <Row wrap>
        <Button kind="primary" onPress={() => setDeciding('deny')}>
          {t('privacy.restrict', 'Hạn chế người xem')}
        </Button>
        <Button onPress={() => setDeciding('permit')}>{t('privacy.grant', 'Cho thêm người xem')}</Button>
      </Row>
      <Panel title={t('privacy.now', 'Đang có hiệu lực')}>
        <Stack gap={16}>
          {active.length === 0 && (
            <Empty title={t('privacy.now.none', 'Bạn chưa hạn chế hay cho thêm ai')}>
              {t('privacy.now.none.hint', 'Hồ sơ được xem theo quy định chung: chỉ nơi đang khám cho bạn.')}
            </Empty>
          )}
          {active.map((row) => (
            <Decision key={row.id} row={row} patient={props.person.patient} />
          ))}
        </Stack>
      </Panel>
      <Panel title={t('privacy.limits', 'Hạn chế không che được gì')}>
        <Stack gap={12}>
          {limits.map((limit) => (
            <Stack gap={0} key={limit.vi}>
              <Text>{said(limit)}</Text>
              <Text size={13} tone="soft">
                {t('privacy.ground', 'Căn cứ: {source}', { source: said(limit.ground) })}
              </Text>
            </Stack>
          ))}
        </Stack>
      </Panel>
      {(past.length > 0 || changes.length > 0) && (
        <Panel title={t('privacy.history', 'Lịch sử thay đổi')}>
          <Stack gap={8}>
            {changes.map((change) => (
              <Stack gap={0} key={change.id}>
                <Text>{wordsOf(rows, change.consent)}</Text>
                <Text size={13} tone="soft">
                  {`${actionWords(change.action)} · ${change.name} · ${formatDateTime(change.at)}`}
                </Text>
              </Stack>
            ))}
          </Stack>
        </Panel>
      )}
      {deciding !== null && (
        <Decide
          effect={deciding}
          person={props.person}
          categories={props.answer.categories}
          onClose={() => setDeciding(null)}
        />
      )}
    </Stack>
  );
}

function Decision(props: { row: ConsentLine; patient: string }) {
  const { row } = props;
  const withdraw = useMutation(() => api.post(`/api/citizen/consents/${row.id}/withdraw`), {
    refreshes: [['citizen-consents', props.patient]],
    onDone: () => toast({ text: t('privacy.withdrawn', 'Đã rút lại. Có hiệu lực ngay.') }),
  });
  return (
    <Stack gap={8}>
      <Row gap={8} wrap align="start">
        <Badge tone={row.choice?.effect === 'permit' ? 'done' : 'look'}>
          {row.choice?.effect === 'permit' ? t('privacy.permit', 'Cho xem') : t('privacy.deny', 'Hạn chế')}
        </Badge>
        {!row.counts && <Badge>{t('privacy.not-now', 'Không trong thời hạn')}</Badge>}
      </Row>
      <Text as="p">{said(row)}</Text>
      {row.notes.map((note) => (
        <Notice key={`${note.place} ${note.en}`} tone="look">
          {said(note)}
        </Notice>
      ))}
      <Row spread wrap>
        <Text size={13} tone="soft">
          {[row.by, row.at && formatDateTime(row.at)].filter(Boolean).join(' · ')}
        </Text>
        <Button busy={withdraw.busy} onPress={() => void withdraw.run(undefined)}>
          {t('privacy.withdraw', 'Rút lại')}
        </Button>
      </Row>
      {withdraw.error && <Notice tone="danger" title={withdraw.error.message} />}
    </Stack>
  );
}

function actionWords(action: string): string {
  if (action === 'create') return t('privacy.made', 'Lập');
  return action === 'delete' ? t('privacy.deleted', 'Xóa') : t('privacy.changed', 'Đổi hoặc rút lại');
}

function wordsOf(rows: readonly ConsentLine[], consent: string): string {
  const row = rows.find(({ id }) => id === consent);
  return row ? said(row) : consent;
}
