/** The people behind a number of the coverage, or a list of who missed something, by name; F8 writes down a call. */
import { useState } from 'react';
import type { CallResult } from '../../../engines/programmes/browser.ts';
import {
  ButtonLink,
  type Column,
  Dialog,
  Empty,
  formatDate,
  KEYS,
  ListPanel,
  navigate,
  Page,
  Row,
  type ScreenProps,
  SearchField,
  Text,
  TwoLines,
  t,
  useList,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { CoverageRow } from '../coverage/queries.ts';
import { CallForm } from './call-form.tsx';
import { type CoverageRead, titleOf } from './coverage.tsx';
import { nameColumn, villageColumn } from './person-columns.tsx';
import { callWord } from './words.ts';

export default function CoveragePeopleScreen({ params }: ScreenProps) {
  const key = params.key ?? '';
  const [from] = useUrlState('tu', '');
  const [to] = useUrlState('den', '');
  const [of] = useUrlState('so', '');
  const [part] = useUrlState('phan', 'target');
  const [by] = useUrlState('theo', 'none');
  const [group] = useUrlState('nhom', '');
  const [groupWord] = useUrlState('ten', '');
  const [text, setText] = useState('');
  const [calling, setCalling] = useState<CoverageRow | null>(null);
  const days = { ...(from ? { from } : {}), ...(to ? { to } : {}) };
  const query = new URLSearchParams({
    ...days,
    of,
    part,
    by,
    group,
    ...(text ? { q: text } : {}),
  }).toString();
  const list = useList<CoverageRow>(
    ['programmes', key, 'coverage', 'people', query],
    `/api/programmes/${key}/coverage/people?${query}`,
  );
  const whole = new URLSearchParams(days).toString();
  const coverage = useQuery<CoverageRead>(
    ['programmes', key, 'coverage', whole],
    `/api/programmes/${key}/coverage?${whole}`,
  );
  const named = [
    ...(coverage.data?.lists ?? []),
    ...(coverage.data?.dropOuts ?? []),
    ...(coverage.data?.measures ?? []),
  ].find(({ code }) => code === of);
  const isList = coverage.data?.lists.some(({ code }) => code === of) ?? false;
  const title = named ? titleOf(named) : t('programmes.coverage', 'Bao phủ');
  return (
    <Page
      title={title}
      acts={
        <ButtonLink to={`/chuong-trinh/${key}/bao-phu`}>{t('programmes.coverage', 'Bao phủ')}</ButtonLink>
      }
      fill
    >
      {!isList && (
        <Text tone="soft">
          {[
            partWord(part),
            groupWord,
            t('programmes.coverage.between', 'đến tuổi từ {from} đến {to}', {
              from: formatDate(from),
              to: formatDate(to),
            }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
      )}
      <ListPanel
        id={`coverage-${key}`}
        label={title}
        list={list}
        columns={columns()}
        rowKey={(row) => row.patient}
        rowHeight={56}
        onOpen={(row) => navigate(`/chuong-trinh/${key}/nguoi/${encodeURIComponent(row.patient)}`)}
        acts={[{ key: KEYS.next, label: t('programmes.call', 'Ghi cuộc gọi'), run: setCalling }]}
        bar={
          <Row wrap>
            <SearchField
              label={t('programmes.find', 'Tìm họ tên, nơi ở')}
              width="260px"
              value={text}
              onChange={setText}
            />
          </Row>
        }
        empty={
          <Empty title={t('programmes.nobody', 'Không có ai trong danh sách này')}>
            {t('programmes.coverage.empty-hint', 'Con số lập từ hồ sơ và tự đổi khi có mũi tiêm mới.')}
          </Empty>
        }
      />
      <Dialog
        title={t('programmes.call.of', 'Cuộc gọi cho {name}', { name: calling?.fullName ?? '' })}
        opened={calling !== null}
        onClose={() => setCalling(null)}
      >
        {calling && <CallForm programme={key} patient={calling.patient} onDone={() => setCalling(null)} />}
      </Dialog>
    </Page>
  );
}

function partWord(part: string): string {
  const words: Record<string, string> = {
    target: t('programmes.coverage.target', 'Phải tiêm'),
    given: t('programmes.coverage.given', 'Đã tiêm'),
    valid: t('programmes.coverage.valid', 'Tiêm hợp lệ'),
    timely: t('programmes.coverage.timely', 'Đúng lịch'),
    missing: t('programmes.coverage.missing', 'Chưa tiêm'),
    began: t('programmes.coverage.began', 'Có mũi đầu'),
    lost: t('programmes.coverage.lost', 'Không có mũi sau'),
  };
  return words[part] ?? '';
}

function columns(): Column<CoverageRow>[] {
  return [
    nameColumn('1.4fr'),
    {
      key: 'birth',
      title: t('programmes.coverage.birth', 'Ngày sinh'),
      width: '110px',
      draw: (row) => formatDate(row.birthDate),
    },
    villageColumn(),
    {
      key: 'doses',
      title: t('programmes.coverage.doses', 'Mũi đã có'),
      width: '2fr',
      draw: (row) => <Doses row={row} />,
    },
    {
      key: 'call',
      title: t('programmes.col.call', 'Gọi gần nhất'),
      width: '1.1fr',
      draw: (row) =>
        row.lastCall ? (
          <TwoLines first={callWord(row.lastCall as CallResult)} second={formatDate(row.lastCalled)} />
        ) : (
          <Text tone="soft">–</Text>
        ),
    },
  ];
}

/** Days of the doses, each once: a combination is for several series. */
function Doses({ row }: { row: CoverageRow }) {
  const byDose = new Map(row.doses.map((one) => [one.immunization, one]));
  if (byDose.size === 0)
    return <Text tone="soft">{t('programmes.coverage.no-dose', 'chưa có mũi nào')}</Text>;
  const words = [...byDose.values()].map(({ day, verdict }) =>
    verdict === 'invalid'
      ? t('programmes.coverage.invalid', '{day} (không hợp lệ)', { day: formatDate(day) })
      : formatDate(day),
  );
  return (
    <Text oneLine title={words.join(', ')}>
      {words.join(', ')}
    </Text>
  );
}
