/** Units that owe reports: what they lack, when they were reminded and what was said. */
import { useState } from 'react';
import {
  ApiFailure,
  api,
  Button,
  Dialog,
  formatDateTime,
  Loaded,
  language,
  Notice,
  Panel,
  refresh,
  Stack,
  Table,
  Text,
  TextField,
  t,
  useMe,
  useQuery,
} from '../../../web/ui/index.ts';
import { LONGEST_WORDS } from '../longest-words.ts';
import type { OverdueUnit } from '../reminders.ts';

export function Overdue({ month }: { month: string }) {
  const me = useMe();
  const read = useQuery<{ rows: OverdueUnit[] }>(
    ['overdue', month],
    `/api/statistics/overdue?month=${month}`,
  );
  const [asked, setAsked] = useState<OverdueUnit | null>(null);
  const mayRemind = me.roles.some((role) => role === 'province-operator' || role === 'surveillance');
  const title = (row: OverdueUnit['missing'][number]) =>
    `${row.code} ${language() === 'en' ? row.titleEn : row.title}`;
  return (
    <Loaded read={read}>
      {({ rows }) => (
        <Panel flush fill>
          <Table
            label={t('statistics.tab.overdue', 'Cần nhắc')}
            rows={rows}
            rowKey={(row) => row.unit}
            columns={[
              {
                key: 'unit',
                title: t('statistics.unit', 'Đơn vị'),
                narrow: 12,
                draw: (row) => <Text strong>{row.unitName}</Text>,
              },
              {
                key: 'missing',
                title: t('statistics.overdue.missing', 'Chưa nộp'),
                narrow: 12,
                draw: (row) => (
                  <Stack gap={0}>
                    {row.missing.map((one) => (
                      <Text key={one.form}>{title(one)}</Text>
                    ))}
                  </Stack>
                ),
              },
              {
                key: 'reminded',
                title: t('statistics.overdue.reminded', 'Đã nhắc'),
                narrow: 12,
                draw: (row) => (
                  <Stack gap={0}>
                    {row.reminders.length === 0 && (
                      <Text tone="soft">{t('statistics.overdue.never', 'chưa nhắc')}</Text>
                    )}
                    {row.reminders.slice(0, 3).map(({ at, byName, text }) => (
                      <Text key={at} size={12}>{`${formatDateTime(at)}, ${byName}: ${text}`}</Text>
                    ))}
                  </Stack>
                ),
              },
              ...(mayRemind
                ? [
                    {
                      key: 'act',
                      title: t('statistics.overdue.act', 'Nhắc'),
                      narrow: 12,
                      draw: (row: OverdueUnit) => (
                        <Button onPress={() => setAsked(row)}>
                          {t('statistics.overdue.write', 'Ghi lần nhắc')}
                        </Button>
                      ),
                    },
                  ]
                : []),
            ]}
            empty={
              <Text tone="soft">
                {t('statistics.overdue.none', 'Không có đơn vị nào quá hạn trong tháng này')}
              </Text>
            }
          />
          {asked && <Remind month={month} row={asked} onClose={() => setAsked(null)} />}
        </Panel>
      )}
    </Loaded>
  );
}

function Remind({ month, row, onClose }: { month: string; row: OverdueUnit; onClose: () => void }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const write = async () => {
    try {
      await api.post(`/api/statistics/overdue/${encodeURIComponent(row.unit)}/reminders`, { month, text });
      refresh(['overdue']);
      onClose();
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      setProblem(error.message);
    }
  };
  return (
    <Dialog
      title={t('statistics.overdue.of', 'Nhắc {unit}', { unit: row.unitName })}
      opened
      onClose={onClose}
      acts={
        <Button kind="primary" disabled={text.trim() === ''} onPress={() => void write()}>
          {t('statistics.overdue.keep', 'Ghi lại')}
        </Button>
      }
    >
      <Stack>
        {problem && <Notice tone="danger" title={problem} />}
        <TextField
          label={t('statistics.overdue.said', 'Đã gọi ai, nói gì, hẹn khi nào')}
          name="reminder"
          maxLength={LONGEST_WORDS}
          required
          value={text}
          onChange={setText}
          lines={3}
        />
      </Stack>
    </Dialog>
  );
}
