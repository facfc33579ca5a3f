/** The target of a campaign by name: who was given, put off, refused, moved, or is to come. */
import { useState } from 'react';
import {
  Badge,
  ButtonLink,
  type Column,
  Empty,
  FilterChips,
  ListPanel,
  navigate,
  Page,
  Row,
  type ScreenProps,
  SearchField,
  TwoLines,
  t,
  useList,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import { type CampaignRow, OUTCOMES } from '../campaign/outcomes.ts';
import type { Reason } from '../not-given.ts';
import { type CampaignRead, outcomeWord } from './campaign.tsx';
import { namedIn } from './choices.ts';
import { nameColumn, villageColumn } from './person-columns.tsx';

export default function CampaignPeopleScreen({ params }: ScreenProps) {
  const key = params.key ?? '';
  const [outcome, setOutcome] = useUrlState('ket-qua', '');
  const [village] = useUrlState('thon', '');
  const [text, setText] = useState('');
  const query = new URLSearchParams({ outcome, village, ...(text ? { q: text } : {}) }).toString();
  const list = useList<CampaignRow>(
    ['programmes', key, 'campaign', 'people', query],
    `/api/programmes/${key}/campaign/people?${query}`,
  );
  const campaign = useQuery<CampaignRead>(['programmes', key, 'campaign'], `/api/programmes/${key}/campaign`);
  const title = campaign.data?.title ?? t('programmes.campaign', 'Chiến dịch');
  const count = (of: string) =>
    campaign.data?.outcomes
      .filter((one) => (of === '' || one.outcome === of) && (village === '' || one.village === village))
      .reduce((all, { people }) => all + people, 0) ?? 0;
  return (
    <Page
      title={village ? `${title}: ${village}` : title}
      acts={
        <ButtonLink to={`/chuong-trinh/${key}/chien-dich`}>
          {t('programmes.campaign', 'Chiến dịch')}
        </ButtonLink>
      }
      fill
    >
      <FilterChips
        label={t('programmes.lists', 'Danh sách')}
        chips={[
          { value: '', label: t('programmes.campaign.target', 'Đối tượng'), count: count('') },
          ...OUTCOMES.map((value) => ({ value, label: outcomeWord(value), count: count(value) })),
        ]}
        value={outcome}
        onChange={setOutcome}
      />
      <ListPanel
        id={`campaign-${key}`}
        label={title}
        list={list}
        columns={columns(campaign.data?.reasons ?? [])}
        rowKey={(row) => row.patient}
        rowHeight={56}
        onOpen={(row) => navigate(`/chuong-trinh/${key}/nguoi/${encodeURIComponent(row.patient)}`)}
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
    </Page>
  );
}

function columns(reasons: readonly Reason[]): Column<CampaignRow>[] {
  const reasonWord = ({ outcome, reason }: CampaignRow) => {
    const found = reasons.find(({ code }) => code === reason);
    return outcome === 'given' || !found ? '' : namedIn(found);
  };
  return [
    nameColumn('1.4fr'),
    villageColumn(),
    {
      key: 'outcome',
      title: t('programmes.campaign.outcome', 'Kết quả'),
      width: '2fr',
      draw: (row) => (
        <TwoLines
          first={
            <Badge tone={row.outcome === 'given' ? 'done' : row.outcome === 'left' ? 'look' : 'neutral'}>
              {outcomeWord(row.outcome)}
            </Badge>
          }
          second={reasonWord(row)}
        />
      ),
    },
  ];
}
