/** The laboratory's list: orders that wait for a result, pushed; the result is typed beside it. */
import { useState } from 'react';
import {
  Columns,
  DataList,
  Empty,
  formatAge,
  formatSex,
  Page,
  Panel,
  refresh,
  Since,
  Stack,
  Text,
  t,
  toast,
  useList,
  useMe,
  usePush,
  Workspace,
} from '../../../web/ui/index.ts';
import type { WaitingOrder } from '../contract.ts';
import { ResultForm } from './consultation/result-form.tsx';

export default function LaboratoryScreen() {
  const { unit } = useMe();
  const list = useList<WaitingOrder>(['laboratory'], '/api/clinic/laboratory/orders');
  usePush(unit ? `clinic/laboratory/${unit}` : null, () => refresh(['laboratory']));
  const [chosen, setChosen] = useState<WaitingOrder | null>(null);
  return (
    <Page title={t('clinic.laboratory', 'Phòng xét nghiệm')} fill>
      <Columns widths={chosen ? ['1fr', '400px'] : ['1fr']} fill>
        <Panel flush fill>
          <DataList
            id="laboratory"
            label={t('clinic.laboratory.list', 'Chỉ định chờ kết quả')}
            columns={columns()}
            rows={list.rows}
            rowKey={(row) => row.order.id}
            onOpen={setChosen}
            total={list.total}
            more={list.more}
            loading={list.loading}
            error={list.error}
            refresh={list.refresh}
            empty={
              <Empty title={t('clinic.laboratory.empty', 'Không còn chỉ định nào chờ kết quả')}>
                {t('clinic.laboratory.empty-hint', 'Chỉ định mới của bác sĩ sẽ hiện ngay ở đây.')}
              </Empty>
            }
            autoFocus
          />
        </Panel>
        {chosen && (
          <Workspace title={chosen.order.name} onClose={() => setChosen(null)}>
            <Stack gap={12}>
              <Text strong as="p">
                {chosen.name}, {formatSex(chosen.gender)}, {formatAge(chosen.birthDate)}
              </Text>
              <Text as="p" tone="soft">
                {t('clinic.laboratory.by', 'Bác sĩ chỉ định: {name}', { name: chosen.orderedBy })}
              </Text>
              <ResultForm
                key={chosen.order.id}
                encounter={chosen.encounter}
                order={chosen.order}
                main
                onSaved={() => {
                  toast(t('clinic.laboratory.saved', 'Đã trả kết quả {name}', { name: chosen.order.name }));
                  setChosen(null);
                  void refresh(['laboratory']);
                }}
              />
            </Stack>
          </Workspace>
        )}
      </Columns>
    </Page>
  );
}

function columns() {
  return [
    {
      key: 'ticket',
      title: t('clinic.col.ticket', 'Số'),
      width: '72px',
      number: true,
      draw: (row: WaitingOrder) => <Text strong>{row.ticket}</Text>,
    },
    {
      key: 'name',
      title: t('clinic.col.name', 'Họ tên'),
      width: '2fr',
      draw: (row: WaitingOrder) => (
        <Text strong oneLine>
          {row.name}
        </Text>
      ),
    },
    {
      key: 'who',
      title: t('clinic.col.who', 'Giới, tuổi'),
      width: '140px',
      draw: (row: WaitingOrder) => `${formatSex(row.gender)}, ${formatAge(row.birthDate)}`,
    },
    {
      key: 'order',
      title: t('clinic.lab', 'Xét nghiệm'),
      width: '3fr',
      draw: (row: WaitingOrder) => <Text oneLine>{row.order.name}</Text>,
    },
    {
      key: 'since',
      title: t('clinic.laboratory.since', 'Chỉ định lúc'),
      width: '120px',
      draw: (row: WaitingOrder) => <Since at={row.order.orderedAt} />,
    },
  ];
}
