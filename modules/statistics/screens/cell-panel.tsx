/** More about one cell: where its number comes from, who is behind it, what was written there before, a comment. */
import { useState } from 'react';
import {
  ApiFailure,
  api,
  Badge,
  Button,
  CheckBox,
  Facts,
  formatDate,
  formatDateTime,
  formatNumber,
  formatSex,
  Link,
  Loaded,
  language,
  Notice,
  refresh,
  Stack,
  Tabs,
  Text,
  TextField,
  t,
  toast,
  useList,
  useQuery,
  Workspace,
} from '../../../web/ui/index.ts';
import { LONGEST_REMARK } from '../longest-words.ts';
import type { PeopleAnswer, PersonLine } from '../people.ts';
import type { AnswerCell, SheetAnswer } from '../routes-sheet.ts';

interface PanelProps {
  path: string;
  sheet: SheetAnswer;
  name: string;
  title: string;
  cell: AnswerCell;
  onClose: () => void;
}

export function CellPanel(props: PanelProps) {
  const { cell } = props;
  const [tab, setTab] = useState(cell.way === 'counted' ? 'people' : 'history');
  const tabs = [
    ...(cell.way === 'counted' ? [{ key: 'people', label: t('statistics.people', 'Người phía sau') }] : []),
    { key: 'history', label: t('statistics.history', 'Các lần ghi') },
    { key: 'remark', label: t('statistics.remark', 'Ghi chú') },
  ];
  return (
    <Workspace title={props.title} onClose={props.onClose}>
      <Stack>
        <Facts items={factsOf(cell)} />
        <Tabs label={t('statistics.cell', 'Chi tiết ô')} tabs={tabs} value={tab} onChange={setTab}>
          {tab === 'people' && <People {...props} />}
          {tab === 'history' && <History {...props} />}
          {tab === 'remark' && <RemarkForm {...props} />}
        </Tabs>
      </Stack>
    </Workspace>
  );
}

function factsOf(cell: AnswerCell): [string, string][] {
  const number = (value: number | null | undefined) =>
    value === null || value === undefined ? t('statistics.nothing', 'chưa có số') : formatNumber(value);
  const words: Record<string, string> = {
    counted: t('statistics.origin.counted', 'Đếm từ hồ sơ'),
    typed: t('statistics.origin.typed', 'Nhập tay'),
    corrected: t('statistics.origin.corrected', 'Sửa trên số đếm'),
    formula: t('statistics.origin.formula', 'Tính từ ô khác'),
  };
  return [
    [t('statistics.value', 'Số'), number(cell.value)],
    [t('statistics.origin', 'Nguồn'), words[cell.origin] ?? '×'],
    ...(cell.origin === 'corrected'
      ? ([
          [t('statistics.counted', 'Số đếm'), number(cell.counted)],
          [t('statistics.reason', 'Lý do sửa'), cell.reason ?? ''],
        ] as [string, string][])
      : []),
    ...(cell.today === undefined
      ? []
      : ([[t('statistics.today', 'Đếm hôm nay'), number(cell.today)]] as [string, string][])),
    ...(cell.min === undefined || cell.max === undefined
      ? []
      : ([
          [
            t('statistics.usual', 'Thường trong khoảng'),
            `${formatNumber(cell.min)}–${formatNumber(cell.max)}`,
          ],
        ] as [string, string][])),
  ];
}

function People({ path, name }: PanelProps) {
  const list = useList<PersonLine>(['sheet-people', path, name], `${path}/cells/${name}/people`);
  const first = useQuery<PeopleAnswer>(['sheet-people-head', path, name], `${path}/cells/${name}/people`);
  const titles = first.data?.titles ?? [];
  return (
    <Stack gap={8}>
      {(first.data?.withheld ?? 0) > 0 && (
        <Text size={12} tone="soft">
          {t('statistics.withheld', '{n} dòng của trang này không hiện tên: ngoài quyền xem của bạn.', {
            n: first.data!.withheld,
          })}
        </Text>
      )}
      <ul className="st-people">
        {list.rows.map((row) => (
          <li key={row.resource}>
            {row.person ? (
              <Link to={`/ho-so/${encodeURIComponent(row.person)}`}>
                {row.name || t('statistics.nameless', 'Chưa có tên')}
              </Link>
            ) : (
              <Text>{t('statistics.someone', 'Một người')}</Text>
            )}
            <Text size={12} tone="soft">
              {[
                row.sex ? formatSex(row.sex) : '',
                row.birth ? formatDate(row.birth) : row.birthYear,
                row.day,
                ...(row.cells ?? []).map((text, at) => (text ? `${titleOf(titles[at])}: ${text}` : '')),
              ]
                .filter(Boolean)
                .join(' · ')}
            </Text>
          </li>
        ))}
      </ul>
      {list.error && <Text tone="soft">{list.error.message}</Text>}
      {!list.loading && !list.error && list.rows.length === 0 && (
        <Text tone="soft">{t('statistics.nobody', 'Không có ai: số này là 0.')}</Text>
      )}
      {list.more && <Button onPress={list.more}>{t('statistics.more', 'Xem tiếp')}</Button>}
    </Stack>
  );
}

const titleOf = (of: { title: string; titleEn?: string } | undefined) =>
  (language() === 'en' ? (of?.titleEn ?? of?.title) : of?.title) ?? '';

interface Entry {
  n: number;
  kind: string;
  value: number | null;
  counted: number | null;
  reason: string | null;
  byName: string;
  at: string;
}

function History({ path, name }: PanelProps) {
  const read = useQuery<{ rows: Entry[] }>(['sheet-history', path, name], `${path}/cells/${name}/history`);
  return (
    <Loaded read={read}>
      {({ rows }) =>
        rows.length === 0 ? (
          <Text tone="soft">{t('statistics.no-history', 'Chưa ai ghi vào ô này.')}</Text>
        ) : (
          <ul className="st-people">
            {rows.map((entry) => (
              <li key={entry.n}>
                <Text strong>
                  {entry.value === null ? t('statistics.emptied', 'Bỏ số đã ghi') : formatNumber(entry.value)}
                </Text>
                <Text size={12} tone="soft">
                  {[entry.byName, formatDateTime(entry.at), entry.reason].filter(Boolean).join(' · ')}
                </Text>
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

function RemarkForm({ path, name, cell }: PanelProps) {
  const [text, setText] = useState(cell.remark ?? '');
  const [follow, setFollow] = useState(cell.follow ?? false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await api.put(`${path}/cells/${name}/remark`, { text, follow });
      refresh(['sheet']);
      toast(t('statistics.remark.saved', 'Đã ghi chú'));
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      setProblem(error.message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack gap={8}>
      {problem && <Notice tone="danger" title={problem} />}
      <TextField
        label={t('statistics.remark', 'Ghi chú')}
        name="remark"
        maxLength={LONGEST_REMARK}
        value={text}
        onChange={setText}
        lines={3}
      />
      <CheckBox
        label={t('statistics.follow', 'Đánh dấu cần xem lại')}
        name="follow"
        checked={follow}
        onChange={setFollow}
      />
      {cell.follow && <Badge tone="look">{t('statistics.followed', 'Đang cần xem lại')}</Badge>}
      <Button kind="primary" busy={busy} onPress={save}>
        {t('statistics.remark.save', 'Lưu ghi chú')}
      </Button>
    </Stack>
  );
}
