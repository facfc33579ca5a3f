/** Records opened in an emergency: found, taken up, concluded in writing. */
import { useState } from 'react';
import type { NamedOpening, ReviewState } from '../../../kernel/access/emergency/review.ts';
import {
  api,
  Badge,
  Button,
  type Column,
  Dialog,
  Empty,
  Facts,
  FilterChips,
  Form,
  formatDateTime,
  ListPanel,
  RadioList,
  Row,
  refresh,
  SearchField,
  TextField,
  type Tone,
  TwoLines,
  t,
  useForm,
  useList,
  usePush,
  useUrlState,
} from '../../../web/ui/index.ts';

export function Openings() {
  const [state, setState] = useUrlState('trang-thai', '');
  const [text, setText] = useState('');
  const [opened, setOpened] = useState<NamedOpening | null>(null);
  const query = new URLSearchParams({ ...(state && { state }), ...(text && { q: text }) }).toString();
  const list = useList<NamedOpening>(['openings'], `/api/access/break-glass?${query}`);
  usePush('emergency-openings', () => void refresh(['openings']));
  return (
    <>
      <ListPanel
        id="openings"
        label={t('privacy.openings', 'Mở khẩn cấp')}
        list={list}
        columns={columns()}
        rowKey={(row) => row.id}
        rowHeight={52}
        onOpen={setOpened}
        bar={
          <Row wrap>
            <FilterChips
              label={t('privacy.state', 'Trạng thái')}
              value={state}
              onChange={setState}
              chips={[
                { value: '', label: t('privacy.state.all', 'Tất cả') },
                ...STATES.map((value) => ({ value, label: stateWords(value) })),
              ]}
            />
            <SearchField
              label={t('privacy.openings.find', 'Tìm tài khoản, tên, lý do')}
              width="260px"
              value={text}
              onChange={setText}
            />
          </Row>
        }
        empty={
          <Empty title={t('privacy.openings.none', 'Không có lần mở khẩn cấp nào')}>
            {t('privacy.openings.none.hint', 'Lần mở mới hiện ở đây ngay khi xảy ra.')}
          </Empty>
        }
      />
      {opened && <Review opening={opened} onClose={() => setOpened(null)} />}
    </>
  );
}

const STATES: readonly ReviewState[] = ['new', 'reviewed', 'justified', 'unjustified'];

function stateWords(state: ReviewState): string {
  const words: Record<ReviewState, string> = {
    new: t('privacy.state.new', 'Mới'),
    reviewed: t('privacy.state.reviewed', 'Đang rà soát'),
    justified: t('privacy.state.justified', 'Có lý do'),
    unjustified: t('privacy.state.unjustified', 'Không có lý do'),
  };
  return words[state];
}

function stateTone({ state, late, refused }: NamedOpening): Tone {
  if (state === 'unjustified' || late || (refused && state === 'new')) return 'danger';
  if (state === 'justified') return 'done';
  return state === 'new' ? 'look' : 'info';
}

function columns(): Column<NamedOpening>[] {
  return [
    {
      key: 'who',
      title: t('privacy.openings.who', 'Ai mở'),
      draw: (row) => (
        <TwoLines
          first={row.name}
          second={[row.account, row.unitName ?? row.unit].filter(Boolean).join(' · ')}
        />
      ),
      width: '1.4fr',
    },
    {
      key: 'when',
      title: t('privacy.openings.when', 'Lúc'),
      draw: (row) => formatDateTime(row.openedAt),
      width: '150px',
    },
    { key: 'reason', title: t('privacy.openings.reason', 'Lý do'), draw: (row) => row.reason, width: '2fr' },
    {
      key: 'state',
      title: t('privacy.state', 'Trạng thái'),
      draw: (row) => (
        <Row gap={4} wrap>
          <Badge tone={stateTone(row)}>{stateWords(row.state)}</Badge>
          {row.refused && <Badge tone="danger">{t('privacy.too-many', 'Quá số lần, bị chặn')}</Badge>}
          {row.late && <Badge tone="danger">{t('privacy.late', 'Quá hạn rà soát')}</Badge>}
        </Row>
      ),
      width: '260px',
    },
  ];
}

function Review(props: { opening: NamedOpening; onClose: () => void }) {
  const { opening } = props;
  const title = t('privacy.review', 'Rà soát lần mở khẩn cấp');
  const form = useForm({
    draft: `privacy.review.${opening.id}`,
    initial: {
      state: opening.state === 'new' ? 'reviewed' : 'justified',
      conclusion: opening.conclusion ?? '',
    },
    check: ({ state, conclusion }): Record<string, string> =>
      state !== 'reviewed' && conclusion.trim().length < 10
        ? { conclusion: t('privacy.conclusion.short', 'Ghi rõ kết luận, ít nhất 10 ký tự.') }
        : {},
    send: (values) => api.post(`/api/access/break-glass/${opening.id}/review`, values),
    onDone: () => {
      void refresh(['openings']);
      props.onClose();
    },
  });
  const choices = STATES.filter(
    (state) => state !== 'new' && (state !== 'reviewed' || opening.state === 'new'),
  );
  return (
    <Dialog title={title} opened onClose={props.onClose} width={560}>
      <Facts
        items={[
          [
            t('privacy.openings.who', 'Ai mở'),
            [`${opening.name} (${opening.account})`, opening.unitName].filter(Boolean).join(', '),
          ],
          [t('privacy.openings.patient', 'Hồ sơ'), opening.patientName ?? opening.patient],
          [
            t('privacy.openings.when', 'Lúc'),
            `${formatDateTime(opening.openedAt)} – ${formatDateTime(opening.until)}`,
          ],
          [t('privacy.openings.reason', 'Lý do'), opening.reason],
        ]}
      />
      <Form form={form} label={title} finish={t('privacy.save', 'Ghi')}>
        <RadioList
          label={t('privacy.conclusion.kind', 'Kết luận')}
          choices={choices.map((value) => ({ value, label: stateWords(value) }))}
          {...form.field('state')}
        />
        {form.values.state !== 'reviewed' && (
          <TextField
            label={t('privacy.conclusion', 'Kết luận bằng văn bản')}
            required
            lines={4}
            {...form.field('conclusion')}
          />
        )}
        <Button kind="primary" submit busy={form.busy}>
          {t('privacy.save', 'Ghi')}
        </Button>
      </Form>
    </Dialog>
  );
}
