/** Rules of decision support: which speak, how often, and how often they are overridden. */
import { useState } from 'react';
import {
  Badge,
  type Column,
  Empty,
  formatNumber,
  ListPanel,
  Page,
  refresh,
  SearchField,
  Text,
  TwoLines,
  t,
  useList,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { RuleRow } from '../contract.ts';
import { RuleDialog } from './rule.tsx';
import { stateBadge, worded } from './words.tsx';

export default function RulesScreen() {
  const [text, setText] = useUrlState('tim');
  const [key, setKey] = useState<string | null>(null);
  const query = new URLSearchParams(text ? { q: text } : {});
  const list = useList<RuleRow>(['decisions', query.toString()], `/api/decisions/rules?${query}`);
  const closed = () => {
    setKey(null);
    void refresh(['decisions']);
  };
  return (
    <Page
      title={t('decisions.rules', 'Quy tắc cảnh báo')}
      beside={
        <Text tone="soft">
          {t(
            'decisions.say',
            'Số thẻ đã hiện và bị bỏ qua trong 90 ngày; quy tắc mới chạy thử trên đơn cũ trước khi bật',
          )}
        </Text>
      }
      fill
    >
      <ListPanel
        id="rules"
        label={t('decisions.rules', 'Quy tắc cảnh báo')}
        list={list}
        columns={columns()}
        rowKey={(row) => row.key}
        onOpen={(row) => setKey(row.key)}
        rowHeight={56}
        bar={
          <SearchField
            label={t('decisions.search', 'Tìm quy tắc')}
            value={text}
            onChange={setText}
            width="260px"
          />
        }
        empty={
          <Empty title={t('decisions.none', 'Không có quy tắc nào')}>
            {t('decisions.none.hint', 'Không quy tắc nào có những chữ này. Xoá bớt chữ để thấy tất cả.')}
          </Empty>
        }
      />
      {key !== null && <RuleDialog rule={key} onClose={closed} />}
    </Page>
  );
}

function columns(): Column<RuleRow>[] {
  return [
    {
      key: 'title',
      title: t('decisions.rule', 'Quy tắc'),
      width: '2.4fr',
      draw: (row) => (
        <TwoLines
          first={worded(row.title, row.titleEn)}
          second={row.source}
          title={worded(row.description, row.descriptionEn)}
        />
      ),
    },
    {
      key: 'owner',
      title: t('decisions.owner', 'Chịu trách nhiệm'),
      width: '1.2fr',
      draw: (row) => row.owner,
    },
    {
      key: 'state',
      title: t('decisions.state', 'Trạng thái'),
      width: '130px',
      draw: (row) => stateBadge(row.state),
    },
    {
      key: 'shown',
      title: t('decisions.shown', 'Đã hiện'),
      width: '90px',
      draw: (row) => t('decisions.shown.n', '{n} thẻ', { n: formatNumber(row.shown) }),
    },
    {
      key: 'rate',
      title: t('decisions.overridden', 'Bỏ qua'),
      width: '190px',
      draw: (row) => (
        <>
          {row.overrideRate === null
            ? t('decisions.overridden.none', 'chưa có')
            : t('decisions.overridden.rate', 'bỏ qua {n} %', { n: formatNumber(row.overrideRate) })}{' '}
          {row.toReview && <Badge tone="danger">{t('decisions.review', 'Cần xem lại')}</Badge>}
        </>
      ),
    },
    {
      key: 'trial',
      title: t('decisions.trial', 'Chạy thử'),
      width: '150px',
      draw: ({ trial }) =>
        trial?.rate == null
          ? t('decisions.trial.none', 'chưa chạy')
          : t('decisions.per100', '{n} / 100 lượt', { n: formatNumber(trial.rate) }),
    },
  ];
}
