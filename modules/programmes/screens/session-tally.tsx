/** What a session came to: doses, vials and waste by vaccine; closing it throws away what is left in open vials. */
import {
  api,
  Button,
  formatDateTime,
  formatNumber,
  Loaded,
  Notice,
  Panel,
  refresh,
  Stack,
  Table,
  Text,
  t,
  today,
  useMutation,
  useQuery,
} from '../../../web/ui/index.ts';
import { namedIn } from './choices.ts';

interface TallyRead {
  tally: { product: string; name: string; given: number; opened: number; wasted: number }[];
  notGiven: { reason: string; title: string; titleEn: string; people: number }[];
  closed: { closedAt: string; who: string } | null;
}

export function SessionTally({ programme, day }: { programme: string; day: string }) {
  const key = ['programmes', programme, 'tally', day];
  const read = useQuery<TallyRead>(key, `/api/programmes/${programme}/session/tally?day=${day}`);
  const close = useMutation(() => api.post(`/api/programmes/${programme}/session/close`, { day }), {
    onDone: () => void refresh(['programmes']),
  });
  if (day > today()) return null;
  return (
    <Loaded read={read}>
      {({ tally, closed, notGiven }) =>
        tally.length === 0 && notGiven.length === 0 && !closed ? null : (
          <Panel
            title={t('programmes.tally', 'Kết quả buổi tiêm')}
            flush
            acts={
              closed ? (
                <Text tone="soft">
                  {t('programmes.tally.closed', 'Đã đóng {at}, {who}', {
                    at: formatDateTime(closed.closedAt),
                    who: closed.who,
                  })}
                </Text>
              ) : (
                <Button busy={close.busy} onPress={() => void close.run(undefined).catch(() => undefined)}>
                  {t('programmes.tally.close', 'Đóng buổi tiêm, bỏ lọ đang mở')}
                </Button>
              )
            }
          >
            <Stack gap={12}>
              {close.error && <Notice tone="danger" title={close.error.message} />}
              <Table
                label={t('programmes.tally', 'Kết quả buổi tiêm')}
                rows={tally}
                rowKey={(row) => row.product}
                columns={[
                  { key: 'name', title: t('programmes.session.vaccine', 'Vắc xin'), draw: (row) => row.name },
                  {
                    key: 'given',
                    title: t('programmes.tally.given', 'Liều đã tiêm'),
                    align: 'right',
                    draw: (row) => formatNumber(row.given),
                  },
                  {
                    key: 'opened',
                    title: t('programmes.tally.opened', 'Lọ đã mở'),
                    align: 'right',
                    draw: (row) => formatNumber(row.opened),
                  },
                  {
                    key: 'wasted',
                    title: t('programmes.tally.wasted', 'Liều bỏ'),
                    align: 'right',
                    draw: (row) => formatNumber(row.wasted),
                  },
                ]}
              />
              {notGiven.length > 0 && (
                <Stack gap={4} style={{ padding: '0 16px 16px' }}>
                  <Text tone="soft">{t('programmes.tally.not-given', 'Không tiêm, theo lý do')}</Text>
                  {notGiven.map((one) => (
                    <Text key={one.reason}>
                      {t('programmes.tally.reason', '{reason}: {people} người', {
                        reason: namedIn(one) || one.reason,
                        people: formatNumber(one.people),
                      })}
                    </Text>
                  ))}
                </Stack>
              )}
            </Stack>
          </Panel>
        )
      }
    </Loaded>
  );
}
